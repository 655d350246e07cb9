"""Data of an event: read from what an officer gives, checked, kept in versions."""

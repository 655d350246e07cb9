"""Grants, and the one gate in front of data that is not open to everybody."""

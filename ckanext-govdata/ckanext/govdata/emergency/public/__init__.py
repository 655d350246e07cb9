"""What readers see of an event."""

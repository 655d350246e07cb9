"""The engine: a case's events, the procedures as declared, and what follows from a command."""

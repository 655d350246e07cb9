"""An event: its kinds, the rules that bind it, what is done to it."""

"""What can go wrong on a machine, said in words that help."""
from __future__ import annotations


class Trouble(Exception):  # said to people, not to programs
    """The stack cannot go on; the text says which part, why, and what to do."""

"""Marks 纠错: what of an entry somebody holds to be wrong, and whether it reads otherwise now."""

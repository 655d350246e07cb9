"""Emergency publication: the right data at once, kept fresh, and what was known when (Anhui 35)."""

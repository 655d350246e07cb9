"""The catalogue goes out in the national layout."""

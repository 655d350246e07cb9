"""Asking a table: which rows, in which order, which columns; pictures and files of the answer."""

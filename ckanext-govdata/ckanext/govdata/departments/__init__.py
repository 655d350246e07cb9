"""Departments: the tree, who sits where, who stands in, and what becomes of a department."""

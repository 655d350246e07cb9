"""Entries and departments: validation, codes, import, export, bulk writing."""

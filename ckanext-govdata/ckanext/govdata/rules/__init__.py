"""Jurisdictions and calendars: loading, checking, resolving; deadlines; the rules pages."""

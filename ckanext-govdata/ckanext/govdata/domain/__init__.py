"""The pure core: what the regulations say, in the standard library alone.

Nothing here reads a clock, a database, a file or the configuration. Give a
function plain data and a date; it answers with a value or a ``Refusal``.
"""

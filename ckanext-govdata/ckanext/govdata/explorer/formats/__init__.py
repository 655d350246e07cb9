"""Files that are made of a table while they are sent: each from columns and rows to bytes.

Rows are tuples of texts as PostgreSQL writes values (``t`` and ``f`` of yes and no, ISO of days),
None where there is none, in the order of the columns; they come in batches.
"""

"""CKAN 2.12's own tests, on a stock CKAN and on ours: the same results are wanted.

``.venv/bin/python -m tests.parity`` runs ``ckan/tests/{logic,lib,controllers}`` of the installed
CKAN twice and prints what differs; it is not part of ``make test``, since both runs together take
a quarter of an hour on a quiet machine.
"""

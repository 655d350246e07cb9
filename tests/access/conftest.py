"""Grants that tests of this folder begin with."""

from tests.access.opened_grants import firms, granted  # noqa: F401

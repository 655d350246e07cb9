"""Behaviour that articles ask for; what their sentences are called is in ``tests/quotations``."""

from tests.quotations.conftest import clause, rules, term

__all__ = ["clause", "rules", "term"]

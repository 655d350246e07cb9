"""The knowledge that the portal ships: what its present version would change, and the taking over.

The operator sees the lines before anything is done. What he changed or took away stays as he left
it, and each change is written as if he had made it: versioned, signed, live within seconds.
"""
from __future__ import annotations

from ckan import model

from ..domain.search.knowledge import KnowledgeRule, write_rule
from ..domain.search.seeds import Line, Offer, compare
from . import lists, store


def offer() -> Offer:
    """What the shipped lists have that this portal does not know yet, and the other way round."""
    kept = frozenset((row.kind, row.line) for row in store.lines())
    return compare(store.shipped(kept), now_shipped(), kept)


def take_over(user_id: str) -> Offer:
    """Add the new lines and take away the retired ones, in the session's transaction."""
    store.lock()
    found = offer()
    for kind, line in found.new:
        store.change(user_id, kind, "", line)
    for kind, line in found.retired:
        store.change(user_id, kind, line, "")
    store.keep_shipped(model.Session.connection(), now_shipped())
    return found


def now_shipped() -> frozenset[Line]:
    """The lines of this version."""
    return frozenset(_line(rule) for rule in lists.seeds())


def _line(rule: KnowledgeRule) -> Line:
    return rule.kind, write_rule(rule)

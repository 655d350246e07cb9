"""A grant 授权: who may use which data, what for, and until when (Huaining 14, Xin 24, 33).

It ends by itself: whether it is in force is a comparison of days and never a flag.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum

from .refusal import Refusal
from .scope import Scope


class GrantState(str, Enum):
    """How a grant stands on a day."""

    COMING = "coming"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"
    MOVED = "moved"
    """Given by a department that does not provide the entry any more; the present one decides."""
    HOLDER_GONE = "holder_gone"


@dataclass(frozen=True)
class Grant:
    """One grant. ``members`` are the named users of an organisation, the holder among them.

    ``suspended`` and ``revoked`` are the days on which that happened. ``entry`` is whose data it
    gives and ``provider`` the department that answers for it; ``moved`` where that department
    does not provide the entry now, ``holder_there`` while the holder's account stands.
    """

    id: str
    case: str
    holder: str
    scope: Scope
    purpose: str = ""
    delivery: str = "download"
    terms_version: str = ""
    members: frozenset[str] = field(default_factory=frozenset[str])
    suspended: date | None = None
    revoked: date | None = None
    reported: date | None = None
    entry: str = ""
    provider: str = ""
    moved: bool = False
    holder_there: bool = True

    def standing(self, today: date) -> GrantState:
        """How it stands; revoked outweighs all, and an expired grant cannot be suspended."""
        if self.revoked:
            return GrantState.REVOKED
        if today > self.scope.valid_until:
            return GrantState.EXPIRED
        if not self.holder_there:
            return GrantState.HOLDER_GONE
        if self.moved:
            return GrantState.MOVED
        if self.suspended:
            return GrantState.SUSPENDED
        return GrantState.COMING if today < self.scope.valid_from else GrantState.IN_FORCE

    def held_by(self, user: str) -> bool:
        """Whether the user is its holder or one of its named members."""
        return user == self.holder or user in self.members


@dataclass(frozen=True)
class Allowed:
    """What may be read under a grant: these items; none named is none."""

    grant: str
    columns: tuple[str, ...]
    row_limit: int | None


def allows(grants: Iterable[Grant], user: str, resource: str, today: date) -> Allowed | Refusal:
    """Whether any of the grants lets the user read the resource today.

    Of several the one that ends last is used. The refusal tells the nearest miss.
    """
    own = [grant for grant in grants if grant.held_by(user) and resource in grant.scope.resources]
    if not own:
        return Refusal("no_grant", "resource", resource)
    best = max(
        own,
        key=lambda grant: (
            grant.standing(today) is GrantState.IN_FORCE,
            grant.scope.valid_until,
            grant.id,
        ),
    )
    standing = best.standing(today)
    if standing is GrantState.IN_FORCE:
        columns = best.scope.columns.get(resource, ())
        return Allowed(best.id, tuple(columns), best.scope.row_limit)
    facts = {"from": best.scope.valid_from.isoformat(), "until": best.scope.valid_until.isoformat()}
    return Refusal(f"grant_{standing.value}", "resource", resource, facts=facts)


def report_due(grant: Grant, days: int) -> date:
    """The last day for the use report that is owed when a grant has ended; calendar days."""
    ended = min(grant.revoked or date.max, grant.scope.valid_until)
    return ended + timedelta(days=days)


def settles(grant: Grant, day: date, days: int) -> bool:
    """Whether a report of ``day`` is the one that is owed at the end, and not one on the way."""
    return day >= report_due(grant, -days)


def owes_report(grant: Grant, today: date, days: int) -> bool:
    """The grant is over, its last day for the report has passed, and there is none."""
    return grant.reported is None and today > report_due(grant, days)

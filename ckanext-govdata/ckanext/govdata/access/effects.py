"""What follows from a decision that gives data: a grant."""

from __future__ import annotations

from typing import Protocol

import ckan.plugins.toolkit as tk

from ..database import Session
from ..domain.case import Case, CaseEvent
from ..ledger import book
from . import grantable, grants


class GrantingCase(grantable.Ruled, Protocol):
    """The row of the case in which it is decided."""

    @property
    def id(self) -> str:
        """The case's id."""
        ...

    @property
    def applicant_id(self) -> str:
        """Who gets the grant."""
        ...

    @property
    def package_id(self) -> str | None:
        """The entry of which data is given."""
        ...

    @property
    def organization_id(self) -> str:
        """The department that gives it."""
        ...


class GrantingEvent(Protocol):
    """What a grant is opened from: see ``cases.effects.Moment``."""

    session: Session
    row: GrantingCase
    case: Case
    event: CaseEvent
    reference: str
    letter: grantable.GivenAnswer
    entries: list[book.LedgerEntry]


def open_grant(moment: GrantingEvent) -> None:
    """Open the grant that the decision gives, and leave its scope for the letter."""
    answers, row = moment.case.answers, moment.row
    contents = grantable.contents(row.package_id)
    given = grantable.given(moment.case, moment.event, contents)
    if not given.resources:
        sentence = tk._("None of the columns that were asked for is open any more.")
        raise tk.ValidationError({"columns": [sentence]})
    _grant_id, entry = grants.open_grant(
        moment.session,
        grants.Opening(
            case_id=row.id,
            reference=moment.reference,
            holder_id=row.applicant_id,
            package_id=row.package_id or "",
            organization_id=row.organization_id,
            scope=given,
            purpose=answers.get("purpose", ""),
            conditions=moment.event.fields.get("conditions", ""),
            delivery=answers.get("delivery", "download"),
            terms_version=answers.get("terms_version", ""),
        ),
    )
    moment.letter |= grantable.described(row, given, contents)
    moment.entries.append(entry)

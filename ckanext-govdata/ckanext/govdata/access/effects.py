"""What follows from a decision that gives data: a grant."""

from __future__ import annotations

from typing import Protocol

import ckan.plugins.toolkit as tk

from ..database import Session
from ..domain.case import Case, CaseEvent
from ..domain.field_part import FieldPart, needs
from ..domain.procedure import Outcome
from ..ledger import book
from ..notices.notice import Telling
from . import grant_news, grantable, grants


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
    tellings: list[Telling]


@needs(FieldPart.FILES, FieldPart.ITEMS, FieldPart.BEGINS, FieldPart.ENDS)
def open_grant(moment: GrantingEvent) -> None:
    """Open the grant that the decision gives, and leave its scope for the letter."""
    row, procedure = moment.row, moment.case.procedure
    asked, decided = (
        procedure.by_part(filled) for filled in (moment.case.answers, moment.event.fields)
    )
    contents = grantable.contents(row.package_id)
    given = grantable.given(moment.case, moment.event, contents)
    if not given.resources:
        sentence = tk._("None of the columns that were asked for is open any more.")
        items = procedure.names_by_part(procedure.receiving)[FieldPart.ITEMS]
        raise tk.ValidationError({items: [sentence]})
    _grant_id, entry = grants.open_grant(
        moment.session,
        grants.Opening(
            case_id=row.id,
            reference=moment.reference,
            holder_id=row.applicant_id,
            package_id=row.package_id or "",
            organization_id=row.organization_id,
            scope=given,
            purpose=asked.get(FieldPart.PURPOSE, ""),
            conditions=decided.get(FieldPart.CONDITIONS, ""),
            delivery=asked.get(FieldPart.DELIVERY, "download"),
            terms_version=asked.get(FieldPart.TERMS, ""),
        ),
    )
    moment.letter |= grantable.described(row, given, contents)
    moment.entries.append(entry)


def close_grant(moment: GrantingEvent) -> None:
    """A decision that gives nothing ends the grant that an earlier one of the case opened."""
    if not any(one.outcome is not Outcome.REFUSED for one in moment.case.decisions[:-1]):
        return
    grant = grants.running_of_case(moment.session, moment.row.id)
    if grant:
        day, actor = moment.event.day, moment.event.actor
        said = moment.case.procedure.by_part(moment.event.fields)
        reason = str(said.get(FieldPart.REASON, ""))
        entry = grants.ended(moment.session, grant.id, "revoked", reason, actor, day)
        moment.entries.append(entry)
        key = f"grant:{grant.id}:revoked"
        told = grant_news.to_users(moment.session, grant, "grant_revoked", key)
        moment.tellings += [one for one in told if one.user_id != grant.holder_id]

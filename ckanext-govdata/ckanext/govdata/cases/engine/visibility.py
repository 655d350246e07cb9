"""What each person sees of a case."""

from __future__ import annotations

from collections.abc import Mapping

from ... import settings
from ...domain.case import Actor
from ...domain.duties import applicants_side
from ...domain.procedure import Field, Procedure, Role
from ...domain.seal import HIDDEN
from ...security import vault
from ..model import CaseEventRow, CaseRow
from . import declared_procedures

SEEN = "govdata_case"
"""Where the check of access leaves in its context the row and the actor that it has read."""
STAFF = frozenset({Role.OFFICER, Role.HEAD})
OFFICES = frozenset(
    {Role.AUTHORITY, Role.GOVERNMENT, Role.OPENNESS_OFFICE, Role.OBJECTION_BODY}
)
ABOVE = OFFICES | {Role.AUDITOR}


def may_see(actor: Actor, row: CaseRow) -> bool:
    """The applicant; once it was received, also the provider, the offices above and auditors."""
    if Role.APPLICANT in actor.roles:
        return True
    return row.received is not None and bool(actor.roles & (STAFF | ABOVE))


def internal(actor: Actor, row: CaseRow) -> bool:
    """Whether this person reads what the department says among itself: he has a role in the case
    and is not of the applicant's side, by the predicate that bars him from acting too."""
    return bool(actor.roles) and not applicants_side(row.applicant_id, actor)


def anonymous(actor: Actor, row: CaseRow) -> bool:
    """Whether the applicant is hidden from this person: equal treatment, by setting."""
    if Role.APPLICANT in actor.roles:
        return False
    return settings.hide_applicant() and undecided(row)


def undecided(row: CaseRow) -> bool:
    """Whether somebody still has to answer, and not only to do what he decided."""
    return row.open and declared_procedures.procedure_of(row).states[row.state].open


def reads_only(actor: Actor) -> bool:
    """An auditor, who sees neither how to reach the applicant nor what was attached."""
    return actor.roles == {Role.AUDITOR}


def field_shown(field: Field, actor: Actor, row: CaseRow) -> bool:
    """Whether this person sees what was filled in there."""
    if field.private:
        return internal(actor, row)
    hidden = anonymous(actor, row) or reads_only(actor)
    return not (field.identity and hidden)


def fields_shown(
    procedure: Procedure, values: Mapping[str, object], actor: Actor, row: CaseRow
) -> dict[str, object]:
    """What was filled in, without what this person must not see."""
    return {
        name: value
        for name, value in values.items()
        if name in procedure.fields and field_shown(procedure.fields[name], actor, row)
    }


def event_shown(procedure: Procedure, event: CaseEventRow, actor: Actor, row: CaseRow) -> bool:
    """Internal commands are not told to the applicant's side.

    Nor what others did by a command that no file has any more: it may have been internal.
    """
    if internal(actor, row) or not event.command:
        return True
    found = procedure.commands.get(event.command)
    return not found.internal if found else event.role == Role.APPLICANT.value


def in_clear(secret: str) -> str:
    """What was encrypted where it stands, or was kept before such fields were; nothing of it where
    its key is gone."""
    if not vault.is_sealed(secret):
        return secret
    try:
        return vault.unseal(secret.encode())
    except ValueError:
        return HIDDEN


def hidden(_secret: str) -> str:
    """What is shown of it to everybody else."""
    return HIDDEN

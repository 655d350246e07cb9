"""Duties apart 职责分离: who must not act in a case, whatever his roles say.

Nobody acts on a case that is his own, his firm's, or that of somebody for whom he stands in;
who proposes does not decide, and nobody judges an objection against what he did himself or
what his own department decided. Persons are meant, not accounts or seats: whoever acts in
somebody's place acts for both of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from .case import Actor, Case
from .lineage import above
from .procedure import Command, Duty, Role
from .refusal import Refusal

ONE_STEP = "one_step"
"""The jurisdiction's option by which a head decides without an officer's proposal."""


def conflict(
    case: Case, command: Command, actor: Actor, role: Role, options: frozenset[str] = frozenset()
) -> Refusal | None:
    """Why this person must keep out of it, although he has the role; ``None`` if nothing bars him.

    Read by commands, buttons and API alike, from the events that the case has.
    """
    if role is Role.APPLICANT:
        return None
    if side := applicants_side(case.applicant, actor):
        return Refusal(side, "command", command.name)
    if command.duty is None:
        return None
    if command.duty is Duty.JUDGE and actor.roles & {Role.OFFICER, Role.HEAD}:
        return Refusal("own_department", "command", command.name)
    persons = actor.persons(role)
    for other in _apart(command.duty, options):
        if persons & case.duties.get(other, frozenset()):
            return Refusal(f"did_{other.value}", "command", command.name)
    return None


def applicants_side(applicant: str, actor: Actor) -> str:
    """Why somebody is of the applicant's side, as a code; empty if he is not.

    Whoever is does not act officially in the case, and reads of it what the applicant reads: what
    the department says among itself is not for him either.
    """
    if actor.close or actor.id == applicant:
        return "own_side"
    return "stands_for_applicant" if applicant in actor.stands_for else ""


def _apart(duty: Duty, options: frozenset[str]) -> Iterator[Duty]:
    """The duties that nobody may have had who has this one now."""
    for other in Duty:
        together = {duty, other} == {Duty.PROPOSE, Duty.DECIDE} and ONE_STEP in options
        if other is not duty and not together:
            yield other


def objection_body(
    provider: str,
    parents: Mapping[str, str],
    offices: Mapping[str, Role],
    is_local: Callable[[str], bool],
) -> str | None:
    """The organisation that judges an objection against a decision of ``provider``, or ``None``.

    The place's data authority; where that is the provider itself or stands below him, the
    nearest government above the provider (``parents``: child to parent; ``offices``: who holds
    which office; ``is_local``: whether an organisation is of the case's jurisdiction).
    """
    for name in sorted(offices):
        other = provider not in (name, *_above(name, parents))
        if other and offices[name] is Role.AUTHORITY and is_local(name):
            return name
    around = _above(provider, parents)
    return next((name for name in around if offices.get(name) is Role.GOVERNMENT), None)


def _above(organisation: str, parents: Mapping[str, str]) -> list[str]:
    """Those above, the nearest first."""
    return list(above(organisation, lambda name: [parents.get(name, "")]))

"""A case as an answer of the API: for one person, without what that person must not see."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from typing import TypeVar

import ckan.model as model

from ... import now
from ...access import grants, reports
from ...departments import members
from ...domain import form
from ...domain.case import Actor, Case, Running
from ...domain.clock import days_left
from ...domain.decision import barred, commands_now
from ...domain.locales import LOCALES
from ...domain.procedure import Command, Field, Procedure, Role, Until
from ...domain.refusal import Refusal
from ...domain.seal import in_place
from ...identity import profile
from ...rules import in_force
from .. import refusal_sentences
from ..answers import (
    ApplicantAnswer,
    CaseAnswer,
    CaseEventAnswer,
    CaseSummary,
    ClockAnswer,
    CommandAnswer,
    FieldAnswer,
    LetterAnswer,
    ProcedureAnswer,
    Words,
)
from ..engine import case_rules, declared_procedures, event_rows, visibility
from ..engine.declared_procedures import Undeclared, procedure_of
from ..model import CaseEventRow, CaseRow
from . import cautions, letters

Told = TypeVar("Told", bound=CaseSummary)


def summary(row: CaseRow) -> CaseSummary:
    """A line of a list: from the row alone; what no file declares any more by its code."""
    try:
        procedure = procedure_of(row)
        kind, state = procedure.label, procedure.states[row.state].label
        holder, due = _holder(procedure, row.state), procedure.clocks.get(row.due_clock or "")
        owed = due.holder if due and due.until else None
    except Undeclared:
        owed = None
        kind, state = _unnamed(row.kind), _unnamed(row.state)
        holder = ""
    today = now.today()
    return {
        "id": row.id,
        "kind": row.kind,
        "kind_title": dict(kind),
        "reference": row.reference,
        "state": row.state,
        "state_title": dict(state),
        "holder": holder if not owed else owed.value,
        "open": row.open,
        "outcome": row.outcome,
        "about": row.subject_kind,
        "place": place_told(row),
        "dataset_id": row.package_id,
        "dataset_title": row.package_title,
        "organization_id": row.organization_id,
        "organization_title": row.organization_title,
        "assigned": row.assigned_id,
        "received": _iso(row.received),
        "decided": _iso(row.decided),
        "due": _iso(row.due),
        "lapses": _iso(row.lapses),
        "provisional": row.provisional,
        "overdue": bool(row.due and today > row.due),
        "days_left": _days_left(row, today),
        "modified": row.modified.isoformat(),
        "withdrawn": False,
    }


def place_told(row: CaseRow) -> dict[str, str]:
    """Where a case's subject is, as lists tell it: not what stands in a row."""
    place: dict[str, str] = json.loads(row.subject)
    return {key: name for key, name in place.items() if key != "row"}


def untitled(shown: Told, public: Collection[str], mine: bool) -> Told:
    """A case as its applicant sees it: an entry that is not public any more has no title for him;
    his letters keep what they say."""
    if mine and not shown["open"]:  # what the department still has to serve is its own affair
        shown = shown.copy()
        shown["due"], shown["overdue"], shown["days_left"] = None, False, None
    if mine and shown["dataset_id"] and shown["dataset_id"] not in public:
        shown = shown.copy()
        shown["dataset_title"], shown["withdrawn"] = "", True
    return shown


def whole(row: CaseRow, actor: Actor, rows: list[CaseEventRow]) -> CaseAnswer:
    """Everything that this person may see; ``rows`` are those of the events."""
    procedure = procedure_of(row)
    case = event_rows.case_of(procedure, row, rows)
    mine, main = Role.APPLICANT in actor.roles, case.main_clock()
    state = procedure.states[case.state]
    runs = any(clock.stopped is None for clock in case.clocks.values())
    left = not (runs or state.outcome or case.decisions)  # also where no clock says so yet
    acts = declared_procedures.goes_on(procedure, rows)
    apart = barred(case, actor, case_rules.rules_now(row, case)) if acts else []
    hidden = visibility.anonymous(actor, row)  # letters name him, if masked
    lettered = row.outcome or procedure.words.letters.keys() & {one.name for one in rows}
    reads = letters.LetterReader(
        Role.APPLICANT in actor.roles,
        works=visibility.internal(actor, row) and bool(actor.roles & visibility.STAFF),
        anonymous=hidden,
    )
    shown: CaseAnswer = {
        **summary(row),
        "roles": sorted(role.value for role in actor.roles),
        "applicant": _applicant(row, actor),
        "jurisdiction": row.jurisdiction,
        "answers": visibility.fields_shown(procedure, dict(case.answers), actor, row),
        "clocks": {
            name: _clock(clock, left)
            for name, clock in case.clocks.items()
            if _clock_shown(procedure, name, actor, row)
        },
        "main_clock": main[0] if main else "",
        "barred": [
            {"command": one.value, "why": refusal_sentences.words(procedure, one)} for one in apart
        ],
        "events": _events(procedure, rows, actor, row),
        "letters": letters.of_case(model.Session, row.id, reads) if lettered else [],
        "grant": grants.of_case(model.Session, row.id) if row.outcome else None,
    }
    if procedure.gives_data and row.open and visibility.internal(actor, row):
        shown["reports_missed"] = reports.missed(model.Session, row.applicant_id)
    if mine and row.received is None:
        shown["draft"] = form.readable(procedure.fields.values(), json.loads(row.draft))
    return shown


def unnamed(shown: CaseAnswer, row: CaseRow, actor: Actor) -> CaseAnswer:
    """A case as it would be, for whoever must not know yet who applies: as ``row`` stands now."""
    procedure = procedure_of(row)

    def seen(values: dict[str, object]) -> dict[str, object]:
        return visibility.fields_shown(procedure, values, actor, row)

    events: list[CaseEventAnswer] = [
        {**one, "fields": seen(one["fields"])} for one in shown["events"]
    ]
    letters_told: list[LetterAnswer] = [
        {**one, "applicant": "", "applicant_kind": ""} for one in shown["letters"]
    ]
    told: CaseAnswer = {**shown, "applicant": {}, "answers": seen(shown["answers"])}
    return {**told, "events": events, "letters": letters_told}


def commands(
    row: CaseRow, case: Case, actor: Actor, hindered: tuple[Refusal, ...] = ()
) -> list[CommandAnswer]:
    """What this person may do now, with the fields of each."""
    procedure = case.procedure
    found = commands_now(
        case, actor, case_rules.rules_now(row, case), now.today(), hindered
    )
    acts = any(cautions.matters(procedure, one) for one in found)
    data = cautions.standing(row, case) if acts else None
    return [
        {**_command(procedure, one), **cautions.told_before(data, one)}
        if data and cautions.matters(procedure, one)
        else _command(procedure, one)
        for one in found
    ]


def described(procedure: Procedure) -> ProcedureAnswer:
    """A procedure with its states, commands and fields."""
    return {
        "kind": procedure.kind,
        "title": dict(procedure.label),
        "initial": procedure.initial,
        "clocks": {name: dict(clock.label) for name, clock in procedure.clocks.items()},
        "states": {
            name: {
                "title": dict(state.label),
                "holder": _holder(procedure, name),
                "clocks": list(state.clocks),
                "pauses": list(state.pauses),
                "outcome": state.outcome.value if state.outcome else None,
                "final": state.final,
            }
            for name, state in procedure.states.items()
        },
        "commands": [_command(procedure, one) for one in procedure.commands.values()],
    }


def _command(procedure: Procedure, command: Command) -> CommandAnswer:
    return {
        "name": command.name,
        "title": dict(command.label),
        "from": list(command.source),
        "to": command.to or None,
        "by": [role.value for role in command.by],
        "draft": command.partial,
        "fields": [_field(command, field) for field in procedure.asked(command)],
    }


def _field(command: Command, field: Field) -> FieldAnswer:
    return {
        "name": field.name,
        "title": dict(field.label),
        "help": dict(field.help),
        "type": field.type,
        "required": field.required and field.name not in command.optional,
        "options": {code: dict(words) for code, words in field.options.items()},
    }


def _events(
    procedure: Procedure, rows: list[CaseEventRow], actor: Actor, row: CaseRow
) -> list[CaseEventAnswer]:
    inside = visibility.internal(actor, row)
    acted = {name for one in rows if inside for name in (one.actor_id, one.in_place_of)}
    acted -= {"", row.applicant_id}
    names = members.names(acted)
    found: list[CaseEventAnswer] = []
    for one in rows:
        if not visibility.event_shown(procedure, one, actor, row):
            continue
        command = procedure.commands.get(one.command)
        found.append(
            {
                "number": one.number,
                "name": one.name,
                "command": one.command,
                "title": dict(command.label) if command else {},
                "role": one.role,
                "by": names.get(one.actor_id, ""),
                "in_place_of": names.get(one.in_place_of, ""),
                "day": one.day.isoformat(),
                "at": one.at.isoformat(),
                "state": one.state,
                "state_title": _state_title(procedure, one.state),
                "fields": _said(procedure, one, actor, row),
            }
        )
    return found


def _said(
    procedure: Procedure, one: CaseEventRow, actor: Actor, row: CaseRow
) -> dict[str, object]:
    """What was filled in, as far as this person sees it; what is kept encrypted in the event is
    in clear for those who work on the case, and for nobody else."""
    shown = visibility.fields_shown(procedure, json.loads(one.fields), actor, row)
    works = bool(actor.roles & visibility.STAFF)
    fields = (procedure.fields[name] for name in shown)
    return in_place(fields, shown, visibility.in_clear if works else visibility.hidden)


def _state_title(procedure: Procedure, state: str) -> Words:
    known = procedure.states.get(state)
    return dict(known.label) if known else _unnamed(state)


def _unnamed(code: str) -> Words:
    """A code that no file names any more, in every language."""
    return dict.fromkeys(LOCALES, code)


def _applicant(row: CaseRow, actor: Actor) -> ApplicantAnswer:
    """Who applied, as he was when he handed it in, masked; nothing while equal treatment hides it.

    Of a draft it is who the applicant says he is now.
    """
    if visibility.anonymous(actor, row):
        return {}
    session = model.Session
    if row.received:
        found = profile.with_case(session, row.id)
    else:
        found = profile.find(session, row.applicant_id)
    if found is None:
        return {}
    return {
        "kind": found.kind,
        "document": found.document,
        "name": found.masked_name,
        "number": found.masked_number,
    }


def _clock(clock: Running, left: bool) -> ClockAnswer:
    return {
        "start": clock.start.isoformat(),
        "due": clock.due.isoformat(),
        "amount": clock.amount,
        "extension": clock.extension,
        "unit": clock.unit.value,
        "article": clock.article,
        "document": clock.document,
        "own_rule": clock.own_rule,
        "runs": clock.runs,
        "paused_since": _iso(clock.paused_since),
        "stopped": _iso(clock.stopped),
        "pauses": [[pause.first.isoformat(), pause.last.isoformat()] for pause in clock.pauses],
        "provisional": clock.provisional,
        "late": clock.late(now.today()),
        "answered": bool(clock.stopped) and not (clock.dropped or left),
    }


def _clock_shown(procedure: Procedure, name: str, actor: Actor, row: CaseRow) -> bool:
    """What runs until third parties were told concerns those who work on the case."""
    declared = procedure.clocks.get(name)
    told = declared is not None and declared.until is Until.TOLD
    return not told or visibility.internal(actor, row)


def _holder(procedure: Procedure, state: str) -> str:
    holder = procedure.states[state].holder
    return holder.value if holder else ""


def _days_left(row: CaseRow, today: date) -> int | None:
    day = row.due or row.lapses
    left = days_left(in_force.calendar(), day, today) if day else None
    return left if isinstance(left, int) else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None

"""The desk on which a case is decided: the choices there are, what was proposed, what was asked for
and what a supplement changed of it, and the letter before it is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Response

from ...domain import reply_ground
from ...domain.locales import Label
from ...domain.procedure import Command, Duty, Field, Procedure
from ...forms import form_reader
from ...rules import in_force
from ...web import Errors, act, attempt, form
from ..answers import CaseAnswer, CaseEventAnswer, CommandAnswer, LetterAnswer, ToldBefore
from ..engine import declared_procedures, record
from ..model import CaseRow
from . import case_choices, cautions

Values = Mapping[str, object]
"""What is filled in, by field."""
LOOK, CONFIRM, SEEN = "look", "confirm", "seen"
"""The buttons of the desk, and the field that says what its letters were made of and how all of
them read, also those to third parties."""


class DeskChoice(NamedTuple):
    """One way to decide: the command, the decision that it advises and the field that says so
    where it only advises, its words, and how it looks."""

    command: str
    advises: str
    title: Label
    tone: str
    field: str = ""
    also: bool = False
    """Whether an earlier one comes to the same: it stands apart, below the others."""

    @property
    def decision(self) -> str:
        """The command that decides so."""
        return self.advises or self.command

    def address(self, case_id: str) -> str:
        """Its page."""
        more = {self.field: self.advises} if self.advises else {}
        return tk.h.url_for("govdata_cases.give", case_id=case_id, command=self.command, **more)


class Advice(NamedTuple):
    """What an officer proposed: the event, and the command that is to decide so."""

    event: CaseEventAnswer
    decision: str


class Changed(NamedTuple):
    """What somebody changed of his answers: the field, and both values."""

    field: Field
    before: object
    after: object


def is_decided_on(command: Command) -> bool:
    """Whether a command is given on the desk: it decides, or proposes how to, and moves on."""
    return bool(command.duty and command.to)


def choices(procedure: Procedure, commands: Iterable[CommandAnswer]) -> list[DeskChoice]:
    """The ways to decide that are open to somebody, in the order of the folder."""
    found: list[DeskChoice] = []
    for one in commands:
        command = procedure.commands[one["name"]]
        if not is_decided_on(command):
            continue
        proposes = next((item for item in procedure.asked(command) if item.proposes), None)
        if proposes is None:
            found.append(DeskChoice(command.name, "", command.label, _tone(procedure, command)))
            continue
        for code, words in proposes.options.items():
            tone = _tone(procedure, procedure.commands[code])
            found.append(DeskChoice(command.name, code, words, tone, proposes.sent_as))
    tones = [one.tone for one in found]
    return [one._replace(also=one.tone in tones[:at]) for at, one in enumerate(found)]


def _tone(procedure: Procedure, command: Command) -> str:
    outcome = procedure.states[command.to].outcome if command.to else None
    return outcome.value if outcome else "other"


def advised(procedure: Procedure, case: CaseAnswer) -> Advice | None:
    """The last proposal of a case that waits for its decision, as far as the reader may know."""
    events = [one for one in case["events"] if one["state"] == case["state"]]
    for event in reversed(events):
        command = procedure.commands.get(event["command"])
        if command is None or command.duty is not Duty.PROPOSE:
            continue
        for item in procedure.asked(command):
            if item.proposes and item.name in event["fields"]:
                return Advice(event, str(event["fields"][item.name]))
    return None


def changes(procedure: Procedure, events: Iterable[CaseEventAnswer]) -> dict[int, list[Changed]]:
    """What later forms changed of the answers, by the number of the event."""
    found: dict[int, list[Changed]] = {}
    answers: dict[str, object] = {}
    for event in events:
        command = procedure.commands.get(event["command"])
        if command is None or not command.form:
            continue
        own = {*command.fields, *command.optional}
        said = {name: value for name, value in event["fields"].items() if name not in own}
        if answers:
            names = [name for name in procedure.fields if name in {*said, *answers}]
            told = [Changed(procedure.fields[name], answers.get(name), said.get(name))
                    for name in names if answers.get(name) != said.get(name)]  # fmt: skip
            if told:
                found[event["number"]] = told
        answers = said
    return found


def fields_of(procedure: Procedure, choice: DeskChoice) -> list[Field]:
    """What is asked for a choice: who proposes fills in what the decision will say."""
    command = procedure.commands[choice.command]
    if not choice.advises:
        return list(procedure.asked(command))
    decides = {item.name for item in procedure.asked(procedure.commands[choice.advises])}
    return [
        item
        for item in procedure.asked(command)
        if not item.proposes and (item.private or item.name in decides)
    ]


def page_of(case: CaseAnswer, command: str) -> Response | None:
    """The page of one decision; by POST with what was filled in: the letter, or the act itself.
    None where the reader cannot decide so now."""
    procedure = declared_procedures.procedures()[case["kind"]]
    asked = procedure.commands.get(command)
    if asked is None or not is_decided_on(asked):
        return None
    open_to_me = choices(procedure, act("govdata_case_commands", id=case["id"]))
    name = next((item.sent_as for item in procedure.asked(asked) if item.proposes), "")
    wanted = form_reader.parameters().get(name, "") if name else ""
    choice = next((one for one in open_to_me if (one.command, one.advises) == (command, wanted)),
                  None)  # fmt: skip
    if choice is None:
        return None
    if tk.request.method != "POST":
        return _page(case, procedure, choice, open_to_me)
    return _posted(case, procedure, choice, open_to_me)


def _posted(
    case: CaseAnswer, procedure: Procedure, choice: DeskChoice, open_to_me: list[DeskChoice]
) -> Response:
    """The letter where it was asked for, or where it would not be the one that was confirmed; the
    act otherwise."""
    values = form_reader.sent(fields_of(procedure, choice))
    given = {**values, **_proposes(procedure, choice)}
    filled_in, _point, read = (form_reader.pressed(SEEN) or "").partition(".")
    confirming = form_reader.pressed(CONFIRM) is not None
    refused: Errors = {}
    if form_reader.pressed(LOOK) is None and (not confirming or filled_in == digest_of(given)):
        more = {"read": read} if confirming else {}
        _done, refused = attempt("govdata_case_act", id=case["id"], command=choice.command,
                                 fields=given, **more)  # fmt: skip
        if not refused:
            return _after(case, procedure, choice)
        if not confirming:
            return _page(case, procedure, choice, open_to_me, values, refused)
    after, errors = attempt("govdata_case_rehearse", id=case["id"], command=choice.command,
                            fields=given)  # fmt: skip
    return _page(case, procedure, choice, open_to_me, values, refused or errors, after or None)


def _proposes(procedure: Procedure, choice: DeskChoice) -> dict[str, object]:
    """The answer to the field that says what is proposed."""
    command = procedure.commands[choice.command]
    names = [item.name for item in procedure.asked(command) if item.proposes]
    return dict.fromkeys(names, choice.advises) if choice.advises else {}


def digest_of(values: Values) -> str:
    """What is filled in, as one word: a letter is confirmed that was made of just this."""
    text = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _new_letters(before: CaseAnswer, after: CaseAnswer) -> list[LetterAnswer]:
    """The letters that the act would write: its own first, then those to third parties."""
    known = {one["number"] for one in before["letters"]}
    return [one for one in after["letters"] if one["number"] not in known]


def _after(case: CaseAnswer, procedure: Procedure, choice: DeskChoice) -> Response:
    words = tk._("Done: {command}.")
    label = procedure.commands[choice.command].label
    tk.h.flash_success(words.format(command=tk.h.govdata_words(label)))
    return tk.h.redirect_to("govdata_cases.read", case_id=case["id"])


def _page(
    case: CaseAnswer,
    procedure: Procedure,
    choice: DeskChoice,
    open_to_me: list[DeskChoice],
    values: Values | None = None,
    errors: Errors | None = None,
    after: CaseAnswer | None = None,
) -> Response:
    row = record.seen(model.Session, case["id"])
    procedure = case_choices.named_here(procedure, row)
    offer = case_choices.offered(row, insider=True)
    narrowed = offer.narrowed(procedure, case["answers"])
    citable = _citable(row, procedure.commands[choice.decision], narrowed["articles"])
    advice = advised(procedure, case)
    before = _told_before(row, procedure, choice)
    if values is None:
        values = _filled_in(procedure, case, choice, advice, row, before)
    sent = {**values, **_proposes(procedure, choice)}
    written = _new_letters(case, after) if after else []
    return form(
        "govdata/cases/decide.html",
        errors or {},
        case=case,
        procedure=procedure,
        command=procedure.commands[choice.command],
        choice=choice,
        choices=open_to_me,
        fields=fields_of(procedure, choice),
        values=values,
        advice=advice,
        changes=changes(procedure, case["events"]),
        offered={**offer.choices, "articles": citable},
        narrowed=narrowed,
        not_given=offer.not_given,
        titles=offer.titles,
        letter=next(iter(written), {}),
        others=written[1:],
        looked=after is not None,
        seen=f"{digest_of(sent)}.{after.get('read', '') if after else ''}",
        hindrances=case_choices.hindrances_told(row, case["answers"]),
        cautions=before.get("cautions", ()),
    )


def _citable(row: CaseRow, decision: Command, offered: Mapping[str, str]) -> dict[str, str]:
    """Of the grounds those that carry the decision."""
    grounds = in_force.grounds(row.jurisdiction, row.rules_day)
    case = record.case_of(model.Session, row)
    those = reply_ground.offered(case, decision, grounds)
    return {name: words for name, words in offered.items()
            if name in those or name not in grounds.offered}  # fmt: skip


def _told_before(row: CaseRow, procedure: Procedure, choice: DeskChoice) -> ToldBefore:
    """What whoever decides so, or proposes to, is told before."""
    decision = procedure.commands[choice.decision]
    if not cautions.matters(procedure, decision):
        return {}
    return cautions.told_before(
        cautions.standing(row, record.case_of(model.Session, row)), decision
    )


def _filled_in(
    procedure: Procedure,
    case: CaseAnswer,
    choice: DeskChoice,
    advice: Advice | None,
    row: CaseRow,
    before: ToldBefore,
) -> Values:
    """What the form begins with: what was asked for, and what the officer proposes to decide."""
    answers = case["answers"]
    asked = fields_of(procedure, choice)
    values = {
        item.name: answers[item.as_in or item.name]
        for item in asked
        if (item.as_in or item.name) in answers
    }
    preset = before.get("preset", {})
    values |= {item.name: preset[item.name] for item in asked if item.name in preset}
    if advice and not choice.advises and advice.decision == choice.command:
        shown = advice.event["fields"]
        values |= {name: value for name, value in shown.items() if name in procedure.fields}
    return {name: _as_offered(procedure.fields[name], one, row) for name, one in values.items()}


def _as_offered(field: Field, value: object, row: CaseRow) -> object:
    """A value as the form offers it: what is cited from the list by its id there."""
    if not ((field.grounds or field.powers) and isinstance(value, list)):
        return value
    grounds = in_force.grounds(row.jurisdiction, row.rules_day)
    offered = (case_choices.powers(row) if field.powers else grounds).offered
    ids = {one.citation: name for name, one in offered.items()}
    return [ids.get(one, one) for one in value]

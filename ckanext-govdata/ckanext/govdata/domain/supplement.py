"""The check ``supplement_says``: who supplies what was missing says something to it."""

from __future__ import annotations

from collections.abc import Iterator

from .decision import Examined
from .refusal import Refusal


def check(examined: Examined) -> Iterator[Refusal]:
    """A supplement answers the points, or changes something of the application."""
    procedure, command = examined.case.procedure, examined.command
    form = procedure.forms[command.form].fields if command.form else ()
    answered = any(name in examined.fields for name in (*command.fields, *command.optional))
    answers = examined.case.answers
    changed = any(examined.fields.get(name) != answers.get(name) for name in form)
    if not (answered or changed):
        names = [item.name for item in procedure.asked(command) if item.type == "point_answers"]
        yield Refusal("nothing_supplied", next(iter(names), "command"))

"""The check ``grant_scope``: what was asked for hangs together, and never more is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .decision import Examined
from .field_part import FieldPart
from .form import Choices
from .refusal import Refusal
from .scope import Extent, extent

Names = Mapping[FieldPart, str]
"""What the fields of the command are called, for the refusals."""


def check(examined: Examined) -> Iterator[Refusal]:
    """What is wrong with the choice of files, columns and days: the check ``grant_scope``."""
    procedure, command = examined.case.procedure, examined.command
    names = procedure.names_by_part(command)
    said = extent(procedure.by_part(examined.fields))
    yield from unnamed(said, names, examined.choices)
    if not command.form:
        asked = extent(procedure.by_part(examined.case.answers))
        yield from beyond(asked, said, names)
        if all_of_it(asked, said):
            yield Refusal("all_that_was_asked", _items(names))


def unnamed(said: Extent, names: Names, choices: Choices) -> Iterator[Refusal]:
    """Where files are chosen and not which of their columns, or columns of files that are not.

    A file whose entry declares no open items has no columns to choose: it is named itself.
    """
    if said.files is None:
        return
    for name in said.files:
        if choices.resources.get(name) and not said.items.get(name):
            yield Refusal("columns_not_named", _items(names), name)
    for name in said.items:
        if name not in said.files:
            yield Refusal("columns_without_file", _items(names), name)


def all_of_it(asked: Extent, given: Extent) -> bool:
    """Whether a decision in part gives everything that was asked for."""
    if given.files is None or given.rows:
        return False
    same = set(given.files) == set(asked.files or ()) and _sets(given) == _sets(asked)
    return same and (given.begins, given.ends) == (asked.begins, asked.ends)


def beyond(asked: Extent, given: Extent, names: Names) -> Iterator[Refusal]:
    """Where a decision gives longer than was asked for."""
    if asked.ends and given.ends and given.ends > asked.ends:
        facts, day = {"asked": asked.ends.isoformat()}, given.ends.isoformat()
        yield Refusal("beyond_what_was_asked", names[FieldPart.ENDS], day, facts=facts)
    if asked.begins and given.begins and given.begins < asked.begins:
        facts, day = {"asked": asked.begins.isoformat()}, given.begins.isoformat()
        yield Refusal("beyond_what_was_asked", names[FieldPart.BEGINS], day, facts=facts)


def _items(names: Names) -> str:
    """The field of the columns; where there is none, that of the files themselves."""
    return names.get(FieldPart.ITEMS) or names[FieldPart.FILES]


def _sets(extent: Extent) -> dict[str, set[str]]:
    return {name: set(listed) for name, listed in extent.items.items()}

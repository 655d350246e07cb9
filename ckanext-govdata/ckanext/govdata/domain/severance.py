"""What of an application can be given although the rest may not be: a part that can be severed is
given (Regulations on Open Government Information 37; Anhui 36, Yaohai 15).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from .decision import Examined
from .field_part import FieldPart
from .form import Choices
from .refusal import Refusal
from .scope import Extent, extent

ARTICLE = "第三十七条"


def proposed(asked: Extent, open_today: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """The files of an application with their columns that may be given today; of a file whose
    entry declares no items, itself without any."""
    found: dict[str, list[str]] = {}
    for name in asked.files or ():
        if name not in open_today:
            continue
        columns = [one for one in asked.items.get(name, ()) if one in open_today[name]]
        if columns or not open_today[name]:
            found[name] = columns
    return found


def can_be_severed(parts: Mapping[str, Collection[str]]) -> bool:
    """Whether they are several, so that some can be given without the others."""
    return len(parts) > 1 or any(len(columns) > 1 for columns in parts.values())


def left_out(asked: Extent, decided: Extent) -> list[str]:
    """The columns that were asked for and are not given, each once."""
    if decided.files is None:
        return []
    found = (
        one
        for name, listed in asked.items.items()
        for one in listed
        if name not in decided.files or one not in decided.items.get(name, ())
    )
    return list(dict.fromkeys(found))


def is_severed(asked: Extent, decided: Extent) -> bool:
    """Whether a decision gives fewer files or columns than were asked for. Fewer rows or days are
    no part that is severed from the others by what it says."""
    fewer = decided.files is not None and bool({*(asked.files or ())} - {*decided.files})
    return fewer or bool(left_out(asked, decided))


def check(examined: Examined) -> Iterator[Refusal]:
    """That whoever withholds all of what consists of parts says why no part is given: the check
    ``severance``. What does not exist, or is another body's, has no parts."""
    procedure, choices = examined.case.procedure, examined.choices
    said = procedure.by_part(examined.fields)
    if FieldPart.NOT_SEVERED in said or not _withheld(said.get(FieldPart.BASIS, ()), choices):
        return
    asked = extent(procedure.by_part(examined.case.answers))
    if choices.hindrances or not can_be_severed(proposed(asked, choices.resources)):
        return
    field = procedure.names_by_part(examined.command)[FieldPart.NOT_SEVERED]
    yield Refusal("part_not_considered", field, article=ARTICLE)


def _withheld(citations: Collection[str], choices: Choices) -> bool:
    """Whether it is refused because it may not be published, and not for another reason."""
    return choices.grounds is not None and choices.grounds.reconsidered_first(citations)

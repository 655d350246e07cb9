"""What pages say of marks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..cases.answers import CaseSummary
from ..cases.engine.declared_procedures import procedures
from ..domain.items import folded
from ..domain.mark import Grain, Mark, Readable, may_read
from ..domain.procedure import Procedure
from ..speech.phrases import label
from . import datum, mark_rows, open_marks
from .mark_rows import KeptMark
from .open_marks import Shown


def govdata_marks(pkg: Mapping[str, object]) -> list[Shown]:
    """What of an entry is under review, of that what the reader may read."""
    return open_marks.of_entry(_reader(), pkg)


def govdata_marks_at(
    marks: Sequence[Shown], grain: str, file: str = "", column: str = ""
) -> list[Shown]:
    """Those of an entry's marks that stand beside the entry, an item, a file or a column."""
    return open_marks.at(marks, Grain(grain), file, column)


class ShownTable(Protocol):
    """What a page shows of a file, as far as marks point at it."""

    resource_id: str
    names: list[str]
    values: list[list[object]]


def govdata_row_marks(marks: Sequence[Shown], table: ShownTable) -> list[list[Shown]]:
    """For each row of a preview those of an entry's marks that point at it."""
    return open_marks.of_rows(marks, table.resource_id, table.names, table.values)


def govdata_marks_of_cell(marks: Sequence[Shown], column: str) -> list[Shown]:
    """Of the marks of one row those of one cell; without a column those of the whole row."""
    return [one for one in marks if folded(one.mark.column) == folded(column)]


def govdata_marking() -> list[dict[str, str]]:
    """The procedures in which somebody marks what is wrong: their words and pages."""
    return [
        {
            "button": label(one.words.pages["begin_button"]),
            "heading": label(one.words.pages["decisions"]),
            "decisions": tk.h.url_for("govdata_cases.decisions", kind=kind),
            "guide": tk.h.url_for("govdata_cases.procedures", _anchor=kind),
        }
        for kind, one in procedures().items()
        if keeps_marks(one)
    ]


def govdata_marked(case: CaseSummary, subject: str = "") -> dict[str, Any] | None:
    """What a case points at, as the reader may read it: ``words``, ``address`` of the page where
    it stands, what stood there ``then``, ``mended`` if it was corrected, and how many ``others``
    have marked it too."""
    procedure = procedures().get(case["kind"])
    if procedure is None or not keeps_marks(procedure):
        return None
    kept = mark_rows.of_case(model.Session, str(case["id"])) if case["reference"] else None
    mark, reader = kept.mark if kept else _pointed_at(case, subject), _reader()
    try:
        entry = tk.get_action("package_show")(Context(**reader), {"id": mark.entry})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return None
    known = datum.readable(reader, entry, mark.file)
    there = mark.file in known.files
    if there:
        page = tk.h.url_for("dataset_resource.read", id=entry["name"], resource_id=mark.file)
    else:
        page = tk.h.url_for("dataset.read", id=entry["name"])
    return {
        "words": datum.named(mark, whole=may_read(mark, known)) if there or not mark.file else "",
        "address": page,
        "then": _read_then(kept, known) if kept else [],
        "mended": kept.mended_version if kept else "",
        "others": len(mark_rows.alike(model.Session, kept)) if kept else 0,
    }


def _read_then(kept: KeptMark, known: Readable) -> list[tuple[str, str]]:
    """What stood in the row or the cell when it was marked, of the columns that the reader has."""
    if not kept.seen.value:
        return []
    stood: dict[str, tuple[str, str]] = {
        folded(name): (name, value) for name, value in json.loads(kept.seen.value).items()
    }
    order = [folded(name) for name in known.columns or ()]
    return [stood[name] for name in order if name in stood]


def govdata_cells(case: CaseSummary, subject: str) -> list[tuple[str, str]]:
    """The cells of the row that a form points at, as the reader reads them: one alone may be
    wrong. Empty where it points at something else, or at one of them already."""
    procedure = procedures().get(case["kind"])
    mark = _pointed_at(case, subject) if procedure and keeps_marks(procedure) else None
    if mark is None or mark.grain is not Grain.ROW:
        return []
    entry = tk.get_action("package_show")(Context(**_reader()), {"id": mark.entry})
    columns = datum.readable(_reader(), entry, mark.file).columns or ()
    found = datum.row_of(mark, columns) if columns else None
    return [(name, value) for name, value in (found or {}).items()]


def keeps_marks(procedure: Procedure) -> bool:
    """Whether cases of this kind point at data."""
    return any("keep_mark" in command.effects for command in procedure.commands.values())


def _pointed_at(case: CaseSummary, subject: str) -> Mark:
    """What a case that is not received yet is to point at; ``subject`` is what its row keeps of
    it, where that may be told."""
    place = json.loads(subject) if subject else case["place"]
    row: dict[str, str] = json.loads(place["row"]) if place.get("row") else {}
    return Mark(str(case["dataset_id"]), place.get("resource", ""), "", row,
                place.get("column", ""))


def _reader() -> Context:
    """Who is looking at a page."""
    user = tk.current_user
    if not user.is_authenticated:
        return Context(user="", auth_user_obj=None)
    return Context(user=user.name, auth_user_obj=user)


def govdata_file_version(resource_id: str) -> str:
    """Which file it is, so that a row can be named by its number in it."""
    return datum.version_of(resource_id)

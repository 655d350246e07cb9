"""What goes with a downloaded table: what it is, whose, of when, and on which terms it may be used.

All in the language of whoever asks, and said before the first byte is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from .. import now, settings, vocabularies
from ..departments.directory import titles
from ..domain.explorer.column import Column, Kind
from ..speech import phrases
from ..tables import table_facts
from .formats.column_titles import headings

Line = tuple[str, str]
_KINDS: Mapping[Kind, Callable[[], str]] = {
    Kind.TEXT: lambda: tk._("text"),
    Kind.NUMBER: lambda: tk._("number"),
    Kind.DAY: lambda: tk._("date"),
    Kind.MOMENT: lambda: tk._("date with time"),
    Kind.FLAG: lambda: tk._("yes or no"),
}


@dataclass(frozen=True)
class DownloadWords:
    """What is said of a table that is taken: ``title`` of the file, of its ``department``, the
    ``lines`` of a note, each a label and what it says, and the same as a text to read."""

    title: str
    department: str
    lines: tuple[Line, ...]
    readme: str
    notes_title: str
    readme_name: str
    at: datetime
    cut: Line
    """Said where cells were too long; has ``{count}``."""


NO_WORDS = DownloadWords(
    "data", "", (), "", "notes", "readme", datetime(2026, 1, 1, tzinfo=timezone.utc), ("", ""))
"""For files that nobody takes."""


def download_words(
    pkg: Mapping[str, Any], resource: Mapping[str, Any], columns: Sequence[Column],
    asked: str, reference: str,
) -> DownloadWords:
    """Of a file of an entry, as CKAN shows both; ``asked`` is the address of what was asked, empty
    where it is all, ``reference`` that of the grant."""
    department = _department(pkg)
    title = _title(pkg, resource)
    lines = tuple(_lines(pkg, resource, department, asked, reference))
    cut = (tk._("Shortened"), tk._(
        "{count} cells are longer than a spreadsheet takes (32,767 characters) and were cut; take "
        "the table as CSV to have them whole."))
    return DownloadWords(
        title, department, lines, _readme(title, lines, columns), tk._("About this data"),
        tk._("README"), now.now(), cut)


def _title(pkg: Mapping[str, Any], resource: Mapping[str, Any]) -> str:
    """The entry's; with the file's own, where there are several."""
    title, own = (str(one or "").strip() for one in (pkg.get("title"), resource.get("name")))
    title = title or str(pkg["name"])
    several = len(pkg.get("resources") or ()) > 1
    return phrases.in_script(f"{title}_{own}" if several and own and own != title else title)


def _department(pkg: Mapping[str, Any]) -> str:
    group = model.Group.get(str(pkg.get("owner_org") or ""))
    return phrases.in_script(titles(group.name)[group.name]) if group else ""


def _lines(
    pkg: Mapping[str, Any], resource: Mapping[str, Any], department: str, asked: str,
    reference: str,
) -> list[Line]:
    table = table_facts.of_file(str(resource["id"]))
    attribute = str(pkg.get("open_attribute") or "")
    said = [
        (tk._("Title"), str(pkg.get("title") or pkg["name"])),
        (tk._("File"), str(resource.get("name") or "")),
        (tk._("Provided by"), department),
        (tk._("Description"), str(pkg.get("notes") or "")),
        (tk._("Source"), tk.h.url_for(
            "dataset.read", id=pkg["name"], _external=True, locale="default")),
        (tk._("Portal"), settings.site_title()),
        (tk._("State of the data"), _day(table.at if table else None, resource)),
        (tk._("Version (SHA-256 of the original file)"), table.digest if table else ""),
        (tk._("Downloaded"), f"{now.in_beijing(now.now()):%Y-%m-%d %H:%M} (UTC+8)"),
        (tk._("Part that was asked for"), asked),
        (tk._("Open attribute"), vocabularies.vocabulary("open_attributes").label(
            attribute, tk.h.lang()) if attribute else ""),
        (tk._("Conditions"), str(pkg.get("open_conditions") or "")),
        (tk._("When using it"), str(pkg.get("usage_requirements") or "")),
        (tk._("Licence"), str(pkg.get("license_title") or "")),
        (tk._("Given by the decision"), reference),
        (tk._("Cite it"), tk.h.govdata_citation(pkg, department)),
    ]
    return [(label, phrases.in_script(text)) for label, text in said if text]


def _day(loaded_at: datetime | None, resource: Mapping[str, Any]) -> str:
    if loaded_at:
        return now.in_beijing(loaded_at).date().isoformat()
    return str(resource.get("last_modified") or resource.get("created") or "")[:10]


def _readme(title: str, lines: Sequence[Line], columns: Sequence[Column]) -> str:
    colon = tk._("{label}: {text}")
    told = [colon.format(label=label, text=text) for label, text in lines]
    fields = [_field(number, name, one) for number, (name, one) in enumerate(
        zip(headings(columns), columns, strict=True), 1)]
    hint = tk._("The CSV file is UTF-8 with a byte-order mark. Values stand as they were "
                "published; import columns of codes as text, or take the table as XLSX, where they "
                "are text.")
    return "\n".join([title, "", *told, "", tk._("Fields"), *fields, "", hint, ""])


def _field(number: int, name: str, column: Column) -> str:
    code = f" {column.code}" if column.code and column.code != name else ""
    notes = f" {phrases.in_script(column.notes)}" if column.notes else ""
    return f"{number}. {name}{code} [{_KINDS[column.kind]()}]{notes}"

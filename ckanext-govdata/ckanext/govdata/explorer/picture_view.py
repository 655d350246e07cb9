"""What the page of a picture shows: which are offered, the form that asks for another, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import ckan.plugins.toolkit as tk
from markupsafe import Markup

from .. import now
from ..domain.explorer.address import Pair, written
from ..domain.explorer.column import Column, Kind
from ..domain.explorer.picture import (
    BY,
    LOOK,
    MEASURE,
    OF,
    Look,
    Measure,
    TablePicture,
    fitting,
    read,
)
from ..domain.explorer.picture import written as written_picture
from ..domain.explorer.question import Question
from ..domain.refusal import Refusal
from ..speech import phrases
from . import facets, sentences
from .readable_table import ReadableTable
from .table_rows import held
from .table_view import TableLink, TableView

OFFERED = 10
"""Pictures that are offered by a click."""
VIEW: Pair = ("_view", "chart")


@dataclass(frozen=True)
class PictureForm:
    """The form that asks for a picture: names of its fields, what may be chosen, what is chosen."""

    hidden: Sequence[Pair]
    looks: Sequence[tuple[str, str]]
    columns: Sequence[Column]
    numbers: Sequence[Column]
    measures: Sequence[tuple[str, str]]
    offered: Sequence[TableLink]
    chosen: TablePicture | None
    files: Mapping[str, str]
    """Addresses of the picture as a file, by its form."""
    embedded: str
    """What shows it in another page, as HTML."""
    look_name: str = LOOK
    by_name: str = BY
    of_name: str = OF
    measure_name: str = MEASURE


def offered(
    table: ReadableTable, question: Question, end: float | None = None
) -> list[TablePicture]:
    """The pictures that fit the table, the best first."""
    with held(table, question, end) as (connection, asked):
        few = facets.offered_columns(connection, asked)
    return fitting(table.columns, {one.name: facets.FEW for one in few})


def asked(
    args: Mapping[str, str], table: ReadableTable, fit: Sequence[TablePicture]
) -> TablePicture | list[Refusal] | None:
    """The picture that the address asks for, else the first that fits, if one does."""
    found = read(args, table.columns)
    return found if found is not None else next(iter(fit), None)


def form(
    view: TableView, table: ReadableTable, fit: Sequence[TablePicture],
    chosen: TablePicture | None = None, title: str = "",
) -> PictureForm:
    """The form, with what is chosen now; ``title`` is what that is called."""
    pairs = written_picture(chosen) if chosen else []
    numbers = [one for one in table.columns if one.kind is Kind.NUMBER]
    named = tk._("the figure")
    return PictureForm(
        [*written(view.question), VIEW],
        [(one.value, sentences.look(one)) for one in Look],
        table.columns,
        numbers,
        [(one.value, sentences.measured(one, named)) for one in Measure],
        [TableLink(_said(table, one), view.address(view.question, VIEW, *written_picture(one)),
              on=one == chosen) for one in fit[:OFFERED]],
        chosen,
        {kind: _file(view, kind, pairs) for kind in ("png", "svg")} if chosen else {},
        _embedded(view, pairs, title) if chosen else "",
    )


def _embedded(view: TableView, pairs: Sequence[Pair], title: str) -> str:
    """A picture that leads to its page; each part is escaped for the page that takes it over."""
    site = tk.url_for("home.index", _external=True, locale="default")
    page = urljoin(site, view.address(view.question, VIEW, *pairs))
    drawing = urljoin(site, _file(view, "svg", pairs))
    return str(Markup('<a href="{}"><img src="{}" alt="{}"></a>').format(page, drawing, title))


def _file(view: TableView, kind: str, pairs: Sequence[Pair]) -> str:
    whole = view.address(view.question, *pairs)
    return whole.replace(view.base, f"{view.base}/chart.{kind}", 1)


def _said(table: ReadableTable, picture: TablePicture) -> str:
    title = next(one.title for one in table.columns if one.name == picture.by)
    if picture.look is Look.MAP:
        return sentences.look(picture.look)
    return tk._("{name}: {value}").format(
        name=sentences.look(picture.look), value=phrases.in_script(title))


def about(file: Mapping[str, Any]) -> str:
    """What a file is called."""
    return phrases.in_script(str(file.get("name") or file.get("format") or tk._("File")))


def source(entry: Mapping[str, Any]) -> str:
    """Whose data a picture shows, and the day on which it was drawn."""
    body: Mapping[str, Any] = entry.get("organization") or {}
    parts = [str(body.get("title") or ""), str(entry.get("title") or entry["name"])]
    said = " · ".join(phrases.in_script(part) for part in parts if part)
    return tk._("Source: {source}, {day}").format(source=said, day=now.today().isoformat())

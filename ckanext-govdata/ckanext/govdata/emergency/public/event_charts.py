"""A dataset of an event as charts, each with the table that says the same in figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import ckan.plugins.toolkit as tk
from markupsafe import Markup

from ... import now
from ...domain import moments
from ...domain.chart import bars, lines, scale
from ...domain.chart.drawing import SERIES, Caption
from ...domain.sheet import Sheet, latest_rows, number, quantity, without_totals
from ..answers import DatasetAnswer, EventAnswer
from ..publication import materials
from . import event_view

MOST_FIGURES = 4
"""Columns that are drawn when the officer named none."""
MOST_ROWS = 400
"""Rows of a table on the page; the file has all of them."""
MOST_PLACES = 24


@dataclass(frozen=True)
class Picture:
    """A chart drawn wide and narrow, and its table; ``more`` rows stand in the file only."""

    title: str
    description: str
    wide: Markup
    narrow: Markup
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    more: int = 0


def pictures(event: EventAnswer, dataset: DatasetAnswer) -> list[Picture]:
    """The charts of one dataset: over time, and by place; none for a file or what is closed."""
    if not dataset["readable"]:
        return []
    sheet = _sheet(event, dataset)
    figures = list(dataset["figures"]) or _numeric(sheet, dataset)
    along = _over_time if dataset["figures"] else _place_lines
    found = [along(dataset, sheet, figures), _by_place(dataset, sheet, figures)]
    return [one for one in found if one]


def spark(dataset: DatasetAnswer, figure: str) -> Markup:
    """The course of one key figure over the versions; decoration beside the number."""
    return Markup(lines.spark(_points(dataset, figure)))  # noqa: S704 - escaped by the serialiser


def _sheet(event: EventAnswer, dataset: DatasetAnswer) -> Sheet:
    if dataset["kind"] != "table":
        return Sheet((), ())
    content = event_view.content(event["id"], dataset["name"], dataset["latest"]["number"])
    return materials.sheet_from(content)


def _numeric(sheet: Sheet, dataset: DatasetAnswer) -> list[str]:
    """The first columns that hold numbers only."""
    found: list[str] = []
    for index, name in enumerate(sheet.columns):
        cells = [row[index] for row in sheet.rows if row[index].strip()]
        if name in (dataset["time_column"], dataset["place_column"]) or not cells:
            continue
        if all(number(cell) is not None for cell in cells):
            found.append(name)
    return found[:MOST_FIGURES]


def _points(dataset: DatasetAnswer, figure: str) -> list[lines.Point]:
    """A figure's total in each version."""
    return [
        (_beijing(version["at"]), version["totals"].get(figure))
        for version in reversed(dataset["versions"])
    ]


def _beijing(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(now.BEIJING)


def _over_time(
    dataset: DatasetAnswer, sheet: Sheet, figures: Sequence[str]
) -> Picture | None:
    """Each figure over the table's own time, or else over the versions."""
    times = _by_time(sheet, dataset["time_column"], figures)
    if len(times) < 2:
        times = {
            _beijing(version["at"]): {name: version["totals"].get(name) for name in figures}
            for version in reversed(dataset["versions"])
        }
    if len(times) < 2 or not figures:
        return None
    title = tk._("{title}: over time").format(title=_script(dataset["title"]))
    return _lines(
        dataset,
        title,
        [
            lines.Series(_script(name), [(at, values.get(name)) for at, values in times.items()])
            for name in figures
        ],
    )


def _lines(dataset: DatasetAnswer, title: str, series: list[lines.Series]) -> Picture:
    """The chart of some lines, and its table with the newest time first."""
    said = "; ".join(_course(one) for one in series)
    caption = Caption(f"time-{dataset['name']}", title, said, tk.h.lang(), tk._("No data yet"))
    values = [dict(one.points) for one in series]
    moments = sorted({at for one in values for at in one}, reverse=True)
    daily = all((at.hour, at.minute) == (0, 0) for at in moments)
    rows = [
        [f"{at:%Y-%m-%d}" if daily else f"{at:%Y-%m-%d %H:%M}",
         *(_cell(one.get(at)) for one in values)]
        for at in moments
    ]  # fmt: skip
    return _picture(
        caption,
        lambda said, width: lines.line_chart(series, said, width),
        [tk._("Time"), *(one.name for one in series)],
        rows,
    )


def _place_lines(
    dataset: DatasetAnswer, sheet: Sheet, figures: Sequence[str]
) -> Picture | None:
    """One line for each place where the columns are measures that nobody adds up, such as levels.

    The first measure is drawn, of the places with the highest newest values.
    """
    column = dataset["place_column"]
    if column not in sheet.columns or not figures:
        return _over_time(dataset, sheet, figures)
    at, figure = sheet.columns.index(column), figures[0]
    places: dict[str, Sheet] = {}
    for row in without_totals(sheet.rows):
        kept = places.get(row[at], Sheet(sheet.columns, ()))
        places[row[at]] = Sheet(sheet.columns, (*kept.rows, row))
    times = {
        name: _by_time(part, dataset["time_column"], [figure]) for name, part in places.items()
    }
    courses = {
        name: [(moment, values.get(figure)) for moment, values in part.items()]
        for name, part in times.items()
        if part
    }
    if max((len(points) for points in courses.values()), default=0) < 2:
        return None
    highest = sorted(courses, key=lambda name: (-(courses[name][-1][1] or 0), name))[:SERIES]
    title = tk._("{figure}: over time").format(figure=_script(figure))
    return _lines(
        dataset, title, [lines.Series(_script(name), courses[name]) for name in highest]
    )


def _by_time(
    sheet: Sheet, column: str, figures: Sequence[str]
) -> dict[datetime, dict[str, float | None]]:
    """The figures' sums at each time of the table; none where its times cannot be told apart."""
    found: dict[datetime, dict[str, float | None]] = {}
    if column not in sheet.columns:
        return found
    at, rows = sheet.columns.index(column), without_totals(sheet.rows)
    try:
        known = moments.keys([row[at] for row in rows])
    except moments.Unclear:
        return found
    for row, moment in zip(rows, known, strict=True):
        if moment.year and moment.first.year > 1:
            _add(found.setdefault(moment.first, {}), sheet, row, figures)
    return dict(sorted(found.items()))


def _add(
    sums: dict[str, float | None], sheet: Sheet, row: Sequence[str], figures: Iterable[str]
) -> None:
    for name in figures:
        value = quantity(row[sheet.columns.index(name)]) if name in sheet.columns else None
        if value is not None:
            sums[name] = (sums.get(name) or 0) + value


def _by_place(
    dataset: DatasetAnswer, sheet: Sheet, figures: Sequence[str]
) -> Picture | None:
    """The first figure in each place, at the table's newest time."""
    column = dataset["place_column"]
    if column not in sheet.columns or not figures:
        return None
    at = sheet.columns.index(column)
    places: dict[str, dict[str, float | None]] = {}
    try:
        newest = latest_rows(sheet, dataset["time_column"])
    except moments.Unclear:  # kept before times were asked about
        return None
    for row in newest:
        _add(places.setdefault(row[at] or "—", {}), sheet, row, figures)
    if len(places) < 2:
        return None
    drawn = [bars.Bar(_script(place), sums.get(figures[0])) for place, sums in places.items()]
    title = tk._("{figure} by place").format(figure=_script(figures[0]))
    ranked = bars.ranked(drawn)
    said = tk._("Most in {place}: {value}.").format(place=ranked[0][0], value=_cell(ranked[0][1]))
    caption = Caption(f"place-{dataset['name']}", title, said, tk.h.lang(), tk._("No data yet"))
    order = sorted(places.items(), key=lambda item: -(item[1].get(figures[0]) or 0))
    rows = [[_script(place), *(_cell(sums.get(name)) for name in figures)] for place, sums in order]
    return _picture(
        caption, lambda said, width: bars.bar_chart(drawn, said, width, MOST_PLACES),
        [tk._("Place"), *map(_script, figures)], rows,
    )  # fmt: skip


def _picture(
    caption: Caption,
    draw: Callable[[Caption, float], str],
    columns: list[str],
    rows: list[list[str]],
) -> Picture:
    narrow = replace(caption, key=f"{caption.key}-narrow")
    return Picture(
        caption.title,
        caption.description,
        Markup(draw(caption, lines.WIDE)),  # noqa: S704 - escaped by the serialiser
        Markup(draw(narrow, lines.NARROW)),  # noqa: S704
        columns,
        rows[:MOST_ROWS],
        max(0, len(rows) - MOST_ROWS),
    )


def _course(one: lines.Series) -> str:
    known = [value for _, value in one.points if value is not None]
    if not known:
        return tk._("{name}: not known").format(name=one.name)
    return tk._("{name}: from {first} to {last}, at most {most}").format(
        name=one.name, first=_cell(known[0]), last=_cell(known[-1]), most=_cell(max(known))
    )


def _cell(value: float | None) -> str:
    return "—" if value is None else scale.plain(value)


def _script(text: str) -> str:
    return str(tk.h.govdata_script(text))

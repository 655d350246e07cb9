"""A picture of a table as a page shows it: drawn wide and narrow, with the table that says the same
in figures, and as a file of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

import ckan.plugins.toolkit as tk
from markupsafe import Markup

from ..domain.chart import bars, dots, histogram, lines, poster, scale
from ..domain.chart.drawing import Caption
from ..domain.explorer.column import Column
from ..domain.explorer.picture import Look, TablePicture
from ..speech import phrases
from . import pixels, sentences
from .picture_data import MOST_DOTS, PictureData
from .readable_table import ReadableTable

MOST_LINES = 60
"""Lines of the table beside a picture; the rows themselves can be downloaded."""


@dataclass(frozen=True)
class DrawnPicture:
    """A picture in a page; ``heads`` and ``lines`` are the table beside it, of which ``more`` lines
    are not shown; ``remarks`` say what is not in it."""

    title: str
    wide: Markup
    narrow: Markup
    heads: Sequence[str]
    lines: Sequence[Sequence[str]]
    more: int
    remarks: Sequence[str]


def drawn(
    table: ReadableTable, picture: TablePicture, shown: PictureData, about: str
) -> DrawnPicture:
    """The picture of what a table shows; ``about`` is what the file is called."""
    title = title_of(table, picture, about)
    heads, rows = _table(table, picture, shown)
    said = _said(rows) if picture.look in (Look.BARS, Look.TIMES) else title
    caption = Caption("picture", title, said, tk.h.lang(), tk._("No rows can be drawn here."))
    wide, narrow = (_drawing(table, picture, shown, caption, width)
                    for width in (lines.WIDE, lines.NARROW))
    return DrawnPicture(title, Markup(wide), Markup(narrow), heads,  # noqa: S704 - escaped there
                        rows[:MOST_LINES], max(0, len(rows) - MOST_LINES),
                        list(_remarks(table, picture, shown)))


def poster_of(table: ReadableTable, picture: TablePicture, shown: PictureData, about: str,
              source: str) -> str:
    """The picture as a drawing of its own, with its title and whose data it is."""
    title = title_of(table, picture, about)
    caption = Caption("picture", title, title, tk.h.lang(), tk._("No rows can be drawn here."))
    return poster.poster(_drawing(table, picture, shown, caption, lines.WIDE), title, source)


def png(drawing: str) -> bytes:
    """A drawing in pixels; raises :class:`.pixels.BusyError`."""
    return pixels.of_drawing(drawing, _font())


@lru_cache(maxsize=1)
def _font() -> str:
    """Noto Sans CJK (SIL Open Font License), from its package."""
    return str(files("cvttf_NotoSansCJK_Regular") / "NotoSansCJKtc-Regular.otf")


def title_of(table: ReadableTable, picture: TablePicture, about: str) -> str:
    """What a picture is called."""
    by = phrases.in_script(_column(table, picture.by).title)
    of = phrases.in_script(_column(table, picture.of).title) if picture.of else ""
    if picture.look is Look.MAP:
        return tk._("{about}: where it lies").format(about=about)
    if picture.look is Look.DOTS:
        return tk._("{about}: {of} and {by}").format(about=about, of=of, by=by)
    if picture.look is Look.HISTOGRAM:
        return tk._("{about}: how {by} is distributed").format(about=about, by=by)
    return tk._("{about}: {figure} by {by}").format(
        about=about, by=by, figure=sentences.measured(picture.measure, of))


def _column(table: ReadableTable, name: str) -> Column:
    return next(one for one in table.columns if one.name == name)


def _drawing(
    table: ReadableTable, picture: TablePicture, shown: PictureData, caption: Caption, width: int
) -> str:
    by = _column(table, picture.by)
    if picture.look is Look.HISTOGRAM:
        listed = [histogram.Stretch(*one) for one in shown.stretches]
        return histogram.column_chart(listed, caption, phrases.in_script(by.title), width)
    if picture.look in (Look.DOTS, Look.MAP):
        axes = (phrases.in_script(by.title),
                phrases.in_script(_column(table, picture.of).title))
        draw = dots.dot_map if picture.look is Look.MAP else dots.dot_chart
        return draw(shown.dots, caption, axes, width)
    if picture.look is Look.TIMES:
        points = [(at, figure) for at, figure in shown.groups if isinstance(at, datetime)]
        return lines.line_chart([lines.Series(caption.title, points)], caption, width)
    listed = [bars.Bar(_label(by, at), figure) for at, figure in shown.groups]
    return bars.bar_chart(listed, caption, width)


def _label(column: Column, value: str | datetime | None) -> str:
    if value is None:
        return tk._("(empty)")
    return phrases.in_script(sentences.value_of(column.kind, value))


def _table(
    table: ReadableTable, picture: TablePicture, shown: PictureData
) -> tuple[list[str], list[list[str]]]:
    """The heads and lines of the table beside a picture; of dots none: they are the rows."""
    by = _column(table, picture.by)
    title = phrases.in_script(by.title)
    if picture.look in (Look.DOTS, Look.MAP):
        return [], []
    if picture.look is Look.HISTOGRAM:
        return [title, tk._("Rows")], [
            [tk._("{low} to below {high}").format(low=scale.plain(low), high=scale.plain(high)),
             scale.plain(count)] for low, high, count in shown.stretches]
    of = phrases.in_script(_column(table, picture.of).title) if picture.of else ""
    heads = [title, sentences.measured(picture.measure, of)]
    return heads, [[_when(at, shown.step) if isinstance(at, datetime) else _label(by, at),
                    "—" if figure is None else scale.plain(figure)]
                   for at, figure in shown.groups]


def _when(at: datetime, step: str) -> str:
    return {"year": f"{at:%Y}", "month": f"{at:%Y-%m}"}.get(step, f"{at:%Y-%m-%d}")


def _said(rows: Sequence[Sequence[str]]) -> str:
    """The first figures in a sentence, for readers' aids."""
    return tk._("; ").join(tk._("{name}: {value}").format(name=name, value=value)
                           for name, value in rows[:5])


def _remarks(table: ReadableTable, picture: TablePicture, shown: PictureData) -> Iterator[str]:
    """What is not in the picture."""
    if picture.look is Look.BARS and shown.left_out:
        yield tk.ungettext("{n} more value is not drawn.", "{n} more values are not drawn.",
                           shown.left_out).format(n=scale.plain(shown.left_out))
    if picture.look in (Look.DOTS, Look.MAP) and shown.left_out:
        yield tk._("There are too many rows for a dot each: {n} are drawn, taken evenly from all."
                   ).format(n=scale.plain(min(len(shown.dots), MOST_DOTS)))
    if shown.unplaced:
        by = phrases.in_script(_column(table, picture.by).title)
        said = (tk._("{n} rows have no place that can be drawn.")
                if picture.look in (Look.MAP, Look.DOTS)
                else tk._("{n} rows have no {by} that can be drawn."))
        yield said.format(n=scale.plain(shown.unplaced), by=by)
    if table.row_limit is not None:
        yield tk._("Drawn of the first {n} rows, which the grant gives.").format(
            n=scale.plain(table.row_limit))


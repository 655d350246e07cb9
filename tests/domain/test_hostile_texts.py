"""No text that a stranger sends keeps a reader of values busy, or makes it fail in an unknown way.

The readers of one value, of a list, of a heading and of numbers of persons, on texts of a hundred
thousand characters. Whoever reads a text in one go needs thousandths of a second for it; one that
tries again at every place needs minutes, so a generous bound tells them apart on any computer.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from ckanext.govdata.domain import (
    cell_date,
    cell_list,
    cell_period,
    cell_value,
    heading_notes,
    item_notation,
    mapping,
    moments,
    personal_columns,
    personal_numbers,
    provider_names,
    record_items,
    sheet,
)
from ckanext.govdata.domain.cell_value import CannotRead
from ckanext.govdata.domain.text import visible
from ckanext.govdata.sheets import file_words

LENGTH = 30_000
BOUND = 0.5
"""Seconds of the processor for one text, of which a reader needs hundredths."""
PIECES = (
    " ", "\n", "\u3000", "0", "9", "１", "一", "①", "(", ")", "（(", "【", "<", "<br", "-", "/",
    ".", ",", "、", ":", "年", "半", "次", "第1天", "x", "字", "a ", "1 ", "1,", "1.", "( ", "(1)",
    "2026-07-01 ", "not null ", "1、", "HTTP://", "a@", "11010519491231002X ",
    "4111111111111111/", "其中", "必填", "注1", "格式yymm",
)  # fmt: skip
"""Repeated to the whole length, between a sound beginning and an end that spoils it."""
AROUND = (("1", "x9!"), ("(", "年?"))


def _known(_word: str) -> str:
    return ""


def _same(text: str) -> str:
    return text


PERSONAL = personal_columns.PersonalWords(
    {"contact": tuple(map(personal_columns.HeadingWord, ("电话", "身份证号")))}, (), _same
)
VALUES = mapping.ValueRules({}, frozenset(), {}, {}, {}, frozenset(), {}, _same)
READERS: dict[str, Callable[[str], object]] = {
    "number": sheet.number,
    "quantity": sheet.quantity,
    "total": lambda text: sheet.is_total((text, "1", text)),
    "moment": moments.read,
    "moments": lambda text: moments.keys([text, "2026-07-01"]),
    "newest": lambda text: moments.newest([text, "2026-07-01"]),
    "day": cell_date.day,
    "period": cell_period.counted,
    "plain": lambda text: cell_value.plain(text, _same),
    "arabic": cell_value.arabic,
    "list": cell_list.split,
    "names": cell_list.names,
    "keywords": cell_list.keywords,
    "one_line": cell_list.one_line,
    "notation": lambda text: item_notation.read(text, _known),
    "bare_number": personal_numbers.bare,
    "personal_kinds": personal_columns.kinds,
    "personal_heading": PERSONAL.kinds_over,
    "heading": lambda text: heading_notes.plain(text, _same),
    "items": lambda text: record_items.listed(text, VALUES),
    "nothing": VALUES.says_nothing,
    "heading_notes": heading_notes.without_notes,
    "heading_marks": heading_notes.unmarked,
    "personal_spellings": lambda text: personal_columns.spellings(text, _same),
    "visible": visible,
    "file_words": lambda text: file_words.of(text.encode(), "HTML"),
    "code_beside_name": provider_names.parted,
}
EXPECTED = (CannotRead, moments.Unclear)
"""How a reader says that it cannot read."""


class Slow(Exception):
    """A reader took far too long."""


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Break off what takes longer; a pattern that is tried again and again too."""

    def stop(*_: object) -> None:
        raise Slow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("name", READERS)
def test_long_texts_keep_no_reader_busy(name: str) -> None:
    slow: list[str] = []
    for piece in PIECES:
        for before, behind in AROUND:
            text = before + piece * (LENGTH // len(piece)) + behind
            try:
                with bounded(BOUND):
                    READERS[name](text)
            except EXPECTED:
                pass
            except Slow:
                slow.append(f"{before}{piece}…{behind}")
    assert not slow


@pytest.mark.parametrize("count", [5, 90, 5000])
def test_endless_digits_count_no_period(count: int) -> None:
    for form in ("{}次/年", "每{}年", "每年{}次", "每{}.{}个月", "{}天"):
        assert cell_period.counted(form.replace("{}", "1" * count)) is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1" + " " * 600, 1), (" " * 600 + "300 人", 300), ("1 234", 1234), ("1,234 人次", 1234),
        ("1.2 万  元", 12000), ("- 5", None), ("1,", None), ("1 ,234", None), ("+3", 3),
        ("1" + " " * 600 + "x9!", None), ("1" * 61, None),
    ],
)  # fmt: skip
def test_figures_among_blanks(written: str, value: float | None) -> None:
    assert sheet.quantity(written) == value


def test_totals_with_long_notes_are_totals() -> None:
    assert sheet.is_total((f"合计（{'说明' * 500}）", "1"))
    assert sheet.is_total((f"（{'说明' * 500}）合计", "1"))
    assert not sheet.is_total((f"巢湖（{'合计' * 500}）", "1"))

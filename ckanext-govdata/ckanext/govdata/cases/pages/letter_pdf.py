"""A letter on paper: an official reply on A4 as PDF/A, with every shape that it uses embedded.

In its head stands who decided, in its foot the place of the seal, and a code that leads to the page
where anybody can check it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

from ... import now
from ...domain import line_ends
from ...speech import phrases
from ..answers import VerifiedLetter
from . import letter_code, letter_font, letter_seal
from .letter_text import LetterText, letter_text

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = "NotoSansCJK"
GREY, BLACK, RED = (90, 90, 90), (0, 0, 0), (170, 20, 20)
MARGIN, WIDTH = 27, 156
"""Of an A4 page, in mm: text is 156 mm wide in official documents (GB/T 9704)."""
BODY, LINE = 12, 7.6
"""Points of the text and mm of a line."""
BOTTOM, END = 20, 62
"""mm that stay free below, and that the seal and the code want."""
CODE = 24
SPACE = "\u3000"
"""As wide as a Chinese character."""
Measure = Callable[[str], float]
"""How wide words of the text are, in mm."""


def letter_pdf(letter: VerifiedLetter, address: str) -> bytes:
    """The letter as a PDF of A4 pages, sealed where this portal has a seal; ``address`` is where
    its digest can be checked."""
    text, foot = letter_text(letter), _foot(letter["digest"], address)
    with NamedTemporaryFile(suffix=".otf") as font:  # the writer takes a font by its path only
        font.write(letter_font.cut_down("".join((text.whole, SPACE, _seal_words(), *foot))))
        font.flush()
        page = _new_page(letter, text, font.name)
        measure = lru_cache(maxsize=None)(page.get_string_width)  # a letter repeats its characters
        _head(page, text)
        if text.greeting:
            _paragraph(page, measure, text.greeting, indent=False)
        *before, last = *text.paragraphs, *text.ways, *text.closing
        for words, following in zip(before, (*before[1:], ""), strict=True):
            if words in text.ways[:1]:
                _keep_together(page, measure, [words, following], 0)
            _paragraph(page, measure, words)
        _keep_together(page, measure, [last], END)
        _paragraph(page, measure, last)
        place = _end(page, text)
        _check(page, foot, address)
        drawn = bytes(page.output())
    return letter_seal.sealed(drawn, place)


def _new_page(letter: VerifiedLetter, text: LetterText, font: str) -> FPDF:
    from fpdf import FPDF  # here: 18 MiB, which an import or a worker does without
    from fpdf.fonts import TTFFont

    page = FPDF(format="A4", enforce_compliance="PDF/A-2U")
    page.set_title(f"{text.title} {text.number}")
    page.set_author(text.issuer)
    page.set_creation_date(now.now())
    page.set_lang(str(tk.h.lang()).replace("_", "-"))
    page.set_margins(MARGIN, 24, MARGIN)
    page.set_auto_page_break(True, BOTTOM)
    page.c_margin = 0
    page.add_font(FONT, fname=font)
    # Else every shape is drawn twice more, for the outermost points of all: half of the time.
    for one in page.fonts.values():
        if isinstance(one, TTFFont):
            one.ttfont.recalcBBoxes = False
    # The font holds the shapes of both scripts; punctuation stands elsewhere in each.
    script = "zh-Hant" if "Hant" in str(tk.h.lang()) else "zh-Hans"
    page.set_text_shaping(True, script="hani", language=script)
    page.add_page()
    return page


def _head(page: FPDF, text: LetterText) -> None:
    """Who decided, above the line; the number, and what it is."""
    _line(page, text.issuer, 22, RED, align="C")
    page.ln(3)
    page.set_draw_color(*RED)
    page.set_line_width(0.6)
    page.line(MARGIN, page.get_y(), MARGIN + WIDTH, page.get_y())
    page.ln(3)
    _line(page, text.number, 11, align="R")
    page.ln(5)
    _line(page, text.title, 18, align="C")
    page.ln(5)


def _paragraph(page: FPDF, measure: Measure, words: str, *, indent: bool = True) -> None:
    """A paragraph; in Chinese it begins two characters in."""
    page.set_text_color(*BLACK)
    for inset, line in _lines(page, measure, words, indent=indent):
        page.set_x(MARGIN + inset)
        page.cell(WIDTH - inset, LINE, line, new_x="LMARGIN", new_y="NEXT")
    page.ln(1.2)


def _lines(
    page: FPDF, measure: Measure, words: str, *, indent: bool
) -> list[tuple[float, str]]:
    """The lines of a paragraph, each with how far in it begins."""
    page.set_font(FONT, size=BODY)  # as `measure` measures
    inset = measure(SPACE * 2) if indent and not phrases.spaced() else 0
    found = line_ends.lines(words, measure, WIDTH, inset)
    return [(0 if number else inset, line) for number, line in enumerate(found)]


def _keep_together(page: FPDF, measure: Measure, paragraphs: list[str], more: float) -> None:
    """These stand on one page with so many mm: the place of the seal never stands alone."""
    wanted = sum(len(_lines(page, measure, one, indent=True)) for one in paragraphs) * LINE + more
    if page.get_y() + wanted > page.h - BOTTOM:
        page.add_page()


def _end(page: FPDF, text: LetterText) -> letter_seal.SealPlace:
    """Who decided and when, in the place of the seal; gives that place."""
    page.ln(8)
    _line(page, text.issuer, BODY, align="R")
    _line(page, text.day, BODY, align="R")
    top = page.get_y()
    _line(page, _seal_words(), 9.5, GREY, align="R")
    page.ln(6)
    return letter_seal.SealPlace(page.page_no() - 1, MARGIN + WIDTH - 45, top - 30, 40, 40)


def _seal_words() -> str:
    return tk._("(Place of the seal)")


def _foot(digest: str, address: str) -> tuple[str, str]:
    """How anybody finds out whether it is genuine."""
    where = tk._("Whoever holds this letter can check it at {address}")
    return (
        where.format(address=address.partition("?")[0]),
        tk._("Digest (SHA-256): {digest}").format(digest=digest),
    )


def _check(page: FPDF, foot: tuple[str, str], address: str) -> None:
    """The same on the page, beside the code that leads there."""
    top = page.get_y()
    page.image(letter_code.image(address), MARGIN, top, CODE, CODE,
               alt_text=tk._("Code to check this letter"))  # fmt: skip
    page.set_left_margin(MARGIN + CODE + 4)
    page.set_xy(MARGIN + CODE + 4, top + 1)
    for words in foot:
        _line(page, words, 7, GREY)
    page.set_left_margin(MARGIN)


def _line(
    page: FPDF, words: str, size: float, colour: tuple[int, int, int] = BLACK, align: str = "L"
) -> None:
    page.set_font(FONT, size=size)
    page.set_text_color(*colour)
    page.multi_cell(0, size * 0.6, words, align=align, new_x="LMARGIN", new_y="NEXT")

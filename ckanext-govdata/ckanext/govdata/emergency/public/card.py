"""The picture that an event shows when its address is shared: 1200 × 630 pixels, drawn here."""

from __future__ import annotations

import io
from functools import lru_cache
from importlib.resources import files

import ckan.plugins.toolkit as tk
from PIL import Image, ImageDraw, ImageFont

from ...speech.when import when
from .. import helpers
from ..answers import EventAnswer

SIZE = (1200, 630)
MARGIN = 72
COLOURS = {"red": "#b00f1c", "orange": "#b24a00", "yellow": "#8a6a00", "blue": "#0b4ea2"}
"""Grounds on which white letters reach 4.5:1."""
ENDED = "#3d4a5a"
MOST = 3
"""Key figures that have room."""


@lru_cache(maxsize=8)
def _letters(size: int) -> ImageFont.FreeTypeFont:
    """Noto Sans CJK (SIL Open Font License), from its package."""
    path = files("cvttf_NotoSansCJK_Regular") / "NotoSansCJKtc-Regular.otf"
    return ImageFont.truetype(str(path), size)


def png(event: EventAnswer, site: str) -> bytes:
    """The card of the event as it stands."""
    colour = ENDED if event["ended"] else COLOURS.get(event["colour"], ENDED)
    card = Image.new("RGB", SIZE, "#ffffff")
    pen = ImageDraw.Draw(card)
    pen.rectangle((0, 0, SIZE[0], 300), fill=colour)
    labels = [tk._("Drill")] if event["drill"] else []
    labels += [event["kind_label"], tk._("Ended") if event["ended"] else event["level_label"]]
    pen.text((MARGIN, 56), "  ·  ".join(labels), font=_letters(34), fill="#ffffff")
    title = tk.h.govdata_script(event["title"])
    for n, line in enumerate(_lines(pen, title, SIZE[0] - 2 * MARGIN, 62)[:2]):
        pen.text((MARGIN, 112 + 82 * n), line, font=_letters(62), fill="#ffffff")
    _figures(pen, event, colour)
    at = when(event["modified"])
    foot = f"{tk.h.govdata_script(event['handler']['title'])}  ·  {at}"
    pen.text((MARGIN, 552), _fitted(pen, foot, 760, 28), font=_letters(28), fill="#46556a")
    site = _fitted(pen, site, 300, 28)
    pen.text((SIZE[0] - MARGIN, 552), site, font=_letters(28), fill="#0b4ea2", anchor="ra")
    out = io.BytesIO()
    card.save(out, "PNG", optimize=True)
    return out.getvalue()


def _figures(pen: ImageDraw.ImageDraw, event: EventAnswer, colour: str) -> None:
    """The first key figures; without any, the newest bulletin's words."""
    figures = event["key_figures"][:MOST]
    room = (SIZE[0] - 2 * MARGIN) // max(1, len(figures))
    for n, figure in enumerate(figures):
        x = MARGIN + n * room
        value = helpers.govdata_emergency_number(figure["value"])
        pen.text((x, 338), _fitted(pen, value, room - 20, 84), font=_letters(84), fill=colour)
        name = tk.h.govdata_script(figure["name"])
        pen.text((x, 452), _fitted(pen, name, room - 20, 32), font=_letters(32), fill="#16212e")
    if not figures and event["bulletins"]:
        words = tk.h.govdata_script(event["bulletins"][0]["text"])
        for n, line in enumerate(_lines(pen, words, SIZE[0] - 2 * MARGIN, 38)[:3]):
            pen.text((MARGIN, 345 + 58 * n), line, font=_letters(38), fill="#16212e")


def _lines(pen: ImageDraw.ImageDraw, words: str, room: int, size: int) -> list[str]:
    """The text in lines that fit; Chinese breaks anywhere, Latin words stay whole."""
    found, line = [], ""
    for piece in _pieces(" ".join(words.split())):
        if line and pen.textlength(line + piece.rstrip(), font=_letters(size)) > room:
            found.append(line.rstrip())
            line = ""
        line += piece
    return [*found, line.rstrip()] if line else found


def _pieces(words: str) -> list[str]:
    pieces: list[str] = []
    for letter in words:
        joined = pieces and pieces[-1][-1:].isascii() and letter.isascii()
        if joined and pieces[-1][-1] != " ":
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def _fitted(pen: ImageDraw.ImageDraw, words: str, room: int, size: int) -> str:
    if pen.textlength(words, font=_letters(size)) <= room:
        return words
    while words and pen.textlength(words + "…", font=_letters(size)) > room:
        words = words[:-1]
    return words + "…"

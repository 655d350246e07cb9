"""The code (QR) on a letter, which leads to the page where it is checked."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup


def image(address: str) -> io.BytesIO:
    """As a picture for print."""
    found = io.BytesIO()
    segno.make_qr(address, error="m").save(found, kind="png", scale=4, border=2)
    return found


def picture(address: str) -> Markup:
    """As a drawing in a page."""
    code = segno.make_qr(address, error="m")
    drawn = code.svg_inline(scale=3, border=2, omitsize=True, svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704 only squares

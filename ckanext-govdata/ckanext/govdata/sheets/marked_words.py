"""The words of marked text: web pages, XML, drawings; what stands in a tag itself is told apart."""

from __future__ import annotations

import html
import re

_IN_A_RUN = re.compile(
    r"</?(?:w:(?:r|t|rPr|rFonts|rStyle|b|bCs|i|iCs|u|sz|szCs|color|lang|kern|spacing|noProof|proofErr"
    r"|bookmarkStart|bookmarkEnd|lastRenderedPageBreak)|a:(?:r|t|rPr|latin|ea|cs))"
    r"(?:[\s/][^<>]{0,2000})?>"
)
"""Office programs cut a word into runs wherever it was edited; nothing is seen between them."""
_INLINE = (
    r"</?(?:span|b|i|u|s|em|strong|font|mark|small|big|sub|sup|wbr)(?:[\s/][^<>]{0,2000})?>"
)
_IN_A_WORD = re.compile(_INLINE, re.IGNORECASE)
_IN_A_KEY = re.compile(rf"(?<=[0-9A-Z])(?:{_INLINE})+(?=[0-9A-Z])", re.IGNORECASE)
"""Between digits and letters they may part two numbers; one is found across a blank as well."""
_OPENING = re.compile(r"<!--|-->|<!\[CDATA\[|\]\]>")
_TAG = re.compile(r"<[/?!]?[^\W\d][^<>]{0,2000}>")
_QUOTE = re.compile(r"[\"'<>]")
_TELLING = re.compile(r"[\u3400-\u9fff]|&#|(?<![\d.])\d{6}")
"""What an attribute may say of anybody; a drawing's measures have no so long numbers."""


def of(text: str, page: bool) -> tuple[str, str]:
    """The words outside of tags, each element on a line of its own, and those within tags: Chinese
    and long numbers of attributes. ``page``: of a web page, whose tags may stand in a word."""
    seen = _IN_A_RUN.sub("", _OPENING.sub("\n", text))
    if page:
        seen = _IN_A_WORD.sub("", _IN_A_KEY.sub(" ", seen))
    tags = filter(_TELLING.search, _TAG.findall(text))
    pieces = (piece for tag in tags for piece in _QUOTE.split(tag))
    aside = dict.fromkeys(html.unescape(one) for one in pieces if _TELLING.search(one))
    return html.unescape(_TAG.sub("\n", seen)), " ;\n".join(aside)

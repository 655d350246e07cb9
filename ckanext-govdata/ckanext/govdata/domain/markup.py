"""What every XML document that we write has in common: its letters, its instants, its head."""

from __future__ import annotations

import re
from datetime import datetime
from xml.etree import ElementTree as Xml

_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(words: str) -> str:
    """The text without the signs that XML 1.0 forbids even when escaped."""
    return _ILLEGAL.sub("", words)


def instant(moment: datetime) -> str:
    """An instant to the second with its offset in figures, never ``Z`` (RFC 3339, CAP 1.2).

    Raises ``ValueError`` for an instant without a zone.
    """
    if moment.tzinfo is None:
        raise ValueError("an instant without a zone")
    return moment.isoformat(timespec="seconds")


def document(root: Xml.Element) -> str:
    """The document as indented text with its declaration."""
    Xml.indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'

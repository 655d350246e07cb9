"""What may stand in a text field: no control characters, no HTML, not too much; real dates."""
from __future__ import annotations

import re
from datetime import date
from enum import Enum

from .web_address import is_address

_HTML = re.compile(r"<[A-Za-z/!?]")
_NEVER = r"\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff"
"""Controls, what turns text around, halves of characters, what is none."""
_LINE_CONTROL = re.compile(rf"[\x00-\x1f\u2028\u2029{_NEVER}]")
_TEXT_CONTROL = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f{_NEVER}]")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?", re.ASCII | re.DOTALL)
_UNSEEN = re.compile(
    r"[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd"
    r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001"
    r"\U000e0020-\U000e007f]+"
)
"""Format characters (Unicode's class Cf): zero-width blanks, marks of direction, soft hyphens."""
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
ADDRESS_LENGTH = 2_000
FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Years in which data can have been published; anything else is a slip of the pen."""


class Fault(str, Enum):
    """What can be wrong with a value."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    CONTROL_CHARACTERS = "control_characters"
    HTML = "html"
    NOT_TEXT = "not_text"
    UNKNOWN_VALUE = "unknown_value"
    BAD_DATE = "bad_date"
    BAD_ADDRESS = "bad_address"
    BAD_CODE = "bad_code"
    REPEATED = "repeated"
    NOT_ALLOWED = "not_allowed"
    BAD_USCC = "bad_uscc"
    UNKNOWN_PLACE = "unknown_place"
    OTHER_LEVEL = "other_level"
    ABOVE_PARENT = "above_parent"
    OUTSIDE_PARENT = "outside_parent"
    CYCLE = "cycle"
    UNKNOWN_PARENT = "unknown_parent"
    UNKNOWN_PROVIDER = "unknown_provider"
    TAKEN = "taken"
    NO_ARTICLE = "no_article"
    NO_GROUND = "no_ground"
    RANK_NOT_SAID = "rank_not_said"
    RANK_TOO_LOW = "rank_too_low"
    GROUND_NOT_ALONE = "ground_not_alone"


def visible(text: str) -> str:
    """The text without characters that nobody sees, such as zero-width blanks."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def visible_cell(text: str) -> str:
    """The same of a value that is kept, without blanks around it; what turns text around stays, so
    that it is refused and not mended without a word."""
    return text.strip() if _TURNING.search(text) else visible(text).strip()


def line_fault(value: object, limit: int) -> tuple[Fault, str] | None:
    """The fault of a one-line text and its detail; ``None`` when it is good or empty."""
    return _fault(value, limit, _LINE_CONTROL)


def text_fault(value: object, limit: int) -> tuple[Fault, str] | None:
    """The same for a text that may have several lines and tabs."""
    return _fault(value, limit, _TEXT_CONTROL)


def _fault(value: object, limit: int, control: re.Pattern[str]) -> tuple[Fault, str] | None:
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return None  # a length or a code that JSON carries as a number
    if not isinstance(value, str):
        return Fault.NOT_TEXT, type(value).__name__
    if len(value) > limit:
        return Fault.TOO_LONG, str(limit)
    found = control.search(value)
    if found:
        return Fault.CONTROL_CHARACTERS, f"U+{ord(found.group()):04X}"
    found = _HTML.search(value)
    if found:
        return Fault.HTML, str(found.start() + 1)
    return None


def address_fault(value: object) -> tuple[Fault, str] | None:
    """The fault of an http or https address; ``javascript:`` and the like are none."""
    fault = line_fault(value, ADDRESS_LENGTH)
    if fault or not value:
        return fault
    return None if is_address(str(value).strip()) else (Fault.BAD_ADDRESS, "")


def date_fault(value: object) -> tuple[Fault, str] | None:
    """The fault of a day ``YYYY-MM-DD`` (a time may follow); ``None`` when good or empty."""
    if value is None or value == "" or isinstance(value, date):
        return None
    found = _DATE.fullmatch(value) if isinstance(value, str) and len(value) <= 40 else None
    if found is None:
        return Fault.BAD_DATE, ""
    year, month, day = map(int, found.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Fault.BAD_DATE, ""
    try:
        date(year, month, day)
    except ValueError:
        return Fault.BAD_DATE, ""
    return None

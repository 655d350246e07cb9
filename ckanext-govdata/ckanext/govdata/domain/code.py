"""The catalogue code 信息资源代码 of the national guide 政务信息资源目录编制指南（试行）.

``类(1 digit) 项(2) 目(3) 细目(any number of digits) / sequence``, for instance
``3340000822/000001``: a department's data (3) of Anhui (34), 目 not assigned (000), of Huaining
(0822 within Anhui).
"""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

CLASS_DIGITS: Mapping[str, str] = {"basic": "1", "theme": "2", "department": "3"}
SEQUENCE_DIGITS = 6
MAX_LENGTH = 64
_FORM = re.compile(r"([123])([0-9]{2})([0-9]{3})([0-9]*)/([0-9]{1,15})", re.ASCII)


@dataclass(frozen=True)
class Code:
    """A code in its parts; ``str()`` gives it back in its written form."""

    prefix: str
    sequence: int
    written: str

    def __str__(self) -> str:
        return self.written

    @property
    def parts(self) -> tuple[str, str, str, str]:
        """类, 项, 目, 细目."""
        return self.prefix[:1], self.prefix[1:3], self.prefix[3:6], self.prefix[6:]


def parse(text: str) -> Code | None:
    """The code that is written, or ``None`` when it has not the guide's form."""
    found = _FORM.fullmatch(text) if len(text) <= MAX_LENGTH else None
    if found is None or int(found.group(5)) == 0:
        return None
    return Code("".join(found.groups()[:4]), int(found.group(5)), text)


def build(prefix: str, sequence: int) -> str:
    """The code with that prefix and number; raises ``ValueError`` when they give none."""
    written = f"{prefix}/{sequence:0{SEQUENCE_DIGITS}d}"
    if parse(written) is None:
        raise ValueError(f"{written} is not a catalogue code")
    return written


def prefix(catalogue_class: str, region: str = "", group: int = 0, assigned: str = "") -> str:
    """The part before the slash for a new entry.

    ``assigned`` is the prefix that the data authority gave the department; it wins for department
    data. ``group`` numbers the base database or the domain and becomes 项 of the classes basic and
    theme. Otherwise 项 is the province, 目 is 000 (not assigned), and 细目 the place within it.
    """
    digit = CLASS_DIGITS.get(catalogue_class, CLASS_DIGITS["department"])
    if digit == CLASS_DIGITS["department"]:
        if assigned:
            return assigned
        return f"{digit}{region[:2] or '00'}000{region[2:]}"
    return f"{digit}{group % 100:02d}000{region}"

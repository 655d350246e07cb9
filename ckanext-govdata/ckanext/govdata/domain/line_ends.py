"""Where the lines of a paragraph end that has Chinese, numbers and English words in it.

A line begins with no mark that closes and ends with none that opens (GB/T 15834); numbers and words
stay whole where a line has room for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

OPENING = "（《“‘「『〔【(["
CLOSING = "，。、；：？！）》”’」』〕】…—,.;:?!)]"
_UNIT = re.compile(
    rf"\n|[{re.escape(OPENING)}]*(?:[^\s\u2e80-\u9fff\uff00-\uffef{re.escape(OPENING + CLOSING)}]"
    rf"(?:[^\s\u2e80-\u9fff\uff00-\uffef{re.escape(OPENING)}])*|[^\n])[{re.escape(CLOSING)}]*"
)


def lines(
    text: str, measure: Callable[[str], float], width: float, indent: float = 0
) -> Iterator[str]:
    """The lines of a paragraph that is so wide, the first of which begins so far in."""
    line, used, room = "", 0.0, width - indent
    for unit in _units(text, measure, width):
        wide = measure(unit)
        if unit == "\n" or (line and used + measure(unit.rstrip()) > room):
            yield line.rstrip()
            line, used, room = "", 0.0, width
        if unit != "\n" and (line or unit.strip()):
            line, used = line + unit, used + wide
    if line.strip():
        yield line.rstrip()


def _units(text: str, measure: Callable[[str], float], width: float) -> Iterator[str]:
    """What no line may end within; what is wider than a line is cut anywhere."""
    for unit in _UNIT.findall(text):
        if measure(unit) <= width:
            yield unit
        else:
            yield from unit

"""The basis that a catalogue entry gives for not being wholly open, or wholly shared.

It is kept as text: citations, one a line or with ；between them, each with what it is about after a
colon where its writer says so (``《…》第十五条：涉及个人隐私``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .ground import Grounds
from .refusal import Refusal

_BETWEEN = re.compile(r"[；;\r\n]+")
_ABOUT = re.compile(r"(?<=[条條款项項）)])\s*[：:]")
"""The colon after a citation; that of an id (``yaohai:第十五条``) is none."""
BETWEEN = "；"


def citations(text: str) -> tuple[tuple[str, str], ...]:
    """Each citation with what it is said to be about, which may be empty."""
    found: list[tuple[str, str]] = []
    for part in (one.strip() for one in _BETWEEN.split(text)):
        cut = _ABOUT.search(part)
        cited, about = (part[: cut.start()], part[cut.end() :]) if cut else (part, "")
        if part:
            found.append((cited.strip(), about.strip()))
    return tuple(found)


def worded(text: str, grounds: Grounds) -> str:
    """The basis with every ground that is named by its id as it is cited; all else as written."""
    found = citations(text)
    if not any(cited in grounds.offered for cited, _about in found):
        return text
    return BETWEEN.join(
        f"{_cited(cited, grounds)}{'：' if about else ''}{about}" for cited, about in found
    )


def _cited(cited: str, grounds: Grounds) -> str:
    ground = grounds.offered.get(cited)
    return ground.citation if ground else cited


def faults(text: str, grounds: Grounds) -> Iterator[Refusal]:
    """Why each citation is no ground, and why all together are not enough."""
    good: list[str] = []
    for cited, _about in citations(text):
        judged = grounds.judge(cited)
        if isinstance(judged, Refusal):
            yield judged
        else:
            good.append(judged)
    together = grounds.together(good)
    if together:
        yield together

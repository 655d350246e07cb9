"""The answer "no": what was asked, why not, and by which rule; the glue finds the words."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True)
class Refusal:
    """Returned, not raised, by a function of the core that cannot do what it was asked.

    ``code`` is stable and is what words are found by; ``field`` and ``value`` say what was
    given; ``article`` the rule it breaks, if a text sets it; ``facts`` fill the words.
    """

    code: str
    field: str = ""
    value: str = ""
    article: str = ""
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str], hash=False)


@dataclasses.dataclass(frozen=True)
class Refused:
    """What was not carried out, with every reason: the other answer of a function that decides."""

    reasons: tuple[Refusal, ...]

"""Columns and cells of a catalogue sheet that tell of people: whoever filled it in, and how to
reach them. They describe no data and are not kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from . import personal_numbers

EMAIL = "email"
HEADING = "heading"
_EMAIL = re.compile(r"[\w.+-]\s*(?:@|\(at\)|\[at\])\s*[\w-]{1,63}\.[\w-]", re.IGNORECASE)
_NOTE = re.compile(r"[(\[【<{][^)\]】>}]{0,100}[)\]】>}]")
_DROPPED = re.compile(r"[\s_\-*:：,，、.;；'\"“”/]+|(?<!\d)\d+$")


@dataclass(frozen=True)
class PersonalWords:
    """Ends of headings that stand over personal data, folded to Simplified small letters."""

    ends: tuple[str, ...]
    fold: Callable[[str], str]

    def over(self, heading: str) -> bool:
        """Whether the heading is one of them: 负责人身份证号, 联系电话（手机）, orgEmail."""
        text = unicodedata.normalize("NFKC", heading)
        forms = (text, _NOTE.sub("", text))
        plain = [_DROPPED.sub("", self.fold(form)).strip("()[]【】").lower() for form in forms]
        return any(form.endswith(self.ends) for form in plain)


def words(ends: Iterable[str], fold: Callable[[str], str]) -> PersonalWords:
    """The words as they are compared."""
    return PersonalWords(tuple(fold(end).lower() for end in ends), fold)


def kinds(text: str) -> frozenset[str]:
    """What stands in a text: names of :data:`personal_numbers.CHECKS`, or :data:`EMAIL`."""
    seen = personal_numbers.plain(text)
    mail = frozenset({EMAIL}) if _EMAIL.search(seen) else frozenset[str]()
    return personal_numbers.found(seen, known=True) | mail

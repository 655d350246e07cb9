"""The type of a field that cites articles, such as the basis of a refusal."""

from __future__ import annotations

import re
from typing import Any

from .field_base import Choices, FieldType, Sent, ShownValue, Titles
from .field_part import FieldPart
from .ground import Grounds
from .procedure import Field
from .refusal import Refusal
from .typed_value import CONTROL, Bad, listed, names_of

_ARTICLE = re.compile(r"第[〇零一二三四五六七八九十百千\d]+[条條]|\b[Aa]rt(?:icle|\.)\s*\d+")
"""How a text cites an article: 第十七条, 第17條, Article 17."""
LONGEST = 1000
"""Characters of a citation."""


class ArticlesType(FieldType):
    """Citations: chosen by id, or another text with its article."""

    group = True
    macro, offers = "articles", "articles"
    part = FieldPart.BASIS

    def read(self, name: str, sent: Sent) -> list[str]:
        """Those that were ticked, and own ones line by line (``<name>_own``)."""
        own = [line.strip() for line in sent.get(f"{name}_own", "").splitlines()]
        return [*sent.getlist(name), *(line for line in own if line)]

    def keep(self, value: object) -> list[str]:
        """A list of texts."""
        return names_of(value)

    def clean(self, item: Field, value: object, choices: Choices) -> list[str]:
        """The citations in words."""
        listed_only = choices.powers if item.powers else choices.grounds if item.grounds else None
        if listed_only:
            return _grounds(value, listed_only)
        found: list[str] = []
        for words in (entry.strip() for entry in listed(value)):
            if words in choices.articles:
                found.append(choices.articles[words])
            elif words in choices.articles.values() or (
                (item.records or _ARTICLE.search(words))
                and len(words) <= LONGEST
                and not CONTROL.search(words)
            ):
                found.append(words)
            elif words:
                raise Bad("no_article", words)
        if not found:
            raise Bad("missing")
        return found

    def flaw(self, item: Field) -> str:
        """Grounds and records do not go together."""
        kinds = [item.grounds, item.powers, item.records]
        said = "grounds, powers and records are three things"
        return said if sum(kinds) > 1 else super().flaw(item)

    def shown(self, item: Field, value: Any, titles: Titles) -> tuple[ShownValue, ...]:
        """Each citation."""
        return tuple(ShownValue(words) for words in listed(value))


def _grounds(value: object, offered: Grounds) -> list[str]:
    """The citations, each of which is a ground, and all of which together are enough."""
    found: list[str] = []
    for words in (entry.strip() for entry in listed(value)):
        if len(words) > LONGEST or CONTROL.search(words):
            raise Bad("no_article", words)
        judged = offered.judge(words) if words else ""
        if isinstance(judged, Refusal):
            raise Bad(judged.code, words, **judged.facts)
        if judged:
            found.append(judged)
    if not found:
        raise Bad("missing")
    if refusal := offered.together(found):
        raise Bad(refusal.code, refusal.value)
    return list(dict.fromkeys(found))

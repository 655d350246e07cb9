"""How a letter cites the law: by its title with its number, the article, and what that says."""

from __future__ import annotations

from collections.abc import Iterable

import ckan.plugins.toolkit as tk

from ...domain.ground import Ground
from ...domain.instrument import Instrument
from ...speech import phrases
from ..answers import LetterContent
from ..letter_parts import CitedText


def all_cited(letter: LetterContent) -> str:
    """Every basis of a letter, each with its text."""
    found = letter.get("cited") or [{"words": one} for one in letter["basis"]]
    listed = [cited_words(one, text=True) for one in found]
    return ("; " if phrases.spaced() else "、").join(listed)


def of_text(text: Instrument, article: str) -> CitedText:
    """An article of a text with its title and number; the portal's own rules have neither."""
    found: CitedText = {"document": dict(text.document), "article": article}
    if text.number:
        found["number"] = text.number
    return found


def of_ground(ground: Ground) -> CitedText:
    """A ground with its document, what it says on the day and what it is about."""
    found: CitedText = {"document": dict(ground.document), "article": ground.article}
    if ground.number:
        found["number"] = ground.number
    if ground.quote:
        found["quote"] = ground.quote
    if ground.heading:
        found["heading"] = dict(ground.heading)
    return found


def together(cited: Iterable[CitedText]) -> str:
    """Articles, those of one document behind its title."""
    by_document: dict[str, list[str]] = {}
    for one in cited:
        by_document.setdefault(_title(one), []).append(phrases.article(one.get("article", "")))
    comma, gap = tk._(", "), ", " if phrases.spaced() else ""
    return comma.join(title + gap + comma.join(found) for title, found in by_document.items())


def cited_words(one: CitedText, *, text: bool) -> str:
    """An article in the reader's language; with its ``text`` where the portal holds that, else with
    what it is about."""
    if "words" in one:
        return tk.h.govdata_script(one["words"])
    article = phrases.article(one.get("article", ""))
    if not article:
        return phrases.label(one.get("document", {}))
    gap = ", " if phrases.spaced() else ""
    return f"{_title(one)}{gap}{article}{_about(one) if text else ''}"


def _title(one: CitedText) -> str:
    """A document's title with its number; where it is known by its number alone, that."""
    document = phrases.label(one.get("document", {}))
    number = phrases.bracketed(tk.h.govdata_script(one["number"])) if "number" in one else ""
    plain = phrases.spaced() or "号" in document or "號" in document
    return f"{document if plain else f'《{document}》'}{number}"


def _about(one: CitedText) -> str:
    """What the article says, in the language of the law; to other readers what it is about."""
    quote, heading = one.get("quote", ""), phrases.label(one.get("heading", {}))
    if quote and not phrases.spaced():
        return tk._("“{quote}”").format(quote=tk.h.govdata_script(quote.rstrip("。；")))
    return phrases.bracketed(heading) if heading else ""

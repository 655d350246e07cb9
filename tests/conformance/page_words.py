"""What a page that people read may not contain: words of another language, codes, open holes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import opencc
from lxml import html

from ckanext.govdata.domain.locales import ENGLISH, SIMPLIFIED, TRADITIONAL

SAID = " or ".join(f"name()='{one}'" for one in ("title", "aria-label", "placeholder", "alt"))
"""Attributes that are read out or shown."""
SEEN = "not(ancestor::script or ancestor::style or ancestor::template or ancestor::pre or " \
    "ancestor::*[@hidden] or " \
    "ancestor::*[@lang and ancestor::body])"
"""Texts that are; what names its language itself is in that one. An example for programs is in
none."""
HOLE = re.compile(r"\{[a-z_]*\}|%\([a-z_]+\)s|%s|\bNone\b|\bundefined\b")
CODE = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
ADDRESS = re.compile(
    r"[A-Z]{2}-\S+-\d{4}-\d{6}|https?://\S+|\S+@\S+|\b[0-9a-f]{12,}\b|\b[\w-]+\.(?:csv|txt|pdf)\b|\S\*{2,}"
)
"""What is spelt alike in all languages: addresses, numbers of cases, digests, names of files,
and masked names of people."""
LATIN = re.compile(r"[A-Za-z]{2,}")
CHINESE = re.compile(r"[\u3400-\u9fff]+")
NAMES = {"PDF", "CSV", "API", "SHA", "Word", "Excel", "OFD", "JSON", "XML"}
"""What is called so in Chinese, too."""
SHARED = "后里台干只面余系准于沈秋范郁丑冲谷卷松群秘"
"""Signs of traditional texts that simplified ones have for others besides."""
TO_TRADITIONAL, TO_SIMPLIFIED = opencc.OpenCC("s2t").convert, opencc.OpenCC("t2s").convert


def read(page: html.HtmlElement) -> list[str]:
    """Every text of a page that somebody sees or hears, each by itself."""
    found = [*page.xpath(f"//text()[{SEEN}]"), *page.xpath(f"//body//@*[{SAID}]")]
    return [words for text in found if (words := " ".join(str(text).split()))]


def faults(
    texts: Collection[str], locale: str, known: Collection[str], codes: Collection[str] = ()
) -> list[str]:
    """What stands in these texts that does not belong there in this language.

    ``known`` is content, which stands in Chinese on English pages too (on Chinese ones it is in
    the reader's script); ``codes`` are names that a folder gives for the machine's use alone.
    """
    content = sorted(known, key=len, reverse=True) if locale == ENGLISH else []
    found: list[str] = []
    for text in texts:
        rest = ADDRESS.sub(" ", text)
        for one in content:
            rest = rest.replace(one, " ")
        wrong = [*HOLE.findall(rest), *CODE.findall(rest), *_foreign(rest, locale)]
        if rest.strip() in codes:
            wrong.append(rest.strip())
        found += [f"{one!r} in {text[:120]!r}" for one in wrong]
    return list(dict.fromkeys(found))


@cache
def _of_one_script(sign: str) -> str:
    """The only script to which a sign belongs; empty where it is in both."""
    simple, full = TO_SIMPLIFIED(sign), TO_TRADITIONAL(sign)
    if sign in SHARED or simple == full:
        return ""
    return SIMPLIFIED if sign == simple else TRADITIONAL if sign == full else ""


def _foreign(text: str, locale: str) -> Iterator[str]:
    """The words of a text that are of another language, or of the other script."""
    if locale == ENGLISH:
        yield from CHINESE.findall(text)
        return
    yield from (word for word in LATIN.findall(text) if word not in NAMES)
    yield from (sign for sign in set(text) if _of_one_script(sign) not in ("", locale))


def chinese_texts(thing: Any) -> Iterator[str]:
    """The Chinese texts of declared files, such as quotes and numbers of documents; not what they
    say in every language."""
    if isinstance(thing, str):
        if CHINESE.search(thing):
            yield thing
    elif is_dataclass(thing):
        for one in fields(thing):
            yield from chinese_texts(getattr(thing, one.name))
    elif isinstance(thing, dict):
        if ENGLISH not in thing:
            for one in thing.values():
                yield from chinese_texts(one)
    elif isinstance(thing, list | tuple):
        for one in thing:
            yield from chinese_texts(one)

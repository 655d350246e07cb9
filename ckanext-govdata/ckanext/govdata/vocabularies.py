"""Load ``config/vocabularies``: what a field may hold, with labels in three languages.

Read once; a broken file stops the start with its name and line.
"""
from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from . import yaml_files
from .domain.division import Division, Divisions
from .domain.vocabulary import Term, Vocabulary, folded, words

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

LANGUAGES = ("zh_Hans_CN", "zh_Hant_TW", "en")
FOLDER = "vocabularies"


@lru_cache(maxsize=1)
def every() -> Mapping[str, Vocabulary]:
    """All vocabularies by the name of their file; raises :class:`yaml_files.BrokenFile`."""
    return {
        source.name.removesuffix(".yaml"): load(source) for source in yaml_files.folder(FOLDER)
    }


def vocabulary(name: str) -> Vocabulary:
    """One vocabulary, such as ``domains``; raises ``KeyError`` for an unknown name."""
    return every()[name]


@lru_cache(maxsize=1)
def divisions() -> Divisions:
    """The administrative divisions that are known here; raises :class:`yaml_files.BrokenFile`."""
    return load_divisions(yaml_files.file(f"{FOLDER}/divisions.csv"))


def load(source: Traversable) -> Vocabulary:
    """Read and check one vocabulary file; raises :class:`yaml_files.BrokenFile`."""
    document = yaml_files.read(source)
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("values"), list):
        raise document.broken("must be a mapping with name and values")
    _check_label(document, data.get("name"), "name")
    terms = tuple(_term(document, index, item) for index, item in enumerate(data["values"]))
    fallback = data.get("fallback")
    if fallback is not None and fallback not in {term.code for term in terms}:
        raise document.broken(f"fallback {fallback!r} is not one of the codes", "fallback")
    _check_words(document, terms)
    return Vocabulary(source.name.removesuffix(".yaml"), data["name"], terms, fallback)


def _term(document: yaml_files.Document, index: int, item: Any) -> Term:
    place = ("values", index)
    if not isinstance(item, dict):
        raise document.broken("must be a mapping with code, label and synonyms", *place)
    code = item.get("code")
    if not isinstance(code, str) or not code.strip():
        raise document.broken("code must be text; quote digits", *place, "code")
    _check_label(document, item.get("label"), *place, "label")
    synonyms = item.get("synonyms", [])
    if not isinstance(synonyms, list) or not all(isinstance(word, str) for word in synonyms):
        raise document.broken("synonyms must be a list of texts; quote digits", *place, "synonyms")
    more = {key: item[key] for key in item if key not in ("code", "label", "synonyms")}
    return Term(code, item["label"], tuple(synonyms), more)


def _check_label(document: yaml_files.Document, label: Any, *place: Any) -> None:
    if not isinstance(label, dict):
        raise document.broken(f"{place[-1]} must have {', '.join(LANGUAGES)}", *place)
    for language in LANGUAGES:
        if not isinstance(label.get(language), str) or not label[language].strip():
            raise document.broken(f"{place[-1]} lacks {language}", *place)


def _check_words(document: yaml_files.Document, terms: tuple[Term, ...]) -> None:
    """A word may mean one term only, or an import would depend on the order of the file."""
    index = {term.code: number for number, term in enumerate(terms)}
    if len(index) < len(terms):
        codes = [term.code for term in terms]
        twice = next(number for number, code in enumerate(codes) if code in codes[:number])
        raise document.broken(f"code {codes[twice]!r} stands twice", "values", twice, "code")
    meaning: dict[str, str] = {}
    for word, code, how in words(terms):
        other = meaning.setdefault(folded(word) or word, code)
        if other != code:
            place = ("values", index[code], "synonyms" if how.value == "synonym" else how.value)
            raise document.broken(f"{word!r} means both {other!r} and {code!r}", *place)


def load_divisions(source: Traversable) -> Divisions:
    """Read the divisions' table; raises :class:`yaml_files.BrokenFile`."""
    rows: dict[str, Division] = {}
    reader = csv.DictReader(source.read_text("utf-8").splitlines())
    for row in reader:
        code, parent = (row.get("code") or ""), (row.get("parent_code") or "")
        division = Division(code, row.get("name") or "", row.get("level") or "", parent)
        fault = division.fault()
        if not fault and parent and parent not in rows:
            fault = f"{code} stands before its parent {parent}"
        if not fault and code in rows:
            fault = f"{code} stands twice"
        if fault:
            raise yaml_files.BrokenFile(str(source), reader.line_num, fault)
        rows[code] = division
    return Divisions(rows)

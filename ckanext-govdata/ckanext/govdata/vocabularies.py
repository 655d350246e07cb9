"""Load ``config/vocabularies``: what a field may hold, with labels in three languages.

Read once; a broken file stops the start with its name and line.
"""
from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from . import config_reader
from .config_reader import BrokenFile
from .domain.division import Division, Divisions
from .domain.node import Flaw, Node
from .domain.vocabulary import Vocabulary, VocabularyTerm, folded, words

if TYPE_CHECKING:
    from importlib.abc import Traversable

FOLDER = "vocabularies"


@lru_cache(maxsize=1)
def every() -> Mapping[str, Vocabulary]:
    """All vocabularies by the name of their file; raises :class:`BrokenFile` with all flaws."""
    flaws: list[Flaw] = []
    found: dict[str, Vocabulary] = {}
    for source in config_reader.folder(FOLDER):
        top = config_reader.open_file(source, flaws)
        if top:
            found[_id(source)] = _vocabulary(_id(source), top)
    if flaws:
        raise BrokenFile(flaws)
    return found


def names() -> frozenset[str]:
    """The names of the vocabularies' files, sound or not."""
    return frozenset(_id(source) for source in config_reader.folder(FOLDER))


def vocabulary(name: str) -> Vocabulary:
    """One vocabulary, such as ``domains``; raises ``KeyError`` for an unknown name."""
    return every()[name]


@lru_cache(maxsize=1)
def divisions() -> Divisions:
    """The administrative divisions that are known here; raises :class:`BrokenFile`."""
    return load_divisions(config_reader.file(f"{FOLDER}/divisions.csv"))


def load(source: Traversable) -> Vocabulary:
    """Read and check one vocabulary file; raises :class:`BrokenFile`."""
    return config_reader.checked(source, lambda top: _vocabulary(_id(source), top))


def _id(source: Traversable) -> str:
    return source.name.removesuffix(".yaml")


def _vocabulary(name: str, top: Node) -> Vocabulary:
    parts = top.entries(("fallback",), needed=("name", "values"))
    nodes = list(parts["values"].items()) if "values" in parts else []
    terms = tuple(_term(node) for node in nodes)
    fallback = parts.read("fallback", Node.text, None)
    if fallback and fallback not in {term.code for term in terms}:
        parts["fallback"].blame(f"fallback {fallback!r} is not one of the codes")
    _check_words(nodes, terms)
    return Vocabulary(name, parts.read("name", Node.label, {}), terms, fallback)


def _term(node: Node) -> VocabularyTerm:
    parts = node.entries(("synonyms", "conditions"), needed=("code", "label"))
    return VocabularyTerm(
        parts.read("code", Node.text, ""),
        parts.read("label", Node.label, {}),
        parts.read("synonyms", Node.texts, ()),
        parts.read("conditions", Node.texts, ()),
    )


def _check_words(nodes: list[Node], terms: tuple[VocabularyTerm, ...]) -> None:
    """A word may mean one term only, or an import would depend on the order of the file."""
    place = {term.code: node for term, node in zip(terms, nodes, strict=True)}
    codes = [term.code for term in terms]
    for number, code in enumerate(codes):
        if code and code in codes[:number]:
            nodes[number].blame(f"code {code!r} stands twice", "code")
    meaning: dict[str, str] = {}
    for word, code, how in words(terms):
        key = folded(word) or word
        other = meaning.setdefault(key, code) if key else code
        if other != code:
            below = "synonyms" if how.value == "synonym" else how.value
            place[code].blame(f"{word!r} means both {other!r} and {code!r}", below)


def load_divisions(source: Traversable) -> Divisions:
    """Read the divisions' table; raises :class:`BrokenFile` with every line that is wrong."""
    rows: dict[str, Division] = {}
    flaws: list[Flaw] = []
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
            flaws.append(Flaw(str(source), reader.line_num, fault))
        rows[code] = division
    if flaws:
        raise BrokenFile(flaws)
    return Divisions(rows)

"""Every file of ``config/`` and ``schemas/``, broken: never a traceback, always file and line."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ckan.exceptions import CkanConfigurationException
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.govdata import config_reader, metadata_schema, slices, vocabularies
from ckanext.govdata.access import power_rules
from ckanext.govdata.cases import terms
from ckanext.govdata.cases.engine import declared_procedures
from ckanext.govdata.catalogue.entry import judgement
from ckanext.govdata.catalogue.imports import readers
from ckanext.govdata.config_reader import CONFIG, SCHEMAS, BrokenFile
from ckanext.govdata.domain.locales import LOCALES
from ckanext.govdata.domain.node import Document, Way
from ckanext.govdata.emergency.event import kinds, opening_bases
from ckanext.govdata.emergency.publication import bans
from ckanext.govdata.forms import form_reader
from ckanext.govdata.ledger import triggers
from ckanext.govdata.rules import rule_files
from ckanext.govdata.security import bodies
from ckanext.govdata.sheets import personal_headings

ROOTS = [Path(str(config_reader.files(package))) for package in (CONFIG, SCHEMAS)]
FILES = sorted(
    path for root in ROOTS for path in root.rglob("*.yaml") if "deploy" not in path.parts
)
LOADERS: dict[str, Any] = {
    "calendars": rule_files.load_calendar,
    "dataset.yaml": metadata_schema.entry_fields,
    "emergency/bases.yaml": opening_bases.every,
    "emergency/prohibitions.yaml": bans.bans,
    "emergency/types.yaml": kinds.types,
    "entry_rules.yaml": judgement.rule_sources,
    "forms": form_reader.every,
    "grounds.yaml": rule_files.load_grounds,
    "imports/headings.yaml": readers.heading_rules,
    "imports/values.yaml": readers.value_rules,
    "jurisdictions": rule_files.load_rulebook,
    "ledger.yaml": triggers.tables,
    "organization.yaml": metadata_schema.department_fields,
    "parameters.yaml": bodies.declaration,
    "personal_headings.yaml": personal_headings.personal_words,
    "powers.yaml": power_rules.powers,
    "presets.yaml": metadata_schema.presets,
    "procedures": declared_procedures.procedures,
    "remedies": rule_files.load_remedies,
    "terms": terms.terms_of_use,
    "vocabularies": vocabularies.every,
}
"""Which function reads a file, by its name or its folder's; each keeps what it has read."""
MOST = 40
"""Values of a file that are each replaced by one of a wrong kind, and labels that lose a word."""
Change = Callable[[Any], Any]


def name(path: Path) -> str:
    """The file's name below its root, such as ``emergency/types.yaml``."""
    root = next(root for root in ROOTS if root in path.parents)
    return path.relative_to(root).as_posix()


def load(path: Path) -> object:
    """Read it as the start does, once more; of the procedures only its own."""
    whole, parts = name(path), name(path).split("/")
    if parts[0] == "procedures":
        return declared_procedures.read([path.parent])
    return LOADERS[whole if whole in LOADERS else parts[0]].__wrapped__()


def flaws(path: Path, data: Any) -> list[tuple[str, int, str]]:
    """What is told where the file holds this: the file's name, the line, the words."""
    shipped, real = config_reader.read(path), config_reader.read
    changed = Document(shipped.file, data, shipped.lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(config_reader, "read", lambda s: changed if Path(str(s)) == path else real(s))
        try:
            load(path)
        except BrokenFile as error:
            return [(Path(flaw.file).name, flaw.line, flaw.message) for flaw in error.flaws]
    return []


def ways(value: Any, way: Way = ()) -> Iterator[Way]:
    """The place of every value in a document, the whole first."""
    yield way
    below = value.items() if isinstance(value, dict) else ()
    below = enumerate(value) if isinstance(value, list) else below
    for key, part in below:
        yield from ways(part, (*way, key))


def at(data: Any, way: Way) -> Any:
    for key in way:
        data = data[key]
    return data


def put(data: Any, way: Way, value: Any) -> Any:
    """A copy of the data with another value there."""
    if not way:
        return value
    data = copy.deepcopy(data)
    at(data, way[:-1])[way[-1]] = value
    return data


def drop(data: Any, way: Way) -> Any:
    """A copy of the data without the value there."""
    data = copy.deepcopy(data)
    del at(data, way[:-1])[way[-1]]
    return data


def some(found: list[Way]) -> list[Way]:
    """At most ``MOST``, from the whole of the file."""
    return found[:: max(1, len(found) // MOST)]


def is_label(value: Any) -> bool:
    """A text in each language; languages may also be what can be chosen."""
    texts = isinstance(value, dict) and set(LOCALES) <= set(value)
    return texts and all(isinstance(text, str) for text in value.values())


@cache
def places(path: Path) -> tuple[Way, ...]:
    return tuple(ways(config_reader.read(path).data))


def test_every_file_has_a_reader() -> None:
    assert len(FILES) > 40
    assert [name(path) for path in FILES if flaws(path, config_reader.read(path).data)] == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_value_of_a_wrong_kind_is_told_with_its_line(path: Path) -> None:
    """No file of ours holds a fraction, so wherever one stands it is told, on that line."""
    document = config_reader.read(path)
    untold = []
    for way in some([way for way in places(path) if way]):
        found = flaws(path, put(document.data, way, 1.5))
        here = document.line(*way)
        if not any((file, line) == (path.name, here) for file, line, _ in found):
            untold.append((way, here, found))
    assert untold == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_missing_language_is_told_with_its_line(path: Path) -> None:
    document = config_reader.read(path)
    labels = [way for way in places(path) if is_label(at(document.data, way))]
    for number, way in enumerate(some(labels)):
        language = LOCALES[number % 3]
        found = flaws(path, drop(document.data, (*way, language)))
        assert (path.name, document.line(*way), f"'{language}' is missing") in found
        empty = flaws(path, put(document.data, (*way, language), " "))
        assert empty, (way, language)


def test_a_part_that_no_field_can_play_is_told_with_its_line() -> None:
    """Each field of each procedure that declares which part it plays."""
    files = [path for path in FILES if "procedures" in path.parts]
    declared = [(path, way) for path in files for way in places(path) if way[-1:] == ("part",)]
    assert len(declared) > 10
    for path, way in declared:
        document = config_reader.read(path)
        for wrong in ("mood", "files", 1.5):
            found = flaws(path, put(document.data, way, wrong))
            assert (path.name, document.line(*way)) in {one[:2] for one in found}, (way, wrong)


WRONG = st.sampled_from(
    [None, "", "x", 0, -1, 1.5, True, [], {}, [None], {"a": None}, [[]], ["x", 1], {1: 2}]
)


@pytest.mark.parametrize("path", FILES, ids=name)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_whatever_is_changed_nothing_but_flaws_with_lines_comes(path: Path, data) -> None:
    """One to three changes at once: a key lost, a value lost, one of any other kind."""
    document = config_reader.read(path)
    content = document.data
    last = len(path.read_text("utf-8").splitlines())
    for _ in range(data.draw(st.integers(1, 3))):
        way = data.draw(st.sampled_from(list(ways(content))))
        if way and data.draw(st.booleans()):
            content = drop(content, way)
        else:
            content = put(content, way, data.draw(WRONG))
    for file, line, message in flaws(path, content):
        assert file.endswith((".yaml", "jurisdictions"))
        assert message
        assert file != path.name or 1 <= line <= last


def test_all_flaws_of_all_files_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six files of five slices are broken in seven ways: one error names all seven."""
    broken: dict[str, Callable[[str], str]] = {
        "config/emergency/types.yaml": lambda text: text.replace(", en: Earthquake}", "}"),
        "config/entry_rules.yaml": lambda text: text.replace("  form:", "  from:"),
        "config/vocabularies/domains.yaml": lambda text: text + "\t- x\n",
        "config/jurisdictions/anhui.yaml": lambda text: text.replace("level: prov", "level: x"),
        "schemas/terms/open_use.yaml": lambda text: text.replace(": 2026-1", ": 2026"),
        "schemas/organization.yaml": lambda text: text.replace("preset: gov", "preset: x", 1),
    }
    text_of = config_reader._text

    def text(source: Any) -> str:
        written = text_of(source)
        change = next((c for n, c in broken.items() if str(source).endswith(n)), None)
        assert change is None or change(written) != written
        return change(written) if change else written

    monkeypatch.setattr(config_reader, "_text", text)
    for one in LOADERS.values():
        one.cache_clear()
    try:
        with pytest.raises(CkanConfigurationException) as caught:
            slices.check()
    finally:
        for one in LOADERS.values():
            one.cache_clear()
    assert isinstance(caught.value.__cause__, BrokenFile)
    told = {Path(flaw.file).name for flaw in caught.value.__cause__.flaws}
    assert told == {Path(file).name for file in broken}
    lines = str(caught.value).splitlines()
    assert lines[0] == "These lines cannot be used; mend them and start again:"
    assert sum("entry_rules.yaml" in line for line in lines) == 2
    assert len(lines) == 1 + 7

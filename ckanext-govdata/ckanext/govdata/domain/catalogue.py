"""What a catalogue entry must say, by the regulations (Anhui 13, 22, 36; Xin 23, 26, 27, 28).

:func:`check_entry` is the only judge: the forms, the API and the import ask it and show what it
answers. It judges a whole entry; it does not mend it.
"""
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, cast

from . import basis, code
from .ground import Grounds
from .text import Fault, address_fault, date_fault, line_fault, text_fault

Entry = Mapping[str, Any]


class EntryRule(str, Enum):
    """The rules of the regulations that bind a single entry."""

    FORM = "form"
    """No regulation: the value is not of the field's form."""
    CATALOGUE_CONTENT = "catalogue_content"
    """The catalogue states class, provider, format, attributes, update period (Anhui 13)."""
    OPEN_LIST_CONTENT = "open_list_content"
    """The open list states domain, summary, items, format, type, conditions, period (Xin 28)."""
    SHARE_TYPE_SET = "share_type_set"
    OPEN_ATTRIBUTE_SET = "open_attribute_set"
    SHARE_CONDITIONS = "share_conditions"
    CONDITIONAL_SHARE_BASIS = "conditional_share_basis"
    NON_SHARED_BASIS = "non_shared_basis"
    CONDITIONAL_SHARE_REASON = "conditional_share_reason"
    """Why data is shared on conditions alone stands in the catalogue (Anhui 22, Huaining 15)."""
    NON_SHARED_REASON = "non_shared_reason"
    """The same of data that is not shared (besides these, Decree 809 article 15)."""
    SHARE_SCOPE = "share_scope"
    """With whom and for what it is shared on conditions (Decree 809 article 15)."""
    OPEN_CONDITIONS = "open_conditions"
    OPEN_BASIS = "open_basis"
    OPEN_GROUND = "open_ground"
    """What restricts opening is a ground of the law (regulations 13 to 16)."""
    SHARE_GROUND = "share_ground"
    """What restricts sharing has the rank that is asked for (Anhui 21, 22; Xin 23)."""
    MATERIALS_LISTED = "materials_listed"
    """Who registers data for sharing lists what applicants bring (Anhui 24, Huaining 16)."""
    THEME_SHARED = "theme_shared"
    """Data of seven themes is never kept from sharing (Yaohai 13)."""
    SHARED_IN_NOT_OPENED = "shared_in_not_opened"
    SHARED_FROM = "shared_from"
    CORE_NOT_OPENED = "core_not_opened"
    IMPORTANT_NOT_UNCONDITIONAL = "important_not_unconditional"
    SENSITIVE_NOT_OPENED = "sensitive_not_opened"
    BASE_DATABASE_SHARED = "base_database_shared"
    BASE_DATABASE_UNCONDITIONAL = "base_database_unconditional"


WHERE_CITED = frozenset(
    {
        EntryRule.BASE_DATABASE_SHARED,
        EntryRule.BASE_DATABASE_UNCONDITIONAL,
        EntryRule.CONDITIONAL_SHARE_REASON,
        EntryRule.MATERIALS_LISTED,
        EntryRule.NON_SHARED_REASON,
        EntryRule.SHARE_SCOPE,
        EntryRule.THEME_SHARED,
    }
)
"""Rules that bind only where the jurisdiction's text has them; the others bind everywhere."""

CHOICES: Mapping[str, str] = {
    "catalogue_class": "catalogue_classes",
    "domain": "domains",
    "update_period": "update_periods",
    "share_type": "share_types",
    "share_mode": "share_modes",
    "open_attribute": "open_attributes",
    "base_database": "base_databases",
    "data_grade": "data_grades",
    "sensitivity": "sensitivities",
    "source_type": "source_types",
}
"""Fields that hold one code, and their vocabulary."""

LINES: Mapping[str, int] = {"title": 300, "theme_database": 200, "shared_from": 200}
"""Fields of one line, and how many characters they may have."""

TEXTS: Mapping[str, int] = {
    "notes": 20_000,
    "share_reason": 4_000,
    "share_scope": 4_000,
    "share_conditions": 4_000,
    "share_basis": 4_000,
    "open_conditions": 4_000,
    "open_basis": 4_000,
    "usage_requirements": 4_000,
}
"""Fields of several lines, and how many characters they may have."""

DATES = ("issued", "modified")
ITEM_LINES: Mapping[str, int] = {"name": 200, "name_en": 200, "length": 20}
ITEM_FLAGS = ("sensitive", "opened", "key")
MATERIAL_LINES: Mapping[str, int] = {"name": 200}
DESCRIPTION_LENGTH = 2_000
STATEMENTS = frozenset(
    {
        *CHOICES,
        *TEXTS,
        *LINES,
        *DATES,
        *("catalogue_code", "information_items", "application_materials", "data_formats"),
        *("related_entries", "imported_columns"),
    }
) - {"title", "notes"}
"""Fields that only a catalogue entry has, and no other dataset of a CKAN."""
BASES: Mapping[str, tuple[str, EntryRule]] = {
    "open_basis": ("open_attribute", EntryRule.OPEN_GROUND),
    "share_basis": ("share_type", EntryRule.SHARE_GROUND),
}
"""Fields that found an attribute, that attribute, and the rule of what may found it."""
RESTRICTS = frozenset({"conditional", "non_open", "non_shared"})
"""Attributes that need a ground."""
FLAGS = frozenset({"true", "false", "", None, True, False})


@dataclass(frozen=True)
class EntryRules:
    """What binds an entry: the vocabularies' codes and the articles of its jurisdiction.

    ``articles`` says where each rule stands (``anhui 第二十二条``); a rule without an article is
    the portal's own and binds all the same, except those of :data:`WHERE_CITED`.
    """

    vocabularies: Mapping[str, Collection[str]]
    articles: Mapping[str, str] = field(default_factory=dict[str, str])
    base_databases: Mapping[str, Collection[str]] = field(
        default_factory=dict[str, Collection[str]]
    )
    """For the rules of :data:`WHERE_CITED`, the base databases that the text names."""

    themes: Collection[str] = ()
    """What theme databases are called whose data is always shared."""
    opening: Grounds | None = None
    """On what an entry may be not wholly open; ``None`` where nobody asks for it."""
    sharing: Grounds | None = None
    """On what it may be not wholly shared."""

    def binds(self, rule: EntryRule) -> bool:
        """Whether the rule is one of this jurisdiction's."""
        return rule not in WHERE_CITED or rule.value in self.articles


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an entry.

    ``field`` is the field's name, for a repeating one ``information_items-0-type``. A ``gap`` is a
    statement that the regulations ask for and that is missing: a form insists on it, an import
    records it.
    """

    field: str
    fault: Fault
    value: str = ""
    rule: EntryRule = EntryRule.FORM
    article: str = ""
    detail: str = ""
    """What the message needs besides: a limit, a position, the field that forbids the value."""
    gap: bool = False


def check_entry(entry: Entry, rules: EntryRules) -> list[Problem]:
    """All that is wrong with the entry, in the order of the fields; empty when it is good."""
    return [*check_form(entry, rules), *check_duties(entry, rules)]


def is_entry(dataset: Entry) -> bool:
    """Whether a dataset says anything that only a catalogue entry says."""
    return any(says(dataset.get(name)) for name in STATEMENTS)


def says(value: object) -> bool:
    """Whether a value, as given or as stored, is one; empty lists are stored as such."""
    return value not in (None, "", "[]", [])


def check_form(entry: Entry, rules: EntryRules) -> Iterator[Problem]:
    """Values that are not of their field's form, whatever the regulations say."""
    yield from _lines(entry, "", LINES)
    for name, limit in TEXTS.items():
        yield from _problem(name, entry.get(name), text_fault(entry.get(name), limit))
    for name, vocabulary in CHOICES.items():
        yield from _choice(name, entry.get(name), rules.vocabularies[vocabulary])
    for value in _listed(entry, "data_formats"):
        yield from _choice("data_formats", value, rules.vocabularies["formats"])
    for name in DATES:
        yield from _problem(name, entry.get(name), date_fault(entry.get(name)))
    yield from _problem("url", entry.get("url"), address_fault(entry.get("url")))
    written = entry.get("catalogue_code")
    if written and code.parse(str(written)) is None:
        yield Problem("catalogue_code", Fault.BAD_CODE, shortened(written))
    yield from _check_items(entry, rules)
    yield from _check_materials(entry)


def _check_items(entry: Entry, rules: EntryRules) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, item in _rows(entry, "information_items"):
        at = f"information_items-{index}-"
        yield from _lines(item, at, ITEM_LINES)
        description = item.get("description")
        yield from _problem(
            f"{at}description", description, text_fault(description, DESCRIPTION_LENGTH)
        )
        yield from _choice(f"{at}type", item.get("type"), rules.vocabularies["item_types"])
        for flag in ITEM_FLAGS:
            yield from _flag(f"{at}{flag}", item.get(flag))
        name = str(item.get("name") or "").strip()
        if not name:
            yield Problem(f"{at}name", Fault.MISSING, rule=EntryRule.FORM)
        elif name in seen:
            yield Problem(f"{at}name", Fault.REPEATED, shortened(name))
        seen.add(name)


def _check_materials(entry: Entry) -> Iterator[Problem]:
    for index, material in _rows(entry, "application_materials"):
        at = f"application_materials-{index}-"
        yield from _lines(material, at, MATERIAL_LINES)
        description = material.get("description")
        yield from _problem(
            f"{at}description", description, text_fault(description, DESCRIPTION_LENGTH)
        )
        template = material.get("template")
        if template:
            yield from _problem(f"{at}template", template, address_fault(template))
        yield from _flag(f"{at}required", material.get("required"))
        if not str(material.get("name") or "").strip():
            yield Problem(f"{at}name", Fault.MISSING)


def check_duties(entry: Entry, rules: EntryRules) -> Iterator[Problem]:
    """What the regulations ask for: statements that are missing, and combinations they forbid."""
    for name, rule in _required(entry):
        if rules.binds(rule) and not _given(entry.get(name)):
            article = rules.articles.get(rule.value, "")
            yield Problem(name, Fault.MISSING, "", rule, article, gap=name != "title")
    yield from _unfounded(entry, rules)
    for name, rule, reason in _forbidden(entry):
        if rules.binds(rule) and _names(rules, rule, entry):
            value, article = shortened(entry.get(name)), rules.articles.get(rule.value, "")
            yield Problem(name, Fault.NOT_ALLOWED, value, rule, article, reason)


def _names(rules: EntryRules, rule: EntryRule, entry: Entry) -> bool:
    """Whether a rule that binds some data only binds that of this entry."""
    if rule is EntryRule.THEME_SHARED:
        return any(theme in str(entry.get("theme_database")) for theme in rules.themes)
    base = entry.get("base_database")
    return rule not in WHERE_CITED or base in rules.base_databases.get(rule.value, ())


def _unfounded(entry: Entry, rules: EntryRules) -> Iterator[Problem]:
    """A basis that is no ground, or not of the rank that is asked for."""
    grounds = {"open_basis": rules.opening, "share_basis": rules.sharing}
    for name, (attribute, rule) in BASES.items():
        known, text = grounds[name], entry.get(name)
        if known is None or entry.get(attribute) not in RESTRICTS or not isinstance(text, str):
            continue
        for found in basis.faults(text, known):
            article = rules.articles.get(rule.value, "")
            detail = found.facts.get("wanted") or found.facts.get("known", "")
            fault, value = Fault(found.code), shortened(found.value)
            yield Problem(name, fault, value, rule, article, detail, gap=True)


def _required(entry: Entry) -> Iterator[tuple[str, EntryRule]]:
    """Fields that this entry must have, each by its rule."""
    yield "title", EntryRule.FORM
    yield "notes", EntryRule.OPEN_LIST_CONTENT
    yield "domain", EntryRule.OPEN_LIST_CONTENT
    yield "update_period", EntryRule.CATALOGUE_CONTENT
    yield "share_type", EntryRule.SHARE_TYPE_SET
    yield "open_attribute", EntryRule.OPEN_ATTRIBUTE_SET
    share, attribute = entry.get("share_type"), entry.get("open_attribute")
    if share == "conditional":
        yield "share_reason", EntryRule.CONDITIONAL_SHARE_REASON
        yield "share_scope", EntryRule.SHARE_SCOPE
        yield "share_conditions", EntryRule.SHARE_CONDITIONS
        yield "share_basis", EntryRule.CONDITIONAL_SHARE_BASIS
        yield "application_materials", EntryRule.MATERIALS_LISTED
    elif share == "non_shared":
        yield "share_reason", EntryRule.NON_SHARED_REASON
        yield "share_basis", EntryRule.NON_SHARED_BASIS
    if attribute == "conditional":
        yield "open_conditions", EntryRule.OPEN_CONDITIONS
    if attribute in ("conditional", "non_open"):
        yield "open_basis", EntryRule.OPEN_BASIS
    if entry.get("source_type") == "shared_in":
        yield "shared_from", EntryRule.SHARED_FROM


def _forbidden(entry: Entry) -> Iterator[tuple[str, EntryRule, str]]:
    """Fields whose value another field forbids: field, rule, the other field."""
    attribute, share = entry.get("open_attribute"), entry.get("share_type")
    opened = attribute in ("unconditional", "conditional")
    grade, step = entry.get("data_grade"), str(entry.get("sensitivity") or "")
    if opened and entry.get("source_type") == "shared_in":
        yield "open_attribute", EntryRule.SHARED_IN_NOT_OPENED, "source_type"
    if opened and grade == "core":
        yield "open_attribute", EntryRule.CORE_NOT_OPENED, "data_grade"
    if attribute == "unconditional" and grade == "important":
        yield "open_attribute", EntryRule.IMPORTANT_NOT_UNCONDITIONAL, "data_grade"
    if (opened and step == "4") or (attribute == "unconditional" and step == "3"):
        yield "open_attribute", EntryRule.SENSITIVE_NOT_OPENED, "sensitivity"
    if share == "unconditional" and grade == "core":
        yield "share_type", EntryRule.CORE_NOT_OPENED, "data_grade"
    yield from _forbidden_items(entry, attribute)
    base = entry.get("base_database")
    if base and share == "non_shared":
        yield "share_type", EntryRule.BASE_DATABASE_SHARED, "base_database"
    if base and share in ("conditional", "non_shared"):
        yield "share_type", EntryRule.BASE_DATABASE_UNCONDITIONAL, "base_database"
    if share == "non_shared" and entry.get("theme_database"):
        yield "share_type", EntryRule.THEME_SHARED, "theme_database"


def _forbidden_items(entry: Entry, attribute: object) -> Iterator[tuple[str, EntryRule, str]]:
    for index, item in _rows(entry, "information_items"):
        marked = is_true(item.get("opened")) and is_true(item.get("sensitive"))
        if marked and attribute == "unconditional":
            yield f"information_items-{index}-opened", EntryRule.SENSITIVE_NOT_OPENED, "sensitive"


def is_true(value: object) -> bool:
    """Whether a yes-or-no value says yes."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def shortened(value: object, length: int = 60) -> str:
    """A value as a message shows it: without control characters, at most ``length`` long."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value or ""))
    return text if len(text) <= length else text[: length - 1] + "…"


def _listed(entry: Entry, name: str) -> Sequence[Any]:
    value = entry.get(name)
    return cast("Sequence[Any]", value) if isinstance(value, (list, tuple)) else ()


def _rows(entry: Entry, name: str) -> Iterator[tuple[int, Entry]]:
    """A repeating field's rows; what is no row of named values is an empty one."""
    for index, row in enumerate(_listed(entry, name)):
        yield index, cast("Entry", row) if isinstance(row, Mapping) else {}


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _given(value: object) -> bool:
    return says(value) and not _empty(value)


def _problem(name: str, value: object, found: tuple[Fault, str] | None) -> Iterator[Problem]:
    if found is not None:
        yield Problem(name, found[0], shortened(value), detail=found[1])


def _lines(entry: Entry, at: str, limits: Mapping[str, int]) -> Iterator[Problem]:
    for name, limit in limits.items():
        yield from _problem(f"{at}{name}", entry.get(name), line_fault(entry.get(name), limit))


def _choice(name: str, value: object, codes: Collection[str]) -> Iterator[Problem]:
    if not _empty(value) and str(value) not in codes:
        yield Problem(name, Fault.UNKNOWN_VALUE, shortened(value))


def _flag(name: str, value: object) -> Iterator[Problem]:
    known = isinstance(value, (str, bool)) or value is None
    if not known or value not in FLAGS:
        yield Problem(name, Fault.UNKNOWN_VALUE, shortened(value))

"""Template helpers of the catalogue."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import ckan.plugins.toolkit as tk
from ckan import model

from .. import settings, vocabularies
from ..departments import roles, seats, sentences, tree
from ..departments.directory import directory
from ..departments.tree import Department
from ..domain import basis
from ..domain.catalogue import BASES, CHOICES
from ..domain.column_letters import letters
from ..domain.ground import Ground
from ..rules import overseers
from ..speech import language, phrases
from .entry import damaged_entries, judgement, lapsing_bases, powers, problem_sentences
from .imports import field_words


def govdata_vocabulary_choices(field: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Scheming's choices of a field that names its ``vocabulary``."""
    terms = vocabularies.vocabulary(field["vocabulary"]).terms
    return [{"value": term.code, "label": dict(term.label)} for term in terms]


def govdata_parent_choices(department_id: str = "") -> list[tuple[Department, int]]:
    """The departments that may be the parent of this one, in tree order, each with its depth."""
    barred = {d.id for d in tree.descendants(department_id)} if department_id else set()
    return [(one, depth) for one, depth in directory().walk() if one.id not in barred]


def govdata_kept_from(department_id: str) -> str:
    """Who sets what carries power in a department, where the present user may not; else empty."""
    user = tk.current_user
    body = model.Group.get(department_id) if department_id else None
    if body is None or not settings.is_portal() or not user.is_authenticated:
        return ""
    if getattr(user, "sysadmin", False) or roles.stands_above(user.id, body.id):
        return ""
    return sentences.who(roles.above(body.id))


def govdata_own_fields() -> Sequence[str]:
    """The fields of a department that its own head sets."""
    return list(powers.powers().own)


def govdata_parent_title(name_or_id: str) -> str:
    """A department's title; empty for none."""
    found = tree.get(name_or_id)
    return (found.title or found.name) if found else ""


def govdata_import_field(column: str) -> str:
    """What a column of a sheet was taken for, in words."""
    return field_words.label(column)


def govdata_import_letter(index: int | None) -> str:
    """How a spreadsheet calls the column of that place; empty for a whole row."""
    return "" if index is None else letters(index + 1)


def govdata_entry_fields(names: Sequence[str]) -> str:
    """Fields of an entry in words."""
    return tk._(", ").join(field_words.of_entry(name) for name in names)


def govdata_import_value(column: str, became: str) -> str:
    """What a value of a sheet became: a code by its label, all else as it is."""
    named = {**CHOICES, "data_formats": "formats", "item_type": "item_types"}
    words = named.get(field_words.COLUMNS.get(column, column))
    if words is None:
        return phrases.in_script(became)
    vocabulary, reader = vocabularies.vocabulary(words), language.of_labels()
    return "、".join(vocabulary.label(code, reader) for code in became.split(", "))


class OfferedGround(TypedDict):
    """A ground in the form of an entry."""

    id: str
    words: str
    chosen: bool


class OfferedBasis(TypedDict):
    """What the field of a basis shows: grounds to tick, and other citations, one a line."""

    grounds: list[OfferedGround]
    own: str


def govdata_basis_offered(name: str, data: Mapping[str, Any]) -> OfferedBasis:
    """The grounds of an entry's provider, or of all the departments for which the user writes."""
    providers = [str(data.get("owner_org") or "")]
    if not providers[0] and tk.current_user.is_authenticated:
        providers = list(seats.works_in(tk.current_user.id)) or providers
    attribute = str(data.get(BASES[name][0]) or "")
    known: dict[str, Ground] = {}
    for provider in providers:
        grounds = judgement.grounds_of(name, provider)
        known |= {one.id: one for one in grounds.usual_first(attribute)}
    given = data.get(name) or ()
    written = basis.BETWEEN.join([given] if isinstance(given, str) else map(str, given))
    cited = basis.citations(written)
    bare = {words for words, about in cited if not about}
    ticked = {one.id for one in known.values() if bare & {one.id, one.citation}}
    gone = {words for one in ticked for words in (one, known[one].citation)}
    own = [f"{words}：{about}" if about else words for words, about in cited]
    return {
        "grounds": [
            {"id": one.id, "words": _ground_words(one), "chosen": one.id in ticked}
            for one in known.values()
        ],
        "own": "\n".join(line for line in own if line not in gone),
    }


def _ground_words(ground: Ground) -> str:
    return tk._("{article}: {heading}").format(
        article=ground.citation, heading=phrases.label(ground.heading)
    )


def govdata_basis_faults(entry: Mapping[str, object], name: str) -> list[str]:
    """Why an entry's basis is none, for whoever may mend it; empty for everybody else."""
    problems = judgement.judge(entry, str(entry.get("owner_org") or ""))
    found = [one for one in problems if one.field == name and one.rule is BASES[name][1]]
    if not found or not tk.h.check_access("package_update", {"id": entry["id"]}):
        return []
    return [problem_sentences.say(one) for one in found]


def govdata_entries_citing(text: str) -> lapsing_bases.Citing | None:
    """Entries that rest on a text which ends, for who oversees the rules; ``None`` for others."""
    user = tk.current_user
    if not user.is_authenticated or not overseers.oversees({"user": user.name}):
        return None
    return lapsing_bases.citing(text)


def govdata_damaged(entry_id: str) -> list[dict[str, str]]:
    """What of an entry cannot be read (``field``, ``label``, ``stored``), for who mends it."""
    package = model.Package.get(entry_id)
    return damaged_entries.fields_of(package.extras) if package is not None else []

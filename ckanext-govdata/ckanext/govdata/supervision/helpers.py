"""The ledger's entries in words: what happened, to which field, from what, to what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from .. import vocabularies
from ..cases.engine import declared_procedures
from ..catalogue.entry import problem_sentences
from ..emergency.event import kinds
from ..forms import form_reader
from ..speech import language, phrases

VOCABULARIES = {
    "role": "department_roles",
    "level": "department_levels",
    "open_attribute": "open_attributes",
    "share_type": "share_types",
    "share_mode": "share_modes",
    "data_grade": "data_grades",
    "sensitivity": "sensitivities",
    "source_type": "source_types",
}


@dataclass(frozen=True)
class LedgerLine:
    """A field that changed: its label and its value before and after, in words.

    ``secret`` where only the change is told.
    """

    label: str
    before: str
    after: str
    secret: bool = False


def govdata_ledger_changes(entry: Mapping[str, Any]) -> list[LedgerLine]:
    """The fields that an entry says were changed."""
    changes: Mapping[str, Mapping[str, str]] = entry["facts"].get("changes") or {}
    kind = str(entry["object_type"])
    return [
        LedgerLine(
            _label(kind, name),
            _value(name, one.get("from")),
            _value(name, one.get("to")),
            secret=not one,
        )
        for name, one in changes.items()
    ]


def govdata_ledger_facts(entry: Mapping[str, Any]) -> dict[str, str]:
    """What else the entry says: the fact's name in words to its value as people read it."""
    known = _fact_names()
    return {
        str(known.get(name, name)): _plain(name, one)
        for name, one in entry["facts"].items()
        if name not in ("changes", "rules") and one not in (None, "", [], {})
    }


def govdata_ledger_object(kind: str) -> str:
    """What an entry is about, in words."""
    return {
        "dataset": tk._("Catalogue entry"),
        "file": tk._("File"),
        "stored_file": tk._("Stored file"),
        "organization": tk._("Department"),
        "user": tk._("Account"),
        "configuration": tk._("Configuration"),
        "search_knowledge": tk._("Search knowledge"),
        "grant": tk._("Grant"),
        "emergency": tk._("Event"),
        "case": tk._("Case"),
    }.get(kind, kind)


def govdata_ledger_names(entries: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What the ids in entries stand for: account names, titles of departments."""
    ids: set[str] = set()
    for entry in entries:
        facts = entry["facts"]
        changes = (facts.get("changes") or {}).values()
        ids |= {str(one.get(side)) for one in changes for side in ("from", "to")}
        named = ("table_id", "user_id", "dataset")
        ids |= {str(facts.get(name)) for name in named} | {entry["object_id"]}
    users = sa.select(model.User.id, model.User.name).where(model.User.id.in_(ids))
    groups = sa.select(model.Group.id, model.Group.title).where(model.Group.id.in_(ids))
    packages = sa.select(model.Package.id, model.Package.name).where(model.Package.id.in_(ids))
    found: dict[str, str] = {}
    for query in (users, groups, packages):
        found.update({row[0]: row[1] or row[0] for row in model.Session.execute(query)})
    return found


def govdata_ledger_event(action: str) -> str:
    """A change of the portal's tables in words; empty for another entry."""
    return {
        "dataset_created": tk._("Entry created"),
        "dataset_changed": tk._("Entry changed"),
        "dataset_purged": tk._("Entry removed for good"),
        "file_added": tk._("File added"),
        "file_changed": tk._("File changed"),
        "file_removed": tk._("File removed for good"),
        "table_write_asked": tk._("Writing a table: asked for"),
        "table_write_failed": tk._("Writing a table: ended in an error"),
        "stored_file_added": tk._("Stored file added"),
        "stored_file_changed": tk._("Stored file changed"),
        "stored_file_removed": tk._("Stored file removed"),
        "file_owner_changed": tk._("Owner of a stored file changed"),
        "organization_created": tk._("Department created"),
        "organization_changed": tk._("Department changed"),
        "organization_purged": tk._("Department removed for good"),
        "member_added": tk._("Member added"),
        "member_changed": tk._("Member changed"),
        "member_removed": tk._("Member removed"),
        "collaborator_added": tk._("Collaborator added"),
        "collaborator_changed": tk._("Collaborator changed"),
        "collaborator_removed": tk._("Collaborator removed"),
        "user_created": tk._("Account created"),
        "user_changed": tk._("Account changed"),
        "user_purged": tk._("Account removed for good"),
        "api_token_issued": tk._("API token made"),
        "api_token_revoked": tk._("API token ended"),
        "configuration_changed": tk._("Configuration changed"),
        "rules_changed": tk._("Rules or options changed"),
        "days_notice_entered": tk._("Notice of holidays and working days entered"),
        "search_knowledge_changed": tk._("Search knowledge changed"),
    }.get(action, "")


def _fact_names() -> dict[str, str]:
    """What entries tell beside changes; a fact without a word is told by its name."""
    return {
        "number": tk._("Step"),
        "state": tk._("State"),
        "role": tk._("Role"),
        "day": tk._("Day"),
        "fields": tk._("Digest of what was written"),
        "digest": tk._("Digest"),
        "columns": tk._("Information items"),
        "resources": tk._("Files"),
        "from": tk._("From"),
        "until": tk._("Until"),
        "due": tk._("Due"),
        "reference": tk._("Reference"),
        "row_limit": tk._("Largest number of rows"),
        "reason": tk._("Reason"),
        "user": tk._("Account"),
        "deputy": tk._("Deputy"),
        "dataset": tk._("Dataset"),
        "event": tk._("Event"),
        "told": tk._("Told"),
        "rows": tk._("Rows"),
        "parts": tk._("Parts of the table"),
        "attribute": tk._("Open attribute"),
        "standing": tk._("Role"),
        "text": tk._("Words"),
        "drill": tk._("Drill"),
        "level": tk._("Level"),
        "basis": tk._("Basis"),
        "threshold": tk._("Effect on the public"),
        "duty": tk._("Duty to handle it"),
        "datasets": tk._("Datasets"),
        "bulletin": tk._("Bulletin"),
        "reviews": tk._("Reviews"),
        "ended": tk._("Ended"),
        "case": tk._("Case"),
        "kind": tk._("Kind"),
        "grant": tk._("Grant"),
        "version": tk._("Version"),
        "note": tk._("Note"),
        "subtype": tk._("Kind"),
        "clock": tk._("Term"),
        "consent": tk._("Consent"),
        "override": tk._("Override"),
    }


def _plain(name: str, value: object) -> str:
    """A fact's value without brackets and quotation marks of a program."""
    if isinstance(value, Mapping):
        return ", ".join(_plain(name, one) for one in value.values())
    if isinstance(value, list | tuple):
        return ", ".join(_plain(name, one) for one in value)
    if name in ("role", "standing"):
        return tk.h.govdata_role(str(value))
    if name == "state":
        return _state(str(value))
    if name in OF_EVENTS:
        return OF_EVENTS[name](str(value)) or str(value)
    if isinstance(value, bool):
        return _value("", str(value).lower())
    return _value("open_attribute" if name == "attribute" else "", value)


OF_EVENTS: Mapping[str, Callable[[str], str]] = {
    "kind": lambda code: phrases.label(kinds.types().kinds.get(code, {})),
    "subtype": lambda code: phrases.label(
        next((of[code] for of in kinds.types().subtypes.values() if code in of), {})
    ),
    "level": lambda code: phrases.label(kinds.types().levels.get(code, {})),
    "threshold": lambda code: phrases.label(
        form_reader.declared("emergency_event")["threshold"].options.get(code, {})
    ),
}
"""Facts that emergencies keep as codes; what is none of theirs, such as the kind of an identity, is
told as it is."""


def _state(code: str) -> str:
    """A state of a case in words; of an entry or an account as everywhere."""
    named = (one.states.get(code) for one in declared_procedures.procedures().values())
    state = next((one for one in named if one), None)
    return phrases.label(state.label) if state else _value("", code)


def _label(kind: str, name: str) -> str:
    known = {
        "owner_org": tk._("Department"),
        "private": tk._("Private"),
        "state": tk._("State"),
        "capacity": tk._("Seat"),
        "sysadmin": tk._("Operator"),
        "table_id": tk._("Member"),
        "password": tk._("Password"),
        "email": tk._("E-mail address"),
        "url": tk._("Address of the file"),
        "package_id": tk._("Catalogue entry"),
        "last_modified": tk._("File replaced at"),
    }.get(name)
    if known:
        return known
    label = (
        problem_sentences.department_label
        if kind == "organization"
        else problem_sentences.field_label
    )
    return label(name, language.of_labels())


def _value(name: str, value: object) -> str:
    """A code by its label; what is not there as a dash."""
    if value is None:
        return "—"
    if name in VOCABULARIES:
        return vocabularies.vocabulary(VOCABULARIES[name]).label(
            str(value), language.of_labels()
        )
    words = {
        "true": tk._("yes"),
        "false": tk._("no"),
        "active": tk._("active"),
        "deleted": tk._("deleted"),
    }
    if name == "capacity":
        words = {
            "admin": tk._("Head"),
            "editor": tk._("Officer"),
            "member": tk._("Member"),
            "public": tk._("placed below"),
        }
    return words.get(str(value), str(value))

"""Why a row may not be written over what the portal has: in words that name whose it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import ckan.plugins.toolkit as tk

from ...departments import tree
from ..entry.entry_rows import Stored
from .entry_match import EntryMatch

Conflict = tuple[str, str, str]
"""A code of ``refusals``, what it is about, and the detail of its words; empty for none."""
NONE: Conflict = ("", "", "")


def found(
    match: EntryMatch, entry: Mapping[str, object], allowed: Collection[str] | None
) -> Conflict:
    """What stands against writing the row. ``allowed`` are the departments of this user."""
    if match.fault:
        said = [_titled(other, allowed) for other in match.others]
        return match.fault, said[0], "、".join(said)
    existing, provider = match.existing, str(entry.get("owner_org") or "")
    if existing is None:
        return NONE
    owner = existing.columns["owner_org"]
    if owner != provider:
        if not _may_know(existing, allowed):
            return "name_taken", match.existing.name if match.existing else "", ""
        words = tk._("{title}: belongs to {owner}, and the sheet says {provider}")
        return "other_provider", existing.columns["title"], words.format(
            title=existing.columns["title"], owner=_name(owner), provider=_name(provider)
        )
    if allowed is not None and owner not in allowed:
        return "not_yours", existing.columns["title"], ""
    return NONE


def _titled(entry: Stored, allowed: Collection[str] | None) -> str:
    """An entry by title and department; one that this user may not know by nothing."""
    if not _may_know(entry, allowed):
        return tk._("an entry of another department")
    return f"{entry.columns['title']} ({_name(entry.columns['owner_org'])}, {entry.name})"


def _may_know(entry: Stored, allowed: Collection[str] | None) -> bool:
    public = entry.state == "active" and not entry.private
    return public or allowed is None or entry.columns["owner_org"] in allowed


def _name(organization: str) -> str:
    department = tree.get(organization)
    return department.title if department else tk._("no department")

"""What ``package_show`` shows of many entries at once, as CKAN's index wants it.

CKAN asks eight statements and validates twice for each entry. A catalogue entry without files,
groups and relations, which is what an import makes, is put together here from four statements for
a whole batch; every other goes CKAN's own way. A test holds the two equal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import logic, model
from ckan.lib.dictization import table_dictize
from ckan.types import Context

from ... import metadata_schema
from ...domain.stored_value import SHAPES, read

Both = tuple[dict[str, Any], dict[str, Any]]
"""The entry by CKAN's default schema, and by ours."""


def shown(packages: Sequence[model.Package]) -> Iterator[Both]:
    """Both forms of each entry."""
    ids = [package.id for package in packages]
    complex_ids = _not_plain(ids)
    tags, organizations = _tags(ids), _organizations({p.owner_org for p in packages})
    for package in packages:
        if package.id in complex_ids or not _is_ordinary(package):
            yield logic.package_show_default_and_custom_schemas(
                Context(ignore_auth=True), package.id
            )
            continue
        default = _default(package, tags[package.id], organizations.get(package.owner_org or ""))
        custom = _custom(default)
        logic.apply_after_dataset_show_plugins(Context(ignore_auth=True, package=package), custom)
        yield default, custom


def _is_ordinary(package: model.Package) -> bool:
    """A published entry of our own schema that states nothing besides it."""
    ours = package.type == "dataset" and package.state == "active" and not package.license_id
    return ours and set(package.extras or {}) <= metadata_schema.entry_fields().keys()


def _not_plain(ids: Sequence[str]) -> set[str]:
    """Entries with files, groups or relations."""
    resource, member, related = (
        model.resource_table,
        model.member_table,
        model.package_relationship_table,
    )
    found: set[str] = set()
    for statement in (
        sa.select(resource.c.package_id).where(resource.c.package_id.in_(ids)),
        sa.select(member.c.table_id).where(
            member.c.table_id.in_(ids),
            member.c.table_name == "package",
            member.c.capacity != "organization",
        ),
        sa.select(related.c.subject_package_id).where(related.c.subject_package_id.in_(ids)),
        sa.select(related.c.object_package_id).where(related.c.object_package_id.in_(ids)),
    ):
        found.update(model.Session.scalars(statement))
    return found


def _tags(ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    tag, link = model.tag_table, model.package_tag_table
    rows = model.Session.execute(
        sa.select(link.c.package_id, tag, link.c.state)
        .join(tag, tag.c.id == link.c.tag_id)
        .where(link.c.package_id.in_(ids), link.c.state == "active")
    )
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.mappings():
        shown_tag = {name: row[name] for name in ("id", "name", "vocabulary_id", "state")}
        found[row["package_id"]].append({**shown_tag, "display_name": row["name"]})
    for tags in found.values():
        tags.sort(key=lambda tag: tag["name"])
    return found


def _organizations(ids: Iterable[str | None]) -> dict[str, dict[str, Any]]:
    group = model.group_table
    rows = model.Session.execute(
        sa.select(group).where(group.c.id.in_([i for i in ids if i]), group.c.state == "active")
    )
    found = [table_dictize(row, Context()) for row in rows]
    for organization in found:
        organization.pop("extras", None)
    return {organization["id"]: organization for organization in found}


def _default(
    package: model.Package, tags: list[dict[str, Any]], organization: dict[str, Any] | None
) -> dict[str, Any]:
    entry = table_dictize(package, Context())
    del entry["plugin_data"]
    if entry.get("title"):
        entry["title"] = entry["title"].strip()
    entry["extras"] = [{"key": k, "value": v} for k, v in (package.extras or {}).items()]
    return entry | {
        "resources": [],
        "num_resources": 0,
        "tags": tags,
        "num_tags": len(tags),
        "groups": [],
        "organization": organization,
        "relationships_as_subject": [],
        "relationships_as_object": [],
        "isopen": False,
        "license_title": None,
    }


def _custom(default: dict[str, Any]) -> dict[str, Any]:
    entry = {**default}
    for extra in entry.pop("extras"):
        name, value = extra["key"], extra["value"]
        entry[name] = read(SHAPES[name], value).value if name in SHAPES else value
    for name in ("notes", "url", "license_id"):
        if not entry.get(name):
            entry.pop(name, None)
    return entry



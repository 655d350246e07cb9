"""Entries of every attribute with a canary in each place where data or its address could show."""
from __future__ import annotations

import io
import itertools
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.govdata.catalogue.index import writer

HIDDEN = ("private", "draft", "deleted", "withdrawn")
"""Entries of which strangers may not know."""
CLOSED = ("conditional", "non_open", "unstated", "private")
CANARY = r"canary[-_](?:" + "|".join(CLOSED) + r")[-_]\w+"
"""What must never be read by somebody who has no right to it."""


@dataclass
class Entry:
    """An entry with a link, an uploaded file and a table with a view."""

    attribute: str
    id: str
    name: str
    department: str
    tag: str
    resources: list[str] = field(default_factory=list)
    views: list[str] = field(default_factory=list)

    def words(self, reader: str) -> dict[str, list[str]]:
        """What stands for each placeholder of the tables."""
        return {
            "entry": [self.name], "resource": self.resources, "view": self.views,
            "department": [self.department], "tag": [self.tag], "reader": [reader],
            "alias": [f"alias_{self.attribute}"], "canary": [f"canary-{self.attribute}"],
            "table": self.resources[-1:],
        }


def entry(department: dict[str, Any], attribute: str) -> Entry:
    """Everything that an officer can put on an entry."""
    mark = f"canary-{attribute}"
    stated = "" if attribute == "unstated" else attribute
    stated = "unconditional" if attribute in HIDDEN else stated
    hidden, private = attribute in HIDDEN, attribute == "private"
    made = tk.get_action("package_create")(site(), {
        "name": f"{mark}-name" if hidden else f"entry-{attribute.replace('_', '-')}",
        "title": f"{mark}-title" if hidden else f"客流 {attribute}",
        "notes": f"{mark}-notes" if hidden else "各线路的客流。",
        "owner_org": department["id"], "private": private, "domain": "transport",
        "update_period": "yearly", "share_type": "unconditional", "open_attribute": stated,
        "open_conditions": "仅限研究用途使用",
        "open_basis": "《中华人民共和国政府信息公开条例》第十五条",
        "data_formats": ["csv"], "information_items": [
            {"name": "线路名称", "type": "C"}, *([] if attribute != "unconditional" else [
                {"name": "canary_unconditional_column", "type": "C", "opened": True}])],
        "tags": [{"name": f"{mark}-tag" if hidden else f"tag-{attribute}"}],
    })
    found = Entry(attribute, made["id"], made["name"], department["name"],
                  f"{mark}-tag" if hidden else f"tag-{attribute}")
    link = tk.get_action("resource_create")(site(), {
        "package_id": made["id"], "name": "link", "url": f"https://example.org/{mark}-url",
        "hash": f"{mark}-hash", "cache_url": f"https://example.org/{mark}-cache", "format": "CSV"})
    upload = tk.get_action("resource_create")(site(), {
        "package_id": made["id"], "name": "file", "url_type": "upload", "format": "CSV",
        "url": f"{mark}-filename.csv", "hash": f"{mark}-digest",
        "upload": FileStorage(io.BytesIO(f"{mark}-file,b\n1,2\n".encode()),
                              f"{mark}-filename.csv", content_type="text/csv")})
    table = tk.get_action("resource_create")(site(), {
        "package_id": made["id"], "name": "table", "format": "CSV",
        "url": f"https://example.org/{mark}-table"})
    tk.get_action("datastore_create")(site(), {
        "resource_id": table["id"], "force": True, "aliases": [f"alias_{attribute}"],
        "fields": [{"id": f"canary_{attribute}_column", "type": "text"}],
        "records": [{f"canary_{attribute}_column": f"{mark}-row"}]})
    view = model.ResourceView(resource_id=table["id"], title=f"{mark}-view", order=0,
                              view_type="datatables_view", config={"note": f"{mark}-config"})
    model.Session.add(view)
    model.Session.commit()
    found.resources = [link["id"], upload["id"], table["id"]]
    found.views = [view.id]
    return found


@dataclass
class World:
    """Entries by attribute, and readers by name with their tokens."""

    entries: dict[str, Entry]
    tokens: dict[str, str]

    def headers(self, reader: str) -> dict[str, str]:
        return {"Authorization": self.tokens[reader]} if self.tokens[reader] else {}


def world() -> World:
    """A department with its entries; the public, a citizen, officers of it and of another."""
    own = factories.Organization(level="county", region="340102", title="瑶海区民政局")
    other = factories.Organization(level="county", region="340102", title="瑶海区交通局")
    tokens = {"": ""}
    for name, department in (("citizen", None), ("stranger", other), ("officer", own)):
        user = factories.User(name=f"{name}1")
        if department:
            tk.get_action("organization_member_create")(
                site(), {"id": department["id"], "username": user["name"], "role": "editor"})
        tokens[name] = factories.APIToken(user=user["name"])["token"]
    entries = {a: entry(own, a) for a in ("unconditional", *CLOSED)}
    writer.drain()
    return World(entries, tokens)


def combined(template: Any, words: dict[str, list[str]]) -> list[Any]:
    """Every way of filling the placeholders ``<name>`` or ``$name`` of a text or of parameters."""
    names = [n for n in words if f"${n}" in str(template)]
    return [_filled(template, dict(zip(names, chosen, strict=True)))
            for chosen in itertools.product(*(words[n] for n in names))]


def _filled(template: Any, chosen: dict[str, str]) -> Any:
    if isinstance(template, dict):
        return {key: _filled(value, chosen) for key, value in template.items()}
    for name, value in chosen.items():
        template = template.replace(f"${name}", value) if isinstance(template, str) else template
    return template


def site(**more: Any) -> dict[str, Any]:
    """As CKAN's own user; an entry may have gaps, as an imported one has."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"ignore_auth": True, "user": user["name"], "govdata_gaps_allowed": True, **more}

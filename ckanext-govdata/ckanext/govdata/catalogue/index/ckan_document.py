"""The search document of an entry, as CKAN makes it, made so that the index can take it.

CKAN's own function builds a document and sends it in one, fails at an entry with a relationship
(``KeyError``), and lets an entry's free fields take the place of fields that Solr counts or dates
with. Here the document is only built; a test holds it equal to CKAN's for entries that CKAN can.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timezone
from typing import Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins as p
import sqlalchemy as sa
from ckan import model
from ckan.lib.navl.dictization_functions import MissingNullEncoder
from ckan.lib.search import index
from dateutil.parser import parse

from ... import settings

Document = dict[str, Any]
"""Fields of the index and their values."""

LONGEST_TERM = 32_766
"""Bytes of UTF-8 that Solr takes as one word of a field that is not cut into words."""
LONG_TEXTS = frozenset({"data_dict", "validated_data_dict", "title", "notes", "text", "gd_notes"})
"""Fields that are stored only, or cut into words."""
LONG_PREFIXES = ("extras_", "res_extras_", "gd_text", "gd_title", "gd_items")
OURS = frozenset(
    {"capacity", "ckan_url", "data_dict", "dataset_type", "download_url", "entity_type",
     "index_id", "indexed_ts", "name_ngram", "permission_labels", "resources_accessed_recent",
     "resources_accessed_total", "site_id", "text", "title_ngram", "title_string", "urls",
     "validated_data_dict", "views_recent", "views_total"}
)  # fmt: skip
"""Fields that the index keeps for itself: no free field of an entry is written there."""
OUR_PREFIXES = ("_", "gd_", "vocab_")
_RESOURCE = {
    "name": "res_name", "description": "res_description", "format": "res_format",
    "url": "res_url", "resource_type": "res_type",
}  # fmt: skip
_KEY = re.compile(r"[^0-9A-Za-z_-]")


def build(default: Mapping[str, Any], custom: Mapping[str, Any]) -> Document:
    """The document of an entry: ``default`` by CKAN's schema, ``custom`` by ours."""
    document = _with_extras(dict(default))
    document["data_dict"] = json.dumps(default)
    document["validated_data_dict"] = json.dumps(custom, cls=MissingNullEncoder)
    if default.get("title"):
        document["title_string"] = default["title"]
    document |= _tags(default)
    document["capacity"] = "private" if default["private"] else "public"
    document["groups"] = [group["name"] for group in default.get("groups") or ()]
    document["organization"] = (default.get("organization") or {}).get("name")
    document |= _files(document.pop("resources", None) or ())
    document |= {k: v for k, v in _relations(document).items() if k not in document}
    document["entity_type"], document["dataset_type"] = index.PACKAGE_TYPE, default["type"]
    document = _with_dates(document)
    document["site_id"] = settings.site_id()
    document["index_id"] = index_id(default["id"])
    for plugin in p.PluginImplementations(p.IPackageController):
        document = plugin.before_dataset_index(document)
    package = model.Package.get(default["id"])
    labels = lib_plugins.get_permission_labels()
    document["permission_labels"] = labels.get_dataset_labels(package) if package else []
    return {name: _fit(name, value) for name, value in document.items()}


def index_id(package_id: str) -> str:
    """The name of an entry's document, as CKAN makes it."""
    own = f"{package_id}{settings.site_id()}".encode()
    return hashlib.md5(own, usedforsecurity=False).hexdigest()


def _with_extras(document: Document) -> Document:
    """Free fields as ``extras_…``, and by their own name where nothing else has it."""
    taken = {*index.RESERVED_FIELDS, *document, *OURS}
    for extra in document.pop("extras", None) or ():
        value = extra["value"]
        if isinstance(value, (tuple, list)):
            value = " ".join(map(str, value))
        key = _KEY.sub("", extra["key"])
        document[f"extras_{key}"] = value
        if key and key not in taken and not key.startswith(OUR_PREFIXES):
            document[key] = value
    return document


def _tags(default: Mapping[str, Any]) -> Document:
    """Keywords; those of a vocabulary in a field of its own."""
    found: dict[str, list[str]] = defaultdict(list, tags=[])
    for tag in default.get("tags") or ():
        vocabulary = tag.get("vocabulary_id") and model.Vocabulary.get(tag["vocabulary_id"])
        found[f"vocab_{vocabulary.name}" if vocabulary else "tags"].append(tag["name"])
    return dict(found)


def _files(resources: Iterable[Mapping[str, object]]) -> Document:
    more = {name: f"res_extras_{name}" for name in model.Resource.get_extra_columns()}
    found: dict[str, list[object]] = defaultdict(list)
    for resource in resources:
        for name, field in {**_RESOURCE, **more}.items():
            found[field].append(resource.get(name, ""))
    return dict(found)


def _relations(document: Document) -> dict[str, list[str]]:
    """Names of related entries by the kind of relationship, seen from this entry.

    Only those that everybody may know: the index is asked by everybody.
    """
    stated = [document.pop(f"relationships_as_{side}", None) for side in ("subject", "object")]
    found: dict[str, list[str]] = defaultdict(list)
    if not any(stated):
        return found
    link, package = model.package_relationship_table, model.package_table
    subject, other = link.c.subject_package_id, link.c.object_package_id
    for own, related in ((subject, other), (other, subject)):
        query = (
            sa.select(link.c.type, package.c.name)
            .join(package, package.c.id == related)
            .where(own == document["id"], link.c.state == "active")
            .where(package.c.state == "active", package.c.private.is_(False))
            .order_by(package.c.name)
        )
        for kind, name in model.Session.execute(query).tuples():
            reverse = model.PackageRelationship.forward_to_reverse_type
            found[kind if own is subject else str(reverse(kind))].append(name)
    return found


def _with_dates(document: Document) -> Document:
    """Dates as Solr reads them; what is none is left out, as CKAN does."""
    found = {name: v for name, v in document.items() if not name.endswith("_date")}
    for name in document.keys() - found.keys():
        if instant := _instant(document[name]):
            found[name] = instant
    for name in ("metadata_created", "metadata_modified"):
        found[name] = f"{found[name]}Z"
    return found


def _instant(value: object) -> str:
    try:
        date = parse(str(value or ""))
    except (ValueError, OverflowError):
        return ""
    if date.tzinfo:
        date = date.astimezone(timezone.utc).replace(tzinfo=None)
    return f"{date.isoformat()}Z"


def _fit(name: str, value: object) -> object:
    """A value as Solr takes it: no character that XML lacks, no word that is too long."""
    if isinstance(value, (list, tuple)) and name != "gd_vector":
        return [_fit(name, each) for each in value]
    if isinstance(value, dict):  # which Solr takes for a command
        value = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, str):
        return value
    value = index.escape_xml_illegal_chars(value)
    if name == "title":
        value = value.lstrip()
    if len(value) * 4 <= LONGEST_TERM or name in LONG_TEXTS or name.startswith(LONG_PREFIXES):
        return value
    return value.encode()[:LONGEST_TERM].decode("utf-8", "ignore")

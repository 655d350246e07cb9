"""Entries that are damaged in the database: read without what is damaged, and named to be mended.

CKAN and ckanext-scheming read an entry's extras as if nothing could be wrong with them, so one
broken text made each page about its entry a 500. All of them get an entry from one function of
CKAN's; what that gives is made readable here.
"""
from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import SplitResult, urlsplit

import ckan.lib.dictization.model_dictize as dictize
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.plugins import lookup_package_plugin
from ckan.model.types import JsonType
from ckan.types import Context, FlattenErrorDict
from sqlalchemy import event
from sqlalchemy.orm.attributes import set_committed_value

from ... import settings
from ...domain.stored_value import SHAPES, Shape, damaged, read
from ...speech import language
from . import problem_sentences

ITEMS = "information_items"
NAMED = 20
"""So many entries are named where there is little room."""
SHOWN = 200
"""Letters of a broken text that its officer sees."""
KIND = "dataset"
TIMES = ("metadata_created", "metadata_modified")
NEVER = datetime(1970, 1, 1)  # noqa: DTZ001 - as CKAN keeps its times
_MARK = "govdata_tolerant"


@dataclass(frozen=True)
class Damaged:
    """An entry and its fields of which something cannot be read."""

    id: str
    name: str
    public: bool
    fields: tuple[str, ...]


def take_over() -> None:
    """Have every reader of entries get what can be read. May be called again."""
    if not event.contains(model.Package, "load", _settled):
        event.listen(model.Package, "load", _settled)
        event.listen(model.Package, "refresh", _settled)
    dictize.urlsplit = _split
    JsonType.process_result_value = _object  # pyright: ignore[reportAttributeAccessIssue]
    if not hasattr(dictize.package_dictize, _MARK):
        dictize.package_dictize = _tolerant(dictize.package_dictize)
        dictize.resource_list_dictize = _listed(dictize.resource_list_dictize)


def _tolerant(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    @wraps(original)
    def package_dictize(*arguments: object, **named: object) -> dict[str, Any]:
        entry = original(*arguments, **named)
        for file in entry.get("resources") or ():
            file["format"] = file.get("format") or ""
        entry["extras"] = list(_readable(entry.get("extras") or ()))
        return entry

    setattr(package_dictize, _MARK, True)
    return package_dictize


def _listed(original: Callable[..., list[dict[str, Any]]]) -> Callable[..., list[dict[str, Any]]]:
    @wraps(original)
    def resource_list_dictize(
        files: Iterable[model.Resource], context: Context
    ) -> list[dict[str, Any]]:
        """Files without a place come last; CKAN cannot sort them."""
        placed = [file for file in files if file.position is not None]
        others = [original([file], context) for file in files if file.position is None]
        return [*original(placed, context), *(one for listed in others for one in listed)]

    return resource_list_dictize


def _settled(package: object, _context: object, _names: object = None) -> None:
    """An entry without a title or time, or of a kind that nobody has: CKAN's pages need them.

    The row stays as it is; it is not marked as changed.
    """
    loaded = package.__dict__
    times = [loaded[name] for name in TIMES if loaded.get(name)]
    for name in TIMES:
        if name in loaded and loaded[name] is None:
            set_committed_value(package, name, times[0] if times else NEVER)
    if "title" in loaded and loaded["title"] is None and loaded.get("name"):
        set_committed_value(package, "title", loaded["name"])
    other = settings.is_portal() and loaded.get("type", KIND) != KIND
    if other and lookup_package_plugin(loaded["type"]) is lookup_package_plugin("-"):
        set_committed_value(package, "type", KIND)


def _split(url: str) -> SplitResult:
    """A file's address in its parts; one that is none gets no ``http://`` put before it."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("http", "", "", "", "")


def _object(_type: object, value: str | None, _dialect: object) -> dict[str, Any]:
    """A file's own fields; none where they cannot be read."""
    return read(Shape.OBJECT, value).value


def _readable(extras: Any) -> Iterator[dict[str, Any]]:
    for extra in extras:
        shape = SHAPES.get(extra["key"])
        found = read(shape, extra["value"]) if shape else None
        if found is None or (found.whole and extra["value"]):
            yield extra
        elif found.value:
            yield {**extra, "value": json.dumps(found.value, ensure_ascii=False)}


def fields_of(extras: Mapping[str, object] | None) -> list[dict[str, str]]:
    """For whoever may mend it: each damaged field's name, label and the text that is stored."""
    stored = extras or {}
    reader = language.of_labels()
    return [
        {"field": name, "label": problem_sentences.field_label(name, reader),
         "stored": str(stored[name])[:SHOWN]}
        for name in damaged(stored)
    ]


def insist(
    entry: Mapping[str, object], package: model.Package | None, errors: FlattenErrorDict
) -> None:
    """Saving an entry enters damaged items anew, or is refused: what cannot be read hides the
    columns of its tables, and without it the entry would be one that declares nothing."""
    stored = (package.extras or {}) if package is not None else {}
    if ITEMS in damaged(stored) and not entry.get(ITEMS):
        words = tk._("What is stored here cannot be read ({stored}). Enter it anew.")
        errors.setdefault((ITEMS,), []).append(words.format(stored=str(stored[ITEMS])[:SHOWN]))


def every() -> list[Damaged]:
    """All damaged entries that are not deleted, by name."""
    package = model.package_table
    query = sa.select(
        package.c.id, package.c.name, package.c.extras,
        sa.and_(package.c.state == "active", package.c.private.is_(False)).label("public"),
    ).where(package.c.state != "deleted", package.c.extras.has_any(sa.cast(
        list(SHAPES), sa.ARRAY(sa.Text)))).order_by(package.c.name)  # fmt: skip
    rows = model.Session.execute(query.execution_options(yield_per=1000))
    found = ((row, damaged(row.extras)) for row in rows)
    return [Damaged(r.id, r.name, bool(r.public), tuple(names)) for r, names in found if names]


def complaint() -> str:
    """What everybody may know of them, in a line: how many, and which of the public ones."""
    found = every()
    if not found:
        return ""
    named = [f"{one.id} ({', '.join(one.fields)})" for one in found if one.public][:NAMED]
    public = f": {'; '.join(named)}" if named else ""
    return (f"{len(found)} entries have fields that cannot be read{public}; "
            "their department enters these fields anew in the entry's form")

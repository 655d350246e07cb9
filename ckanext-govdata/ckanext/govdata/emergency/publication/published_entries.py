"""The catalogue's side of an emergency: which entries it publishes, and what they say of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ... import now, settings
from ...catalogue.entry import bulk, codes, problem_sentences
from ...catalogue.entry import judgement as catalogue
from ...departments import seats, tree
from ...domain.emergency import Standing
from ...domain.sheet import Sheet, number
from .sheets import Given

TAG = "应急开放"
FORMATS = {"table": "csv", "file": "file", "interface": "api"}
OFFICES = frozenset({Standing.AUTHORITY, Standing.GOVERNMENT})


@dataclass(frozen=True)
class Entry:
    """What an event knows of a catalogue entry."""

    id: str
    name: str
    title: str
    owner_org: str
    attribute: str
    source_type: str = ""
    items: str = ""
    """Its information items as it keeps them."""
    private: bool = False


def find(name: str) -> Entry | None:
    """An active entry by name or id; one statement."""
    extras = model.Package.extras
    row = model.Session.execute(
        sa.select(
            model.Package.id,
            model.Package.name,
            model.Package.title,
            model.Package.owner_org,
            extras["open_attribute"].astext,
            extras["source_type"].astext,
            extras["information_items"].astext,
            model.Package.private,
        ).where(
            sa.or_(model.Package.id == name, model.Package.name == name),
            model.Package.state == "active",
        )
    ).first()
    if row is None:
        return None
    told = [str(value or "") for value in row[:-1]]
    return Entry(*told, private=bool(row[-1]))


def may_publish(entry: Entry, user_id: str, row: Any, standings: frozenset[Standing]) -> bool:
    """Whose entries an event may publish.

    Those of the handling body and of the departments below it, of a department in which the
    officer serves, and of the whole place when its authority or government acts.
    """
    below = {d.id for d in tree.descendants(row.organization_id)}
    if entry.owner_org in below:
        return True
    if entry.owner_org in seats.works_in(user_id):
        return True
    same = tree.jurisdiction_of(entry.owner_org) == row.jurisdiction
    return same and bool(OFFICES & standings)


def create(asked: Mapping[str, Any], row: Any, given: Given, rhythm: int, user_id: str) -> Entry:
    """A new entry of the handling body, open to everybody; the review comes when the event ends.

    Raises ``ValidationError`` for what no emergency excuses, such as no title.
    """
    today = now.today().isoformat()
    fields: dict[str, Any] = {
        "title": str(asked.get("title") or "").strip(),
        "notes": str(asked.get("notes") or asked.get("title") or "").strip(),
        "owner_org": row.organization_id,
        "domain": str(asked.get("domain") or "public_safety"),
        "catalogue_class": "theme",
        "theme_database": TAG,
        "data_formats": [FORMATS[given.kind]],
        "information_items": items_of(given.sheet),
        "update_period": "daily" if rhythm == 1440 else "real_time",
        "share_type": "unconditional",
        "open_attribute": "unconditional",
        "source_type": "own",
        "issued": today,
        "modified": today,
        "tags": [TAG],
    }
    wrong = [p for p in catalogue.judge(fields, row.organization_id) if not p.gap]
    if wrong:
        raise tk.ValidationError(
            {problem.field: [problem_sentences.say(problem)] for problem in wrong}
        )
    provider = tree.get(row.organization_id)
    code = codes.allocate(codes.prefix_for(fields, provider))[0]
    name = f"emergency-{uuid.uuid4().hex[:12]}"
    made = bulk.create([bulk.NewEntry(name, fields, code)], user_id, _naive())
    if row.drill:  # seen by the department alone, as the drill is
        package = model.package_table
        model.Session.execute(
            sa.update(package).where(package.c.id == made[0]).values(private=True)
        )
    return Entry(made[0], name, fields["title"], row.organization_id, "unconditional", "own")


def items_of(sheet: Sheet | None) -> list[dict[str, str]]:
    """The information items of a table: a column of numbers is N, any other C."""
    if sheet is None:
        return []
    found: list[dict[str, str]] = []
    for index, name in enumerate(sheet.columns):
        cells = [row[index] for row in sheet.rows if row[index]]
        numeric = bool(cells) and all(number(cell) is not None for cell in cells)
        found.append({"name": name, "type": "N" if numeric else "C"})
    return found


def link(entry: Entry, event: str, dataset: str, given: Given, title: str) -> None:
    """A file of the entry that stands at the event's stable address."""
    address = f"{settings.site_url()}/emergency/{event}/data/{dataset}.{ending(given)}"
    package = model.Package.get(entry.id)
    known = {r.url for r in package.resources} if package else set()
    url = given.url if given.kind == "interface" else address
    if package is None or url in known:
        return
    resource = model.Resource(
        package_id=entry.id,
        url=url,
        name=title,
        format=FORMATS[given.kind].upper(),
        created=_naive(),
        metadata_modified=_naive(),
    )
    resource.position, resource.state = len(known), "active"
    model.Session.add(resource)
    model.Session.flush()


def touch(entry_id: str) -> None:
    """The entry was updated today: its row says so, and the search index is told."""
    bulk.change([bulk.ChangedEntry(entry_id, {"modified": now.today().isoformat()})], _naive())


def ending(given: Given) -> str:
    """The ending of the stable address."""
    if given.kind == "file":
        return given.file_name.rpartition(".")[2].lower() or "bin"
    return "csv" if given.kind == "table" else "json"


def _naive() -> datetime:
    return now.now().astimezone(timezone.utc).replace(tzinfo=None)

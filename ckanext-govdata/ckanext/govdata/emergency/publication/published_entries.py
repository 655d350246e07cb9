"""The catalogue's side of an emergency: which entries it publishes, and what they say of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta, timezone

import ckan.model as model
import sqlalchemy as sa

from ... import now, settings
from ...catalogue.entry import bulk, problem_sentences
from ...catalogue.entry import judgement as catalogue
from ...catalogue.index import outbox_rows
from ...departments import seats, tree
from ...domain import stored_value
from ...domain.emergency.dataset import Material, Published, PublishedEntry
from ...domain.procedure import Role
from ...domain.refusal import Refusal
from ...domain.sheet import Sheet, number
from ..event.event_record import EventRow
from ..event.event_roles import OFFICES

TAG = "应急开放"
FORMATS = {"table": "csv", "file": "file", "interface": "api"}
DAY = timedelta(days=1)


def find(name: str) -> PublishedEntry | None:
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
    *told, items, private = row
    known = [str(value or "") for value in told]
    return PublishedEntry(*known, items=tuple(stored_value.rows(items)), private=bool(private))


def may_publish(
    entry: PublishedEntry, user_id: str, row: EventRow, roles: Collection[Role]
) -> bool:
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
    return same and not OFFICES.isdisjoint(roles)


def fields_of(
    asked: Mapping[str, object], row: EventRow, material: Material, rhythm: timedelta
) -> dict[str, object]:
    """A new entry of the handling body, open to everybody; the review comes when the event ends."""
    today = now.today().isoformat()
    return {
        "title": str(asked.get("title") or "").strip(),
        "notes": str(asked.get("notes") or asked.get("title") or "").strip(),
        "owner_org": row.organization_id,
        "domain": str(asked.get("domain") or "public_safety"),
        "catalogue_class": "theme",
        "theme_database": TAG,
        "data_formats": [FORMATS[material.kind]],
        "information_items": items_of(material.sheet),
        "update_period": "daily" if rhythm == DAY else "real_time",
        "share_type": "unconditional",
        "open_attribute": "unconditional",
        "source_type": "own",
        "issued": today,
        "modified": today,
        "tags": [TAG],
    }


def check(fields: Mapping[str, object], organization_id: str) -> list[Refusal]:
    """What no emergency excuses in a new entry, such as no title."""
    return [
        Refusal("entry", problem.field, facts={"said": problem_sentences.say(problem)})
        for problem in catalogue.judge(fields, organization_id)
        if not problem.gap
    ]


def create(fields: Mapping[str, object], row: EventRow, user_id: str) -> str:
    """Write a new entry of the handling body; its id."""
    provider = tree.ancestors(row.organization_id)[-1]
    name = f"emergency-{uuid.uuid4().hex[:12]}"
    made = bulk.create([bulk.NewEntry(name, dict(fields), provider)], user_id, _naive())
    if row.drill:  # seen by the department alone, as the drill is
        package = model.package_table
        model.Session.execute(
            sa.update(package).where(package.c.id == made[0]).values(private=True)
        )
    return made[0]


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


def follow(row: EventRow, published: Collection[tuple[str, Published]]) -> None:
    """What the event published is seen on its entries: a file of each that is open to everybody,
    and that it was updated today. Of a drill they say nothing.
    """
    if row.drill:
        return
    for entry_id, one in published:
        if one.asked.entry is None or one.asked.entry.attribute == "unconditional":
            _link(entry_id, row.name, one)
    today = {"modified": now.today().isoformat()}
    changed = dict.fromkeys(entry_id for entry_id, _one in published)
    bulk.change([bulk.ChangedEntry(entry_id, dict(today)) for entry_id in changed], _naive())
    for entry_id in changed:
        outbox_rows.ask(entry_id)


def _link(entry_id: str, event: str, one: Published) -> None:
    """A file of the entry that stands at the event's stable address. A version of another ending
    takes the place of the one before, whose address answers no more."""
    material, dataset = one.asked.material, one.dataset
    stem = f"{settings.site_url()}/emergency/{event}/data/{dataset.name}."
    url = material.url if material.kind == "interface" else stem + ending(material)
    package = model.Package.get(entry_id)
    known = list(package.resources) if package else []
    if package is None or url in {one.url for one in known}:
        return
    resource = next((one for one in known if one.url.startswith(stem)), None)
    if resource is None:
        resource = model.Resource(package_id=entry_id, name=dataset.title, created=_naive())
        resource.position, resource.state = len(known), "active"
        model.Session.add(resource)
    resource.url, resource.format = url, FORMATS[material.kind].upper()
    resource.metadata_modified = _naive()
    model.Session.flush()


def ending(material: Material) -> str:
    """The ending of the stable address."""
    if material.kind == "file":
        return material.file_name.rpartition(".")[2].lower() or "bin"
    return "csv" if material.kind == "table" else "json"


def _naive() -> datetime:
    return now.now().astimezone(timezone.utc).replace(tzinfo=None)

"""An entry that is damaged in the database is shown without what is damaged, everywhere."""
from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.tests import factories
from reading_world import portal

from ckanext.govdata.catalogue.index import writer
from ckanext.govdata.domain.stored_value import SHAPES
from tests.unguarded import unguarded

pytestmark = pytest.mark.usefixtures("fresh")
CODES = (
    "open_attribute", "share_type", "share_mode", "update_period", "domain", "catalogue_class",
    "source_type", "base_database", "data_grade", "sensitivity", "shared_from", "catalogue_code",
    "issued", "modified",
)
Damage = dict[str, dict[str, Any]]
"""By table the columns and what is in them; ``extras`` are those of entries."""
DAMAGES: dict[str, Damage] = {
    **{f"lists {text[:20]}": {"extras": dict.fromkeys(SHAPES, text)} for text in (
        "{broken", "[1, null, [2]]", "null", "", '[{"name": {"a": 1}, "opened": []}]', "[" * 3000)},
    "unknown codes": {"extras": dict.fromkeys(CODES, "x<y")},
    "nothing": {"package": {"extras": sa.null()}},
    "department": {"package": {"owner_org": "no-such-department"}},
    "texts": {"package": {
        "title": None, "notes": None, "url": None, "license_id": "no-such", "version": None,
        "creator_user_id": "no-such", "metadata_modified": None, "metadata_created": None}},
    "kind": {"package": {"type": "no-such", "private": None}},
    "files": {"resource": {
        "url": "http://[", "format": None, "name": None, "created": None, "position": None,
        "metadata_modified": None, "size": -1, "url_type": "no-such", "extras": "{broken"}},
    "files without": {"resource": {"url": "", "url_type": None, "extras": "[1]"}},
}
OPEN = ("files: officer package_patch: 500", "files: officer resource_patch: 500")
"""Not mended yet: saving an entry of which a file has lost its place (``position``)."""
PAGES = """
/ /dataset/ /organization/ /organization/{department} /feeds/dataset.atom
/feeds/organization/{department}.atom /catalogue/export?format=json /catalogue/export?format=csv
/catalogue/export /search/items?q=a /dataset/{entry} /dataset/edit/{entry}
/dataset/resources/{entry} /dataset/delete/{entry} /dataset/{entry}/resource/new
/dataset/{entry}/resource/{file} /dataset/{entry}/resource/{file}/edit
/dataset/{entry}/resource/{file}/download /dataset/{entry}/resource/{file}/delete
/dataset/{entry}/resource/{file}/views /datastore/dump/{file} /apply/{entry} /cases /cases/desk
/cases/{case} /cases/{draft} /cases/{draft}/step/what /grants /grants/{grant}
/organization/bulk_process/{department} /decisions /emergency /dashboard/datasets
"""
ACTIONS: list[tuple[str, dict[str, Any]]] = [
    ("package_show", {"id": "{entry}"}),
    ("package_show", {"id": "{entry}", "use_default_schema": True}),
    ("package_search", {"rows": 100}),
    ("current_package_list_with_resources", {}),
    ("resource_show", {"id": "{file}"}),
    ("resource_search", {"query": "name:a"}),
    ("datastore_search", {"resource_id": "{file}"}),
    ("datastore_info", {"id": "{file}"}),
    ("organization_show", {"id": "{department}", "include_datasets": True}),
    ("govdata_access_check", {"id": "{file}"}),
    ("govdata_consequences", {"id": "{entry}"}),
    ("govdata_case_list", {}),
    ("govdata_case_show", {"id": "{case}"}),
    ("govdata_grant_show", {"id": "{grant}"}),
    ("govdata_catalogue_export", {"format": "json", "rows": 100}),
    ("govdata_search_item_list", {"q": "a"}),
    ("package_patch", {"id": "{entry}", "notes": "新的摘要"}),
    ("resource_patch", {"id": "{file}", "description": "x"}),
]
TABLES = {"package": model.package_table, "resource": sa.table(
    "resource", *(sa.column(column.name) for column in model.resource_table.columns))}
"""Files' own fields stand as text, which may be no JSON."""


@pytest.fixture
def place(app: Any, web_application: Any) -> dict[str, str]:
    """A portal's words for the addresses: an entry, its file, the cases about it."""
    found = portal(web_application)
    entry, cases = found.words["dataset"][0], found.words["case_id"]
    return {
        "entry": entry, "file": model.Package.get(entry).resources[0].id,
        "department": found.words["organization"][0], "case": cases[0], "draft": cases[1],
        "grant": found.words["grant_id"][0]}


def damage(parts: Damage) -> None:
    """Past CKAN, as a broken disk, an old import or somebody's psql does."""
    with unguarded() as connection:
        connection.execute(
            sa.text("UPDATE package SET extras = extras || CAST(:extras AS jsonb)"),
            {"extras": json.dumps(parts.get("extras", {}))})
        for name, table in TABLES.items():
            if parts.get(name):
                connection.execute(sa.update(table).values(parts[name]))
    model.Session.remove()
    search.clear_all()
    writer.queue_all()
    writer.drain()


def kept() -> dict[str, list[dict[str, Any]]]:
    with model.ensure_engine().connect() as connection:
        return {name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
                for name, table in TABLES.items()}


def put_back(rows: dict[str, list[dict[str, Any]]]) -> None:
    with unguarded() as connection:
        for name, table in TABLES.items():
            for row in rows[name]:
                connection.execute(sa.update(table).where(table.c.id == row["id"]).values(row))


def asked(app: Any, who: str, headers: dict[str, str], words: dict[str, str]) -> Iterator[str]:
    """What the server could not answer."""
    for page in PAGES.split():
        address = page.format(**words)
        try:
            answer = app.get(address, headers=headers, status=None, follow_redirects=False)
            if answer.status_code >= 500:
                yield f"{who} {address}: {answer.status_code}"
        except Exception as error:  # it is a 500 outside of tests
            yield f"{who} {address}: {error!r:.150}"
    for name, wanted in ACTIONS:
        body = {key: value.format(**words) if isinstance(value, str) else value
                for key, value in wanted.items()}
        answer = app.post(f"/api/3/action/{name}", json=body, headers=headers, status=None)
        if answer.status_code >= 500:
            yield f"{who} {name}: {answer.status_code}"


def test_no_damage_is_a_fault_of_the_server(app: Any, place: dict[str, str]) -> None:
    tokens = {who: {"Authorization": factories.APIToken(user=who)["token"]}
              for who in ("citizen", "officer")}
    rows, wrong = kept(), []
    for name, parts in DAMAGES.items():
        damage(parts)
        for who, headers in {"stranger": {}, **tokens}.items():
            wrong += [f"{name}: {said}" for said in asked(app, who, headers, place)]
            model.Session.remove()
        put_back(rows)
    wrong = [said for said in wrong if said not in OPEN]
    assert not wrong, f"{len(wrong)} faults\n" + "\n".join(wrong)

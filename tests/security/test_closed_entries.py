"""Of an entry that is not open strangers see title, provider, open items, basis and period."""
from __future__ import annotations

import io
import re
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import search
from ckan.logic import NotFound
from ckan.tests import factories
from leak_world import site
from test_leaks import ACTIONS, ROUTES
from werkzeug.datastructures import FileStorage

from ckanext.govdata.catalogue.index import writer

pytestmark = pytest.mark.usefixtures("fresh")
SHOWN = ("机密人员名册", "瑶海区民政局", "年份项", "《保守国家秘密法》第九条")


class Closed:
    """A closed entry with a canary in every field, and the people who ask."""

    def __init__(self) -> None:
        self.department = factories.Organization(
            level="county", region="340102", title="瑶海区民政局")
        self.entry = tk.get_action("package_create")(site(), {
            "name": "closed-entry", "title": "机密人员名册", "notes": "seacret-notes 名册说明",
            "owner_org": self.department["id"], "private": False, "domain": "transport",
            "update_period": "yearly", "share_type": "conditional", "open_attribute": "non_open",
            "share_conditions": "seacret-share",
            "open_basis": "《保守国家秘密法》第九条（法律）",
            "open_conditions": "seacret-conditions", "usage_requirements": "seacret-usage",
            "data_formats": ["csv"], "url": "https://intern.example/seacret-page",
            "theme_database": "seacret-theme", "license_id": "cc-by", "author": "seacret-author",
            "maintainer": "seacret-maintainer", "maintainer_email": "seacret@example.org",
            "version": "seacret-version",
            "application_materials": [{"name": "seacret-material", "required": True}],
            "information_items": [
                {"name": "年份项", "name_en": "year", "type": "C", "opened": True},
                {"name": "seacret-item", "name_en": "seacret_en", "type": "C", "opened": False},
                {"name": "seacret-marked", "type": "C", "opened": True, "sensitive": True}],
            "imported_columns": {"经办": "seacret-column"},
            "tags": [{"name": "seacret-tag"}]})
        self.resource = tk.get_action("resource_create")(site(), {
            "package_id": self.entry["id"], "name": "seacret-file", "format": "CSV",
            "description": "seacret-description", "url_type": "upload", "url": "seacret-name.csv",
            "upload": FileStorage(io.BytesIO(b"a\n1\n"), "seacret-name.csv")})
        self.tokens = {"": ""}
        for name, role in (("citizen", ""), ("officer", "editor")):
            user = factories.User(name=name)
            if role:
                tk.get_action("organization_member_create")(site(), {
                    "id": self.department["id"], "username": name, "role": role})
            self.tokens[name] = factories.APIToken(user=user["name"])["token"]
        writer.drain()

    def ask(self, app: Any, reader: str, address: str, **more: Any) -> str:
        headers = {"Authorization": self.tokens[reader]} if reader else {}
        method = app.post if more else app.get
        try:
            answer = method(address, headers=headers, status=None, **more)
        except (NotFound, AttributeError, AssertionError):  # CKAN's own that catch too little
            return ""
        return answer.get_data().decode("utf-8", "replace")

    def secrets(self, text: str) -> set[str]:
        return set(re.findall(r"seacret[-_]?\w*", text)) | (
            {self.resource["id"]} if self.resource["id"] in text else set())


READS = (
    "/api/3/action/package_show?id=closed-entry",
    "/api/3/action/package_show?id=closed-entry&use_default_schema=true",
    "/api/3/action/package_search?q=name:closed-entry",
    "/api/3/action/package_search?q=name:closed-entry&use_default_schema=true",
    "/api/3/action/current_package_list_with_resources",
    "/api/3/action/resource_search?query=name:",
    "/api/3/action/tag_list", "/api/3/action/govdata_catalogue_export",
    "/dataset/closed-entry", "/dataset/", "/feeds/dataset.atom", "/organization/{department}",
    "/catalogue/export?format=json", "/catalogue/export?format=csv",
    "/en/dataset/closed-entry", "/dataset/?q=机密人员名册",
)


@pytest.mark.parametrize("reader", ["", "citizen"])
def test_strangers_see_the_outline_alone(app, reader: str) -> None:
    closed = Closed()
    name = closed.department["name"]
    for address in READS:
        text = closed.ask(app, reader, address.format(department=name))
        assert closed.secrets(text) == set(), address
    for text in (closed.ask(app, reader, "/dataset/closed-entry"),
                 closed.ask(app, reader, READS[0]).encode().decode("unicode_escape")):
        assert [word for word in SHOWN if word not in text] == [], text[:200]


def test_every_question_of_the_leak_test(app) -> None:
    """All reads and routes, for this entry, with the words that an outsider has."""
    closed = Closed()
    words = {"$entry": "closed-entry", "$department": closed.department["name"],
             "$canary": "机密", "$reader": "citizen", "$tag": "other"}
    told = []
    for address in _questions(words):
        if closed.secrets(closed.ask(app, "", address)):
            told.append(address)
    assert told == []


def _questions(words: dict[str, str]) -> list[str]:
    from urllib.parse import urlencode

    found = [f"/api/3/action/{name}?{urlencode(query)}" for name, asked in ACTIONS["reads"].items()
             for query in asked] + [a for asked in ROUTES.values() for a in asked]
    filled = []
    for address in found:
        for name, word in words.items():
            address = address.replace(name, word).replace(name.replace("$", "%24"), word)
        if "$" not in address and "%24" not in address:
            filled.append(address)
    return filled


@pytest.mark.parametrize("query", [
    "q=seacret-notes", "q=notes:seacret-notes", "fq=res_name:seacret-file", "q=seacret-tag",
    "fq=tags:seacret-tag", "q=seacret-item", "q=seacret_en", "q=text:seacret-author",
    "fq=res_format:CSV", "fq=vocab_gd_formats:csv", "q=seacret-description", "q=seacret-column",
])
def test_nobody_finds_it_by_what_he_may_not_read(app, query: str) -> None:
    closed = Closed()
    answer = closed.ask(app, "", f"/api/3/action/package_search?rows=0&{query}")
    assert '"count": 0' in answer or '"success": false' in answer
    found = closed.ask(app, "", "/api/3/action/package_search?rows=0&q=机密人员名册")
    assert '"count": 1' in found


@pytest.mark.parametrize("query", [
    "name:seacret", "description:seacret", "format:CSV", "name:", "mimetype:csv",
])
def test_files_are_not_counted_either(app, query: str) -> None:
    closed = Closed()
    assert '"count": 0' in closed.ask(app, "", f"/api/3/action/resource_search?query={query}")
    assert '"count": 0' in closed.ask(
        app, "citizen", f"/api/3/action/resource_search?query={query}&limit=0")


def test_the_department_sees_and_changes_all_of_it(app) -> None:
    closed = Closed()
    text = closed.ask(app, "officer", "/api/3/action/package_show?id=closed-entry")
    assert {"seacret-notes", "seacret-file", "seacret-item", "seacret-tag"} <= closed.secrets(text)
    export = closed.ask(app, "officer", "/api/3/action/govdata_catalogue_export")
    assert "seacret-notes" in export
    patched = closed.ask(app, "officer", "/api/3/action/package_patch",
                         json={"id": "closed-entry", "update_period": "monthly"})
    assert '"success": true' in patched
    kept = tk.get_action("package_show")(site(), {"id": "closed-entry"})
    assert kept["notes"] == "seacret-notes 名册说明"
    assert [r["id"] for r in kept["resources"]] == [closed.resource["id"]]
    assert len(kept["information_items"]) == 3
    assert kept["tags"][0]["name"] == "seacret-tag"


def state(attribute: str) -> None:
    """Past CKAN, so that the index does not learn of it."""
    extras = {**model.Package.get("closed-entry").extras, "open_attribute": attribute}
    named = sa.update(model.Package).where(model.Package.name == "closed-entry")
    model.Session.execute(named.values(extras=extras))
    model.Session.commit()


def test_what_was_closed_a_moment_ago_is_not_told_by_an_index_that_lags(app) -> None:
    closed = Closed()
    state("conditional")
    search.rebuild("closed-entry")
    address = "/api/3/action/package_search?q=name:closed-entry"
    assert "seacret-file" in closed.ask(app, "", address)
    state("non_open")
    for more in ("", "&use_default_schema=true"):
        assert closed.secrets(closed.ask(app, "", address + more)) == set()
    listed = "/api/3/action/current_package_list_with_resources"
    assert closed.secrets(closed.ask(app, "", listed)) == set()

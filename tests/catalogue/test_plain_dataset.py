"""A CKAN that loads the plugin and is not the portal: its datasets go on as they were."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories, helpers

from ckanext.govdata.access import gate, locations
from ckanext.govdata.domain.access import Permitted, Way
from ckanext.govdata.domain.catalogue import STATEMENTS
from ckanext.govdata.domain.refusal import Refusal

pytestmark = pytest.mark.usefixtures("fresh")
PLACE = "https://example.org/secret-place.csv"
UNOWNED = "ckan.auth.create_unowned_dataset"


def not_the_portal(test: Any) -> Any:
    """The options that a stock CKAN has otherwise."""
    for option, value in (("ckanext.govdata.portal", False), (UNOWNED, True)):
        test = pytest.mark.ckan_config(option, value)(test)
    return test


def plain(**fields: Any) -> dict[str, Any]:
    file = {"url": PLACE, "name": "file", "hash": "abc123"}
    return factories.Dataset(**{"name": "plain", "resources": [file], **fields})


def entry(**fields: Any) -> dict[str, Any]:
    return plain(**{
        "name": "entry", "domain": "transport", "update_period": "yearly",
        "share_type": "unconditional", "open_attribute": "conditional",
        "open_conditions": "仅限研究用途使用",
        "open_basis": "《中华人民共和国政府信息公开条例》第十五条", **fields})


def readable(dataset: dict[str, Any]) -> Permitted | Refusal:
    return gate.allows({"user": ""}, dataset["resources"][0]["id"])


@not_the_portal
def test_a_plain_dataset_is_ckans_alone():
    made = plain(extras=[{"key": "colour", "value": "blue"}])
    assert made["extras"] == [{"key": "colour", "value": "blue"}]
    stored = model.Package.get(made["id"]).extras
    assert stored == {"colour": "blue"}
    assert not STATEMENTS & set(made)
    assert made["resources"][0]["url"] == PLACE
    assert readable(made) == Permitted(Way.OPEN)
    changed = helpers.call_action("package_patch", id=made["id"], title="Another")
    assert (changed["title"], changed["extras"]) == ("Another", made["extras"])
    again = helpers.call_action("package_update", id=made["id"], name="plain", extras=[])
    assert again["extras"] == []


@not_the_portal
def test_an_entry_is_judged_and_guarded_there_too():
    with pytest.raises(tk.ValidationError) as caught:
        plain(name="half", open_attribute="conditional")
    assert {"open_basis", "open_conditions", "domain"} <= set(caught.value.error_dict)
    made = entry()
    assert made["catalogue_code"]
    assert isinstance(readable(made), Refusal)
    assert model.Resource.get(made["resources"][0]["id"]).url == locations.HELD


@not_the_portal
def test_an_entry_does_not_become_public_by_saying_nothing():
    made = entry()
    with pytest.raises(tk.ValidationError) as caught:
        helpers.call_action("package_update", id=made["id"], name="entry", title="Plain now",
                            notes="-", resources=made["resources"])
    assert "open_attribute" in caught.value.error_dict
    model.Session.rollback()
    assert isinstance(readable(made), Refusal)


def test_in_the_portal_everything_is_an_entry():
    with pytest.raises(tk.ValidationError) as caught:
        plain(owner_org=factories.Organization()["id"])
    assert {"domain", "share_type", "open_attribute"} <= set(caught.value.error_dict)
    old = model.Package(name="old", title="Before the plugin came")
    model.Session.add(old)
    file = model.Resource(package_id=old.id, url=PLACE)
    old.resources_all.append(file)
    model.Session.commit()
    refused = gate.allows({"user": ""}, file.id)
    assert isinstance(refused, Refusal)
    assert refused.code == "attribute_missing"


@not_the_portal
@pytest.mark.ckan_config("ckan.auth.reveal_private_datasets", True)
def test_of_a_private_plain_dataset_ckan_tells_what_it_is_set_to_tell(app):
    body = factories.Organization()["id"]
    plain(owner_org=body, private=True)
    entry(owner_org=body, private=True)
    address, action = "/dataset/{}", "/api/3/action/package_show?id={}"
    page = app.get(address.format("plain"), follow_redirects=False)
    assert (page.status_code, "/login" in page.headers["Location"]) == (302, True)
    assert app.get(action.format("plain")).status_code == 403
    for asked in (address, action):
        found = app.get(asked.format("entry"), follow_redirects=False)
        assert found.status_code == app.get(asked.format("never-was")).status_code == 404


@not_the_portal
@pytest.mark.ckan_config("ckan.search.remove_deleted_packages", False)
def test_searches_find_ones_own_draft_and_an_operator_what_was_deleted():
    person, other, operator = factories.User(), factories.User(), factories.Sysadmin()
    plain(name="draft", state="draft", user=person)
    plain(name="gone", state="deleted", user=person)

    def found(user: dict[str, Any], **asked: Any) -> list[str]:
        answer = helpers.call_action(
            "package_search", {"user": user["name"], "ignore_auth": False}, **asked)
        return [hit["name"] for hit in answer["results"]]

    assert found(person, include_drafts=True) == ["draft"]
    assert found(other, include_drafts=True, include_deleted=True) == []
    assert found(operator, include_deleted=True) == ["gone"]


@not_the_portal
def test_a_callers_user_that_is_a_dict_is_known_by_his_name():
    person = factories.User()
    found = gate.reader_of({"user": person["name"], "auth_user_obj": person})
    assert found.id == person["id"]


@not_the_portal
def test_pages_are_ckans(app):
    answer = app.get("/")
    assert "gd-hero" not in answer.body
    assert "Welcome" in answer.body
    assert app.get("/dataset").status_code == 200


def test_pages_are_ours_at_ckans_addresses(app):
    assert "gd-hero" in app.get("/").body
    with app.flask_app.test_request_context("/dataset"):
        assert tk.request.endpoint == "dataset.search"
    with app.flask_app.test_request_context("/organization/somewhere"):
        assert tk.request.endpoint == "organization.read"


def test_without_a_place_for_files_nobody_is_offered_to_upload_one(
    ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tk.h.uploads_enabled("resource")
    monkeypatch.setitem(ckan_config, "ckan.storage_path", "")
    assert not tk.h.uploads_enabled("resource")
    assert not tk.h.uploads_enabled()

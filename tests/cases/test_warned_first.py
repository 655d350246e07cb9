"""Whoever closes, hides, moves or deletes is warned first of grants and cases, with numbers."""
from __future__ import annotations

import io
import re

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from ckanext.govdata import queued_job
from tests.cases.conftest import call, world  # noqa: F401
from tests.cases.test_entry_changed import granted

TICK = re.compile(r'name="govdata_confirmed" value="([0-9-]+)"')


@pytest.fixture
def depended(world):  # noqa: F811
    """A grant that runs and a case that is open."""
    return granted(world), world.apply()["id"]


def signed_in(name: str) -> dict[str, str]:
    token = call_action("api_token_create", context={"user": name}, user=name, name="form")
    return {"Authorization": token["token"]}


def filled(body: str) -> dict[str, str]:
    """What a browser sends of the entry's form as it stands."""
    form = BeautifulSoup(body, "html.parser").select_one("form#dataset-edit")
    sent = {}
    for one in form.select("input[name], textarea[name], select[name]"):
        if one.name == "select":
            one = one.select_one("option[selected]") or one.select_one("option") or {}
            name = one.find_parent("select")["name"] if one else ""
            sent[name] = one.get("value", "")
        elif one.get("type") not in ("checkbox", "radio") or one.has_attr("checked"):
            sent[one["name"]] = one.get("value", "") if one.name == "input" else one.text.strip()
    return sent


def standing(grant: str) -> str:
    return call("citizen", "govdata_grant_show", id=grant)["standing"]


def test_the_numbers_by_kind_of_change(world, depended) -> None:  # noqa: F811
    file = world.entry["resources"][0]["id"]
    none = {"revoked": 0, "suspended": 0, "hindered": 0, "moved": 0}
    found = call("officer", "govdata_consequences", id=file)
    assert (found["dataset_id"], found["grants"], found["cases"]) == (world.entry["id"], 1, 1)
    ends, waits = {"revoked": 1, "hindered": 1}, {"suspended": 1, "hindered": 1}
    assert found["changes"] == {
        "private": {**none, **waits}, "deleted": {**none, **ends}, "non_open": {**none, **ends},
        "unconditional": {**none, **ends}, "moved": {**none, "suspended": 1, "moved": 1},
        "file_deleted": {**none, **ends}, "file_replaced": none}
    assert "file_deleted" not in call(
        "head", "govdata_consequences", id=world.entry["name"])["changes"]


@pytest.mark.parametrize("who", ["citizen", "other", "authority", "root"])
def test_others_are_not_told(world, depended, who) -> None:  # noqa: F811
    with pytest.raises(tk.NotAuthorized):
        call(who, "govdata_consequences", id=world.entry["id"])
    with pytest.raises(tk.NotAuthorized):
        call(who, "govdata_consequences", id="none")


CHANGES = {
    "closed": ({"open_attribute": "non_open", "share_type": "unconditional"}, "revoked"),
    "hidden": ({"private": "True"}, "suspended"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_form_comes_back_and_is_kept_with_the_tick(world, app, depended, change) -> None:  # noqa: F811
    fields, then = CHANGES[change]
    headers = signed_in("officer")
    address = f"/dataset/edit/{world.entry['name']}"
    form = filled(app.get(address, headers=headers).body)
    assert "govdata_confirmed" not in form
    form |= {**fields, "notes": "新的说明，已经填好。", "save": ""}
    if change == "closed":
        form = {k: v for k, v in form.items() if not k.endswith("-opened")}
    for tick in ("", "7-7-7-7"):
        answer = app.post(address, data={**form, "govdata_confirmed": tick},
                          headers=headers, follow_redirects=False)
        assert answer.status_code == 200
        assert standing(depended[0]) == "in_force"
        assert "新的说明，已经填好。" in answer.body
    [mark] = TICK.findall(answer.body)
    answer = app.post(address, data={**form, "govdata_confirmed": mark},
                      headers=headers, follow_redirects=False)
    assert answer.status_code == 302
    assert standing(depended[0]) == then
    again = {**form, "notes": "再改一次说明。"}
    answer = app.post(address, data=again, headers=headers, follow_redirects=False)
    assert answer.status_code == 302, "what is closed already ends nothing more"


def test_an_ordinary_change_is_not_asked_about(world, app, depended) -> None:  # noqa: F811
    headers, address = signed_in("officer"), f"/dataset/edit/{world.entry['name']}"
    form = filled(app.get(address, headers=headers).body) | {"notes": "新的说明。", "save": ""}
    answer = app.post(address, data=form, headers=headers, follow_redirects=False)
    assert answer.status_code == 302
    assert standing(depended[0]) == "in_force"


def places(world) -> dict[str, str]:  # noqa: F811
    name = world.entry["name"]
    file = f"/dataset/{name}/resource/{world.entry['resources'][0]['id']}/delete"
    return {"entry": f"/dataset/delete/{name}", "file": file}


@pytest.mark.parametrize("what", ["entry", "file"])
def test_deleting_asks_with_the_numbers(world, app, depended, what) -> None:  # noqa: F811
    headers, address = signed_in("officer"), places(world)[what]
    assert TICK.findall(app.get(address, headers=headers).body) == ["1-0-1-0"]
    answer = app.post(address, data={"delete": ""}, headers=headers, status=409)
    [mark] = TICK.findall(answer.body)
    assert standing(depended[0]) == "in_force"
    app.post(address, data={"delete": "", "govdata_confirmed": mark}, headers=headers,
             follow_redirects=False)
    assert standing(depended[0]) == "revoked"


@pytest.mark.parametrize("what", ["entry", "file"])
def test_where_nothing_depends_nothing_is_asked(world, app, what) -> None:  # noqa: F811
    headers, address = signed_in("officer"), places(world)[what]
    assert not TICK.findall(app.get(address, headers=headers).body)
    answer = app.post(address, data={"delete": ""}, headers=headers, follow_redirects=False)
    assert answer.status_code == 302


def test_strangers_learn_nothing_from_the_question(world, app, depended) -> None:  # noqa: F811
    for address in places(world).values():
        answer = app.post(address, data={"delete": ""}, headers=signed_in("other"),
                          status=None, follow_redirects=False)
        assert answer.status_code in (403, 404)
        assert not TICK.findall(answer.body)


MANY = {"private": ("0-1-1-0", "suspended"), "delete": ("1-0-1-0", "revoked")}


@pytest.mark.parametrize("kind", MANY)
def test_the_page_for_many_entries_asks_with_the_numbers_of_all(world, app, depended, kind) -> None:  # noqa: F811
    headers, address = signed_in("head"), "/en/organization/bulk_process/yaohai-minzhengju"
    wanted, then = MANY[kind]
    form = {f"dataset_{world.entry['id']}": "on", f"bulk_action.{kind}": kind}
    assert not TICK.findall(app.get(address, headers=headers).body)
    for tick in ("", "7-7-7-7"):
        answer = app.post(address, data={**form, "govdata_confirmed": tick}, headers=headers,
                          status=409)
        assert standing(depended[0]) == "in_force"
        ticked = BeautifulSoup(answer.body, "html.parser").select("input[checked]")
        assert [one["name"] for one in ticked] == [f"dataset_{world.entry['id']}"]
    [mark] = TICK.findall(answer.body)
    assert mark == wanted
    public = {**form, "govdata_confirmed": mark, "bulk_action.public": "public"}
    del public[f"bulk_action.{kind}"]
    app.post(address, data=public, headers=headers, follow_redirects=False)
    assert standing(depended[0]) == "in_force", "making public ends nothing and asks nothing"
    app.post(address, data={**form, "govdata_confirmed": mark}, headers=headers,
             follow_redirects=False)
    assert standing(depended[0]) == then


def test_who_may_not_is_not_told_by_the_page_for_many(world, app, depended) -> None:  # noqa: F811
    form = {f"dataset_{world.entry['id']}": "on", "bulk_action.delete": "delete"}
    address = "/organization/bulk_process/yaohai-minzhengju"
    for who in ("other", "officer", "citizen"):
        answer = app.post(address, data=form, headers=signed_in(who), status=None,
                          follow_redirects=False)
        assert answer.status_code in (403, 404)
        assert not TICK.findall(answer.body)
    assert standing(depended[0]) == "in_force"


@pytest.fixture
def at_once(monkeypatch):
    """The job of an import runs where it is put into the queue."""
    monkeypatch.setattr(queued_job, "enqueue", lambda job, args, *_: job(*args))


def test_an_import_names_the_entries_and_waits_for_the_tick(world, app, depended, at_once) -> None:  # noqa: F811
    title, headers = world.entry["title"], signed_in("officer")
    heads = "id,信息资源名称,信息资源摘要,提供方,开放属性"
    sheet = f"{heads}\n{world.entry['name']},{title},说明,瑶海区民政局,无条件开放\n"
    answer = app.post("/catalogue/import", headers=headers, follow_redirects=False,
                      data={"upload": (io.BytesIO(sheet.encode()), "a.csv")},
                      content_type="multipart/form-data")
    place = re.sub(r"^https?://[^/]+", "", answer.headers["Location"])
    page = app.get(place, headers=headers).body
    [mark] = TICK.findall(page)
    assert mark == "1-0-1-0"
    assert f"/dataset/{world.entry['name']}" in page
    for tick in ("", "7-7-7-7"):
        app.post(f"{place}/confirm", data={"govdata_confirmed": tick}, headers=headers)
        assert TICK.findall(app.get(place, headers=headers).body) == [mark]
        assert standing(depended[0]) == "in_force"
    app.post(f"{place}/confirm", data={"govdata_confirmed": mark}, headers=headers)
    assert standing(depended[0]) == "revoked"


def test_a_program_imports_and_is_told(world, depended) -> None:  # noqa: F811
    row = {"id": world.entry["name"], "信息资源名称": world.entry["title"],
           "开放属性": "无条件开放", "信息资源摘要": "说明", "提供方": "瑶海区民政局"}
    found = call("officer", "govdata_catalogue_import", rows=[row])
    assert found["written"]
    (told,) = found["consequences"]
    assert (told["name"], told["revoked"], told["hindered"]) == (world.entry["name"], 1, 1)
    assert standing(depended[0]) == "revoked"


def test_a_program_goes_through_and_is_told(world, depended) -> None:  # noqa: F811
    call("officer", "package_patch", id=world.entry["id"], private=True)
    assert standing(depended[0]) == "suspended"

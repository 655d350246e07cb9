"""Refused commands leave no file, shares and drafts are limited, drafts have the right shapes."""
from __future__ import annotations

import io
import json
import os
from datetime import timedelta
from pathlib import Path

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan.tests.helpers import call_action

from ckanext.govdata import leftover_files, now, settings
from ckanext.govdata.forms.model import attachment
from tests.cases.conftest import call

PDF = b"%PDF-1.4 licence "


def files() -> set[str]:
    """Names of what lies among the attachments."""
    folder = Path(settings.storage_path()) / "govdata" / "attachments"
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


@pytest.fixture
def post(app):
    def send(who, path, data, status=None):
        token = call_action("api_token_create", context={"user": who}, user=who, name=f"{who}-p")
        answer = app.post(path, headers={"Authorization": token["token"]}, data=data,
                          follow_redirects=False)
        assert answer.status_code == status if status else answer.status_code < 500, answer.body
        return answer

    return send


def upload(mark: str, name: str = "执照.pdf"):
    return io.BytesIO(PDF + mark.encode()), name


@pytest.mark.parametrize("command", ["supply", "remark", "object", "withdraw", "none"])
def test_a_command_that_is_not_possible_keeps_no_file(world, post, command):
    case, before = world.apply(), files()
    data = {"upload": [upload(f"{command}{n}") for n in range(5)], "reason": "x"}
    post("citizen", f"/cases/{case['id']}/do/{command}", data)
    assert files() == before


def test_a_stranger_and_an_outsider_keep_no_file(world, post):
    case, before = world.apply(), files()
    for who in ("other", "authority"):
        post(who, f"/cases/{case['id']}/do/supply", {"upload": upload(who)})
    assert files() == before


REFUSED = [("a.exe", b"MZ"), ("a.pdf", b"no pdf"), ("a.txt", b"")]


@pytest.mark.parametrize(("name", "content"), REFUSED)
def test_a_refused_file_takes_the_others_of_its_form_with_it(world, post, name, content):
    draft = begun(world)
    before = files()
    data = {"upload": [upload("good"), (io.BytesIO(content), name)]}
    post("citizen", f"/cases/{draft}/step/what", data)
    assert files() == before
    assert rows(draft) == 0
    if not content:
        said = post("citizen", f"/en/cases/{draft}/step/what", {"upload": (io.BytesIO(), name)})
        assert "is empty" in said.body


def test_a_form_that_is_refused_for_another_reason_keeps_no_file(world, post, monkeypatch):
    draft, before = begun(world), files()
    post("citizen", f"/cases/{draft}/step/what", {"upload": upload("x"), "purpose": "用" * 50_000})
    assert files() == before
    assert rows(draft) == 0


def test_a_file_that_is_kept_stands_when_its_row_does(world, post):
    draft = begun(world)
    post("citizen", f"/cases/{draft}/step/what", {"upload": upload("kept"), "stay": "1"}, 302)
    row = model.Session.execute(sa.select(attachment).where(attachment.c.case_id == draft)).one()
    assert row.sha256 in files()
    assert not [name for name in files() if name.startswith("new-")]


def begun(world) -> str:
    entry = world.entry["id"]
    return call("citizen", "govdata_case_create", kind="open_application", dataset_id=entry)["id"]


def rows(case_id: str) -> int:
    counted = sa.select(sa.func.count()).where(attachment.c.case_id == case_id)
    return model.Session.scalar(counted)


@pytest.mark.ckan_config("ckanext.govdata.cases.attachments_per_case", 3)
def test_a_case_holds_so_many_files_and_says_so(world, post):
    draft = begun(world)
    for n in range(3):
        post("citizen", f"/cases/{draft}/step/what", {"upload": upload(f"{n}"), "stay": 1}, 302)
    said = post("citizen", f"/en/cases/{draft}/step/what", {"upload": upload("one more")})
    assert "at most 3 attachments" in said.body
    assert "there are 3" in said.body
    assert rows(draft) == 3


@pytest.mark.ckan_config("ckanext.govdata.cases.attachments_per_person_size", 1)
def test_a_person_attaches_so_much_in_all_cases_together(world, post):
    draft, before = begun(world), files()
    big = (io.BytesIO(PDF + os.urandom(700_000)), "a.pdf")
    post("citizen", f"/cases/{draft}/step/what", {"upload": big, "stay": "1"}, 302)
    other = begun(world)
    more = (io.BytesIO(PDF + os.urandom(700_000)), "b.pdf")
    said = post("citizen", f"/en/cases/{other}/step/what", {"upload": more})
    assert "files of 1 MiB" in said.body
    assert len(files() - before) == 1


@pytest.mark.ckan_config("ckanext.govdata.cases.attachments_per_person_size", 1)
@pytest.mark.ckan_config("ckanext.govdata.cases.largest_attachment", 1)
def test_what_a_person_attached_a_month_ago_is_counted_no_more(world, post, on_day):
    draft, other = begun(world), begun(world)
    just = PDF + os.urandom(1024**2 - len(PDF))
    full = {"upload": (io.BytesIO(just), "a.pdf"), "stay": "1"}
    post("citizen", f"/cases/{draft}/step/what", full, 302)
    for days, counted in ((29, True), (2, False)):
        on_day(now.today() + timedelta(days=days))
        said = post("citizen", f"/en/cases/{other}/step/what", {"upload": upload(f"{days}")})
        assert ("in 30 days" in said.body) is counted
    assert (rows(draft), rows(other)) == (1, 1)


def test_a_file_is_reached_by_its_own_case_alone(world, post, app):
    draft, other = begun(world), begun(world)
    post("citizen", f"/cases/{draft}/step/what", {"upload": upload("mine"), "stay": "1"}, 302)
    file = model.Session.scalar(sa.select(attachment.c.id))
    made = call_action("api_token_create", context={"user": "citizen"}, user="citizen", name="f")
    for case, status in ((draft, 200), (other, 404)):
        headers = {"Authorization": made["token"]}
        app.get(f"/cases/{case}/file/{file}", headers=headers, status=status)


def test_drafts_of_an_entry_are_limited(world):
    world.apply()  # handed in, so no draft any more
    for _ in range(settings.drafts_per_entry()):
        begun(world)
    with pytest.raises(tk.ValidationError) as refused:
        begun(world)
    assert str(settings.drafts_per_entry()) in refused.value.error_dict["dataset_id"][0]


ORPHAN = "01-2345-4678-8abc-def012345678"
"""The rest of the name of a file whose resource is no more."""


def test_what_no_row_names_is_swept_and_named(world, post):
    draft = begun(world)
    post("citizen", f"/cases/{draft}/step/what", {"upload": upload("kept"), "stay": "1"}, 302)
    kept = files()
    folder = Path(settings.storage_path()) / "govdata" / "attachments"
    resources = Path(settings.storage_path()) / "resources" / "abc" / "def"
    resources.mkdir(parents=True, exist_ok=True)
    old = [folder / "new-forgotten", folder / ("f" * 64), resources / ORPHAN]
    for path in old:
        path.write_bytes(b"x")
        os.utime(path, (1, 1))
    for name in kept:
        os.utime(folder / name, (1, 1))  # a row names it, however old it is
    young = folder / "new-young"
    young.write_bytes(b"x")
    gone = leftover_files.sweep(model.Session).names
    attachments = "govdata/attachments"
    assert set(gone) == {f"{attachments}/new-forgotten", f"{attachments}/{'f' * 64}",
                         f"resources/abc/def/{ORPHAN}"}
    assert not any(path.exists() for path in old)
    assert young.exists()
    young.unlink()
    assert kept <= files()


def test_following_a_link_begins_no_application(world, app):
    token = call_action("api_token_create", context={"user": "citizen"}, user="citizen", name="l")
    headers = {"Authorization": token["token"]}
    page = app.get(f"/apply/{world.entry['name']}", headers=headers)
    assert call("citizen", "govdata_case_list", mine=True)["count"] == 0
    assert '<form class="gd-card gd-case-form" method="post">' in page.body
    app.post(f"/apply/{world.entry['name']}", headers=headers, follow_redirects=False)
    assert call("citizen", "govdata_case_list", mine=True)["count"] == 1
    again = app.get(f"/apply/{world.entry['name']}", headers=headers, follow_redirects=False)
    assert "/step/who" in again.headers["Location"]


WRONG = [
    {"columns": [1]}, {"columns": {"a": 1}}, {"columns": {"a": [1]}}, {"columns": "a"},
    {"resources": [1, None]}, {"resources": {}, "materials": [{}]}, {"resources": 7},
    {"materials": [{}]}, {"materials": {"a": []}}, {"scenario": {}, "purpose": ["x"]},
    {"purpose": {"a": 1}}, {"purpose": 1.5}, {"period_from": [1]}, {"contact_name": [[[[1]]]]},
    {"contact_phone": 10**40}, {"scenario": [{}]}, {"purpose": True}, {"purpose": 5},
    {"period_from": True}, {"period_until": 20261001}, {"delivery": 3}, {"contact_email": 1},
]  # fmt: skip


@pytest.mark.parametrize("values", WRONG, ids=str)
def test_a_draft_of_wrong_types_is_refused_by_field(world, values):
    draft = begun(world)
    wrong = [name for name, value in values.items() if value]
    with pytest.raises(tk.ValidationError) as refused:
        call("citizen", "govdata_case_act", id=draft, command="save", fields=values)
    assert set(wrong) & set(refused.value.error_dict)


@pytest.mark.parametrize("values", WRONG, ids=str)
def test_a_draft_that_is_broken_already_opens(world, app, values):
    draft = begun(world)
    with model.ensure_engine().begin() as connection:
        written = sa.text("UPDATE govdata_case SET draft = :draft WHERE id = :id")
        connection.execute(written, {"draft": json.dumps(values), "id": draft})
    token = call_action("api_token_create", context={"user": "citizen"}, user="citizen", name="b")
    headers = {"Authorization": token["token"]}
    for step in ("who", "what", "terms"):
        app.get(f"/cases/{draft}/step/{step}", headers=headers, status=200)
    call("citizen", "govdata_case_act", id=draft, command="save", fields={"purpose": "查询"})

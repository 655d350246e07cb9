"""An officer imports a sheet with errors, mends it, imports it; nobody else sees it."""

from __future__ import annotations

import re

import pytest
from catalogue_sheets import act, row, sheet
from ckan import model
from ckan.tests import factories

from ckanext.govdata import queued_job
from ckanext.govdata.catalogue.imports import import_rows


@pytest.fixture
def officer(fgw):
    made = factories.UserWithToken()
    act("organization_member_create", id=fgw["id"], username=made["name"], role="editor")
    return {"Authorization": made["token"]}


def send(app, path, headers, **data):
    with path.open("rb") as file:
        return app.post(
            "/catalogue/import",
            data={"upload": (file, path.name), **data},
            headers=headers,
            content_type="multipart/form-data",
            follow_redirects=False,
        )


def test_the_journey(tmp_path, app, officer, at_once):
    bad = send(app, sheet(tmp_path / "a.xlsx", [row(1), row(2, 发布日期="2022-02-30")]), officer)
    assert bad.status_code == 302
    place = re.sub(r"^https?://[^/]+", "", bad.headers["Location"])
    page = app.get(place, headers=officer)
    assert "2022-02-30" in page.body
    marked = app.get(f"{place}/marked", headers=officer)
    assert marked.data[:2] == b"PK"
    assert model.Session.query(model.Package).count() == 0

    good = send(app, sheet(tmp_path / "b.xlsx", [row(1), row(2)]), officer)
    place = re.sub(r"^https?://[^/]+", "", good.headers["Location"])
    import_id = place.rpartition("/")[2]
    assert app.get(f"{place}/state", headers=officer).json == {
        "state": "looked", "done": 2, "running": False,
    }  # fmt: skip
    app.post(f"{place}/confirm", headers=officer, follow_redirects=False)
    assert app.get(f"{place}/state", headers=officer).json["state"] == "done"
    assert model.Session.query(model.Package).count() == 2
    assert not import_rows.sheet(import_id).exists()


def test_a_program_sends_rows(app, officer, fgw):
    """By the API, which judges kinds of parameters before an action sees them."""
    def ask(rows):
        sent = {"rows": rows, "organization": fgw["id"]}
        return app.post("/api/3/action/govdata_catalogue_import", json=sent, headers=officer)

    made = ask([{"title": f"公交线路{n}", "open_type": "无条件开放"} for n in range(3)])
    assert (made.status_code, made.json["result"]["created"]) == (200, 3)
    for wrong in ("text", 7, {"title": "a"}, ["text"], [["a"]]):
        assert ask(wrong).status_code == 409
    assert model.Session.query(model.Package).count() == 3


def test_nobody_else_sees_it(tmp_path, app, officer, at_once):
    place = send(app, sheet(tmp_path / "a.xlsx", [row(1)]), officer).headers["Location"]
    place = re.sub(r"^https?://[^/]+", "", place)
    other = factories.UserWithToken()
    organization = factories.Organization(level="city", region="3401", role="department")
    act("organization_member_create", id=organization["id"], username=other["name"], role="editor")
    stranger = {"Authorization": other["token"]}
    for path in (place, f"{place}/state", f"{place}/marked"):
        assert app.get(path, headers=stranger, expect_errors=True).status_code == 404
        assert app.get(path, expect_errors=True).status_code == 403
    for path in (f"{place}/confirm", f"{place}/discard"):
        assert app.post(path, headers=stranger, expect_errors=True).status_code == 404
    assert (
        app.get("/catalogue/import/" + "0" * 32, headers=officer, expect_errors=True).status_code
        == 404
    )
    assert (
        app.get("/catalogue/import/..%2f..", headers=officer, expect_errors=True).status_code == 404
    )


def test_only_officers_see_the_page(app, fgw):
    assert app.get("/catalogue/import", expect_errors=True).status_code == 403
    user = {"Authorization": factories.UserWithToken()["token"]}
    assert app.get("/catalogue/import", headers=user, expect_errors=True).status_code == 403


def test_bad_files_say_why(tmp_path, app, officer, at_once):
    (tmp_path / "a.xlsx").write_bytes(b"%PDF-1.7")
    place = send(app, tmp_path / "a.xlsx", officer).headers["Location"]
    page = app.get(re.sub(r"^https?://[^/]+", "", place), headers=officer)
    assert "By its content this file is PDF" in page.body
    empty = app.post("/catalogue/import", headers=officer, expect_errors=True)
    assert empty.status_code == 409


def test_giving_up_deletes_the_sheet(tmp_path, app, officer, at_once):
    place = send(app, sheet(tmp_path / "a.xlsx", [row(1)]), officer).headers["Location"]
    place = re.sub(r"^https?://[^/]+", "", place)
    for _click in range(2):
        answer = app.post(f"{place}/discard", headers=officer, follow_redirects=False)
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith("/catalogue/import")
        assert not import_rows.sheet(place.rpartition("/")[2]).exists()


@pytest.mark.ckan_config("ckanext.govdata.catalogue.imports_per_person", 2)
def test_so_many_are_open_and_one_that_is_given_up_makes_room(
    tmp_path, app, fgw, officer, at_once
):
    """An officer's own alone are counted, and those that he has not done."""
    colleague = factories.UserWithToken()
    act("organization_member_create", id=fgw["id"], username=colleague["name"], role="editor")
    path = sheet(tmp_path / "a.xlsx", [row(1)])
    first, second = [send(app, path, officer).headers["Location"] for _ in range(2)]
    refused = send(app, path, officer)
    assert refused.status_code == 409
    assert "You have 2 imports open; at most 2 may be" in refused.get_data(as_text=True)
    assert len(list(import_rows.root().iterdir())) == 2
    assert send(app, path, {"Authorization": colleague["token"]}).status_code == 302
    for place, over in ((first, "discard"), (second, "confirm")):
        path_of = re.sub(r"^https?://[^/]+", "", place)
        app.post(f"{path_of}/{over}", headers=officer, follow_redirects=False)
        assert send(app, path, officer).status_code == 302


def test_a_queue_that_is_down(tmp_path, app, officer, monkeypatch):
    def down(*_, **__):
        raise ConnectionError("no queue")

    monkeypatch.setattr(queued_job, "enqueue", down)
    place = send(app, sheet(tmp_path / "a.xlsx", [row(1)]), officer).headers["Location"]
    place = re.sub(r"^https?://[^/]+", "", place)
    assert app.get(f"{place}/state", headers=officer).json["state"] == "looked"


@pytest.mark.parametrize(
    ("kind", "start"), [("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("json", b"[")]
)
def test_everybody_may_export(app, fgw, kind, start):
    answer = app.get(f"/catalogue/export?format={kind}")
    assert answer.data.startswith(start)
    assert "attachment" in answer.headers["Content-Disposition"]


def test_an_unknown_format(app, fresh):
    assert app.get("/catalogue/export?format=exe", expect_errors=True).status_code == 400

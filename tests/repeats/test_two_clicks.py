"""A form that is sent twice (two clicks, a page loaded anew) is one act; both are led to it."""
from __future__ import annotations

import io
import threading

import ckan.model as model
import sqlalchemy as sa
from bs4 import BeautifulSoup

from ckanext.govdata import queued_job
from ckanext.govdata.catalogue.imports import import_rows
from ckanext.govdata.catalogue.model import imports
from ckanext.govdata.security import kept_texts
from tests.cases.conftest import call
from tests.emergency.conftest import TABLE

BULLETIN = {"bulletin_title": "一号通报", "bulletin_text": "水位上涨。"}
PUBLISHED = {"target": "create", "title": "河道水位", "table": TABLE, "rhythm": "15",
             "time_column": "时间", "place_column": "站点", **BULLETIN}


def test_two_publications_of_one_form_are_one(flood, page, send) -> None:
    path = f"/emergency-desk/{flood.event}/publish"
    form = {**page("officer", path), **PUBLISHED}
    first, again = send("officer", path, **form), send("officer", path, **form)
    assert (first.status_code, again.status_code) == (302, 302)
    assert again.location == first.location
    shown = flood.show()
    assert [len(one["versions"]) for one in shown["datasets"]] == [1]
    assert len(shown["bulletins"]) == 1


def test_two_declarations_of_one_form_are_one(place, page, send) -> None:
    path = "/emergency-desk/declare"
    form = {**page("head", path), "title": "洪涝", "kind": "natural_disaster/flood_drought",
            "level": "II", "organization": "yaohai-shuiwuju", "regions": "340102",
            "basis": "防汛抗旱应急预案", "threshold": "harm_likely",
            "duty": "区防汛抗旱指挥部成员单位。", "contact": "指挥部 0551-64490000", "rhythm": "60",
            "text": "水位。"}
    first, again = send("head", path, **form), send("head", path, **form)
    assert (first.status_code, again.status_code) == (302, 302)
    assert again.location == first.location
    assert call("head", "govdata_emergency_list")["count"] == 1


def test_what_was_changed_in_between_is_asked_about(flood, page, send) -> None:
    """Who goes back to the form that was sent, writes something else and sends it, is told that
    the first was carried out; the form that he is shown may be sent."""
    path = f"/emergency-desk/{flood.event}/publish"
    form = {**page("officer", path), "target": "", **BULLETIN}
    assert send("officer", path, **form).status_code == 302
    changed = {**form, "bulletin_text": "水位下降。"}
    refused = send("officer", path, **changed)
    assert refused.status_code == 409
    assert "What you sent from this page before was carried out" in refused.body
    assert "水位下降。" in refused.body
    fresh = BeautifulSoup(refused.body, "html.parser").select_one(
        f"input[name={kept_texts.ONCE}]")["value"]
    assert send("officer", path, **{**changed, kept_texts.ONCE: fresh}).status_code == 302
    assert [one["text"] for one in flood.show()["bulletins"]] == ["水位下降。", "水位上涨。"]


def test_what_was_refused_is_put_right_in_the_form_that_is_shown_anew(flood, page, send) -> None:
    path = f"/emergency-desk/{flood.event}/publish"
    form = {**page("officer", path), "target": "", **BULLETIN}
    assert send("officer", path, **{**form, "bulletin_text": ""}).status_code == 409
    assert send("officer", path, **form).status_code == 302
    assert len(flood.show()["bulletins"]) == 1


def test_two_clicks_on_a_command_of_a_case_are_one(world, page, app, token) -> None:
    case = world.apply()
    target = f"/en/cases/{case['id']}/do/accept"
    body = app.get(f"/en/cases/{case['id']}", headers=token("officer")).body
    accept = BeautifulSoup(body, "html.parser").select_one(f"form[action='{target}']")
    form = {one["name"]: one["value"] for one in accept.select("input[type=hidden]")}
    gate, answers = threading.Barrier(2), []

    def click():
        client = app.flask_app.test_client()
        gate.wait()
        answers.append(client.post(target, data=form, headers=token("officer")))
        model.Session.remove()

    token("officer")
    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [one.status_code for one in answers] == [302, 302]
    assert len({one.location for one in answers}) == 1
    events = call("officer", "govdata_case_show", id=case["id"])["events"]
    assert [one["command"] for one in events] == ["submit", "accept"]


def test_one_application_is_handed_in_by_two_clicks(world, page, send) -> None:
    draft = call("citizen", "govdata_case_create", kind="open_application",
                 dataset_id=world.entry["id"], form=world.supplied())
    path = f"/cases/{draft['id']}/step/confirm"
    form = {**page("citizen", path), "terms_version": "2026-2", "commitment": "true",
            "submit": "submit"}
    answers = [send("citizen", path, **form) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert len({one.location for one in answers}) == 1
    assert call("citizen", "govdata_case_list", mine=True)["count"] == 1


def test_what_a_script_saves_meanwhile_is_not_the_forms_act(world, page, send) -> None:
    draft = call("citizen", "govdata_case_create", kind="open_application",
                 dataset_id=world.entry["id"], form=world.supplied())
    path = f"/cases/{draft['id']}/step/what"
    form = page("citizen", path)
    for purpose in ("研究公交线路的客流", "研究公交线路的客流与换乘"):
        answer = send("citizen", path, **form, purpose=purpose, stay="1", unasked="1")
        assert answer.status_code == 204
    said = send("citizen", path, **form, purpose="研究公交线路")
    assert said.status_code == 409, "kept, and told what is missing on the page"
    shown = call("citizen", "govdata_case_show", id=draft["id"])["draft"]
    assert shown["purpose"] == "研究公交线路"


def test_a_sheet_that_is_sent_twice_is_one_import(flood, page, app, token, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(queued_job, "enqueue", lambda _job, args, *_: asked.append(args))
    form = page("officer", "/catalogue/import")
    sheet = "信息资源名称\n公厕信息\n".encode()

    def click(path="/en/catalogue/import", fields=form, **more):
        return app.post(path, data={**fields, **more}, headers=token("officer"),
                        follow_redirects=False)

    first, again = (click(upload=(io.BytesIO(sheet), "a.csv")) for _ in range(2))
    assert (first.status_code, again.status_code) == (302, 302)
    assert again.location == first.location
    assert len(list(import_rows.root().iterdir())) == 1
    other = click(upload=(io.BytesIO(sheet + "菜场\n".encode()), "a.csv"))
    assert other.status_code == 409
    import_id = first.location.rpartition("/")[2]
    looked = sa.update(imports).values(state="looked")
    target = f"/en/catalogue/import/{import_id}/confirm"
    for _ in range(2):
        model.Session.execute(looked)  # whatever has become of it meanwhile
        model.Session.commit()
        assert click(target, {kept_texts.ONCE: "f" * 32}).status_code == 302
    assert [one[0] for one in asked] == [import_id] * 2


def test_who_is_not_signed_in_gets_no_key(app) -> None:
    assert kept_texts.ONCE not in app.get("/en/emergency/mail").body

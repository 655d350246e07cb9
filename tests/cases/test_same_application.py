"""The same application is there once: a second click, a program that asks again (K25)."""

import threading

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan.tests.helpers import call_action

from tests.cases.conftest import BASIS, REASON, call, make_entry, site

PURPOSE = "研究公交线路的换乘与站点的布局"


def refused(attempt):
    """The reason for which the same application is not taken again."""
    with pytest.raises(tk.ValidationError) as error:
        attempt()
    [reason] = error.value.error_dict["reasons"]
    assert reason["code"] == "applied_already"
    assert reason["value"] in error.value.error_dict["dataset_id"][0]
    return reason["value"]


def test_three_at_once_and_a_fourth_later_are_one_case(world, app):
    gate, numbers, again = threading.Barrier(3), [], []

    def hand_in():
        with app.flask_app.app_context():
            gate.wait()
            try:
                numbers.append(world.apply(purpose=PURPOSE)["reference"])
            except tk.ValidationError as error:
                again.append(error.error_dict["reasons"][0]["value"])
            finally:
                model.Session.remove()

    threads = [threading.Thread(target=hand_in) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(numbers) == 1, (numbers, again)
    assert again == numbers * 2
    assert refused(lambda: world.apply(purpose=PURPOSE)) == numbers[0]
    assert call("citizen", "govdata_case_list", mine=True)["count"] == 1
    assert call("officer", "govdata_case_list", desk=True)["count"] == 1


def test_drafts_of_the_same_handed_in_at_once_are_one_case(world, app):
    drafts = [begun(world, **world.supplied(purpose=PURPOSE)) for _ in range(3)]
    gate, outcomes = threading.Barrier(3), []

    def hand_in(draft):
        with app.flask_app.app_context():
            gate.wait()
            try:
                world.act("citizen", draft, "submit", terms_version="2026-2", commitment=True)
                outcomes.append("submitted")
            except tk.ValidationError as error:
                outcomes.append(error.error_dict["reasons"][0]["code"])
            finally:
                model.Session.remove()

    threads = [threading.Thread(target=hand_in, args=(draft,)) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["applied_already", "applied_already", "submitted"]


def test_two_clicks_on_the_button_are_one_draft(world, app):
    token = call_action("api_token_create", context={"user": "citizen"}, user="citizen", name="b")
    gate, led = threading.Barrier(3), []

    def click():
        client = app.flask_app.test_client()
        gate.wait()
        answer = client.post(f"/apply/{world.entry['name']}",
                             headers={"Authorization": token["token"]})
        led.append(answer.location)
        model.Session.remove()

    threads = [threading.Thread(target=click) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(led) == 3
    assert len(set(led)) == 1
    assert call("citizen", "govdata_case_list", mine=True)["count"] == 1


def test_a_signed_in_reader_begins_with_one_click_and_a_stranger_signs_in(world, app):
    token = call_action("api_token_create", context={"user": "citizen"}, user="citizen", name="c")
    address = f"/en/apply/{world.entry['name']}"
    page = app.get(f"/en/dataset/{world.entry['name']}",
                   headers={"Authorization": token["token"]}).body
    assert f'<form method="post" action="{address}">' in page
    assert f'href="{address}"' not in page
    page = app.get(f"/en/dataset/{world.entry['name']}").body
    assert f'action="{address}"' not in page
    assert f'href="{address}"' in page
    led = app.get(address, follow_redirects=False).headers["Location"]
    assert "/user/login" in led


def begun(world, who="citizen", **form):
    made = call(who, "govdata_case_create", kind="open_application",
                dataset_id=world.entry["id"], form=form)
    return made["id"]


def test_spacing_width_and_order_make_no_other_application(world):
    table = world.entry["resources"][0]["id"]
    first = world.apply(purpose=PURPOSE)["reference"]
    spaced = PURPOSE[:5] + "\n　" + PURPOSE[5:]
    columns = {table: ["客流量", "线路名称"]}
    assert refused(lambda: world.apply(purpose=spaced, columns=columns)) == first
    assert refused(lambda: world.apply(purpose=PURPOSE, contact_name="李四")) == first


def test_an_honest_other_application_is_taken(world):
    """Another purpose, other columns, another person, another entry; and the same once more when
    the first is over."""
    first = world.apply(purpose=PURPOSE)
    table = world.entry["resources"][0]["id"]
    assert world.apply(purpose="统计各街道站点的覆盖人口与换乘")["open"]
    assert world.apply(purpose=PURPOSE, columns={table: ["线路名称"]})["open"]
    assert world.apply("other", purpose=PURPOSE)["open"]
    world.act("citizen", first["id"], "withdraw")
    second = world.apply(purpose=PURPOSE)
    world.act("officer", second["id"], "accept")
    world.act("officer", second["id"], "propose", proposal="refuse", note="拟不予开放")
    world.act("head", second["id"], "refuse", reason=REASON, basis=BASIS)
    assert world.apply(purpose=PURPOSE)["open"]


def test_what_the_first_asks_for_now_counts(world):
    """An application that was supplied with another purpose leaves room for the first one."""
    first = world.apply(purpose=PURPOSE)
    world.act("officer", first["id"], "request_supplement", missing_items="请说明用途")
    changed = "统计各街道站点的覆盖人口与换乘"
    world.act("citizen", first["id"], "supply", **world.supplied(purpose=changed))
    assert refused(lambda: world.apply(purpose=changed)) == first["reference"]
    assert world.apply(purpose=PURPOSE)["open"]


def test_nothing_is_left_of_the_refused_one(world):
    world.apply(purpose=PURPOSE)
    draft = begun(world, **world.supplied(purpose=PURPOSE))
    refused(lambda: world.act("citizen", draft, "submit", terms_version="2026-2", commitment=True))
    shown = call("citizen", "govdata_case_show", id=draft)
    assert (shown["state"], shown["reference"]) == ("draft", None)
    assert shown["draft"]["purpose"] == PURPOSE


class TestDraftCounts:
    """What was saved is handed in (K26)."""

    def test_submit_takes_what_was_saved(self, world):
        draft = begun(world, **world.supplied(purpose=PURPOSE))
        case = world.act("citizen", draft, "submit", terms_version="2026-2", commitment=True)
        assert case["state"] == "submitted"
        assert case["answers"]["purpose"] == PURPOSE
        kept = model.Session.scalar(sa.text("SELECT draft FROM govdata_case"))
        assert kept == "{}", "what was handed in stands with its event alone"

    def test_what_is_said_now_goes_before_it(self, world):
        draft = begun(world, **world.supplied(purpose=PURPOSE, contact_email="a@example.invalid"))
        said = {"purpose": "统计各街道站点的覆盖人口与换乘", "contact_email": ""}
        said |= {"terms_version": "2026-2", "commitment": True}
        case = world.act("citizen", draft, "submit", **said)
        assert case["answers"]["purpose"] == said["purpose"]
        assert "contact_email" not in case["answers"]

    def test_what_was_not_saved_is_still_missing(self, world):
        draft = begun(world, purpose=PURPOSE)
        with pytest.raises(tk.ValidationError) as error:
            world.act("citizen", draft, "submit", commitment=True)
        assert {"contact_name", "resources", "terms_version"} <= set(error.value.error_dict)
        assert "purpose" not in error.value.error_dict

    def test_terms_are_never_taken_from_a_draft(self, world):
        with pytest.raises(tk.ValidationError) as error:
            begun(world, **world.form())
        assert {"terms_version", "commitment"} <= set(error.value.error_dict)


class TestForeignThings:
    """A draft names only what may be chosen in it, and tells nothing of what may not."""

    def attempt(self, world, **form):
        draft = begun(world)
        with pytest.raises(tk.ValidationError) as saving:
            world.act("citizen", draft, "save", **form)
        with pytest.raises(tk.ValidationError) as creating:
            begun(world, **form)
        assert call("citizen", "govdata_case_show", id=draft)["draft"] == {}
        assert saving.value.error_dict == creating.value.error_dict
        return saving.value.error_dict

    def test_files_of_other_entries(self, world):
        owner = world.department["id"]
        there = {
            "public": make_entry(owner)["resources"][0]["id"],
            "private": make_entry(owner, private=True)["resources"][0]["id"],
            "none": "00000000-0000-4000-8000-000000000000",
        }
        said = {
            kind: str(self.attempt(world, resources=[name])).replace(name, "ID")
            for kind, name in there.items()
        }
        assert len(set(said.values())) == 1, said
        assert "resources" in self.attempt(world, resources=[there["private"]])

    def test_columns_attachments_and_grants(self, world):
        table = world.entry["resources"][0]["id"]
        assert "columns" in self.attempt(world, columns={table: ["司机电话"]})
        assert "columns" in self.attempt(world, columns={"another": ["线路名称"]})
        assert "materials" in self.attempt(world, materials=["another"])
        assert "renews" in self.attempt(world, renews="another")

    def test_a_file_that_is_gone_since_does_not_stop_the_other_pages(self, world):
        form = world.supplied(purpose=PURPOSE)
        draft = begun(world, **form)
        tk.get_action("resource_create")(
            site(), {"package_id": world.entry["id"], "name": "新.csv",
                     "url": "https://example.invalid/b.csv"})
        tk.get_action("resource_delete")(site(), {"id": form["resources"][0]})
        form["scenario"] = "other"
        kept = world.act("citizen", draft, "save", **form)["draft"]
        assert kept["resources"] == form["resources"]
        with pytest.raises(tk.ValidationError) as error:
            world.act("citizen", draft, "submit", terms_version="2026-2", commitment=True)
        assert "resources" in error.value.error_dict

"""A program that asks again under the same key has one act and the same answer (issue 15)."""
from __future__ import annotations

import io
import json
import logging
import threading
from datetime import timedelta

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.repeats import first_answer
from ckanext.govdata.repeats.model import answered
from ckanext.govdata.security import vault
from tests.cases.conftest import call
from tests.emergency.conftest import TABLE

REPLAYED = "Idempotency-Replayed"
KEY = "3f1c6a52-7e3f-4f7e-9d0b-8a40e1f0a9aa"


def application(world, **more):
    return {"kind": "open_application", "dataset_id": world.entry["id"],
            "form": world.form(**more), "submit": True}


def count(who="citizen"):
    return call(who, "govdata_case_list", mine=True)["count"]


def kept():
    return model.Session.scalar(sa.select(sa.func.count()).select_from(answered))


def test_the_second_time_it_is_answered_as_the_first(world, ask) -> None:
    asked = application(world)
    first = ask("citizen", "govdata_case_create", KEY, **asked)
    again = ask("citizen", "govdata_case_create", KEY, **asked)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.body == first.body
    assert REPLAYED not in first.headers
    assert again.headers[REPLAYED] == "true"
    assert count() == 1


def test_a_command_is_given_once(world, ask) -> None:
    case = world.apply()
    asked = {"id": case["id"], "command": "accept"}
    bodies = {ask("officer", "govdata_case_act", KEY, **asked).body for _ in range(3)}
    assert [json.loads(body)["success"] for body in bodies] == [True]
    events = call("officer", "govdata_case_show", id=case["id"])["events"]
    assert [one["command"] for one in events] == ["submit", "accept"]


def test_something_else_under_the_same_key_is_refused_in_words(world, ask) -> None:
    asked = application(world)
    assert ask("citizen", "govdata_case_create", KEY, **asked).status_code == 200
    other = {**asked, "form": world.form(purpose="另一个用途：研究公交站点的无障碍设施")}
    for action, sent in (("govdata_case_create", other), ("govdata_notice_read", {})):
        answer = ask("citizen", action, KEY, **sent)
        assert answer.status_code == 422
        assert "something else was asked" in str(json.loads(answer.body)["error"])
        assert REPLAYED not in answer.headers
    assert count() == 1


def test_a_key_is_its_users_own(world, ask) -> None:
    asked = application(world)
    mine = ask("citizen", "govdata_case_create", KEY, **asked)
    others = ask("other", "govdata_case_create", KEY, **asked)
    assert (mine.status_code, others.status_code) == (200, 200)
    assert others.body != mine.body
    assert (count("citizen"), count("other")) == (1, 1)


def test_what_was_refused_may_be_put_right_under_the_same_key(world, ask) -> None:
    asked = application(world)
    wrong = {**asked, "form": {**asked["form"], "purpose": ""}}
    assert ask("citizen", "govdata_case_create", KEY, **wrong).status_code == 409
    assert kept() == 0
    assert ask("citizen", "govdata_case_create", KEY, **asked).status_code == 200
    assert count() == 1


@pytest.mark.parametrize("key", ["", "a key", "k" * 256, "ключ".encode().decode("latin-1"), '""'])
def test_what_is_no_key_is_refused(world, ask, key) -> None:
    answer = ask("citizen", "govdata_notice_read", key)
    assert answer.status_code == 400
    assert "255 visible characters" in str(json.loads(answer.body)["error"])


def test_a_key_in_quotes_is_the_same_key(world, ask) -> None:
    """The draft writes a string in quotes; programs leave them out."""
    asked = {"mail": "daily"}
    first = ask("citizen", "govdata_notice_preference_update", f'"{KEY}"', **asked)
    again = ask("citizen", "govdata_notice_preference_update", KEY, **asked)
    assert again.headers[REPLAYED] == "true"
    assert again.body == first.body


def test_who_only_reads_needs_no_key(world, ask) -> None:
    for _ in range(2):
        answer = ask("citizen", "govdata_case_list", KEY, mine=True)
        assert answer.status_code == 200
        assert REPLAYED not in answer.headers
    assert kept() == 0


def test_of_two_at_once_one_does_it_and_both_have_its_answer(world, app, token) -> None:
    asked, headers = application(world), {**token("citizen"), "Idempotency-Key": KEY}
    gate, answers = threading.Barrier(3), []

    def send():
        client = app.flask_app.test_client()
        gate.wait()
        answers.append(client.post(
            "/api/3/action/govdata_case_create", json=asked, headers=headers))
        model.Session.remove()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [one.status_code for one in answers] == [200, 200, 200]
    assert len({one.get_data(as_text=True) for one in answers}) == 1
    assert sorted(REPLAYED in one.headers for one in answers) == [False, True, True]
    assert count() == 1


def test_keys_are_forgotten_after_their_time(world, ask) -> None:
    asked = {"mail": "daily"}
    for hours, left in ((0, 1), (23, 1), (25, 0)):
        ask("citizen", "govdata_notice_preference_update", KEY, **asked)
        now.shift(timedelta(hours=hours))
        try:
            first_answer.forget()
        finally:
            now.shift(None)
        assert kept() == left


def test_neither_key_nor_answer_can_be_read_where_they_are_kept(world, ask, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    answer = ask("citizen", "govdata_case_create", KEY, **application(world))
    reference = json.loads(answer.body)["result"]["reference"]
    row = str(model.Session.execute(sa.select(answered)).one())
    assert KEY not in row
    assert reference not in row
    assert KEY not in caplog.text
    ask("citizen", "govdata_notice_read", KEY)
    assert KEY not in caplog.text


def test_of_whom_nothing_is_kept_no_key_is_kept_either(world, ask) -> None:
    for _ in range(2):
        asked = {"subject": "瑶海区公厕位置"}
        assert ask("citizen", "govdata_search_demand_create", KEY, **asked).status_code == 200
    assert kept() == 0


def test_a_file_is_the_same_whatever_the_parts_are_called(flood, app, token) -> None:
    """Each sending of a form has other marks between its parts."""
    flood.levels()

    def send(table):
        asked = {"id": flood.event, "dataset": "water",
                 "upload": (io.BytesIO(table.encode()), "水位.csv")}
        return app.post("/api/3/action/govdata_emergency_publish", data=asked,
                        headers={**token("officer"), "Idempotency-Key": KEY})

    changed = TABLE.replace("9.80", "9.90")
    first, again, other = send(changed), send(changed), send(TABLE)
    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 422), first.body
    assert again.body == first.body
    assert [len(one["versions"]) for one in flood.show()["datasets"]] == [2]


def test_a_key_says_nothing_to_an_action_that_another_calls(world) -> None:
    """Only a request has a key: commands and jobs act as ever."""
    tk.get_action("govdata_notice_read")(
        {"user": "citizen", "auth_user_obj": model.User.get("citizen")}, {})
    assert kept() == 0


def test_of_each_user_the_newest_answers_are_kept(world, ask, monkeypatch) -> None:
    """Who sends key after key does not fill the database."""
    monkeypatch.setattr(first_answer, "MOST", 2)
    ask("other", "govdata_case_create", "another", **application(world))
    case = world.apply()
    for number in range(4):
        asked = {"id": case["id"], "command": "remark", "fields": {"note": f"备注{number}"}}
        assert ask("officer", "govdata_case_act", f"key-{number}", **asked).status_code == 200
    assert kept() == 3, "two of the officer's, one of the other's"
    asked["fields"] = {"note": "备注3"}
    assert ask("officer", "govdata_case_act", "key-3", **asked).headers[REPLAYED] == "true"


class TestCkansOwn:
    """What commits by itself: the key goes with its commit."""

    def sent(self, world, **more):
        return {"package_id": world.entry["id"], "name": "线路", "url": "https://a.example/b.csv",
                **more}

    def files(self, world):
        return len(call("officer", "package_show", id=world.entry["id"])["resources"])

    def test_a_file_is_put_up_once(self, world, ask) -> None:
        before = self.files(world)
        first, again = (ask("officer", "resource_create", KEY, **self.sent(world))
                        for _ in range(2))
        assert (first.status_code, again.status_code) == (200, 200)
        assert json.loads(again.body)["result"] == json.loads(first.body)["result"]
        assert again.headers[REPLAYED] == "true"
        assert self.files(world) == before + 1
        other = ask("officer", "resource_create", KEY, **self.sent(world, name="站点"))
        assert other.status_code == 422
        assert self.files(world) == before + 1

    def test_what_was_refused_may_be_sent_again(self, world, ask) -> None:
        before = self.files(world)
        wrong = ask("officer", "resource_create", KEY, **self.sent(world, url="javascript:a"))
        assert wrong.status_code == 409
        assert ask("officer", "resource_create", KEY, **self.sent(world)).status_code == 200
        assert self.files(world) == before + 1

    def test_a_crash_after_the_commit_is_told_and_nothing_is_done_twice(
        self, world, ask, monkeypatch
    ) -> None:
        """The answer was not kept any more: the process was killed right then."""
        before = self.files(world)
        with monkeypatch.context() as patched:
            patched.setattr(vault, "seal", killed_at_the_second(vault.seal))
            with pytest.raises(KeyboardInterrupt):
                ask("officer", "resource_create", KEY, **self.sent(world))
        model.Session.remove()
        again = ask("officer", "resource_create", KEY, **self.sent(world))
        assert again.status_code == 409
        assert "the answer was lost" in str(json.loads(again.body)["error"])
        assert self.files(world) == before + 1


def killed_at_the_second(seal):
    calls = []

    def sealed(text):
        calls.append(text)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return seal(text)

    return sealed


@pytest.mark.parametrize("action", ["govdata_case_act", "resource_create"])
def test_who_has_lost_his_part_is_given_no_answer_again(world, ask, action) -> None:
    """He works there no more, and what he did is no business of his now."""
    case = world.apply()
    sent = {"govdata_case_act": {"id": case["id"], "command": "accept"},
            "resource_create": {"package_id": world.entry["id"], "name": "线路",
                                "url": "https://a.example/b.csv"}}[action]
    assert ask("officer", action, KEY, **sent).status_code == 200
    call("root", "organization_member_delete", id=world.entry["owner_org"], username="officer")
    again = ask("officer", action, KEY, **sent)
    assert again.status_code == 403
    assert case["reference"] not in again.body

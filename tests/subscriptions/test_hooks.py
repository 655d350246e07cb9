"""Webhooks: asked first, signed, tried again, switched off; one that hangs keeps nobody waiting."""

from __future__ import annotations

import json
import time
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata.access import source
from ckanext.govdata.domain import webhook
from ckanext.govdata.security import vault
from ckanext.govdata.subscriptions import schedule, webhook_delivery
from tests.cases.conftest import call
from tests.emergency.conftest import TABLE
from tests.subscriptions.servers import Server, listening

BULLETIN = {"title": "一号通报", "text": "水位上涨，请勿靠近。"}


@pytest.fixture
def server(ckan_config, monkeypatch):
    """A server in our own network, which the operator has named."""
    monkeypatch.setitem(ckan_config, "ckanext.govdata.emergency.hook_hosts", ["127.0.0.1"])
    with listening() as found:
        yield found


@pytest.fixture
def run(app):
    """Let the job run that calls webhooks."""

    def deliver() -> dict[str, int]:
        with app.flask_app.app_context():
            return schedule.call_hooks()

    return deliver


def create(server: Server, event: str, who: str = "citizen", **more: Any) -> dict[str, Any]:
    given = {} if "region" in more else {"event": event}
    return call(who, "govdata_emergency_hook_create", url=server.url(), **given, **more)


@pytest.fixture
def hook(flood, server, run):
    """One that was verified."""
    made = create(server, flood.event)
    run()
    return made


def shown(who: str = "citizen") -> dict[str, Any]:
    return call(who, "govdata_emergency_subscriptions")[0]


def waiting() -> list[Any]:
    query = "SELECT * FROM govdata_outbox WHERE kind = 'emergency_hook' AND sent IS NULL"
    return list(model.Session.execute(sa.text(query)))


def test_it_is_asked_first_whether_it_wants_to_be_told(flood, server, run) -> None:
    made = create(server, flood.event)
    assert made["secret"].startswith("whsec_")
    flood.publish(bulletin=BULLETIN)
    assert run() == {"sent": 1, "failed": 0}
    assert server.told() == [], "what happened before it was verified is not sent"
    assert shown()["confirmed"]
    flood.publish(bulletin={"title": "二号通报", "text": "水位回落。"})
    assert run() == {"sent": 1, "failed": 0}
    [told] = server.told("emergency.publish")
    assert told["data"]["bulletin"] == {"title": "二号通报", "text": "水位回落。"}
    assert told["data"]["event"] == flood.event
    assert told["data"]["json_url"].endswith(f"/emergency/{flood.event}.json")


@pytest.mark.parametrize(("mode", "confirmed"), [("json", True), ("wrong", False), ("long", False)])
def test_the_challenge_is_given_back(flood, server, run, mode: str, confirmed: bool) -> None:
    server.mode = mode
    create(server, flood.event)
    run()
    assert bool(shown()["confirmed"]) is confirmed
    assert shown()["calls"][0]["problem"] == ("" if confirmed else "challenge")


def test_each_act_is_told_in_its_order_and_signed(flood, server, run, hook) -> None:
    flood.levels()
    flood.levels(TABLE.replace("9.80", "9.90"), dataset="water")
    call("head", "govdata_emergency_update", id=flood.event, level="I", text="雨势加大。")
    call("head", "govdata_emergency_end", id=flood.event, text="险情解除。")
    assert run() == {"sent": 4, "failed": 0}
    types = [one["type"].partition(".")[2] for one in server.told()]
    assert types == ["publish", "publish", "level", "end"]
    assert server.told()[1]["data"]["datasets"][0]["version"] == 2
    assert server.told()[3]["data"]["ended"]
    _path, headers, body, _message = server.heard[-1]
    lower = {name.lower(): value for name, value in headers.items()}
    instant = int(lower["webhook-timestamp"])
    signed = webhook.sign(hook["secret"], lower["webhook-id"], instant, body)
    assert lower["webhook-signature"] == signed
    assert abs(instant - time.time()) < 60


def test_the_secret_is_shown_once_and_kept_readable_nowhere(flood, server, run, hook, app) -> None:
    assert "secret" not in shown()
    rows = model.Session.execute(sa.text("SELECT t::text FROM govdata_emergency_hook t")).scalars()
    text = "".join(str(row) for row in rows)
    assert hook["secret"] not in text
    assert "127.0.0.1" not in text
    assert hook["secret"].removeprefix("whsec_")[:16] not in text


def test_a_failure_is_tried_again_after_longer_and_longer(
    flood, server, run, hook, clock
) -> None:
    server.mode = "broken"
    flood.publish(bulletin=BULLETIN)
    flood.levels()
    assert run() == {"sent": 0, "failed": 1}, "the second waits for the first"
    assert run() == {"sent": 0, "failed": 0}
    clock.forward(1)
    assert run() == {"sent": 0, "failed": 1}
    clock.forward(1)
    assert run() == {"sent": 0, "failed": 0}
    assert shown()["failures"] == 2
    assert (shown()["calls"][0]["status"], shown()["calls"][0]["problem"]) == (500, "status")
    server.mode = "good"
    clock.forward(1)
    assert run() == {"sent": 2, "failed": 0}
    assert [one["data"]["act"] for one in server.told()][-2:] == [2, 3], "in their order"
    assert shown()["failures"] == 0
    keys = [headers["webhook-id"] for _p, headers, _b, m in server.heard if m["data"].get("act")]
    assert len(set(keys)) == 2, "a message that is sent again has the same id"


def test_after_many_failures_it_is_switched_off_and_its_owner_told(
    flood, server, run, hook, clock
) -> None:
    server.mode = "broken"
    flood.publish(bulletin=BULLETIN)
    clock.forward(0)
    for _ in range(webhook.PATIENT):
        run()
        clock.forward(12 * 60)
        model.Session.execute(sa.text("UPDATE govdata_outbox SET at = now() + interval '30 days'"))
        model.Session.commit()
    assert shown()["stopped"]
    told = call("citizen", "govdata_notice_list")["results"]
    assert [one["kind"] for one in told] == ["hook_stopped"]
    assert "127.0.0.1" in told[0]["words"]
    assert told[0]["address"].endswith(f"/emergency-hooks/{hook['id']}")
    heard, waited = len(server.heard), len(waiting())
    flood.levels()
    assert run() == {"sent": 0, "failed": 0}
    assert (len(server.heard), len(waiting())) == (heard, waited)
    server.mode = "good"
    call("citizen", "govdata_emergency_hook_resume", id=hook["id"])
    assert shown()["confirmed"] is None
    assert run() == {"sent": 1, "failed": 0}, "it is asked again first"
    assert shown()["stopped"] is None
    assert shown()["confirmed"]


def test_one_that_says_gone_is_switched_off_at_once(flood, server, run, hook) -> None:
    server.mode = "gone"
    flood.publish(bulletin=BULLETIN)
    run()
    assert shown()["stopped"]


def test_a_redirect_is_not_followed(flood, server, run, hook) -> None:
    with listening() as inside:
        server.mode, server.elsewhere = "away", inside.url("/admin")
        flood.publish(bulletin=BULLETIN)
        assert run() == {"sent": 0, "failed": 1}
        assert inside.heard == []
    assert shown()["calls"][0]["status"] == 302


@pytest.mark.parametrize("mode", ["hang", "drip"])
def test_one_that_hangs_is_cut_off_and_keeps_nobody_waiting(
    flood, server, run, monkeypatch, mode: str, post, subscribed, mailed
) -> None:
    """More of them than there are workers, and a good one among them."""
    monkeypatch.setattr(webhook_delivery, "SECONDS", 1.0)
    with listening() as good:
        create(good, flood.event, "stranger")
        for who in ("citizen", "officer"):
            for _ in range(5):
                create(server, flood.event, who)
        run()
        subscribed()
        server.mode = mode
        flood.publish(bulletin=BULLETIN)
        before = time.monotonic()
        assert mailed() == {"sent": 1, "failed": 0}
        assert time.monotonic() - before < 5, "letters do not wait for webhooks"
        before = time.monotonic()
        assert run() == {"sent": 1, "failed": 10}
        assert time.monotonic() - before < 20
        server.let_go.set()
        assert len(good.told()) == 1
    assert {one["problem"] for one in shown()["calls"][:1]} == {"timeout"}


def test_nothing_is_locked_while_a_server_is_waited_for(
    flood, server, hook, app, monkeypatch
) -> None:
    """Somebody else changes the webhook and its post while its server takes its time."""
    seen: list[Any] = []

    def taking_its_time(*_given: Any) -> Any:
        with model.ensure_engine().begin() as other:
            for table in ("govdata_emergency_hook", "govdata_outbox"):
                found = other.execute(sa.text(f"SELECT * FROM {table} FOR UPDATE NOWAIT"))
                seen.append(len(found.all()) > 0)
        return webhook_delivery.source.Reply(200, b"")

    flood.publish(bulletin=BULLETIN)
    model.Session.remove()
    monkeypatch.setattr(webhook_delivery.source, "send", taking_its_time)
    with app.flask_app.app_context():
        assert schedule.call_hooks() == {"sent": 1, "failed": 0}
    assert seen == [True, True]


FORBIDDEN = [
    "http://example.org/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/",
    "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://localhost/",
    "https://[fe80::1%25eth0]/",
    "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://10.0.0.1/",
    "https://example.org:22/", "https://example.org:6379/", "https://user@example.org/",
    "https://example.org/#x", "ftp://example.org/", "javascript:alert(1)", "https://", "x", "",
    "https://example.org/ x", "https://exa\nmple.org/", "https://db.internal/", "https://例子.中国/",
    "https://example.org:99999/", "https://[", "https://" + "a" * 600 + ".org/",
]  # fmt: skip


@pytest.mark.parametrize("url", FORBIDDEN)
def test_no_address_inside_and_nothing_but_https(flood, url: str) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        call("citizen", "govdata_emergency_hook_create", url=url, event=flood.event)
    assert "url" in refused.value.error_dict
    assert call("citizen", "govdata_emergency_subscriptions") == []


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1.nip.invalid"])
def test_a_name_that_leads_inside_is_never_asked(
    flood, server, run, monkeypatch, ckan_config, name: str
) -> None:
    """It is judged where it leads when it is called, whatever it led to when it was given."""
    import socket

    real = socket.getaddrinfo

    def names(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        if host == "hook.example.org":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        return real(host, port, *more, **named)

    call("citizen", "govdata_emergency_hook_create", url="https://hook.example.org:8443/",
         event=flood.event)  # fmt: skip
    monkeypatch.setattr(socket, "getaddrinfo", names)
    assert run() == {"sent": 0, "failed": 1}
    assert server.heard == []
    assert shown()["calls"][0]["problem"] == "inside"
    assert shown()["confirmed"] is None


def test_each_sees_and_changes_his_own_only(flood, server, run, hook) -> None:
    assert call("stranger", "govdata_emergency_subscriptions") == []
    for command in ("hook_delete", "hook_resume"):
        with pytest.raises(tk.ObjectNotFound):
            call("root", f"govdata_emergency_{command}", id=hook["id"])
    for command in ("hook_create", "hook_delete", "hook_resume", "subscriptions"):
        with pytest.raises(tk.NotAuthorized):
            tk.get_action(f"govdata_emergency_{command}")(
                {"user": "", "auth_user_obj": None}, {"id": hook["id"]}
            )
    call("citizen", "govdata_emergency_hook_delete", id=hook["id"])
    assert call("citizen", "govdata_emergency_subscriptions") == []
    flood.publish(bulletin=BULLETIN)
    assert run() == {"sent": 0, "failed": 0}


def test_nobody_has_many(flood, server) -> None:
    for _ in range(10):
        create(server, flood.event)
    with pytest.raises(tk.ValidationError) as refused:
        create(server, flood.event)
    assert refused.value.error_dict["reasons"][0]["code"] == "hooks_most"


def test_a_drill_is_told_to_no_server(place, server, run) -> None:
    create(server, "", region="340102")
    run()
    place.event = place.declare(drill="true")["name"]
    place.publish(bulletin=BULLETIN)
    assert run() == {"sent": 0, "failed": 0}
    place.event = place.declare(name="flood-2")["name"]
    assert run() == {"sent": 1, "failed": 0}
    assert server.told()[0]["data"]["event"] == "flood-2"


def test_what_was_delivered_is_told_for_a_month_and_a_hook_ends_with_its_user(
    flood, server, run, hook, clock, app
) -> None:
    def forget() -> int:
        with app.flask_app.app_context():
            return schedule.forget()["hooks"]

    clock.forward(29 * 24 * 60)
    assert forget() == 0
    assert len(shown()["calls"]) == 1
    clock.forward(2 * 24 * 60)
    assert forget() == 0
    assert shown()["calls"] == []
    tk.get_action("user_delete")({"ignore_auth": True, "user": ""}, {"id": "citizen"})
    assert forget() == 1


def test_what_waits_says_whom_it_is_for_by_a_number(flood, server, run, hook) -> None:
    server.mode = "broken"
    flood.publish(bulletin=BULLETIN)
    run()
    [row] = waiting()
    assert row.recipient == hook["id"]
    assert "127.0.0.1" not in json.dumps([row.payload, row.key, row.problem])


def test_the_page_shows_the_secret_once_and_what_was_delivered(
    flood, server, run, app
) -> None:
    from ckan.tests import factories

    token = factories.APIToken(user="citizen")["token"]
    mine = {"Authorization": token}
    page = app.post("/en/emergency-hooks", headers=mine,
                    data={"url": server.url(), "event": flood.event})  # fmt: skip
    assert "whsec_" in page.get_data(as_text=True)
    assert "no-store" in page.headers["Cache-Control"]
    run()
    listed = app.get("/en/emergency-hooks", headers=mine).get_data(as_text=True)
    assert "whsec_" not in listed
    assert "Working" in listed
    [one] = call("citizen", "govdata_emergency_subscriptions")
    page = app.get(f"/en/emergency-hooks/{one['id']}", headers=mine).get_data(as_text=True)
    assert "delivered" in page
    assert f"verify:{one['id']}" in page
    app.get(f"/en/emergency-hooks/{one['id']}", status=302, follow_redirects=False)
    wrong = app.post("/en/emergency-hooks", headers=mine, status=409,
                     data={"url": "https://10.0.0.1/", "event": flood.event})  # fmt: skip
    assert "leads to no public place" in wrong.get_data(as_text=True)
    assert 'value="https://10.0.0.1/"' in wrong.get_data(as_text=True)


@pytest.mark.parametrize("problem", ["secret", "fault"])
def test_one_that_cannot_be_called_at_all_keeps_nobody_waiting(
    flood, server, run, monkeypatch, problem: str
) -> None:
    """What is kept of them has other fields, or we stumble over it: more than there are workers."""
    with listening() as good:
        create(good, flood.event, "stranger")
        for who in ("citizen", "officer"):
            for _ in range(5):
                create(server, flood.event, who)
        run()
        if problem == "secret":
            owner = "SELECT user_id FROM govdata_emergency_hook GROUP BY 1 HAVING count(*) > 1"
            change = f"UPDATE govdata_emergency_hook SET secret = :it WHERE user_id IN ({owner})"
            model.Session.execute(sa.text(change), {"it": vault.seal('{"place": "elsewhere"}')})
            model.Session.commit()
        else:
            reach, bad = source.send, server.url()
            monkeypatch.setattr(source, "send", lambda url, *more: (
                reach(url, *more) if url != bad else {}["a bug of ours"]))
        flood.publish(bulletin=BULLETIN)
        assert run() == {"sent": 1, "failed": 10}
        assert len(good.told()) == 1
    assert {one["problem"] for one in shown()["calls"][:1]} == {problem}

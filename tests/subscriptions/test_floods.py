"""A flood of subscriptions, and what stands in the way of abuse; nothing is lost, all is said."""

from __future__ import annotations

import time

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.notices import mail_delivery
from ckanext.govdata.subscriptions import schedule
from tests.cases.conftest import call
from tests.subscriptions.conftest import ADDRESS, anybody
from tests.subscriptions.test_letters import BULLETIN, kept


def codes(refused) -> set[str]:
    return {one["code"] for one in refused.value.error_dict["reasons"]}


WRONG = [
    ({"address": ""}, "missing"),
    ({"address": "wang"}, "mail_address"),
    ({"address": "wang@example.invalid\nBcc: x@example.invalid"}, "mail_address"),
    ({"address": "王@example.invalid"}, "mail_address"),
    ({"address": "a" * 250 + "@example.invalid"}, "mail_address"),
    ({"region": "999999", "event": ""}, "region_unknown"),
    ({"region": "34"}, "event_or_region"),
    ({"event": ""}, "event_or_region"),
    ({"language": "klingon"}, "language_unknown"),
    ({"data": "perhaps"}, "not_a_flag"),
]


@pytest.mark.parametrize(("given", "code"), WRONG)
def test_what_is_wrong_is_said_and_nothing_is_kept(flood, post, given, code: str) -> None:
    with pytest.raises(tk.ValidationError) as refused:
        anybody("subscribe", **{"address": ADDRESS, "event": flood.event, **given})
    assert code in codes(refused)
    assert kept() == 0


def test_an_address_typed_in_wide_letters_is_read(flood, post, mailed) -> None:
    anybody("subscribe", address=" ｗａｎｇ＠ｅｘａｍｐｌｅ．ｉｎｖａｌｉｄ ", event=flood.event)
    mailed()
    assert str(post.letters[0]["To"]) == ADDRESS


def test_an_event_that_has_ended_or_is_not_there(flood, post) -> None:
    call("head", "govdata_emergency_end", id=flood.event, text="险情解除。")
    with pytest.raises(tk.ValidationError) as refused:
        anybody("subscribe", address=ADDRESS, event=flood.event)
    assert codes(refused) == {"ended"}
    with pytest.raises(tk.ObjectNotFound):
        anybody("subscribe", address=ADDRESS, event="nothing")


def test_without_a_mail_server_nobody_is_promised_letters(
    flood, app, ckan_config, monkeypatch
) -> None:
    monkeypatch.setitem(ckan_config, "smtp.server", "")
    with pytest.raises(tk.ValidationError) as refused:
        anybody("subscribe", address=ADDRESS, event=flood.event)
    assert codes(refused) == {"no_mail"}
    assert 'type="email"' not in app.get(f"/emergency/{flood.event}").get_data(as_text=True)


def test_the_form_stands_on_the_event_and_keeps_what_was_typed(flood, post, soup, app) -> None:
    page = soup(f"/emergency/{flood.event}")
    form = page.find("input", {"type": "email"}).find_parent("form")
    assert form["action"].endswith("/emergency-mail")
    assert form.find("input", {"name": "event"})["value"] == flood.event
    answer = app.post("/en/emergency-mail", status=409,
                      data={"event": flood.event, "address": "wang<b>"})  # fmt: skip
    text = answer.get_data(as_text=True)
    assert "is no mail address" in text
    assert 'value="wang&lt;b&gt;"' in text
    sent = app.post("/en/emergency-mail", data={"event": flood.event, "address": ADDRESS})
    assert "Look into your mailbox" in sent.get_data(as_text=True)


def test_a_place_is_chosen_from_a_list(place, post, soup, app) -> None:
    page = soup("/emergency-mail")
    codes_ = [one["value"] for one in page.find("select", {"name": "region"}).find_all("option")]
    assert {"34", "3401", "340102", "340822"} <= set(codes_)
    app.post("/emergency-mail", data={"region": "340102", "address": ADDRESS})
    assert kept() == 1


@pytest.mark.ckan_config("ckanext.govdata.emergency.subscriptions_per_client", 3)
def test_one_client_asks_so_often_and_no_more(flood, post, ckan_config, monkeypatch, app) -> None:
    monkeypatch.setitem(ckan_config, "smtp.server", post.place)
    client = app.flask_app.test_client()

    def ask(path: str, address: str = "198.51.100.7", **data: str):
        return client.post(path, environ_overrides={"REMOTE_ADDR": address}, data=data,
                           headers={"Accept-Language": "en"})  # fmt: skip

    form = {"event": flood.event}
    statuses = [
        ask("/en/emergency-mail", **form, address_=f"{n}").status_code for n in range(3)
    ]
    assert statuses == [409, 409, 409]
    refused = ask("/en/emergency-mail", **form)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert "Too many subscriptions" in refused.get_data(as_text=True)
    api = ask("/api/3/action/govdata_emergency_subscribe", **form)
    assert api.status_code == 429
    assert api.json["error"]["__type"] == "Too Many Requests"
    assert ask("/en/emergency-mail", "203.0.113.1", **form).status_code == 409
    look = client.get(f"/en/emergency-mail?event={flood.event}",
                      environ_overrides={"REMOTE_ADDR": "198.51.100.7"})  # fmt: skip
    assert look.status_code == 200, "reading is not limited"


@pytest.mark.ckan_config("ckanext.govdata.emergency.subscriptions_per_hour", 2)
def test_so_many_in_an_hour_to_one_event(flood, post, app) -> None:
    for number in range(2):
        anybody("subscribe", address=f"{number}@example.invalid", event=flood.event)
    with pytest.raises(tk.ValidationError) as refused:
        anybody("subscribe", address=ADDRESS, event=flood.event)
    assert codes(refused) == {"crowded"}
    assert kept() == 2
    answer = app.post("/en/emergency-mail", status=429,
                      data={"event": flood.event, "address": ADDRESS})  # fmt: skip
    text = answer.get_data(as_text=True)
    assert "try again in" in text
    assert f'value="{ADDRESS}"' in text, "what was typed is not lost"
    anybody("subscribe", address=ADDRESS, region="340102")
    assert kept() == 3


def test_an_address_gets_few_letters_however_often_it_is_typed(flood, post, mailed) -> None:
    for _ in range(9):
        assert anybody("subscribe", address=ADDRESS, event=flood.event) == {"asked": True}
    assert mailed() == {"sent": 5, "failed": 0}
    assert kept() == 1


def test_while_nothing_can_be_counted_nobody_can_subscribe(flood, post, monkeypatch, app) -> None:
    from redis import RedisError

    from ckanext.govdata.security import counters

    def away(*_given: object) -> tuple[int, int]:
        raise RedisError("away")

    monkeypatch.setattr(counters, "add", away)
    with pytest.raises(tk.ValidationError) as refused:
        anybody("subscribe", address=ADDRESS, event=flood.event)
    assert codes(refused) == {"uncounted"}
    app.post("/emergency-mail", status=503, data={"event": flood.event, "address": ADDRESS})
    assert kept() == 0


def test_a_refusing_mail_server_loses_nothing(flood, post, mailed, subscribed, clock) -> None:
    subscribed()
    flood.publish(bulletin=BULLETIN)
    post.refuses = True
    assert mailed() == {"sent": 0, "failed": 1}
    post.refuses = False
    clock.forward(2)
    assert mailed() == {"sent": 1, "failed": 0}


def test_what_is_two_days_old_is_news_no_more(flood, post, mailed, subscribed, clock) -> None:
    subscribed()
    flood.publish(bulletin=BULLETIN)
    clock.forward(2 * 24 * 60 + 1)
    assert mailed() == {"sent": 0, "failed": 0}


def test_what_is_not_needed_any_more_is_deleted(
    flood, post, mailed, subscribed, clock, app
) -> None:
    subscribed()
    subscribed(region="340102")
    anybody("subscribe", address="x@example.invalid", event=flood.event)
    call("citizen", "govdata_emergency_hook_create", url="https://hook.example.org/",
         event=flood.event)  # fmt: skip
    clock.forward(24 * 60 + 1)

    def forget() -> dict[str, int]:
        with app.flask_app.app_context():
            return schedule.forget()

    assert forget()["subscribers"] == 1, "who did not confirm"
    call("head", "govdata_emergency_end", id=flood.event, text="险情解除。")
    assert mailed() == {"sent": 1, "failed": 0}, "the end is told once to who asked twice"
    assert forget() == {"subscribers": 0, "hooks": 0, "posts": 0}
    clock.forward(7 * 24 * 60 + 1)
    gone = forget()
    assert (gone["subscribers"], gone["hooks"]) == (1, 1)
    assert gone["posts"] > 0
    assert kept() == 1, "who asked for the place goes on"
    flood.declare(name="flood-2")
    assert mailed() == {"sent": 1, "failed": 0}


MANY = 5000


def test_an_act_with_many_readers_is_as_fast_as_with_none(flood, post, app) -> None:
    """The act leaves one post; the job makes one statement of all letters."""
    model.Session.execute(sa.text("""
        INSERT INTO govdata_emergency_subscriber
            (id, event_id, region, digest, address, language, data, asked, confirmed)
        SELECT 's' || n, (SELECT id FROM govdata_emergency_event), '', 'd' || n, '', 'en', false,
            :at, :at FROM generate_series(1, :many) AS n"""), {"many": MANY, "at": now.now()})
    model.Session.commit()
    before = _waiting()
    flood.publish(bulletin=BULLETIN)
    assert _waiting() - before == 1
    began = time.process_time()
    with app.flask_app.app_context():
        from ckanext.govdata.subscriptions import fan_out

        fan_out.spread()
        fan_out.spread()
    assert time.process_time() - began < 2
    assert _waiting() == MANY


def _waiting() -> int:
    query = "SELECT count(*) FROM govdata_outbox WHERE sent IS NULL"
    return model.Session.scalar(sa.text(query)) or 0


def test_letters_go_in_few_conversations(flood, post, mailed) -> None:
    for number in range(60):
        anybody("subscribe", address=f"{number}@example.invalid", event=flood.event)
    assert mailed() == {"sent": 60, "failed": 0}
    assert post.calls == 2
    assert mail_delivery.AT_ONCE >= 60

"""Two officers update one dataset at the very same moment, each in a thread of his own.

Real concurrency against the real database: both are kept in turn, or one is told that the other
was faster. Nothing is lost, and the versions are numbered without gap or double.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata.domain import prohibition
from ckanext.govdata.emergency.event import event_record
from ckanext.govdata.transaction import transaction
from tests.cases.conftest import call
from tests.emergency.conftest import TABLE

ROUNDS = 5


def at_once(app: Any, *acts: Any) -> list[Any]:
    """All acts at the same moment, each in a thread with a session of its own: what each gave,
    or the codes of its refusal."""
    barrier = threading.Barrier(len(acts))

    def run(act: Any) -> Any:
        with app.flask_app.app_context():
            try:
                barrier.wait(30)
                return act()
            except tk.ValidationError as error:
                return [one["code"] for one in error.error_dict["reasons"]]
            finally:
                model.Session.remove()

    model.Session.remove()
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def versions() -> list[tuple[int, str]]:
    """Number and note of each version that is kept, read anew."""
    query = "SELECT number, note FROM govdata_emergency_version ORDER BY number"
    return [(number, note) for number, note in model.Session.execute(sa.text(query))]


def level(n: int) -> str:
    return TABLE.replace("9.80", f"{10 + n / 100:.2f}")


def test_both_are_kept_in_turn_when_neither_says_what_he_saw(flood, app) -> None:
    flood.levels()
    notes = {""}
    for turn in range(ROUNDS):
        mine, other = (f"{who}-{turn}" for who in ("officer", "officer2"))
        notes |= {mine, other}
        done = at_once(
            app,
            partial(flood.levels, level(2 * turn), "officer", dataset="water", note=mine),
            partial(flood.levels, level(2 * turn), "officer2", dataset="water", note=other),
        )
        assert all(isinstance(one, dict) for one in done), done
    kept = versions()
    assert [number for number, _note in kept] == list(range(1, 2 * ROUNDS + 2))
    assert {note for _number, note in kept} == notes
    shown = flood.show()
    assert shown["datasets"][0]["latest"]["number"] == 2 * ROUNDS + 1
    published = [one["facts"]["datasets"][0] for one in shown["acts"] if one["act"] == "publish"]
    assert [one["version"] for one in published] == list(range(1, 2 * ROUNDS + 2))
    assert [act["number"] for act in shown["acts"]] == list(range(1, len(shown["acts"]) + 1))


def test_one_is_told_when_both_say_what_they_saw(flood, app) -> None:
    flood.levels()
    for turn in range(ROUNDS):
        seen = turn + 1
        done = at_once(
            app,
            *(
                partial(
                    flood.levels, level(turn), who, dataset="water", note=who, expected=seen
                )
                for who in ("officer", "officer2")
            ),
        )
        refused = [one for one in done if isinstance(one, list)]
        assert refused == [["overtaken"]]
        assert [number for number, _note in versions()] == list(range(1, seen + 2))


def test_ledger_and_acts_tell_of_each_once(flood, app) -> None:
    flood.levels()
    at_once(
        app,
        *(
            partial(flood.levels, level(1), who, dataset="water", note=who)
            for who in ("officer", "officer2", "head", "authority")
        ),
    )
    query = "SELECT count(*), count(DISTINCT content) FROM govdata_ledger WHERE action = :action"
    told = model.Session.execute(sa.text(query), {"action": "emergency_publish"}).one()
    assert tuple(told) == (5, 5)
    waiting = model.Session.scalars(
        sa.text("SELECT key FROM govdata_outbox WHERE kind = 'emergency_act'")
    ).all()
    assert len(waiting) == len(set(waiting)) == 6


def test_an_update_and_the_end_at_once(flood, app) -> None:
    """The update is in time, or it is told that it came too late; never after the end."""
    flood.levels()
    done = at_once(
        app,
        lambda: flood.levels(level(1), dataset="water"),
        lambda: call("head", "govdata_emergency_end", id=flood.event, text="险情解除。"),
    )
    assert isinstance(done[1], dict)
    acts = [one["act"] for one in flood.show()["acts"]]
    assert acts[-1] == "end"
    assert done[0] == ["ended"] or len(versions()) == 2


@pytest.mark.parametrize("who", ["officer", "officer2"])
def test_whoever_waits_for_the_other_waits_for_him_only(flood, app, who: str) -> None:
    """While one event is being written to, another is not held up."""
    flood.levels()
    other = flood.declare(name="flood-2")["name"]
    began, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with app.flask_app.app_context(), transaction():
            event_record.row_of(flood.event, lock=True)
            began.set()
            go_on.wait(30)
        model.Session.remove()

    model.Session.remove()
    thread = threading.Thread(target=slow)
    thread.start()
    assert began.wait(30)
    try:
        shown = flood.publish(who, event=other, create={"title": "雨量"}, table=TABLE)
    finally:
        go_on.set()
        thread.join(30)
    assert shown["datasets"][0]["latest"]["number"] == 1


def test_two_clicks_declare_once(place, app) -> None:
    done = at_once(app, *(partial(place.declare, who) for who in ("head", "head", "mayor")))
    assert [one for one in done if isinstance(one, list)] == [["running_already"]] * 2
    done = at_once(app, *(partial(place.declare, title=title) for title in ("一", "二", "三")))
    assert len({one["name"] for one in done}) == 3


def test_nobody_waits_while_a_table_is_looked_through(flood, app, monkeypatch) -> None:
    """A large table takes seconds; a colleague's bulletin goes out meanwhile."""
    flood.levels()
    look, told = prohibition.findings, threading.Event()
    others: list[Any] = []

    def colleague() -> None:
        with app.flask_app.app_context():
            try:
                model.Session.execute(sa.text("SET lock_timeout = '5s'"))
                said = {"title": "第一号通报", "text": "请绕行。"}
                others.append(flood.publish("officer2", bulletin=said))
            except BaseException as error:
                others.append(error)
            finally:
                model.Session.remove()

    def looked(bans: Any, attribute: Any, texts: Any, sheet: Any, *rest: Any, **more: Any) -> Any:
        if sheet and not told.is_set():
            told.set()
            thread = threading.Thread(target=colleague)
            thread.start()
            thread.join(60)
        return look(bans, attribute, texts, sheet, *rest, **more)

    monkeypatch.setattr(prohibition, "findings", looked)
    flood.levels(level(1), dataset="water", note="一")
    assert told.is_set()
    assert isinstance(others[0], dict), others
    assert flood.show()["datasets"][0]["latest"]["number"] == 2


def test_what_may_not_be_opened_is_refused_after_it_was_looked_through(flood) -> None:
    numbers = "站点,时间,水位,身份\n巢湖,2026-07-01T12:00,9.80,11010519491231002X\n"
    with pytest.raises(tk.ValidationError) as error:
        flood.levels(numbers)
    assert "prohibited" in [one["code"] for one in error.value.error_dict["reasons"]]

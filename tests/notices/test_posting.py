"""The outbox: each key once, each recipient in his order, each kind by a job of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.domain.letter_class import LetterClass
from ckanext.govdata.notices import mail_delivery, outbox
from ckanext.govdata.notices.outbox import Post

pytestmark = pytest.mark.usefixtures("fresh")


def post(*posts: Post) -> int:
    done = outbox.post(model.Session, posts)
    model.Session.commit()
    return done


def unsent() -> list[str]:
    query = "SELECT key FROM govdata_outbox WHERE sent IS NULL ORDER BY id"
    return list(model.Session.scalars(sa.text(query)))


def test_a_key_is_posted_once() -> None:
    assert post(Post("a", "x"), Post("b", "x")) == 2
    assert post(Post("b", "y"), Post("c", "x")) == 1
    assert unsent() == ["a", "b", "c"]
    assert post() == 0


def test_what_is_rolled_back_is_not_sent() -> None:
    outbox.post(model.Session, [Post("a", "x")])
    model.Session.rollback()
    assert unsent() == []


def test_a_job_sends_its_own_kinds_only() -> None:
    post(Post("a", "x", {"n": 1}), Post("b", "y"), Post("c", "x"))
    seen: list[str] = []

    def send(_session: Any, row: Any) -> str:
        seen.append(row.key)
        return ""

    assert mail_delivery.empty(("x",), send, 10) == {"sent": 2, "failed": 0}
    assert seen == ["a", "c"]
    assert unsent() == ["b"]


def test_what_is_due_at_once_goes_in_the_order_in_which_it_was_posted() -> None:
    post(*(Post(key, "x") for key in "dcba"))
    for minutes in (-5, 5):  # rows that were written again stand behind the others in the table
        model.Session.execute(sa.text(
            f"UPDATE govdata_outbox SET next_try = next_try + interval '{minutes} minutes'"
            " WHERE key IN ('d', 'b')"))
        model.Session.commit()
    seen: list[str] = []

    def send(_session: Any, row: Any) -> str:
        seen.append(row.key)
        return ""

    mail_delivery.empty(("x",), send, 20)
    assert seen == ["d", "c", "b", "a"]


def test_a_job_takes_no_more_at_once_than_it_says() -> None:
    post(*(Post(str(n), "x") for n in range(5)))
    assert mail_delivery.empty(("x",), lambda *_: "", 3) == {"sent": 3, "failed": 0}
    assert len(unsent()) == 2


def test_what_fails_is_tried_later_and_the_others_go() -> None:
    post(Post("a", "x"), Post("b", "x"))

    def send(_session: Any, row: Any) -> str:
        if row.key == "a":
            raise ValueError("not today")
        return ""

    assert mail_delivery.empty(("x",), send, 10) == {"sent": 1, "failed": 1}
    assert unsent() == ["a"]
    problem = model.Session.scalar(sa.text("SELECT problem FROM govdata_outbox WHERE key = 'a'"))
    assert problem == "not today"


def test_the_same_to_all_is_one_statement_and_once() -> None:
    whom = sa.select(
        sa.literal_column("'k' || n").label("key"), sa.literal_column("'r' || n").label("recipient")
    ).select_from(sa.func.generate_series(1, 100).alias("n"))
    for count in (100, 0):
        said = {"say": "水位"}
        assert outbox.post_to_all(model.Session, "x", said, whom, LetterClass.EMERGENCY) == count
    assert outbox.first(model.Session, "r7").payload == '{"say": "水位"}'


def test_a_recipient_is_served_in_order_and_waits_as_a_whole() -> None:
    post(*(Post(key, "x", recipient=whose) for key, whose in (("a", "r"), ("b", "r"), ("c", "s"))))
    first = outbox.first(model.Session, "r")
    assert first.key == "a"
    outbox.put_off(model.Session, first, "away", now.now() + timedelta(minutes=5))
    assert outbox.first(model.Session, "r") is None
    assert list(model.Session.scalars(outbox.waiting("x"))) == ["s"]
    outbox.settle(model.Session, outbox.first(model.Session, "s").id)
    assert list(model.Session.scalars(outbox.waiting("x"))) == []
    now.shift(timedelta(minutes=6))
    try:
        assert outbox.first(model.Session, "r").key == "a", "it goes on with what failed"
    finally:
        now.shift(None)


def test_what_is_withdrawn_is_not_sent_and_what_was_sent_stays_for_a_while() -> None:
    post(Post("a", "x", recipient="r"), Post("b", "x", recipient="r"))
    outbox.settle(model.Session, outbox.first(model.Session, "r").id)
    assert outbox.withdraw(model.Session, "r") == 1
    assert unsent() == []
    assert outbox.forget(model.Session, ("x",), now.now() - timedelta(days=1)) == 0
    assert outbox.forget(model.Session, ("y",), now.now() + timedelta(days=1)) == 0
    assert outbox.forget(model.Session, ("x",), now.now() + timedelta(days=1)) == 1


def test_what_was_posted_for_somebody_is_counted_since_an_instant() -> None:
    post(Post("a", "x", recipient="r"), Post("b", "y", recipient="r"))
    post(Post("c", "x", recipient="s"))
    for hours, count in ((-1, 1), (1, 0)):
        since = now.now() + timedelta(hours=hours)
        assert outbox.posted(model.Session, "x", "r", since) == count

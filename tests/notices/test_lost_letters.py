"""A letter that is given up is told on pages: to him who does not get it, and to who answers for
the case; not by mail, and once for each address and case."""
from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import ckan.model as model
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.notices import mail_delivery
from ckanext.govdata.notices.model import notice, outbox
from ckanext.govdata.notices.notice import Telling, tell
from tests.cases.conftest import call, world  # noqa: F401
from tests.mailbox import portal_mailbox

KINDS = ("no_mail", "unreached")


@pytest.fixture
def give_up(ckan_config, monkeypatch, app) -> Iterator[object]:
    """Letters to this user are given up now, and no others are due."""
    with portal_mailbox(ckan_config, monkeypatch) as server:
        server.refuses = True

        def given_up(name: str) -> None:
            own = sa.select(sa.literal("mail:") + notice.c.key).where(
                notice.c.user_id == model.User.get(name).id)
            old = now.now() - timedelta(days=11)
            model.Session.execute(sa.delete(outbox).where(outbox.c.key.not_in(own)))
            model.Session.execute(sa.update(outbox).values(at=old, next_try=old, tries=5))
            model.Session.commit()
            with app.flask_app.app_context():
                assert mail_delivery.deliver()["failed"] > 0

        yield given_up


def count() -> dict[str, int]:
    """How many people were told how often, of the address and of the case."""
    return {kind: len(told(kind)) for kind in KINDS}


def told(kind: str) -> list[tuple[str, str | None]]:
    """Who was told, and of which case."""
    model.Session.rollback()
    query = sa.select(notice).where(notice.c.kind == kind)
    return [(model.User.get(one.user_id).name, one.case_id)
            for one in model.Session.execute(query)]


def test_the_officer_is_told_that_the_applicant_cannot_be_reached(world, give_up, app) -> None:  # noqa: F811
    case = world.apply("citizen")
    give_up("citizen")
    assert set(told("unreached")) == {("officer", case["id"]), ("officer2", case["id"])}
    assert told("no_mail") == [("citizen", None)]
    posted = model.Session.scalars(sa.select(outbox.c.key)).all()
    assert not [key for key in posted if "unreached" in key or "no_mail" in key]
    [said] = [one for one in call("officer", "govdata_notice_list")["results"]
              if one["kind"] == "unreached"]
    assert case["reference"] in said["words"]
    assert said["address"].endswith(f"/cases/{case['id']}")
    own = [one for one in call("citizen", "govdata_notice_list")["results"]
           if one["kind"] == "no_mail"]
    assert own[0]["address"].endswith("/user/edit/citizen")


def test_once_for_each_address_and_case(world, give_up) -> None:  # noqa: F811
    case = world.apply("citizen")
    give_up("citizen")

    def another(key: str) -> None:
        tell(model.Session, [Telling(key, model.User.get("citizen").id, "case_hindered",
                                     case["id"], {"reference": case["reference"]})])
        give_up("citizen")

    another("k1")
    assert count() == {"no_mail": 1, "unreached": 2}
    user = model.User.get("citizen")
    user.email = "elsewhere@example.invalid"
    model.Session.commit()
    another("k2")
    assert count() == {"no_mail": 2, "unreached": 4}


def test_the_officers_own_letters_are_told_to_him_alone(world, give_up) -> None:  # noqa: F811
    world.apply("citizen")
    give_up("officer")
    assert told("unreached") == []
    assert told("no_mail") == [("officer", None)]


def test_no_address_stands_in_a_notice(world, give_up) -> None:  # noqa: F811
    world.apply("citizen")
    give_up("citizen")
    rows = model.Session.execute(sa.select(notice).where(notice.c.kind.in_(KINDS))).all()
    email = model.User.get("citizen").email
    assert email
    assert email not in json.dumps([[one.key, one.facts] for one in rows])

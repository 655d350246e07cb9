"""The daily head: whoever rewrites the whole chain does not rewrite what was published."""

import json
from datetime import date, datetime, timedelta, timezone
from xml.etree import ElementTree

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.domain import chain
from ckanext.govdata.ledger import book, heads, schedule
from tests.unguarded import unguarded

DAY = date(2026, 9, 30)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def days(fresh):
    """Entries of three days, none on the second, and the heads of all days before the fourth."""
    for offset in (0, 0, 2):
        now.move(DAY + timedelta(days=offset))
        book.write(model.Session, [book.LedgerEntry("tested", "thing", str(offset), "u")])
        model.Session.commit()
    now.move(DAY + timedelta(days=3))
    yield
    now.move(None)


def test_each_day_that_is_over_has_its_head_once(days):
    assert heads.publish(model.Session, now.today()) == 3
    assert heads.publish(model.Session, now.today()) == 0
    listed = heads.latest(model.Session, 10)
    assert [one["day"] for one in listed] == ["2026-10-02", "2026-10-01", "2026-09-30"]
    assert [one["number"] for one in listed] == [3, 2, 2]
    assert listed[0]["digest"] == book.head(model.Session)[1]


def test_a_day_ends_at_midnight_in_beijing(fresh):
    try:
        for hour in (15, 17):  # 23:00 of the day and 01:00 of the next, there
            now.shift(datetime(2026, 9, 30, hour, tzinfo=timezone.utc) - now.real())
            book.write(model.Session, [book.LedgerEntry("tested", "thing", str(hour), "u")])
            model.Session.commit()
        heads.publish(model.Session, date(2026, 10, 2))
    finally:
        now.shift(None)
    listed = heads.latest(model.Session, 10)
    assert [(one["day"], one["number"]) for one in listed] == [
        ("2026-10-01", 2), ("2026-09-30", 1)]


def test_a_job_that_was_off_for_a_week_makes_up_for_it(days):
    schedule.publish_head()
    now.move(DAY + timedelta(days=10))
    schedule.publish_head()
    assert heads.published(model.Session) == 10


def test_nothing_is_published_of_an_empty_ledger(fresh):
    assert heads.publish(model.Session, now.today()) == 0
    assert heads.latest(model.Session, 10) == []


def test_a_published_head_cannot_be_changed(days):
    heads.publish(model.Session, now.today())
    model.Session.commit()
    for statement in (
        "UPDATE govdata_ledger_day SET digest = 'x'",
        "DELETE FROM govdata_ledger_day",
        "TRUNCATE govdata_ledger_day",
    ):
        with pytest.raises(sa.exc.DBAPIError):
            model.Session.execute(sa.text(statement))
        model.Session.rollback()


def rewrite() -> None:
    """The whole chain anew with other words, as an owner of the database could do it."""
    before = chain.START
    with unguarded() as connection:
        query = "SELECT number, content FROM govdata_ledger ORDER BY number"
        for number, content in connection.execute(sa.text(query)).all():
            words = {**json.loads(content), "actor": "v"}
            digest = chain.digest(before, number, words, "sha256")
            connection.execute(
                sa.text(
                    "UPDATE govdata_ledger SET actor_id = 'v', content = :content, "
                    "before = :before, digest = :digest WHERE number = :number"
                ),
                {
                    "content": chain.canonical(words).decode(),
                    "before": before,
                    "digest": digest,
                    "number": number,
                },
            )
            before = digest


def test_a_chain_that_was_rewritten_as_a_whole_is_found_out(days):
    heads.publish(model.Session, now.today())
    model.Session.commit()
    assert heads.rewritten(model.Session) is None
    rewrite()
    model.Session.rollback()
    assert book.verify(model.Session)[2] is None  # the chain itself looks good
    assert heads.rewritten(model.Session) == "2026-09-30"
    found = tk.get_action("govdata_ledger_verify")({"ignore_auth": True}, {})
    assert (found["good"], found["rewritten"]) == (False, "2026-09-30")


def test_the_command_fails_for_a_rewritten_chain(days, cli):
    from ckanext.govdata.ledger.cli import ledger

    heads.publish(model.Session, now.today())
    model.Session.commit()
    assert cli.invoke(ledger, ["verify"]).exit_code == 0
    rewrite()
    done = cli.invoke(ledger, ["verify", "--json"])
    assert done.exit_code == 1
    assert '"rewritten": "2026-09-30"' in done.output
    assert "2026-09-30" in cli.invoke(ledger, ["verify"]).output


def test_everybody_reads_the_page_and_the_feed(days, app):
    heads.publish(model.Session, now.today())
    model.Session.commit()
    digest = heads.latest(model.Session, 1)[0]["digest"]
    page = app.get("/ledger").body
    assert digest in page
    assert "/ledger/heads.atom" in page
    root = ElementTree.fromstring(app.get("/ledger/heads.atom").get_data())
    entries = root.findall(f"{ATOM}entry")
    assert entries[0].findtext(f"{ATOM}content") == digest
    assert len({one.findtext(f"{ATOM}id") for one in entries}) == 3
    assert root.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")
    assert app.get("/ledger?page=x", status=400)

"""The ledger: append-only for everybody, and whoever goes around that is found out."""

import json
from datetime import timedelta

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan.cli.cli import ckan

from ckanext.govdata import now
from ckanext.govdata.ledger import book
from tests.cases.conftest import make_user
from tests.unguarded import unguarded


@pytest.fixture
def entries(fresh):
    for number in range(5):
        book.write(
            model.Session, [book.LedgerEntry("tested", "thing", f"t{number}", "u", {"n": number})]
        )
    model.Session.commit()


def tamper(statement):
    """What only somebody with the keys of the database can do: switch the trigger off."""
    with unguarded() as connection:
        connection.execute(sa.text(statement))


def verified():
    model.Session.rollback()
    return book.verify(model.Session)


def test_what_is_told_of_one_thing_stands_newest_first(entries):
    for number in (7, 8):
        book.write(model.Session, [book.LedgerEntry("tested", "thing", "t1", "u", {"n": number})])
    told = book.of_object(model.Session, "thing", "t1")
    assert [one["number"] for one in told] == [7, 6, 2]


def test_a_chain_that_nobody_touched_is_good(entries):
    number, digest, broken = verified()
    assert (number, broken) == (5, None)
    assert (number, digest) == book.head(model.Session)


@pytest.mark.parametrize(
    ("statement", "number", "how"),
    [
        (
            "UPDATE govdata_ledger SET content = replace(content, 't2', 't9') WHERE number = 3",
            3,
            "altered",
        ),
        ("UPDATE govdata_ledger SET actor_id = 'nobody' WHERE number = 2", 2, "altered"),
        ("UPDATE govdata_ledger SET at = at - interval '1 day' WHERE number = 4", 4, "altered"),
        ("DELETE FROM govdata_ledger WHERE number = 3", 3, "missing"),
        ("UPDATE govdata_ledger SET before = repeat('0', 64) WHERE number = 5", 5, "unlinked"),
    ],
)
def test_the_first_bad_entry_is_named(entries, statement, number, how):
    tamper(statement)
    broken = verified()[2]
    assert (broken.number, broken.how) == (number, how)


def test_a_tail_that_was_cut_off_shows_against_the_published_head(entries):
    published = tk.get_action("govdata_ledger_head")({"user": ""}, {})
    tamper("DELETE FROM govdata_ledger WHERE number = 5")
    assert verified()[2] is None
    assert tk.get_action("govdata_ledger_head")({"user": ""}, {}) != published


def test_entries_that_are_rolled_back_leave_no_gap(entries):
    book.write(model.Session, [book.LedgerEntry("tested", "thing", "lost")])
    model.Session.rollback()
    assert book.write(model.Session, [book.LedgerEntry("tested", "thing", "kept")])[0] == 6
    model.Session.commit()
    assert verified()[2] is None


@pytest.mark.ckan_config("ckanext.govdata.ledger.algorithm", "sm3")
def test_the_algorithm_may_change_and_older_entries_keep_theirs(entries, monkeypatch, ckan_config):
    monkeypatch.setitem(ckan_config, "ckanext.govdata.ledger.algorithm", "sha256")
    book.write(model.Session, [book.LedgerEntry("tested", "thing", "after")])
    model.Session.commit()
    assert verified()[2] is None


def test_the_command_says_so_and_its_exit_status_can_be_trusted(entries, cli):
    good = cli.invoke(ckan, ["govdata", "ledger", "verify", "--json"])
    assert good.exit_code == 0
    assert json.loads(good.output.strip().splitlines()[-1])["entries"] >= 5
    tamper("DELETE FROM govdata_ledger WHERE number = 2")
    bad = cli.invoke(ckan, ["govdata", "ledger", "verify"])
    assert bad.exit_code == 1
    assert "2" in bad.output


def at(clock, instant):
    clock.setattr(now, "now", lambda: instant)
    book.write(model.Session, [book.LedgerEntry("tested", "clock", instant.isoformat(), "u")])
    model.Session.commit()


@pytest.mark.ckan_config("ckanext.govdata.auditors", "eve")
def test_what_goes_back_in_time_is_marked(entries, cli, monkeypatch):
    """The chain is good; whoever reads it must see that its clock was set back."""
    real = now.real()
    with monkeypatch.context() as clock:
        for hours in (1, 48, 24, 25, 25, 2):  # entries 6 to 11, of which 8 and 11 go back
            at(clock, real + timedelta(hours=hours))
    assert book.turned_back(model.Session) == [8, 11]
    make_user("eve")
    context = {"user": "eve", "auth_user_obj": model.User.by_name("eve")}
    listed = tk.get_action("govdata_ledger_list")(context, {"object_type": "clock"})["results"]
    assert [one["number"] for one in listed if one["turned_back"]] == [11, 8]
    verified = tk.get_action("govdata_ledger_verify")(context, {})
    assert verified["good"]
    assert verified["turned_back"][:2] == [8, 11]  # the account was made today
    told = cli.invoke(ckan, ["govdata", "ledger", "verify"])
    assert told.exit_code == 0
    assert "bear an earlier time than the one before them: 8, 11" in told.output


@pytest.mark.ckan_config("ckanext.govdata.auditors", "eve")
def test_auditors_read_it_and_nobody_else(entries):
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    for name in ("eve", "mallory", "root"):
        tk.get_action("user_create")(
            {"ignore_auth": True, "user": site["name"]},
            {
                "name": name,
                "email": f"{name}@example.invalid",
                "password": "Correct-horse-7",
                "sysadmin": name == "root",
            },
        )

    def read(who, **data):
        context = {"user": who, "auth_user_obj": model.User.by_name(who)}
        return tk.get_action("govdata_ledger_list")(context, data)

    assert read("eve", object_type="thing")["count"] == 5
    numbers = [one["number"] for one in read("eve", object_type="thing")["results"]]
    assert numbers == [5, 4, 3, 2, 1], "the newest first"
    assert read("eve", object_id="t3")["results"][0]["facts"] == {"n": 3}
    for who in ("mallory", "root"):
        with pytest.raises(tk.NotAuthorized):
            read(who)
    with pytest.raises(tk.ValidationError):
        read("eve", page="x")

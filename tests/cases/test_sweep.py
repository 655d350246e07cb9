"""The sweep: overdue, lapsed, reminders; twice, late, after a week off."""

import json
from datetime import timedelta

import ckan.model as model
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.access import grants
from ckanext.govdata.cases.engine import record
from ckanext.govdata.cases.time.reminders import ladder
from ckanext.govdata.cases.time.sweep import sweep
from ckanext.govdata.ledger import book
from tests.cases.conftest import BASIS, CLAUSE, REASON, call, heard


def run(day) -> dict[str, int]:
    from datetime import date

    now.move(date.fromisoformat(day))
    return sweep(model.Session, now.today()).counts


def told(who, kind=None) -> list[str]:
    found = call(who, "govdata_notice_list")["results"]
    return [one["kind"] for one in found if kind is None or one["kind"] == kind]


def test_overdue_is_written_once_dated_to_the_day_it_became_true(world, on_day):
    on_day("2025-09-22")
    case = world.apply()  # due on Saturday 11 October, a make-up day
    assert run("2025-10-11")["overdue"] == 0
    assert run("2025-10-20")["overdue"] == 1
    assert run("2025-10-20")["overdue"] == 0
    assert run("2025-11-20")["overdue"] == 0
    shown = call("officer", "govdata_case_show", id=case["id"])
    event = next(one for one in shown["events"] if one["name"] == "overdue")
    assert event["day"] == "2025-10-12"
    assert shown["overdue"]
    assert "overdue" in told("authority")
    assert told("citizen", "overdue") == ["overdue"]
    row = record.row_of(model.Session, case["id"])
    assert record.projection(record.case_of(model.Session, row))["overdue_said"]
    assert book.verify(model.Session)[2] is None


def test_the_ladder_of_the_portals_rules(world, on_day):
    on_day("2025-09-22")
    world.apply()
    run("2025-10-09")  # 9, 10 and 11 October work
    run("2025-10-09")
    three = told("officer", "reminder")
    assert len(three) == 1
    assert told("head", "reminder") == []
    run("2025-10-10")
    assert len(told("officer", "reminder")) == 2
    assert len(told("head", "reminder")) == 1
    run("2025-10-13")
    assert len(told("authority", "overdue_reminder")) == 1
    run("2025-10-20")
    assert len(told("authority", "overdue_reminder")) == 2
    assert len(told("officer", "reminder")) == 2


def test_after_a_week_off_only_the_latest_is_said(world, on_day):
    on_day("2025-09-22")
    world.apply()
    run("2025-10-27")
    assert told("officer", "reminder") == []
    assert len(told("authority", "overdue_reminder")) == 1


def test_no_reminder_once_decided_or_while_the_clock_stands(world, on_day):
    on_day("2025-09-22")
    case = world.prepared()
    world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    other = world.apply("other")
    world.act("officer", other["id"], "request_supplement", missing_items="营业执照副本")
    counts = run("2025-10-10")
    assert (counts["overdue"], counts["reminders"]) == (0, 0)


def test_a_supplement_that_never_came_lapses(world, on_day):
    on_day("2025-09-22")
    case = world.apply()
    shown = world.act("officer", case["id"], "request_supplement", missing_items="营业执照副本")
    due = shown["clocks"]["supplement"]["due"]
    assert run(due)["lapsed"] == 0
    assert run("2026-01-05")["lapsed"] == 1
    shown = call("citizen", "govdata_case_show", id=case["id"])
    assert (shown["state"], shown["open"]) == ("lapsed", False)
    assert told("citizen", "lapsed") == ["lapsed"]
    assert run("2026-01-06")["lapsed"] == 0


def test_a_grant_is_warned_of_expires_and_owes_a_report(world, on_day):
    on_day("2025-09-22")
    case = world.prepared()
    shown = world.act("head", case["id"], "approve")
    [grant] = call("citizen", "govdata_grant_list")
    assert run("2025-12-01")["grants_ending"] == 0
    from datetime import date

    end = date.fromisoformat(grant["valid_until"])
    day = lambda days: (end + timedelta(days=days)).isoformat()  # noqa: E731
    assert run(day(-31))["grants_ending"] == 0
    assert run(day(-30))["grants_ending"] == 1
    assert run(day(-29))["grants_ending"] == 0
    assert run(day(-7))["grants_ending"] == 1
    assert run(day(0))["grants_expired"] == 0
    assert run(day(1))["grants_expired"] == 1
    assert run(day(2))["grants_expired"] == 0
    assert call("citizen", "govdata_grant_show", id=grant["id"])["standing"] == "expired"
    assert run(day(30))["reports_owed"] == 0
    assert run(day(31))["reports_owed"] == 1
    assert shown["reference"] == grant["reference"]
    assert (
        model.Session.scalar(
            sa.text("SELECT count(*) FROM govdata_ledger WHERE action = 'grant_expired'")
        )
        == 1
    )


@pytest.mark.parametrize("revoked", [False, True])
def test_of_a_grant_that_is_about_to_end_one_warning_is_enough_and_of_a_revoked_one_none(
    world, on_day, revoked
):
    on_day("2025-09-22")
    case = world.prepared()
    grant_id = world.act("head", case["id"], "approve")["grant"]
    if revoked:
        call("head", "govdata_grant_revoke", id=grant_id, reason=REASON, basis=CLAUSE, **heard())
    grant = grants.get(model.Session, grant_id)
    end, told = grant.scope.valid_until, int(not revoked)
    done = run((end - timedelta(days=5)).isoformat())
    assert done["grants_ending"] == told
    assert run((end + timedelta(days=1)).isoformat())["grants_expired"] == told


def test_the_ladder_comes_from_the_rules():
    rungs = ladder(now.today())
    assert [(rung.after - rung.before, rung.to) for rung in rungs] == [
        (-3, ("officer",)),
        (-1, ("officer", "head")),
        (1, ("authority",)),
    ]


def test_the_command_prints_json_and_the_clock_comes_back(world, cli):
    from ckan.cli.cli import ckan

    result = cli.invoke(ckan, ["govdata", "sweep", "--today", "2030-01-01", "--json"])
    assert result.exit_code == 0, result.output
    assert "overdue" in json.loads(result.output.strip().splitlines()[-1])
    assert now.today().year < 2030


@pytest.mark.parametrize("mail", ["each", "daily", "none"])
def test_mail_follows_the_preference(world, mail):
    call("officer", "govdata_notice_preference_update", mail=mail)
    world.apply()
    assert told("officer") == ["arrived"]
    waiting = model.Session.scalar(
        sa.text(
            "SELECT count(*) FROM govdata_outbox o"
            " JOIN govdata_notice n ON o.key = 'mail:' || n.key"
            " JOIN \"user\" u ON u.id = n.user_id WHERE u.name = 'officer'"
        )
    )
    assert waiting == (1 if mail == "each" else 0)

"""The sweep over many cases: batches, one mail for all, a new notice of working days, races."""

import json
import threading
from dataclasses import replace
from datetime import date, timedelta

import ckan.model as model
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.cases import model as tables
from ckanext.govdata.cases.engine import record
from ckanext.govdata.cases.time import batches, sweep
from ckanext.govdata.domain.calendar import DayKind, Festival, Notice, SpecialDay
from ckanext.govdata.ledger import book
from ckanext.govdata.rules import in_force
from tests.cases.conftest import BASIS, REASON, call
from tests.cases.test_sweep import run, told
from tests.statements import statements

MANY = 7


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(batches, "SIZE", 3)


@pytest.fixture
def cases(world, on_day):
    on_day("2025-09-22")
    return [world.apply() for _ in range(MANY)]  # due on Saturday 11 October, a make-up day


def events(case) -> list[str]:
    query = sa.select(tables.event.c.name).where(tables.event.c.case_id == case["id"])
    return list(model.Session.scalars(query.order_by(tables.event.c.number)))


def mails(who) -> int:
    user = model.User.by_name(who).id
    query = "SELECT count(*) FROM govdata_outbox WHERE payload::json ->> 'user' = :user"
    return model.Session.scalar(sa.text(query), {"user": user})


def test_of_many_cases_an_officer_is_told_the_number_and_by_one_mail(cases):
    assert run("2025-10-09")["reminders"] == 2 * MANY  # two officers
    [notice] = [n for n in call("officer", "govdata_notice_list")["results"]
                if n["kind"] == "reminder_many"]
    assert notice["words"] == f"{MANY} cases are due on 2025-10-11."
    assert notice["case_id"] is None
    assert "/cases/desk" in notice["address"]
    assert mails("officer") == 1
    assert run("2025-10-09")["reminders"] == 0
    assert mails("officer") == 1


def test_a_few_cases_are_named_one_by_one_in_one_mail(world, on_day):
    on_day("2025-09-22")
    references = {world.apply()["reference"] for _ in range(3)}
    assert run("2025-10-09")["reminders"] == 2 * 3
    words = [n["words"] for n in call("officer", "govdata_notice_list")["results"]
             if n["kind"] == "reminder"]
    assert len(words) == 3
    assert all(any(reference in text for text in words) for reference in references)
    assert mails("officer") == 1


def test_every_case_of_several_batches_gets_its_event_once(cases, small_batches):
    assert run("2025-10-13")["overdue"] == MANY
    assert run("2025-10-13")["overdue"] == 0
    for case in cases:
        assert events(case) == ["submitted", "acceptance_deemed", "overdue"]
        row = record.row_of(model.Session, case["id"])
        folded = record.case_of(model.Session, row)
        assert record.projection(folded)["version"] == row.version == 3
        assert folded.overdue(now.today())
    number, _digest, broken = book.verify(model.Session)
    assert broken is None
    entries = model.Session.scalar(
        sa.text("SELECT count(*) FROM govdata_ledger WHERE action = 'case_overdue'")
    )
    assert entries == MANY
    assert number > MANY


def test_each_case_that_stands_alike_asks_nothing_more_of_the_database(world, on_day):
    def asked(received, swept, cases) -> int:
        on_day(received)
        for _ in range(cases):
            world.apply()
        with statements() as sent:
            assert run(swept)["overdue"] == cases
        return len(sent)

    few = asked("2025-08-25", "2025-09-15", 1)
    assert asked("2025-10-13", "2025-11-03", MANY) - few < MANY - 1


def test_a_sweep_that_stopped_half_way_goes_on(cases, small_batches, monkeypatch):
    original, calls = sweep.tell, []

    def failing(*given, **more):
        calls.append(1)
        if len(calls) == 2:
            raise SystemExit("power cut")
        return original(*given, **more)

    monkeypatch.setattr(sweep, "tell", failing)
    with pytest.raises(SystemExit):
        run("2025-10-13")
    model.Session.rollback()
    assert sum("overdue" in events(case) for case in cases) == 3
    monkeypatch.setattr(sweep, "tell", original)
    assert run("2025-10-13")["overdue"] == MANY - 3
    assert all(events(case).count("overdue") == 1 for case in cases)


def test_cases_that_stand_differently_are_told_apart(world, on_day):
    """Received together, but one was extended by a pause: it is not overdue with the others."""
    on_day("2025-09-22")
    plain, paused = world.apply(), world.apply()
    world.act("officer", paused["id"], "request_supplement", missing_items="营业执照副本")
    on_day("2025-09-25")
    world.act("citizen", paused["id"], "supply", **world.supplied())
    assert run("2025-10-12")["overdue"] == 1
    assert "overdue" in events(plain)
    assert "overdue" not in events(paused)
    assert run("2025-10-17")["overdue"] == 1


def test_a_rung_is_not_told_again_when_the_case_changes_hands(world, on_day):
    on_day("2025-09-22")
    case = world.apply()
    run("2025-10-09")
    world.act("officer", case["id"], "hand_over", colleague=model.User.by_name("officer2").id)
    assert run("2025-10-09")["reminders"] == 0


def test_another_due_day_has_a_ladder_of_its_own(world, on_day):
    on_day("2025-09-22")
    case = world.apply()
    assert run("2025-09-30")["reminders"] == 2
    world.act("officer", case["id"], "request_supplement", missing_items="营业执照副本")
    on_day("2025-10-20")
    shown = world.act("citizen", case["id"], "supply", **world.supplied())
    assert shown["due"] > "2025-10-20"
    assert run("2025-10-20")["reminders"] >= 1
    due = date.fromisoformat(shown["due"])
    assert told("officer", "reminder")
    assert run((due - timedelta(days=1)).isoformat())["reminders"] >= 1


def test_two_sweeps_at_once_do_everything_once(cases, small_batches, app):
    now.move(date(2025, 10, 13))
    gate, counts = threading.Barrier(2), []

    def one():
        with app.flask_app.app_context():
            gate.wait()
            counts.append(sweep.sweep(model.Session, date(2025, 10, 13)).counts)
            model.Session.remove()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    counts.append(sweep.sweep(model.Session, date(2025, 10, 13)).counts)  # what both of them left
    assert sum(count["overdue"] for count in counts) == MANY
    assert all(events(case).count("overdue") == 1 for case in cases)
    assert book.verify(model.Session)[2] is None


def test_a_clock_that_is_moved_back_brings_nothing_about(cases):
    assert run("2025-10-13")["overdue"] == MANY
    before = [events(case) for case in cases]
    assert set(run("2025-09-23").values()) == {0}
    assert [events(case) for case in cases] == before
    assert run("2025-10-14")["overdue"] == 0


def with_notice_for(year: int, day_off: date):
    known = in_force.calendar()
    notice = Notice(f"国务院办公厅关于{year}年部分节假日安排的通知")
    special = {**known.special, day_off: SpecialDay(DayKind.HOLIDAY, Festival.NEW_YEAR, notice)}
    return replace(
        known, special=special, noticed=known.noticed | {year}, computed=known.computed - {year}
    )


def test_a_new_notice_moves_provisional_days_with_an_event_each(world, on_day, monkeypatch):
    year = max(in_force.calendar().noticed) + 1
    on_day(f"{year - 1}-12-28")
    moved = [world.apply() for _ in range(3)]
    settled = world.prepared("other")
    world.act("head", settled["id"], "refuse", reason=REASON, basis=BASIS)
    assert moved[0]["provisional"]
    day = date.fromisoformat(moved[0]["due"])
    assert run(f"{year - 1}-12-29")["recounted"] == 0
    calendar = with_notice_for(year, day)
    monkeypatch.setattr(in_force, "calendar", lambda: calendar)
    assert run(f"{year - 1}-12-29")["recounted"] == 3
    assert run(f"{year - 1}-12-29")["recounted"] == 0
    for case in moved:
        shown = call("citizen", "govdata_case_show", id=case["id"])
        assert shown["due"] > day.isoformat()
        assert not shown["provisional"]
        assert events(case)[-1] == "recounted"
        facts = model.Session.scalar(
            sa.text(
                "SELECT content FROM govdata_ledger WHERE object_id = :id"
                " AND action = 'case_recounted'"
            ),
            {"id": case["id"]},
        )
        assert json.loads(facts)["facts"]["state"] == "submitted"
    assert "recounted" not in events(settled)
    assert book.verify(model.Session)[2] is None

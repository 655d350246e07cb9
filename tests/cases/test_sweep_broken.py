"""One case that cannot be judged does not keep the others waiting; and it is said."""

import json
import logging
from datetime import date

import ckan.model as model
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.cases import model as tables
from ckanext.govdata.cases import schedule
from ckanext.govdata.cases.time import batches, sweep
from ckanext.govdata.ledger import book
from ckanext.govdata.scheduler import timetable
from tests.cases.test_sweep import run, told


def put(case, **values) -> None:
    statement = sa.update(tables.case).where(tables.case.c.id == case["id"]).values(**values)
    model.Session.execute(statement)
    model.Session.commit()


LATE = ["submitted", "acceptance_deemed", "overdue"]
"""What happens to a case at which nobody looks."""


def names(case) -> list[str]:
    query = sa.select(tables.event.c.name).where(tables.event.c.case_id == case["id"])
    return list(model.Session.scalars(query.order_by(tables.event.c.number)))


@pytest.fixture
def three(world, on_day):
    on_day("2025-09-22")
    return [world.apply() for _ in range(3)]


@pytest.fixture
def logged(caplog):
    """What the sweep has logged at a level: the lines, and how many tracebacks."""
    caplog.set_level(logging.DEBUG, logger="ckanext.govdata.cases.time.batches")

    def found(level=logging.ERROR) -> tuple[list[str], int]:
        told = [one for one in caplog.records if one.levelno == level and "batches" in one.name]
        return [one.getMessage() for one in told], sum(bool(one.exc_info) for one in told)

    return found


@pytest.mark.parametrize("broken", [{"kind": "procedure_that_is_gone"}, {"state": "no_such_state"}])
def test_the_others_do_not_wait_for_a_case_that_cannot_be_judged(three, broken, logged):
    put(three[1], **broken)
    counts = run("2025-10-13")
    assert counts["overdue"] == 2
    assert counts["broken"] == 1
    [line], tracebacks = logged()
    assert line.startswith(f"Cannot process case {three[1]['reference']}: Undeclared: no file")
    assert tracebacks == 0
    assert logged(logging.DEBUG)[1] == 1
    assert [names(case) for case in three] == [
        LATE, ["submitted"], LATE
    ]
    assert book.verify(model.Session)[2] is None
    put(three[1], kind="open_application", state="submitted")
    counts = run("2025-10-13")
    assert (counts["overdue"], counts["broken"]) == (1, 0)
    assert names(three[1]) == LATE


def test_what_is_overdue_is_told_with_its_rung_and_marked_once(three):
    counts = run("2025-10-20")
    assert counts["overdue"] == 3
    assert counts["reminders"] == 3  # one to the authority for each; whoever made it has no seat
    assert told("authority", "overdue_reminder")
    query = sa.select(tables.case.c.reminded, tables.case.c.due)
    assert {row.reminded > row.due for row in model.Session.execute(query)} == {True}
    again = run("2025-10-20")
    assert (again["overdue"], again["reminders"]) == (0, 0)


def test_an_applicant_is_told_of_his_overdue_cases_together(world, on_day):
    on_day("2025-09-22")
    for number in range(7):
        world.apply()
        if number % 3 == 0:
            world.apply("other")
    assert run("2025-10-13")["overdue"] == 10
    assert (told("citizen", "overdue"), told("citizen", "overdue_many")) == ([], ["overdue_many"])
    assert told("other", "overdue") == ["overdue"] * 3


@pytest.fixture
def refused(world, three):
    """Its row says that it stands before its last event: the next event's number is taken."""
    world.act("officer", three[1]["id"], "accept")
    put(three[1], version=1)
    return three


def test_what_the_database_refuses_of_one_case_is_done_for_the_others(refused, logged):
    counts = run("2025-10-13")
    assert (counts["overdue"], counts["broken"]) == (2, 1)
    [line], tracebacks = logged()
    assert line.startswith(f"Cannot process case {refused[1]['reference']}: UniqueViolation: ")
    assert tracebacks == 0
    assert names(refused[1]) == ["submitted", "accepted"]
    for whole in (refused[0], refused[2]):
        assert names(whole) == LATE
    assert told("citizen", "overdue") == ["overdue"] * 2
    assert book.verify(model.Session)[2] is None
    assert run("2025-10-13")["overdue"] == 0
    put(refused[1], version=2)
    assert run("2025-10-13")["overdue"] == 1


def test_a_bug_is_traced_once_however_many_cases_it_strikes(three, logged, monkeypatch):
    put(three[1], version=7)  # this one has no last event, which is no bug

    def failing(*_given, **_more):
        raise ValueError("a bug")

    monkeypatch.setattr(sweep, "tell", failing)
    assert run("2025-10-13")["broken"] == 3
    lines, tracebacks = logged()
    references = {case["reference"] for case in three}
    told = [line for line in lines if line.startswith("Cannot process case ")]
    assert {line.split()[3].rstrip(":") for line in told} == references
    assert sum("ValueError: a bug" in line for line in told) == 2
    assert tracebacks == 1
    monkeypatch.undo()
    assert run("2025-10-13")["overdue"] == 2


def test_of_very_many_some_are_named(three, logged, monkeypatch):
    monkeypatch.setattr(batches, "NAMED", 1)
    for case in three:
        put(case, kind="procedure_that_is_gone")
    assert run("2025-10-13")["broken"] == 3
    [first, rest], _tracebacks = logged()
    assert "Undeclared" in first
    assert rest.startswith("And 2 cases more: Undeclared")


@pytest.mark.parametrize("day", ["2025-10-09", "2025-10-13"])
def test_a_case_without_its_last_event_is_not_passed_over_in_silence(three, day):
    put(three[1], version=7)
    counts = run(day)
    assert counts["broken"] == 1  # its check has run out, too
    assert counts["overdue"] == 2 * (day == "2025-10-13")


def test_reminding_goes_on_with_the_cases_that_are_not_refused(world, three):
    for case in three:
        world.act("officer", case["id"], "accept")
    refuse = f"""
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN RAISE check_violation USING MESSAGE = 'page is damaged'; END$$;
        CREATE TRIGGER refuse BEFORE UPDATE ON govdata_case FOR EACH ROW
        WHEN (old.id = '{three[1]["id"]}') EXECUTE FUNCTION refuse()
    """
    model.Session.execute(sa.text(refuse))
    model.Session.commit()
    try:
        now.move(date(2025, 10, 9))
        counts, [failure] = sweep.sweep(model.Session, now.today())
    finally:
        model.Session.rollback()
        model.Session.execute(sa.text("DROP FUNCTION refuse CASCADE"))
        model.Session.commit()
    assert counts["reminders"] == 2 * 2  # two cases, two officers
    assert failure == batches.Failure((three[1]["id"],), "CheckViolation: page is damaged")
    assert run("2025-10-09")["reminders"] == 2


def test_a_fault_that_passes_costs_nothing(three, monkeypatch):
    original, calls = sweep.tell, []

    def failing(*given, **more):
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("for a moment")
        return original(*given, **more)

    monkeypatch.setattr(sweep, "tell", failing)
    assert run("2025-10-13")["overdue"] == 3
    assert [names(case) for case in three] == [LATE] * 3


def test_where_more_than_a_few_are_refused_the_sweep_stops(three, monkeypatch):
    monkeypatch.setattr(batches, "MOST", 1)

    def failing(*_given, **_more):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(sweep, "tell", failing)
    with pytest.raises(RuntimeError, match="disk is full"):
        run("2025-10-13")
    assert [names(case) for case in three] == [["submitted"]] * 3


def test_the_command_names_it_and_its_exit_status_says_so(refused, cli):
    from ckan.cli.cli import ckan

    words = ["govdata", "sweep", "--today", "2025-10-13"]
    result = cli.invoke(ckan, [*words, "--json"])
    assert result.exit_code == 1
    printed = next(line for line in result.output.splitlines() if line.startswith("{"))
    [failure] = json.loads(printed)["failures"]
    assert failure["cases"] == [refused[1]["reference"]]
    assert failure["why"].startswith("UniqueViolation: ")
    result = cli.invoke(ckan, words)
    assert result.exit_code == 1
    assert f"not processed, 1: {refused[1]['reference']}: UniqueViolation" in result.output
    put(refused[1], version=2)
    assert cli.invoke(ckan, words).exit_code == 0


def test_the_health_page_warns_until_a_run_went_well(refused, app, fresh):
    def swept() -> list[str]:
        now.move(date(2025, 10, 13))
        timetable.run(app.flask_app, next(job for job in schedule.jobs if job.name == "sweep"))
        return app.get("/api/govdata/health", status=503).json["warnings"]

    [warning] = swept()
    assert warning.startswith("sweep: cases that could not be processed: 1; ")
    assert refused[1]["reference"] not in warning  # the page is public
    put(refused[1], version=2)
    assert swept() == []

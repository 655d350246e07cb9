"""One case that cannot be judged does not keep the others waiting; and it is said."""

import logging

import ckan.model as model
import pytest
import sqlalchemy as sa

from ckanext.govdata.cases import model as tables
from ckanext.govdata.ledger import book
from tests.cases.test_sweep import run, told


def put(case, **values) -> None:
    statement = sa.update(tables.case).where(tables.case.c.id == case["id"]).values(**values)
    model.Session.execute(statement)
    model.Session.commit()


def names(case) -> list[str]:
    query = sa.select(tables.event.c.name).where(tables.event.c.case_id == case["id"])
    return list(model.Session.scalars(query.order_by(tables.event.c.number)))


@pytest.fixture
def three(world, on_day):
    on_day("2025-09-22")
    return [world.apply() for _ in range(3)]


@pytest.mark.parametrize("broken", [{"kind": "procedure_that_is_gone"}, {"state": "no_such_state"}])
def test_the_others_do_not_wait_for_a_case_that_cannot_be_judged(three, broken, caplog):
    put(three[1], **broken)
    with caplog.at_level(logging.ERROR, logger="ckanext.govdata.cases.sweep"):
        counts = run("2025-10-13")
    assert counts["overdue"] == 2
    assert counts["broken"] == 1
    assert three[1]["id"] in caplog.text
    assert [names(case) for case in three] == [
        ["submitted", "overdue"], ["submitted"], ["submitted", "overdue"]
    ]
    assert book.verify(model.Session)[2] is None
    put(three[1], kind="open_application", state="submitted")
    counts = run("2025-10-13")
    assert (counts["overdue"], counts["broken"]) == (1, 0)
    assert names(three[1]) == ["submitted", "overdue"]


def test_what_is_overdue_is_told_with_its_rung_and_marked_once(three):
    counts = run("2025-10-20")
    assert counts["overdue"] == 3
    assert counts["reminders"] == 2 * 3  # the day after, and a week later, to the authority
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

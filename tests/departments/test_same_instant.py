"""Something is put into a department in the very instant in which another takes over all of it:
it goes along, or is refused in words; nothing is left in a department that is no more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata.access import grants
from ckanext.govdata.cases.engine import record
from ckanext.govdata.departments import succession
from ckanext.govdata.domain.scope import Scope
from tests.cases.conftest import call, world  # noqa: F401
from tests.departments.test_succession import merged, succeed  # noqa: F401


def waiting() -> bool:
    """Whether somebody waits for a lock."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with model.meta.engine.connect() as connection:
        return bool(connection.scalar(sa.text(query)))


class Beside:
    """Does something in a thread with an application and a connection of its own."""

    def __init__(self, app: Any, do: Callable[[], object]) -> None:
        self._app, self._do = app, do
        self.refused: dict[str, Any] = {}
        self.failed: list[BaseException] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            with self._app.flask_app.app_context():
                self._do()
        except tk.ValidationError as error:
            self.refused = error.error_dict
        except BaseException as error:
            self.failed.append(error)
        finally:
            model.Session.remove()

    def until_it_waits(self) -> None:
        while self._thread.is_alive() and not waiting():
            self._thread.join(0.02)
        assert self._thread.is_alive(), "it did not wait"

    def end(self) -> None:
        self._thread.join(60)
        assert not self._thread.is_alive()
        assert self.failed == []


def kept_while_it_waits(app: Any) -> None:
    """What was written is kept only when the succession waits for it, which then goes on."""
    other = Beside(app, succeed)
    other.until_it_waits()
    model.Session.commit()
    other.end()
    model.Session.rollback()


def entry(context: dict[str, Any], owner: str) -> dict[str, Any]:
    return tk.get_action("package_create")(context, {
        "name": "laonian-shitang", "title": "老年食堂信息", "owner_org": owner, "domain": "living",
        "open_attribute": "unconditional", "share_type": "unconditional",
        "update_period": "yearly", "notes": "老年食堂名称、地址"})


def application(world: Any) -> dict[str, Any]:  # noqa: F811
    return call("other", "govdata_case_create", kind="open_application",
                dataset_id=world.entry["id"], form={})


def left_behind(department: str) -> list[str]:
    """What still names the department that ended."""
    model.Session.rollback()
    found = model.Session.execute(sa.text("""
        SELECT 'entry ' || name FROM package WHERE owner_org = :id AND state = 'active'
        UNION ALL SELECT 'case ' || id FROM govdata_case WHERE organization_id = :id AND open
        UNION ALL SELECT 'event ' || name FROM govdata_emergency_event
            WHERE organization_id = :id AND ended IS NULL"""), {"id": department})
    return list(found.scalars())


def test_an_entry_that_is_about_to_be_kept_goes_along(merged, app) -> None:  # noqa: F811
    entry({"ignore_auth": True, "user": "officer", "defer_commit": True}, merged["own"])
    kept_while_it_waits(app)
    assert model.Package.get("laonian-shitang").owner_org == merged["heir"]
    assert left_behind(merged["own"]) == []


def test_a_case_that_is_about_to_be_kept_goes_along(merged, world, app) -> None:  # noqa: F811
    context = {"user": "citizen", "auth_user_obj": model.User.get("citizen"), "defer_commit": True}
    made = tk.get_action("govdata_case_create")(context, {
        "kind": "correction_review", "dataset_id": world.entry["id"],
        "form": {"wrong": "名称不完整", "should_be": "瑶海区老年食堂"}})
    kept_while_it_waits(app)
    case = model.Session.execute(
        sa.text("SELECT organization_id FROM govdata_case WHERE id = :id"), {"id": made["id"]})
    assert case.scalar() == merged["heir"]
    assert left_behind(merged["own"]) == []


def declare(merged: dict[str, Any], who: str = "head", **context: Any) -> dict[str, Any]:  # noqa: F811
    given = {
        "title": "瑶海区洪涝灾害", "kind": "natural_disaster", "level": "II", "regions": ["340102"],
        "organization": merged["own"], "basis": "瑶海区防汛抗旱应急预案", "rhythm": 60,
        "threshold": "harm_likely", "duty": "区防汛抗旱指挥部成员单位。",
        "contact": "瑶海区防汛抗旱指挥部 0551-64490000", "text": "南淝河水位超过警戒水位。"}
    user = {"user": who, "auth_user_obj": model.User.get(who), **context}
    return tk.get_action("govdata_emergency_declare")(user, given)


def test_an_emergency_that_is_about_to_be_kept_goes_along(merged, app) -> None:  # noqa: F811
    name = declare(merged, defer_commit=True)["name"]
    kept_while_it_waits(app)
    query = sa.text("SELECT organization_id FROM govdata_emergency_event WHERE name = :name")
    assert model.Session.scalar(query, {"name": name}) == merged["heir"]
    assert left_behind(merged["own"]) == []


def give(merged: dict[str, Any], world: Any) -> str:  # noqa: F811
    """A grant as a decision opens it, not yet kept; its id."""
    scope = Scope((merged["file"],), {}, date(2026, 1, 1), date(2099, 1, 1))
    given = grants.Opening(
        merged["case"], "SQ-0", model.User.get("citizen").id, world.entry["id"], merged["own"],
        scope, "研究", "", "download", "1")
    return grants.open_grant(model.Session, given)[0]


def test_a_grant_that_is_about_to_be_given_goes_along(merged, world, app) -> None:  # noqa: F811
    """Left with who is no more it would wait for a confirmation that nobody is asked for."""
    made = give(merged, world)
    kept_while_it_waits(app)
    query = sa.text("SELECT organization_id FROM govdata_grant WHERE id = :id")
    assert model.Session.scalar(query, {"id": made}) == merged["heir"]


@pytest.fixture
def held(merged, app, monkeypatch):  # noqa: F811
    """A succession under way: it has the departments and waits for leave to go on."""
    has, may = threading.Event(), threading.Event()
    hold = succession.hold

    def holding(session: Any, *departments: str) -> None:
        hold(session, *departments)
        has.set()
        assert may.wait(60)

    monkeypatch.setattr(succession, "hold", holding)
    under_way = Beside(app, succeed)
    assert has.wait(60)
    yield under_way, may
    may.set()
    under_way.end()


def goes_on_when_others_wait(held: tuple[Beside, threading.Event], do: Callable[[], object], app):
    under_way, may = held
    other = Beside(app, do)
    other.until_it_waits()
    may.set()
    under_way.end()
    other.end()
    return other


def test_an_entry_that_comes_while_it_is_handed_over_is_refused(merged, held, app) -> None:  # noqa: F811
    context = {"ignore_auth": True, "user": "officer"}
    other = goes_on_when_others_wait(held, lambda: entry(context, merged["own"]), app)
    assert "ended meanwhile" in str(other.refused["owner_org"])
    assert left_behind(merged["own"]) == []


def test_a_case_that_comes_while_it_is_handed_over_is_refused(merged, held, world, app) -> None:  # noqa: F811
    model.Session.rollback()
    other = goes_on_when_others_wait(held, lambda: call(
        "citizen", "govdata_case_create", kind="correction_review", dataset_id=world.entry["id"],
        form={"wrong": "名称不完整", "should_be": "瑶海区老年食堂"}), app)
    assert other.refused or left_behind(merged["own"]) == []
    assert left_behind(merged["own"]) == []


def test_a_grant_that_comes_while_it_is_handed_over_is_refused(merged, held, world, app) -> None:  # noqa: F811
    model.Session.rollback()
    other = goes_on_when_others_wait(held, lambda: give(merged, world), app)
    assert "ended meanwhile" in str(other.refused["organization"])


def test_an_emergency_that_comes_while_it_is_handed_over_is_refused(merged, held, app) -> None:  # noqa: F811
    model.Session.rollback()
    other = goes_on_when_others_wait(held, lambda: declare(merged), app)
    assert "ended meanwhile" in str(other.refused["organization"])
    assert left_behind(merged["own"]) == []


def test_a_decision_and_a_succession_do_not_wait_for_each_other(merged, held, world, app) -> None:  # noqa: F811
    """Who decides has the case and wants its department; who succeeds has that and wants the case:
    neither would ever end, if the case were taken first."""
    model.Session.rollback()

    def decide() -> None:
        record.locked(model.Session, merged["case"])
        give(merged, world)

    other = goes_on_when_others_wait(held, decide, app)
    assert "ended meanwhile" in str(other.refused["organization"])
    assert left_behind(merged["own"]) == []

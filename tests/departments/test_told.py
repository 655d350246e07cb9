"""Whoever is told of a department's things: officers, else heads, and who stands in for them."""

from __future__ import annotations

from types import SimpleNamespace

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.cases import parties
from ckanext.govdata.departments import members
from ckanext.govdata.departments.desks import Desks
from ckanext.govdata.domain.procedure import Role
from ckanext.govdata.emergency.alarms import raise_alarms
from tests.access.opened_grants import REPORT, granted  # noqa: F401
from tests.cases.conftest import away, call, make_entry, make_user, seat, site, world  # noqa: F401
from tests.cases.test_entry_changed import granted as granted_to
from tests.emergency.conftest import clock, place  # noqa: F401


def uid(name: str) -> str:
    return model.User.by_name(name).id


def kinds(who: str) -> list[str]:
    return [one["kind"] for one in call(who, "govdata_notice_list")["results"]]


def relieved(department: str, *users: str) -> None:
    for user in users:
        tk.get_action("organization_member_delete")(site(), {"id": department, "username": user})


@pytest.mark.parametrize(("who", "steps"), [("officer", 1), ("head", 2)])
def test_a_deputy_is_told_of_late_emergency_data(place, clock, who, steps) -> None:  # noqa: F811
    clock.at("2026-10-01T23:50:00+08:00")
    make_user("deputy")
    seat(place.department["id"], "deputy", "admin")
    place.event = place.declare()["name"]
    place.levels(rhythm="15")
    relieved(place.department["id"], "deputy")
    seat(place.department["id"], "deputy", "editor")
    away(who, "deputy")
    for _ in range(steps):
        clock.forward(16)
        raise_alarms()
    assert kinds("deputy").count("emergency_late") == steps


def test_an_alarm_does_not_follow_somebody_out_of_the_department(place, clock) -> None:  # noqa: F811
    clock.at("2026-10-01T23:50:00+08:00")
    place.event = place.declare()["name"]
    place.levels(rhythm="15")
    relieved(place.department["id"], "officer")
    clock.forward(16)
    raise_alarms()
    assert "emergency_late" not in kinds("officer")
    assert "emergency_late" in kinds("officer2")


def test_a_use_report_reaches_the_head_where_there_is_no_officer(granted, world) -> None:  # noqa: F811
    make_user("vice")
    seat(world.department["id"], "vice", "admin")
    relieved(world.department["id"], "officer", "officer2")
    away("head", "vice")
    relieved(world.department["id"], "vice")
    seat(world.department["id"], "vice", "editor")
    relieved(world.department["id"], "vice")
    seat(world.authority["id"], "vice", "editor")
    call("citizen", "govdata_grant_report_create", id=granted["id"], fields=REPORT)
    assert "use_reported" in kinds("head")
    assert "use_reported" not in kinds("vice"), "who works there no more stands in for nobody there"


def test_the_deputy_of_an_officer_is_told_of_use_reports(granted, world) -> None:  # noqa: F811
    make_user("vice")
    seat(world.department["id"], "vice", "admin")
    away("officer", "vice")
    call("citizen", "govdata_grant_report_create", id=granted["id"], fields=REPORT)
    assert "use_reported" in kinds("vice")


def test_a_head_s_deputy_is_told_that_a_grant_waits_to_be_confirmed(world) -> None:  # noqa: F811
    granted_to(world)
    other = tk.get_action("organization_create")(site(), {
        "name": "yaohai-jiaotong", "title": "瑶海区交通运输局", "level": "county",
        "region": "340102", "groups": [{"name": "yaohai"}]})
    for user, capacity in (("chief", "admin"), ("clerk", "editor")):
        make_user(user)
        seat(other["id"], user, capacity)
    away("chief", "clerk")
    tk.get_action("package_patch")(site(), {"id": world.entry["id"], "owner_org": other["id"]})
    assert "grant_to_confirm" in kinds("chief")
    assert "grant_to_confirm" in kinds("clerk")


def test_the_deputy_of_a_case_s_officer_is_told_that_the_data_is_gone(world) -> None:  # noqa: F811
    case = world.apply()
    world.act("officer", case["id"], "claim")
    away("officer", "officer2")
    tk.get_action("package_patch")(site(), {"id": world.entry["id"], "private": True})
    assert "case_hindered" in kinds("officer")
    assert "case_hindered" in kinds("officer2")


def test_who_had_a_case_is_told_that_it_went_elsewhere(world) -> None:  # noqa: F811
    case = world.apply()
    world.act("officer", case["id"], "claim")
    away("officer", "officer2")
    tk.get_action("package_patch")(
        site(), {"id": world.entry["id"], "owner_org": world.authority["id"]})
    for who in ("citizen", "officer", "officer2", "authority"):
        assert kinds(who).count("case_moved") == 1, who


def test_where_nobody_heads_a_department_the_authority_is_told_of_vacant_cases(world) -> None:  # noqa: F811
    case = world.apply()
    world.act("officer", case["id"], "claim")
    relieved(world.department["id"], "head")
    assert "case_vacated" not in kinds("authority")
    relieved(world.department["id"], "officer")
    assert kinds("authority").count("case_vacated") == 1


def test_read_for_all_is_as_asked_for_one(world) -> None:  # noqa: F811
    """The sweep reads who sits where once; it may not tell others than a command does."""
    make_entry(world.department["id"])
    for user, capacity in (("vice", "admin"), ("clerk", "editor"), ("reader", "member")):
        make_user(user)
        seat(world.department["id"], user, capacity)
    seat(world.authority["id"], "clerk", "editor")
    away("head", "officer2")
    away("officer", "clerk")
    away("authority", "clerk")
    case = world.apply()
    world.act("officer", case["id"], "claim")
    row = model.Session.execute(
        sa.text("SELECT * FROM govdata_case WHERE id = :id"), {"id": case["id"]}).one()
    desks, free = Desks(), SimpleNamespace(**{**row._mapping, "assigned_id": None})
    for role in (Role.APPLICANT, Role.HEAD, Role.AUTHORITY, Role.OBJECTION_BODY, Role.GOVERNMENT,
                 Role.OPENNESS_OFFICE):
        assert desks.users(role, row) == parties.users_in(role, row), role
    assert desks.users(Role.OFFICER, free) == parties.users_in(Role.OFFICER, free)
    assert desks.users(Role.OFFICER, row) == parties.handlers(row, row.assigned_id)
    assert set(parties.handlers(row, row.assigned_id)) == {uid("officer"), uid("clerk")}
    assert set(members.heads(world.department["id"])) == {uid("head"), uid("vice"), uid("officer2")}
    assert now.today()

"""Somebody is away: a colleague stands in, and gives back nothing by hand."""

from datetime import timedelta

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.cases.time.sweep import sweep
from tests.cases.conftest import call


def uid(name: str) -> str:
    return model.User.by_name(name).id


def away(who: str, deputy: str, first: int = 0, last: int = 5) -> dict[str, str]:
    today = now.today()
    days = {
        "first": (today + timedelta(days=first)).isoformat(),
        "last": (today + timedelta(days=last)).isoformat(),
    }
    return call(who, "govdata_away_create", deputy=uid(deputy), **days)


def roles(who: str, case: dict) -> list[str]:
    return call(who, "govdata_case_show", id=case["id"])["roles"]


def test_the_deputy_of_a_head_decides_in_his_place_and_only_in_these_days(world, on_day):
    case = world.prepared()
    with pytest.raises(tk.ValidationError, match="department"):
        world.act("officer2", case["id"], "approve")
    away("head", "officer2", first=1, last=2)
    assert "head" not in roles("officer2", case)
    on_day(now.today() + timedelta(days=1))
    assert "head" in roles("officer2", case)
    assert "head" not in roles("officer", case)
    on_day(now.today() + timedelta(days=2))
    assert "head" not in roles("officer2", case)
    on_day(now.today() - timedelta(days=1))
    done = world.act("officer2", case["id"], "approve")
    assert done["state"] == "approved"
    assert done["events"][-1]["role"] == "head"
    query = sa.text("SELECT action, actor_id FROM govdata_ledger ORDER BY number")
    written = [tuple(row) for row in model.Session.execute(query)]
    assert ("away_declared", uid("head")) in written
    assert ("case_approved", uid("officer2")) in written


def test_a_deputy_sees_the_cases_of_the_absent_as_his_own_and_is_told(world):
    case = world.apply()
    world.act("officer", case["id"], "claim")
    assert call("officer2", "govdata_case_list", handler="me")["count"] == 0
    away("officer", "officer2")
    assert call("officer2", "govdata_case_list", handler="me")["count"] == 1
    world.act("citizen", case["id"], "withdraw")
    kinds = [one["kind"] for one in call("officer2", "govdata_notice_list")["results"]]
    assert kinds[0] == "withdrawn"
    assert "deputy" in kinds


def test_reminders_reach_the_deputy(world, on_day):
    case = world.apply()
    world.act("officer", case["id"], "claim")
    away("officer", "officer2", last=60)
    on_day(call("officer", "govdata_case_show", id=case["id"])["due"])
    sweep(model.Session, now.today())
    told = call("officer2", "govdata_notice_list")["results"]
    assert any(one["kind"] == "reminder" for one in told)


def test_nobody_gains_more_than_his_department(world):
    """A deputy has the absent one's part where both work, and nowhere else."""
    tk.get_action("organization_member_create")(
        {"ignore_auth": True, "user": "root"},
        {"id": world.authority["id"], "username": "head", "role": "admin"},
    )
    away("head", "officer")
    case = world.apply()
    assert roles("officer", case) == ["head", "officer"]


def test_an_absence_holds_on_its_last_day_and_is_over_on_the_next(world, on_day):
    case = world.apply()
    world.act("officer", case["id"], "claim")
    away("head", "officer2", last=2)
    away("officer", "officer2", last=2)
    for days, held in ((2, 1), (1, 0)):
        on_day(now.today() + timedelta(days=days))
        assert ("head" in roles("officer2", case)) is bool(held)
        assert call("officer2", "govdata_case_list", handler="me")["count"] == held
        assert len(call("officer2", "govdata_away_list")) == 2 * held


def test_half_a_year_is_the_longest_absence(world):
    with pytest.raises(tk.ValidationError, match="At most 184 days"):
        away("head", "officer2", last=185)
    away("head", "officer2", last=184)


def test_the_soonest_absence_stands_first(world):
    away("head", "officer2", 10, 12)
    away("head", "officer2", 2, 4)
    listed = [one["first"] for one in call("head", "govdata_away_list")]
    assert listed == sorted(listed)


def test_back_early(world):
    case = world.prepared()
    made = away("head", "officer2")
    with pytest.raises(tk.ObjectNotFound):
        call("officer2", "govdata_away_delete", id=made["id"])
    call("head", "govdata_away_delete", id=made["id"])
    assert roles("officer2", case) == ["officer"]
    assert call("head", "govdata_away_list") == []


def test_back_early_after_some_days_keeps_what_was(world, on_day):
    away("head", "officer2", last=9)
    on_day(now.today() + timedelta(days=3))
    [listed] = call("head", "govdata_away_list")
    call("head", "govdata_away_delete", id=listed["id"])
    assert call("officer2", "govdata_away_list") == []
    last = model.Session.scalar(sa.text("SELECT last FROM govdata_away"))
    assert last == now.today() - timedelta(days=1)


@pytest.mark.parametrize(
    ("deputy", "first", "last", "field"),
    [
        ("citizen", 0, 1, "deputy"),
        ("authority", 0, 1, "deputy"),
        ("head", 0, 1, "deputy"),
        ("officer", -1, 1, "first"),
        ("officer", 3, 1, "last"),
        ("officer", 0, 400, "last"),
    ],
)
def test_a_bad_absence_is_refused_by_field(world, deputy, first, last, field):
    with pytest.raises(tk.ValidationError) as caught:
        away("head", deputy, first, last)
    assert list(caught.value.error_dict) == [field]


def test_no_two_absences_at_once_and_no_deputy_who_is_away(world):
    away("head", "officer", 0, 5)
    with pytest.raises(tk.ValidationError, match="already"):
        away("head", "officer2", 5, 7)
    away("officer2", "officer", 10, 12)
    with pytest.raises(tk.ValidationError, match="away himself"):
        away("officer", "officer2", 12, 14)
    for value in ("2026-13-01", "", "<script>"):
        with pytest.raises(tk.ValidationError, match="not a day"):
            call("head", "govdata_away_create", deputy=uid("officer"), first=value, last=value)


def test_the_page_without_javascript(world, app):
    from ckan.tests.helpers import call_action

    token = call_action("api_token_create", context={"user": "head"}, user="head", name="t")
    headers = {"Authorization": token["token"]}
    answer = app.get("/cases/away", headers=headers)
    assert f'value="{uid("officer2")}"' in answer.body
    assert f'value="{uid("citizen")}"' not in answer.body
    day = now.today().isoformat()
    form = {"deputy": uid("officer2"), "first": day, "last": "2000-01-01"}
    answer = app.post("/cases/away", headers=headers, data=form, status=409)
    assert "before the first" in answer.body
    answer = app.post("/cases/away", headers=headers, data={**form, "last": day})
    assert "全名 officer2 stands in for you" in answer.body
    [made] = call("head", "govdata_away_list")
    app.post("/cases/away", headers=headers, data={"delete": made["id"]})
    assert call("head", "govdata_away_list") == []
    token = call_action("api_token_create", context={"user": "citizen"}, user="citizen", name="t")
    answer = app.get("/cases/away", headers={"Authorization": token["token"]})
    assert "no colleague" in answer.body
    assert app.get("/cases/away", follow_redirects=False).status_code == 302

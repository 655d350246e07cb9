"""Duties apart, as people meet them: through the actions, the buttons and the pages."""

from datetime import timedelta

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.cases import model as tables
from ckanext.govdata.cases import parties
from ckanext.govdata.domain.procedure import Role
from tests.cases.conftest import (
    BASIS,
    REASON,
    away,
    call,
    make_body,
    make_entry,
    make_user,
    seat,
    site,
)

WHY = {"reason": REASON, "basis": BASIS}


def refused(world, who, case, command, **fields):
    """The code with which a command is refused; the button must not have been there either."""
    offered = [one["name"] for one in call(who, "govdata_case_commands", id=case["id"])]
    assert command not in offered
    with pytest.raises(tk.ValidationError) as error:
        world.act(who, case["id"], command, **fields)
    codes = [reason["code"] for reason in error.value.error_dict["reasons"]]
    barred = call(who, "govdata_case_show", id=case["id"])["barred"]
    assert command in [one["command"] for one in barred]
    assert all(one["why"] for one in barred)
    return codes[0]


def test_a_head_alone_does_not_propose_and_decide(world):
    case = world.apply()
    world.act("head", case["id"], "accept")
    world.act("head", case["id"], "propose", proposal="approve", note="拟同意")
    assert refused(world, "head", case, "approve") == "did_propose"
    assert refused(world, "head", case, "refuse", **WHY) == "did_propose"


@pytest.mark.ckan_config("ckanext.govdata.cases.one_step", "yaohai")
def test_where_one_step_is_set_he_may(world):
    case = world.apply()
    world.act("head", case["id"], "accept")
    world.act("head", case["id"], "propose", proposal="approve", note="拟同意")
    assert world.act("head", case["id"], "refuse", **WHY)["state"] == "refused"


def test_the_proposer_does_not_decide_as_deputy_of_the_head(world):
    case = world.prepared()
    away("head", "officer")
    assert refused(world, "officer", case, "refuse", **WHY) == "did_propose"
    call("head", "govdata_away_delete", id=call("head", "govdata_away_list")[0]["id"])
    away("head", "officer2")
    shown = world.act("officer2", case["id"], "refuse", **WHY)
    assert shown["events"][-1]["in_place_of"] == "全名 head"


def test_the_deputy_of_an_applicant_keeps_out_of_his_case(world):
    """A head applies for his own department's data and names the one who shall decide."""
    call("head", "govdata_identity_update", kind="person", name="张三", number="110105194912310038")
    seat(world.department["id"], "officer2", "admin")
    case = world.prepared("head")
    away("head", "officer2")
    assert refused(world, "officer2", case, "approve") == "stands_for_applicant"
    away("officer2", "officer")  # nor the deputy of the deputy
    assert refused(world, "officer", case, "approve") == "stands_for_applicant"


def test_a_member_of_the_applicants_firm_keeps_out(world):
    earlier, case = world.prepared(), world.prepared()
    grant = world.act("head", earlier["id"], "approve")["grant"]
    model.Session.execute(
        sa.text("INSERT INTO govdata_grant_member (grant_id, user_id) VALUES (:grant, :user)"),
        {"grant": grant, "user": model.User.by_name("head").id},
    )
    model.Session.commit()
    assert refused(world, "head", case, "refuse", **WHY) == "own_side"
    seat(world.department["id"], "other", "admin")
    away("head", "other")  # nor does whoever stands in for him
    assert refused(world, "other", case, "refuse", **WHY) == "own_side"


def test_a_place_is_lent_on_the_days_of_the_absence_where_the_deputy_works(world, on_day):
    case = world.prepared()
    tomorrow, days = now.today() + timedelta(days=1), timedelta(days=3)
    for deputy in ("officer2", "authority"):  # the other works elsewhere
        dates = {"first": tomorrow.isoformat(), "last": (tomorrow + days).isoformat()}
        made = call("head", "govdata_away_create", deputy=model.User.by_name("officer2").id,
                    **dates)
        model.Session.execute(
            sa.text("UPDATE govdata_away SET deputy_id = :deputy WHERE id = :id"),
            {"deputy": model.User.by_name(deputy).id, "id": made["id"]},
        )
        model.Session.commit()
        decides = {}
        for after in (0, 1, 4, 5):
            on_day(tomorrow + timedelta(days=after - 1))
            roles = parties.actor(model.User.by_name(deputy).id, stored_row(case)).roles
            decides[after] = Role.HEAD in roles
        own = deputy == "officer2"
        assert decides == {0: False, 1: own, 4: own, 5: False}
        on_day(tomorrow - timedelta(days=1))
        call("head", "govdata_away_delete", id=made["id"])


def stored_row(shown):
    """The row of a case that was shown."""
    query = sa.select(tables.case).where(tables.case.c.id == shown["id"])
    return model.Session.execute(query).one()


def test_two_accounts_of_one_person_are_one_person(world):
    case = world.prepared()
    model.Session.execute(
        sa.text("""
            INSERT INTO govdata_identity (user_id, kind, document, secret, masked_name,
                masked_number, number_digest, held, created, modified)
            SELECT :head, kind, document, secret, masked_name, masked_number, number_digest, true,
                created, modified
            FROM govdata_identity WHERE user_id = :citizen
        """),
        {"head": model.User.by_name("head").id, "citizen": model.User.by_name("citizen").id},
    )
    model.Session.commit()
    assert refused(world, "head", case, "refuse", **WHY) == "own_side"


class TestObjection:
    """Who judges it."""

    def objected(self, world, refuser="head", **entry):
        case = world.prepared()
        world.act(refuser, case["id"], "refuse", **WHY)
        return world.act("citizen", case["id"], "object", grounds="理由不成立，请复查本决定")

    def test_who_refused_does_not_uphold_as_member_of_the_authority(self, world):
        seat(world.authority["id"], "head", "admin")
        case = self.objected(world)
        assert refused(world, "head", case, "uphold", **WHY) == "own_department"
        tk.get_action("organization_member_delete")(
            site(), {"id": world.department["id"], "username": "head"}
        )
        assert refused(world, "head", case, "uphold", **WHY) == "did_decide"
        assert world.act("authority", case["id"], "uphold", **WHY)["state"] == "upheld"

    def test_the_authority_does_not_judge_itself_the_government_above_does(self, world):
        world.entry = make_entry(world.authority["id"])
        make_user("clerk")
        seat(world.authority["id"], "clerk", "editor")
        make_user("mayor")
        seat("yaohai", "mayor", "admin")
        case = world.apply()
        world.act("clerk", case["id"], "accept")
        world.act("clerk", case["id"], "propose", proposal="refuse", note="拟不予开放")
        world.act("authority", case["id"], "refuse", **WHY)
        world.act("citizen", case["id"], "object", grounds="理由不成立，请复查本决定")
        told = {one["kind"] for one in call("mayor", "govdata_notice_list")["results"]}
        assert "objected" in told
        with pytest.raises(tk.ValidationError) as error:
            world.act("authority", case["id"], "uphold", **WHY)
        assert error.value.error_dict["reasons"][0]["code"] == "wrong_role"
        desk = call("mayor", "govdata_case_list", open=True)["results"]
        assert case["id"] in [one["id"] for one in desk]
        shown = world.act("mayor", case["id"], "uphold", **WHY)
        assert shown["letters"][-1]["issuer"] == "瑶海区人民政府"

    def test_a_body_above_the_place_sees_the_cases_that_it_may_have_to_judge(self, world):
        """The city judges the district's own decisions, once there is one, and no others."""
        city = make_body("hefei", "合肥市人民政府", level="city", region="3401",
                             jurisdiction="anhui", role="government")
        tk.get_action("organization_patch")(
            site(), {"id": "yaohai", "groups": [{"name": city["name"]}]}
        )
        for who, where in (("mayor", "hefei"), ("clerk", "yaohai"), ("boss", "yaohai")):
            make_user(who)
            seat(where, who, "editor" if who == "clerk" else "admin")
        others = world.prepared()
        world.act("head", others["id"], "refuse", **WHY)
        world.entry = make_entry(tk.get_action("organization_show")(site(), {"id": "yaohai"})["id"])
        case = world.apply()
        world.act("clerk", case["id"], "accept")
        world.act("clerk", case["id"], "propose", proposal="refuse", note="拟不予开放")

        def desk():
            found = call("mayor", "govdata_case_list", desk=True)["results"]
            return {one["id"] for one in found}

        assert desk() == set()
        for one in (case, others):
            with pytest.raises(tk.NotAuthorized):
                call("mayor", "govdata_case_show", id=one["id"])
        world.act("boss", case["id"], "refuse", **WHY)
        world.act("citizen", case["id"], "object", grounds="理由不成立，请复查本决定")
        assert desk() == {case["id"]}
        with pytest.raises(tk.NotAuthorized):
            call("mayor", "govdata_case_show", id=others["id"])
        assert world.act("mayor", case["id"], "uphold", **WHY)["state"] == "upheld"

    def test_a_body_that_was_dissolved_judges_nothing(self, world):
        tk.get_action("organization_delete")(site(), {"id": world.authority["id"]})
        case = world.prepared()
        letter = world.act("head", case["id"], "refuse", **WHY)["letters"][-1]
        assert letter["object_to"] == "瑶海区人民政府"
        tk.get_action("organization_delete")(site(), {"id": "yaohai"})
        case = world.prepared()  # Yaohai's text does not bind any more
        why = {**WHY, "basis": ["open_government_information:第十五条"]}
        letter = world.act("head", case["id"], "refuse", **why)["letters"][-1]
        assert letter["object_to"] == ""

    def test_where_there_is_no_body_the_reader_is_told_whom_to_turn_to(self, world, app):
        for name in ("yaohai-shujuju", "yaohai"):
            tk.get_action("organization_patch")(site(), {"id": name, "role": "department"})
        case = world.prepared()
        shown = world.act("head", case["id"], "refuse", **WHY)
        assert "object_until" not in shown["letters"][-1]
        assert shown["letters"][-1]["object_to"] == ""
        assert refused(
            world, "citizen", case, "object", grounds="理由不成立，请复查本决定"
        ) == "nobody_answers"


def test_deputies_are_told_of_what_comes(world):
    """Emergencies and use reports reach whoever stands in, as cases do."""
    from types import SimpleNamespace

    from ckanext.govdata.emergency.event import event_roles

    away("head", "officer2")
    row = SimpleNamespace(organization_id=world.department["id"], jurisdiction="yaohai")
    deputy = model.User.by_name("officer2").id
    assert deputy in event_roles.users(Role.HEAD, row)
    assert deputy in parties.users_in(Role.HEAD, row)

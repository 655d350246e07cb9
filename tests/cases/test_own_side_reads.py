"""Staff of the applicant's side read what the applicant reads, and no word that is internal.

Each attack is looked for in everything that a case answers: the action, what a command answers,
the page, the desk.
"""

import json

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.tests.helpers import call_action

from ckanext.govdata import now
from ckanext.govdata.departments.model import away as absences
from tests.cases.conftest import away, call, make_user, seat

SECRET = ("kanarie 内部意见：拟不予开放", "kanarie 备注：先征求第三方意见", "kanarie 请你接办")


def discussed(world, who="citizen"):
    """A case in which the department has said what is meant for itself alone."""
    case = world.apply(who)
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "remark", note=SECRET[1])
    world.act("officer", case["id"], "hand_over", note=SECRET[2],
              colleague=model.User.by_name("officer").id)
    world.act("officer", case["id"], "propose", proposal="refuse", note=SECRET[0])
    return case["id"]


@pytest.fixture
def everything(app):
    """All that somebody can be answered about a case, as one text."""

    def read(who, case_id):
        token = call_action("api_token_create", context={"user": who}, user=who, name=f"{who}-r")
        headers = {"Authorization": token["token"]}
        answers = [
            call(who, "govdata_case_show", id=case_id),
            call(who, "govdata_case_commands", id=case_id),
            call(who, "govdata_case_list", open=True),
            call(who, "govdata_notice_list"),
        ]
        pages = [app.get(path, headers=headers).body for path in (f"/cases/{case_id}", "/desk")]
        return json.dumps(answers, ensure_ascii=False) + "".join(pages)

    return read


def assert_reads_as_the_applicant(world, everything, who, case_id):
    said = everything(who, case_id)
    assert "kanarie" not in said
    assert "拟办结果" not in said
    events = call(who, "govdata_case_show", id=case_id)["events"]
    own = call("citizen", "govdata_case_show", id=case_id)["events"]
    assert [one["name"] for one in events] == [one["name"] for one in own]
    assert not [one["by"] for one in events if one["by"]]


def test_those_of_neither_side_read_it(world, everything):
    """The test is not blind."""
    case = discussed(world)
    for who in ("officer", "officer2", "head"):
        said = everything(who, case)
        assert all(one in said for one in SECRET)
    assert "kanarie" not in everything("citizen", case)


def test_the_deputy_of_the_applicant(world, everything):
    call("head", "govdata_identity_update", kind="person", name="张三", number="110105194912310038")
    seat(world.department["id"], "officer2", "admin")
    case = discussed(world, "head")
    assert "kanarie" not in everything("head", case)
    assert "kanarie" in everything("officer2", case)
    away("head", "officer2")
    assert "kanarie" not in everything("officer2", case)
    make_user("third")
    seat(world.department["id"], "third", "editor")
    assert "kanarie" in everything("third", case)
    away("officer2", "third")  # the deputy of the deputy
    assert "kanarie" not in everything("third", case)


@pytest.mark.parametrize("who", ["officer2", "head", "authority"])
def test_another_account_of_the_same_person(world, everything, who):
    case = discussed(world)
    assert "kanarie" in everything(who, case)
    model.Session.execute(
        sa.text("""
            INSERT INTO govdata_identity (user_id, kind, document, secret, masked_name,
                masked_number, number_digest, held, created, modified)
            SELECT :who, kind, document, secret, masked_name, masked_number, number_digest, true,
                created, modified
            FROM govdata_identity WHERE user_id = :citizen
        """),
        {"who": model.User.by_name(who).id, "citizen": model.User.by_name("citizen").id},
    )
    model.Session.commit()
    assert_reads_as_the_applicant(world, everything, who, case)


@pytest.mark.parametrize("who", ["officer2", "head", "authority"])
def test_another_account_of_the_same_person_after_his_number_was_released(world, everything, who):
    """His number stands with his case: whoever has it now does not decide in his own case."""
    case = discussed(world)
    citizen = model.User.by_name("citizen").id
    assert "kanarie" in everything(who, case)
    model.Session.execute(
        sa.text("UPDATE govdata_identity SET user_id = :who WHERE user_id = :citizen"),
        {"who": model.User.by_name(who).id, "citizen": citizen})
    model.Session.commit()
    assert_reads_as_the_applicant(world, everything, who, case)


@pytest.mark.parametrize("who", ["officer2", "head"])
def test_a_named_user_of_the_applicants_grant(world, everything, who):
    earlier = world.prepared()
    grant = world.act("head", earlier["id"], "approve")["grant"]
    case = discussed(world)
    model.Session.execute(
        sa.text("INSERT INTO govdata_grant_member (grant_id, user_id) VALUES (:grant, :user)"),
        {"grant": grant, "user": model.User.by_name(who).id},
    )
    model.Session.commit()
    assert_reads_as_the_applicant(world, everything, who, case)


@pytest.mark.ckan_config("ckanext.govdata.auditors", "auditor")
def test_an_auditor_of_the_applicants_side(world):
    case = discussed(world)
    shown = json.dumps(call("auditor", "govdata_case_show", id=case), ensure_ascii=False)
    assert "kanarie" in shown
    today = now.today()
    model.Session.execute(
        sa.insert(absences).values(
            id="a", user_id=model.User.by_name("citizen").id, first=today, last=today,
            deputy_id=model.User.by_name("auditor").id, created=now.now())
    )
    model.Session.commit()
    shown = json.dumps(call("auditor", "govdata_case_show", id=case), ensure_ascii=False)
    assert "kanarie" not in shown

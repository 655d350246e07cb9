"""An identity stays as it is while a case or grant rests on it; letters name who it was then."""

from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.access import grants
from tests.cases.conftest import CLAUSE, ID_NUMBER, REASON, call, heard, on_day, world  # noqa: F401

OTHER = {"kind": "person", "name": "赵钱孙", "number": "340102198001011231"}
SAME = {"kind": "person", "name": "王小明", "number": ID_NUMBER}


def replaced() -> None:
    """As a hole that nobody knows of would: past the action."""
    model.Session.execute(sa.text(
        "UPDATE govdata_identity SET kind = 'firm', masked_name = '赵**', masked_number = '9*9'"))
    model.Session.commit()


def test_refused_in_words_while_a_case_is_open(world):  # noqa: F811
    case = world.apply()
    for changed in ({"name": "赵钱孙"}, {"number": OTHER["number"]}, {"kind": "organisation",
                    "number": "91110000600037341L"}):
        with pytest.raises(tk.ValidationError, match="stays as it is") as caught:
            call("citizen", "govdata_identity_update", **{**SAME, **changed})
        assert case["reference"] in str(caught.value)
    assert call("citizen", "govdata_identity_update", **SAME)["name"] == "王**"
    [bound] = call("citizen", "govdata_identity_show")["bound"]
    assert case["reference"] in bound
    world.act("citizen", case["id"], "withdraw")
    assert call("citizen", "govdata_identity_update", **OTHER)["name"] == "赵**"
    assert call("officer", "govdata_case_show", id=case["id"])["applicant"]["name"] == "王**"


def test_a_draft_binds_nobody(world):  # noqa: F811
    call("citizen", "govdata_case_create", kind="open_application",
         dataset_id=world.entry["id"], form={"purpose": "研究"})
    assert call("citizen", "govdata_identity_update", **OTHER)["name"] == "赵**"


def test_case_letter_and_grant_name_who_it_was(world, app):  # noqa: F811
    case = world.prepared()
    replaced()
    shown = world.act("head", case["id"], "approve")
    assert shown["applicant"] == {"kind": "person", "document": "identity_card", "name": "王**",
                                  "number": "110*************2X"}
    letter = shown["letters"][-1]
    assert (letter["applicant"], letter["applicant_kind"]) == ("王**", "person")
    grant = call("citizen", "govdata_grant_show", id=shown["grant"])
    assert grant["holder"] == {"kind": "person", "name": "王**"}
    call("citizen", "govdata_case_show", id=case["id"])
    token = tk.get_action("api_token_create")(
        {"ignore_auth": True, "user": "citizen"}, {"user": "citizen", "name": "t"})["token"]
    page = app.get(f"/cases/{case['id']}/letter/{letter['number']}",
                   headers={"Authorization": token})
    assert "王小明" in page.body


def test_a_grant_binds_until_it_is_over(world, on_day):  # noqa: F811
    case = world.prepared()
    shown = world.act("head", case["id"], "approve")
    grant = grants.get(model.Session, shown["grant"])
    with pytest.raises(tk.ValidationError, match=grant.scope.valid_until.isoformat()):
        call("citizen", "govdata_identity_update", **OTHER)
    call("head", "govdata_grant_revoke", id=shown["grant"], reason=REASON, basis=CLAUSE,
         **heard())  # fmt: skip
    assert call("citizen", "govdata_identity_update", **OTHER)["name"] == "赵**"
    assert now.today() <= grant.scope.valid_until

"""A ground carries what it is a ground for: what only makes an answer one of another kind founds no
condition and upholds nothing (regulations 35, 36); the end of a grant rests on one, too."""

from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest

from tests.access.opened_grants import granted  # noqa: F401
from tests.cases.conftest import BASIS, CLAUSE, REASON, call, heard, world  # noqa: F401

OGI = "open_government_information:{}".format
KINDS = [OGI("第三十五条"), *(OGI(f"第三十六条第{n}项") for n in "一四五六七")]
"""What says of which kind a reply is."""
CONDITIONS = {"conditions": "成果须注明数据来源。", "reason": REASON}


def wrong(act):
    with pytest.raises(tk.ValidationError) as caught:
        act()
    model.Session.rollback()
    return [one["code"] for one in caught.value.error_dict["reasons"]]


@pytest.mark.parametrize("basis", KINDS)
def test_no_condition_rests_on_the_kind_of_a_reply(world, basis):  # noqa: F811
    case = world.prepared()

    def decide(command, cited, **more):
        return lambda: world.act("head", case["id"], command, **{**CONDITIONS, **more},
                                 basis=cited)  # fmt: skip

    none = ["ground_withholds_nothing"]
    assert wrong(decide("approve_conditionally", [basis])) == none
    assert wrong(decide("approve_conditionally", [*BASIS, basis])) == none
    form, file = world.form(), world.entry["resources"][0]["id"]
    part = {"grant_resources": [file], "grant_columns": {file: ["线路名称"]},
            "valid_from": form["period_from"], "valid_until": form["period_until"]}  # fmt: skip
    assert wrong(decide("approve_partly", [basis], **part)) == none
    shown = decide("approve_partly", [*BASIS, basis], **part)()
    assert shown["state"] == "partly_approved", "the rest may be withheld on it"


@pytest.mark.parametrize("basis", KINDS)
def test_a_part_without_conditions_and_a_refusal_may_rest_on_it(world, basis):  # noqa: F811
    case = world.prepared()
    world.act("head", case["id"], "refuse", reason=REASON, basis=[basis])
    world.act("citizen", case["id"], "object", grounds="理由不成立，请重新审查。")
    other = next(one for one in KINDS if one != basis)
    uphold = {"reason": REASON, "basis": [other]}
    assert wrong(lambda: world.act("authority", case["id"], "uphold", **uphold)) == [
        "ground_withholds_nothing"
    ]
    shown = world.act("authority", case["id"], "uphold", reason=REASON, basis=[basis])
    assert shown["state"] == "upheld", "the decision itself rests on it"


def test_what_was_withheld_is_not_upheld_as_a_reply_of_another_kind(world):  # noqa: F811
    case = world.prepared()
    world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    world.act("citizen", case["id"], "object", grounds="理由不成立，请重新审查。")
    for basis in KINDS:
        uphold = {"reason": REASON, "basis": [basis]}
        assert wrong(lambda said=uphold: world.act("authority", case["id"], "uphold", **said)) == [
            "ground_withholds_nothing"
        ], basis


@pytest.mark.parametrize(("command", "offers"), [
    ("refuse", True), ("approve_partly", True), ("approve_conditionally", False),
])  # fmt: skip
def test_the_desk_offers_what_carries_the_decision(world, browse, command, offers):  # noqa: F811
    case = world.prepared()
    page = browse("head", f"/zh_Hans_CN/cases/{case['id']}/do/{command}")
    listed = {one["value"] for one in page.select("input[name=basis]")}
    assert OGI("第十五条") in listed
    assert (set(KINDS) <= listed, bool(set(KINDS) & listed)) == (offers, offers)


NO_BASIS = {
    "": "missing",
    "领导要求": "no_article",
    "第五条": "no_article",
    "yaohai:第十七条": "no_ground",
    "《某某内部规定》第一条": "rank_not_said",
    "《某省办法》第九条（规章）": "rank_too_low",
    KINDS[1]: "ground_ends_no_grant",
    OGI("第三十七条"): "ground_not_alone",
    "数据使用条款（2025-1）第一条": "no_such_clause",
    "数据使用条款（2026-2）第十二条": "no_such_clause",
    "数据使用条款（2026-2）第一一条": "no_such_clause",
    "《数据使用条款（2026-2）》第十九条（法律）": "no_such_clause",
}


@pytest.mark.parametrize("suspend", [True, False])
def test_what_ends_a_grant_is_judged_as_any_basis_is(granted, suspend):  # noqa: F811
    def end(basis):
        return call("head", "govdata_grant_revoke", id=granted["id"], reason=REASON, basis=basis,
                    suspend=suspend, **heard())  # fmt: skip

    for basis, code in NO_BASIS.items():
        assert wrong(lambda said=basis: end(said)) == [code], basis
    good = [CLAUSE, OGI("第十五条"), "《中华人民共和国保守国家秘密法》第二十条（法律）"]
    end("\n".join(good))
    letter = call("citizen", "govdata_case_show", id=granted["reference"])["letters"][-1]
    assert len(letter["basis"]) == len(good)


def test_to_lift_a_suspension_needs_no_basis(granted):  # noqa: F811
    said = {"id": granted["id"], "reason": REASON}
    call("head", "govdata_grant_revoke", **said, basis=CLAUSE, suspend=True)
    assert call("head", "govdata_grant_revoke", **said, lift=True)["standing"] == "in_force"

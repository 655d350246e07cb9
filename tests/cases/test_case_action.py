"""Cases through the actions: one transaction for state, event, ledger, grant, letter and outbox."""

import json
import re

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.cases import model as tables
from ckanext.govdata.cases.engine import record
from ckanext.govdata.ledger import book
from tests.cases.conftest import BASIS, CLAUSE, POWER, REASON, call, heard


def reasons(error) -> set[tuple[str, str]]:
    return {(item["code"], item["field"]) for item in error.value.error_dict["reasons"]}


@pytest.mark.usefixtures("yaohai_in_force")
def test_a_receipt_with_number_day_and_due_day(world, test_request_context):
    case = world.apply()
    assert re.fullmatch(rf"KF-瑶海-{now.today().year}-000001", case["reference"])
    assert case["state"] == "submitted"
    assert case["received"] == now.today().isoformat()
    with test_request_context():
        explained = call(
            "citizen",
            "govdata_deadline_explain",
            jurisdiction="yaohai",
            term="open_application.decide",
            received=case["received"],
        )
    assert case["due"] == explained["due"]
    assert case["clocks"]["decide"]["article"] == "第十七条"
    assert world.apply("other")["reference"].endswith("-000002")


def test_numbers_have_no_gaps_where_a_submission_failed(world):
    world.apply()
    with pytest.raises(tk.ValidationError):
        world.apply(purpose="短")
    assert world.apply()["reference"].endswith("-000002")


def test_nothing_is_left_of_a_case_that_was_refused_at_the_door(world):
    with pytest.raises(tk.ValidationError) as caught:
        world.apply(contact_phone="电话")
    assert reasons(caught) == {("not_a_telephone_number", "contact_phone")}
    assert call("citizen", "govdata_case_list", mine=True)["count"] == 0


def test_a_draft_is_saved_right_or_wrong_and_is_nobody_elses(world):
    case = call(
        "citizen",
        "govdata_case_create",
        kind="open_application",
        dataset_id=world.entry["id"],
        form={"purpose": "短", "contact_phone": "?"},
    )
    assert case["draft"] == {"purpose": "短", "contact_phone": "?"}
    assert case["reference"] is None
    for who in ("officer", "head", "authority", "other", "root"):
        with pytest.raises(tk.NotAuthorized):
            call(who, "govdata_case_show", id=case["id"])
        assert call(who, "govdata_case_list")["count"] == 0
    case = world.act("citizen", case["id"], "submit", **world.form())
    assert case["answers"]["purpose"].startswith("研究")
    assert "draft" not in case


def test_who_you_are_comes_first(world):
    with pytest.raises(tk.ValidationError) as caught:
        call(
            "authority",
            "govdata_case_create",
            kind="open_application",
            dataset_id=world.entry["id"],
            form=world.form(),
            submit=True,
        )
    assert "identity" in caught.value.error_dict


def test_only_conditional_data_is_applied_for(world):
    entry = tk.get_action("package_patch")(
        {"ignore_auth": True, "user": "root"},
        {"id": world.entry["id"], "open_attribute": "unconditional"},
    )
    for dataset in (entry["id"], "nothing-like-that", None):
        with pytest.raises(tk.ValidationError) as caught:
            call(
                "citizen",
                "govdata_case_create",
                kind="open_application",
                dataset_id=dataset,
                form={},
            )
        assert "dataset_id" in caught.value.error_dict


def test_yaohai_17_refusal_with_reason_and_basis(world):
    case = world.prepared()
    with pytest.raises(tk.ValidationError) as caught:
        world.act("head", case["id"], "refuse", reason="", basis=[])
    assert reasons(caught) == {("missing", "reason"), ("missing", "basis")}
    case = world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    assert (case["state"], case["outcome"]) == ("refused", "refused")
    shown = call("citizen", "govdata_case_show", id=case["reference"])
    decision = next(event for event in shown["events"] if event["name"] == "refused")
    assert decision["fields"]["basis"] == ["瑶政办〔2024〕2号 第十五条", BASIS[1]]
    assert decision["by"] == ""


def test_the_letter_can_be_verified_and_names_nobody(world):
    case = world.prepared()
    case = world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    letter = case["letters"][-1]
    checked = call("other", "govdata_letter_verify", digest=letter["digest"])
    assert checked["genuine"]
    assert checked["reason"] == REASON
    assert "王小明" not in json.dumps(checked, ensure_ascii=False)
    assert checked["applicant"] == "王**"
    with pytest.raises(tk.ObjectNotFound):
        call("other", "govdata_letter_verify", digest="0" * 64)
    model.Session.execute(
        sa.update(tables.letter).values(
            content=sa.func.replace(tables.letter.c.content, "refused", "approved")
        )
    )
    assert not call("other", "govdata_letter_verify", digest=letter["digest"])["genuine"]


def test_a_grant_with_fewer_columns(world):
    case = world.prepared()
    resource = world.entry["resources"][0]["id"]
    answers = call("head", "govdata_case_show", id=case["id"])["answers"]
    case = world.act(
        "head",
        case["id"],
        "approve_partly",
        reason=REASON,
        basis=BASIS,
        grant_resources=[resource],
        grant_columns={resource: ["线路名称"]},
        valid_from=answers["period_from"],
        valid_until=answers["period_until"],
    )
    [grant] = call("citizen", "govdata_grant_list")
    assert grant["columns"] == {resource: ["线路名称"]}
    assert grant["reference"] == case["reference"]
    assert grant["standing"] == "coming"
    assert call("officer", "govdata_grant_show", id=grant["id"])["id"] == grant["id"]
    for who in ("other", "root", "authority"):
        with pytest.raises(tk.NotAuthorized):
            call(who, "govdata_grant_show", id=grant["id"])
    with pytest.raises(tk.NotAuthorized):
        call("officer", "govdata_grant_revoke", id=grant["id"], reason="超出约定用途使用数据")
    with pytest.raises(tk.ValidationError):
        call("head", "govdata_grant_revoke", id=grant["id"], reason="违约")
    ended = call("head", "govdata_grant_revoke", id=grant["id"], reason="超出约定用途使用数据",
                 basis=CLAUSE, **heard())  # fmt: skip
    assert ended["standing"] == "revoked"


def test_what_each_person_may_do_comes_from_one_table(world):
    case = world.apply()

    def commands(who):
        return {item["name"] for item in call(who, "govdata_case_commands", id=case["id"])}

    assert commands("citizen") == {"withdraw"}
    assert commands("officer") == {"claim", "hand_over", "remark", "accept", "request_supplement"}
    assert commands("authority") == {"remark"}
    assert commands("auditor") == set()
    for who in ("other", "root"):
        with pytest.raises(tk.NotAuthorized):
            commands(who)


def test_the_system_administrator_decides_no_case_even_as_head(world):
    case = world.prepared()
    with pytest.raises(tk.NotAuthorized):
        world.act("root", case["id"], "refuse", reason=REASON, basis=BASIS)


def test_a_command_out_of_state_is_refused_in_words(world):
    case = world.apply()
    with pytest.raises(tk.ValidationError) as caught:
        world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    assert reasons(caught) == {("wrong_state", "command")}
    [words] = caught.value.error_dict["command"]
    assert "Refuse" in words
    assert "Received" in words


def test_internal_notes_are_not_shown_to_the_applicant(world):
    case = world.apply()
    world.act("officer", case["id"], "remark", note="CANARY-内部")
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "propose", proposal="approve", note="CANARY-拟办")
    for action in ("govdata_case_show", "govdata_case_commands"):
        assert "CANARY" not in json.dumps(call("citizen", action, id=case["id"]))
    assert "CANARY-拟办" in json.dumps(
        call("head", "govdata_case_show", id=case["id"]), ensure_ascii=False
    )


def test_numbers_and_names_are_masked_everywhere(world):
    from tests.cases.conftest import ID_NUMBER

    case = world.prepared()
    for who in ("citizen", "officer", "head", "authority"):
        text = json.dumps(call(who, "govdata_case_show", id=case["id"]), ensure_ascii=False)
        assert ID_NUMBER not in text
        assert "110*************2X" in text or who == "nobody"


@pytest.mark.ckan_config("ckanext.govdata.cases.hide_applicant", True)
def test_equal_treatment_hides_the_applicant_until_the_decision(world):
    case = world.prepared()
    for who in ("officer", "head"):
        shown = call(who, "govdata_case_show", id=case["id"])
        text = json.dumps(shown, ensure_ascii=False)
        assert shown["applicant"] == {}
        for canary in ("王小明", "王**", "62620000", "citizen@"):
            assert canary not in text
    world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    assert call("head", "govdata_case_show", id=case["id"])["applicant"]["name"] == "王**"


def test_every_act_is_in_the_ledger_and_the_chain_is_whole(world):
    case = world.prepared()
    world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    _number, _digest, broken = book.verify(model.Session)
    assert broken is None
    rows = model.Session.execute(
        sa.text(
            "SELECT action, actor_id, content FROM govdata_ledger WHERE object_id = :id"
            " ORDER BY number"
        ),
        {"id": case["id"]},
    ).all()
    assert [row.action for row in rows] == [
        "case_submitted",
        "letter_written",
        "case_accepted",
        "case_proposed",
        "case_refused",
        "letter_written",
    ]
    assert not any("权利人" in row.content or "62620000" in row.content for row in rows)


def test_the_row_is_what_the_events_say(world):
    case = world.prepared()
    world.act("head", case["id"], "send_back", note="请补充依据")
    row = record.row_of(model.Session, case["id"])
    folded = record.projection(record.case_of(model.Session, row))
    assert {name: getattr(row, name) for name in folded} == folded


def test_events_cannot_be_changed_or_deleted(world):
    world.apply()
    for table in ("govdata_case_event", "govdata_ledger"):
        for statement in (
            f"UPDATE {table} SET actor_id = 'x'",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
        ):
            with pytest.raises(sa.exc.DBAPIError, match="append-only"):
                model.Session.execute(sa.text(statement))
            model.Session.rollback()


def test_withdrawn_by_the_applicant_until_decided(world):
    case = world.apply()
    assert world.act("citizen", case["id"], "withdraw")["state"] == "withdrawn"
    with pytest.raises(tk.ValidationError):
        world.act("officer", case["id"], "accept")


def test_objection_goes_to_the_authority_which_may_order_a_new_decision(world):
    case = world.prepared()
    world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    world.act("citizen", case["id"], "object", grounds="权利人已经同意公开，附有书面说明")
    assert call("authority", "govdata_case_list", desk=True)["count"] == 1
    shown = call("citizen", "govdata_case_show", id=case["id"])
    assert shown["main_clock"] == "review"
    assert shown["due"] == shown["clocks"]["review"]["due"]
    case = world.act("authority", case["id"], "notify_decision", reason=REASON, power=POWER)
    assert case["state"] == "accepted"
    assert case["main_clock"] == "decide"
    assert case["open"]


def test_the_applicant_is_told_in_writing_that_his_application_was_received(world):
    case = world.apply()
    [receipt] = call("citizen", "govdata_notice_list")["results"]
    assert receipt["kind"] == "received"
    assert case["reference"] in receipt["words"]
    assert case["due"] in receipt["words"]
    query = sa.text("SELECT count(*) FROM govdata_outbox o JOIN govdata_notice n"
                    " ON o.key = 'mail:' || n.key WHERE n.kind = 'received'")
    assert model.Session.scalar(query) == 1


def test_files_may_be_named_beside_the_form_and_cases_found_by_their_handler(world):
    form = world.form()
    wanted = form.pop("resources")
    case = call("citizen", "govdata_case_create", kind="open_application",
                dataset_id=world.entry["id"], resource_ids=wanted, form=form, submit=True)
    assert case["answers"]["resources"] == wanted
    world.act("officer", case["id"], "claim")
    for who, handler, count in [("head", "officer", 1), ("head", "officer2", 0),
                                ("head", "nobody", 0), ("citizen", "officer", 0)]:
        assert call(who, "govdata_case_list", handler=handler)["count"] == count


def test_an_entry_that_is_gone_is_not_granted_but_can_be_refused(world):
    case = world.prepared()
    tk.get_action("package_delete")(
        {"ignore_auth": True, "user": "root"}, {"id": world.entry["id"]}
    )
    with pytest.raises(tk.ValidationError) as caught:
        world.act("head", case["id"], "approve")
    assert "dataset_id" in caught.value.error_dict
    assert call("head", "govdata_case_show", id=case["id"])["state"] == "prepared"
    assert world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)["state"] == "refused"


def test_an_applicant_who_is_gone_does_not_stop_the_case(world):
    case = world.prepared()
    tk.get_action("user_delete")({"ignore_auth": True, "user": "root"}, {"id": "citizen"})
    assert world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)["state"] == "refused"


def test_supplement_over_the_national_day_holiday(world, on_day):
    on_day("2025-09-22")
    case = world.apply()
    assert case["due"] == "2025-10-11"
    on_day("2025-09-26")
    shown = world.act("officer", case["id"], "request_supplement", missing_items="营业执照副本")
    assert shown["due"] is None
    on_day("2025-10-13")
    shown = world.act("citizen", case["id"], "supply", **world.supplied())
    assert shown["due"] == "2025-10-21"
    assert shown["clocks"]["decide"]["pauses"] == [["2025-09-27", "2025-10-13"]]


def test_the_rules_are_those_of_the_day_of_receipt(world, on_day):
    on_day("2027-02-05")
    case = world.apply()
    assert case["clocks"]["decide"]["article"] == "第十七条"
    assert case["clocks"]["decide"]["provisional"]
    on_day("2027-02-09")  # Yaohai's measures lapsed on 7 February
    shown = world.act("officer", case["id"], "accept")
    assert shown["clocks"]["decide"]["article"] == "第十七条"
    assert world.apply("other")["clocks"]["decide"]["own_rule"]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"id": "x"},
        {"id": "' OR 1=1 --"},
        {"id": ["a"]},
        {"id": "00000000-0000-0000-0000-000000000000"},
    ],
)
def test_a_guessed_id_is_as_if_it_were_not_there(world, data):
    world.apply()
    for action in ("govdata_case_show", "govdata_case_act", "govdata_case_commands"):
        with pytest.raises(tk.NotAuthorized):
            call("other", action, **data)

"""A letter is built from the act: who did it, in whose name, within which term, what is left."""

from dataclasses import replace

import pytest

from ckanext.govdata.cases.engine import declared_procedures
from ckanext.govdata.cases.pages import letter_pdf
from ckanext.govdata.cases.pages.letter_text import letter_text
from ckanext.govdata.speech.when import day_written
from tests.cases.conftest import BASIS, POWER, REASON, call

WHY = {"reason": REASON, "basis": BASIS}
OTHER = {"reason": "原决定所依据的条款不适用于本申请的数据，应当重新答复。", "basis": BASIS}
GROUNDS = "理由不成立，请复查本决定"


OWN_RULE = {
    "zh_Hans_CN": "{due}（平台自定规则）", "zh_Hant_TW": "{due}（平台自訂規則）",
    "en": "{due} (The portal's own rules)",
}  # fmt: skip


@pytest.fixture
def objected(world):
    case = world.prepared()
    world.act("head", case["id"], "refuse", **WHY)
    return world.act("citizen", case["id"], "object", grounds=GROUNDS)


def ways(letter):
    return "\n".join(letter_text(letter).ways)


def test_a_refusal_is_the_departments_and_promises_what_there_is(world, test_request_context):
    case = world.prepared()
    letter = world.act("head", case["id"], "refuse", **WHY)["letters"][-1]
    assert letter["issuer"] == "瑶海区民政局"
    assert letter["object_to"] == "瑶海区数据资源管理局"
    with test_request_context():
        words = ways(letter)
        assert day_written(letter["object_until"]) in words
    assert "瑶海区数据资源管理局" in words


def test_what_the_authority_upholds_is_its_own_letter(world, objected, test_request_context):
    shown = world.act("authority", objected["id"], "uphold", **OTHER)
    letter, clocks = shown["letters"][-1], shown["clocks"]
    assert letter["issuer"] == "瑶海区数据资源管理局"
    assert letter["due"] == clocks["review"]["due"] != clocks["decide"]["due"]
    assert "object_until" not in letter
    with test_request_context(environ_overrides={"CKAN_LANG": "en"}):
        said = letter_text(letter)
        page = letter_pdf.letter_pdf(letter, "https://example.invalid/letters/verify")
    assert said.ways == (), "it opens no new way"
    assert "the reply of 瑶海区民政局 is upheld" in said.whole
    assert page[:4] == b"%PDF"


def test_a_new_decision_that_was_ordered_has_a_letter_and_the_next_refusal_promises_nothing(
    world, objected, test_request_context
):
    order = {"reason": OTHER["reason"], "power": POWER}
    shown = world.act("authority", objected["id"], "notify_decision", **order)
    letter = call("citizen", "govdata_case_show", id=objected["id"])["letters"][-1]
    assert letter["decision"] == "decision_notified"
    assert letter["issuer"] == "瑶海区数据资源管理局"
    assert letter["anew_until"] == shown["clocks"]["decide"]["due"]
    world.act("officer", objected["id"], "propose", proposal="refuse", note="拟不予开放")
    again = world.act("head", objected["id"], "refuse", **WHY)["letters"][-1]
    assert again["issuer"] == "瑶海区民政局"
    assert "object_until" not in again
    with test_request_context():
        assert "object" not in ways(again)
    offered = [c["name"] for c in call("citizen", "govdata_case_commands", id=objected["id"])]
    assert "object" not in offered


def test_where_no_text_sets_the_term_the_letter_says_so_in_the_readers_words(
    world, objected, test_request_context
):
    letter = world.act("authority", objected["id"], "uphold", **OTHER)["letters"][-1]
    for locale, words in OWN_RULE.items():
        with test_request_context(environ_overrides={"CKAN_LANG": locale}):
            assert words.format(due=day_written(letter["due"])) in letter_text(letter).whole


def test_an_upheld_partial_approval_stays_a_partial_approval(world):
    case = world.prepared(columns={world.entry["resources"][0]["id"]: ["线路名称", "客流量"]})
    form = world.form()
    world.act(
        "head", case["id"], "approve_partly", grant_resources=form["resources"],
        grant_columns={form["resources"][0]: ["线路名称"]},
        valid_from=form["period_from"], valid_until=form["period_until"], **WHY,
    )
    world.act("citizen", case["id"], "object", grounds=GROUNDS)
    shown = world.act("authority", case["id"], "uphold", **OTHER)
    assert shown["outcome"] == "partly_granted"
    assert "scope" not in shown["letters"][-1]


def test_the_public_list_tells_whose_reason_is_whose(world, objected, app):
    world.act("authority", objected["id"], "uphold", **OTHER)
    one = call("", "govdata_decision_list")["results"][0]
    assert one["reason"] == REASON
    judged = one["objections"]
    assert [each["issuer"] for each in judged] == ["瑶海区数据资源管理局"]
    assert judged[0]["reason"] == OTHER["reason"]
    page = app.get("/zh_Hans_CN/decisions").body
    assert page.index(REASON) < page.index("瑶海区数据资源管理局") < page.index(OTHER["reason"])


def test_a_letter_to_somebody_else_is_not_the_applicants(world, monkeypatch, browse):
    """As a folder declares it for whoever has to be heard (`to`)."""
    known = declared_procedures.procedures()
    folder = known["open_application"]
    event = "supplement_requested"
    other = replace(folder.words.letters[event], to="purpose")
    words = replace(folder.words, letters={**folder.words.letters, event: other})
    changed = {**known, folder.kind: replace(folder, words=words)}
    monkeypatch.setattr(declared_procedures, "procedures", lambda: changed)
    case = world.apply(purpose="合肥公交集团的客流研究")
    world.act("officer", case["id"], "request_supplement", missing_items="请说明用途")
    letter = call("officer", "govdata_case_show", id=case["id"])["letters"][-1]
    told = (letter["decision"], letter["to"], letter["applicant"])
    assert told == (event, "合肥公交集团的客流研究", "")
    address = f"/zh_Hans_CN/cases/{case['id']}/letter/{letter['number']}"
    page = browse("officer", address).select_one("article").text
    assert "合肥公交集团的客流研究：" in page
    assert "王" not in page
    seen = call("citizen", "govdata_case_show", id=case["id"])["letters"]
    assert [one["decision"] for one in seen] == ["submitted"]
    browse("citizen", address, status=404)


def test_a_letter_says_for_ever_what_it_said(world, objected, monkeypatch, test_request_context):
    letter = call("citizen", "govdata_case_show", id=objected["id"])["letters"][-1]
    with test_request_context(environ_overrides={"CKAN_LANG": "zh_Hans_CN"}):
        before = letter_text(letter).whole
        monkeypatch.setattr(declared_procedures, "procedures", dict)
        after = letter_text(letter).whole
    assert letter["genuine"]
    assert "不予开放" in after
    assert before.splitlines()[:3] == after.splitlines()[:3]


def test_a_letter_from_before_is_still_read(world, objected, test_request_context):
    """It kept neither words nor facts: the folder's words of today, and what it has."""
    letter = call("citizen", "govdata_case_show", id=objected["id"])["letters"][-1]
    for name in ("words", "facts", "cited", "reply", "contact"):
        letter.pop(name)
    with test_request_context(environ_overrides={"CKAN_LANG": "zh_Hans_CN"}):
        said = letter_text(letter)
        page = letter_pdf.letter_pdf(letter, "https://example.invalid/letters/verify")
    assert said.title == "数据开放申请答复书"
    assert letter["reason"] in said.whole
    assert letter["basis"][0] in said.whole
    assert page[:4] == b"%PDF"

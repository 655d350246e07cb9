"""The one decision of emergency publication: what follows from an act, or why it may not be."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from ckanext.govdata.domain import permission
from ckanext.govdata.domain.emergency import acts
from ckanext.govdata.domain.emergency.dataset import (
    Answered,
    Consent,
    Dataset,
    Material,
    PublishedEntry,
    Submission,
    Version,
)
from ckanext.govdata.domain.emergency.emergency_event import Emergency, EmergencyRules, Rhythms
from ckanext.govdata.domain.emergency.opening_basis import OpeningBases, OpeningBasis
from ckanext.govdata.domain.emergency.release import Publication
from ckanext.govdata.domain.emergency.statement import Closure, EventDeclaration, Revision
from ckanext.govdata.domain.emergency.verdict import Act, Bulletin, Given, decide
from ckanext.govdata.domain.procedure import Role
from ckanext.govdata.domain.prohibition import Ban
from ckanext.govdata.domain.refusal import Refusal, Refused
from ckanext.govdata.domain.sheet import Sheet

NOON = datetime(2026, 7, 1, 4, 0, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
FLOOD = Emergency("natural_disaster", "II", ("340102",), "洪涝", "防汛应急预案", NOON, HOUR,
                  threshold="harm_likely", duty="防汛指挥部成员单位")  # fmt: skip
SECRET, NAME = Ban("state_secret", words=("机密",)), Ban("name", override=True, headings=("姓名",))
PHONE = Ban("phone", override=True, pattern=r"1[3-9]\d{9}")
RULES = EmergencyRules(
    "3401",
    Rhythms(timedelta(minutes=15), timedelta(days=1)),
    ("natural_disaster", "public_health"),
    (SECRET, NAME, PHONE),
    frozenset({"phone"}),
)
HEAD, OFFICER = frozenset({Role.HEAD, Role.OFFICER}), frozenset({Role.OFFICER})
LEVELS = Sheet(("站点", "水位"), (("巢湖", "9.80"), ("长临河", "9.75")))
ENTRY = PublishedEntry("e1", "levels", "河道水位", "water", "unconditional")
WATER = Dataset("water", HOUR, "河道水位", "e1", figures=("水位",))
CALLED = Material("table", b"x", sheet=LEVELS)
LAST = Version(3, NOON, LEVELS.columns, {"水位": 19.0})


def submission(**more) -> Submission:
    return replace(Submission(WATER, CALLED, entry=ENTRY), **more)


def judged(given: Given, roles=HEAD, act: str = "", state=FLOOD, now=NOON) -> Act | Refused:
    names = {Publication: "publish", Revision: "update", Closure: "end"}
    state = None if isinstance(given, EventDeclaration) else state
    return decide(state, act or names.get(type(given), "declare"), given, roles, RULES, now)


def codes(found: Act | Refused) -> list[tuple[str, str]]:
    assert isinstance(found, Refused), found
    return [(one.code, one.field) for one in found.reasons]


def act_of(found: Act | Refused) -> Act:
    assert isinstance(found, Act), found
    return found


def published(*given: Submission, roles=HEAD, **more) -> Act | Refused:
    return judged(Publication("wang", given, **more), roles)


class TestPermission:
    def test_is_asked_before_anything_that_was_typed(self):
        wrong = (Refusal("too_long", "title"),)
        for given in (Revision(replace(FLOOD, level="V"), wrong=wrong), Closure(NOON, wrong=wrong)):
            assert [code for code, _field in codes(judged(given, frozenset()))] == ["not_allowed"]
        assert codes(published(submission(wrong=wrong), roles=())) == [("not_allowed", "id")]

    def test_says_what_it_is_about(self):
        assert codes(judged(EventDeclaration(FLOOD), OFFICER)) == [("not_allowed", "organization")]
        assert codes(judged(Revision(replace(FLOOD, level="I")), OFFICER)) == [
            ("not_allowed", "level")
        ]
        assert codes(judged(Closure(NOON), OFFICER)) == [("not_allowed", "id")]

    def test_nothing_is_done_to_what_has_ended(self):
        over = replace(FLOOD, ended=NOON)
        assert codes(judged(Revision(FLOOD, "x"), state=over)) == [("ended", "id")]
        assert codes(judged(Publication("wang"), state=over)) == [("ended", "id")]
        assert codes(judged(Closure(NOON), state=over)) == [("ended", "ended")]
        assert codes(judged(Closure(NOON), OFFICER, state=over)) == [("not_allowed", "id")]
        found = judged(Publication("wang"), frozenset(), state=over)
        assert codes(found) == [("ended", "id"), ("not_allowed", "id")]

    def test_whoever_has_several_roles_acts_in_the_highest(self):
        every = {Role.OFFICER, Role.HEAD, Role.AUTHORITY, Role.GOVERNMENT}
        assert act_of(judged(Closure(NOON), every)).role == "government"
        assert act_of(judged(Closure(NOON), every - {Role.GOVERNMENT})).role == "head"
        assert act_of(judged(Closure(NOON))).role == "head"

    def test_buttons_are_offered_as_the_table_says(self):
        assert acts.acts_now(FLOOD, OFFICER) == ["update", "publish"]
        every = ["update", "level", "publish", "override", "end"]
        assert acts.acts_now(FLOOD, {Role.GOVERNMENT}) == every
        assert acts.acts_now(FLOOD, {Role.AUTHORITY}) == ["update", "publish"], "no text says more"
        assert acts.acts_now(FLOOD, {Role.AUDITOR, Role.APPLICANT}) == []
        assert acts.acts_now(replace(FLOOD, ended=NOON), HEAD) == []
        assert acts.state_of(None) == "undeclared"

    def test_the_table_is_printed_in_the_documentation(self):
        page = Path(__file__).parents[2] / "ckanext-govdata" / "docs" / "emergency.md"
        assert "\n".join(permission.markdown(acts.EMERGENCY)) in page.read_text("utf-8")

    def test_nothing_but_a_declaration_comes_before_the_event(self):
        released = Publication("wang", (submission(),))
        for given, act in ((Closure(NOON), "end"), (released, "publish")):
            with pytest.raises(ValueError, match="no event"):
                decide(None, act, given, HEAD, RULES, NOON)


class TestEvent:
    def test_is_declared_with_level_and_basis(self):
        act = act_of(judged(EventDeclaration(FLOOD, "flood", "水位超过警戒。")))
        assert (act.name, act.role, act.text, act.event) == (
            "declare", "head", "水位超过警戒。", FLOOD)  # fmt: skip
        assert act.facts == {"level": "II", "basis": "防汛应急预案", "threshold": "harm_likely",
                             "duty": "防汛指挥部成员单位"}  # fmt: skip

    def test_is_not_declared_twice_by_one_body_nor_under_anothers_name(self):
        given = EventDeclaration(
            FLOOD, "flood", running=frozenset({("洪涝", "natural_disaster")}), taken=True
        )
        found = judged(given)
        assert codes(found) == [("running_already", "title"), ("name_taken", "name")]
        assert [one.value for one in found.reasons] == ["洪涝", "flood"]
        other = replace(given, running=frozenset({("洪涝", "public_health")}), taken=False)
        assert act_of(judged(other)).event == FLOOD

    def test_all_that_is_wrong_is_told_at_once(self):
        wrong = (Refusal("region_unknown", "regions"),)
        given = EventDeclaration(replace(FLOOD, level="V"), words={"text": "机密"}, wrong=wrong)
        assert codes(judged(given)) == [
            ("region_unknown", "regions"), ("level_unknown", "level"), ("prohibited", "text")
        ]  # fmt: skip

    def test_a_change_tells_what_was_and_is(self):
        after = replace(FLOOD, title="特大洪涝", rhythm=2 * HOUR, started=NOON - HOUR, contact="x")
        act = act_of(judged(Revision(after, "更正"), OFFICER))
        assert (act.name, act.role, act.event, act.text) == ("update", "officer", after, "更正")
        assert act.facts == {
            "title": {"before": "洪涝", "after": "特大洪涝"},
            "started": {"before": NOON.isoformat(), "after": (NOON - HOUR).isoformat()},
            "rhythm": {"before": "60", "after": "120"},
            "contact": {"before": "", "after": "x"},
        }

    def test_a_change_of_level_is_an_act_of_its_own(self):
        assert act_of(judged(Revision(replace(FLOOD, level="I")))).name == "level"

    def test_words_alone_are_an_update_and_nothing_is_none(self):
        assert act_of(judged(Revision(FLOOD, "已转移两百人。"))).facts == {}
        assert codes(judged(Revision(FLOOD))) == [("unchanged", "text")]
        wrong = Revision(replace(FLOOD, basis=" "), words={"basis": "机密"})
        assert codes(judged(wrong)) == [("missing", "basis"), ("prohibited", "basis")]

    def test_a_duty_offices_number_may_stand_as_contact_and_nowhere_else(self):
        after = replace(FLOOD, contact="13805510000")
        typed = {"contact": "13805510000", "text": "请拨 13805510000"}
        assert codes(judged(Revision(after, words=typed))) == [("unclear", "text")]
        assert codes(judged(Revision(after, words={"contact": "机密"}))) == [
            ("prohibited", "contact")
        ]

    def test_ends_with_its_last_words(self):
        act = act_of(judged(Closure(NOON + HOUR, "险情解除。"), now=NOON + HOUR))
        assert (act.name, act.event.ended, act.text) == ("end", NOON + HOUR, "险情解除。")
        assert act.facts == {"ended": (NOON + HOUR).isoformat()}
        found = judged(Closure(NOON - HOUR, words={"text": "机密"}))
        assert codes(found) == [("end_before_start", "ended"), ("prohibited", "text")]


class TestPublication:
    def test_is_the_next_version_with_its_totals(self):
        before = replace(WATER, latest=LAST)
        act = act_of(published(submission(before=before), roles=OFFICER))
        assert (act.name, act.role, act.event) == ("publish", "officer", FLOOD)
        (one,) = act.published
        assert (one.version.number, one.version.published) == (4, NOON)
        assert one.version.totals == {"水位": pytest.approx(19.55)}
        assert one.dataset.latest == one.version
        assert one.answered is None
        assert before.due == NOON + HOUR

    def test_the_first_version_is_owed_to_nobody(self):
        (one,) = act_of(published(submission(dataset=replace(WATER, rhythm=2 * HOUR)))).published
        assert one.version.number == 1
        assert WATER.due is None
        assert one.dataset.due == NOON + 2 * HOUR

    def test_one_dataset_given_twice_is_two_versions_in_turn(self):
        first, second = act_of(published(submission(), submission(note="更正"))).published
        assert (first.version.number, second.version.number) == (1, 2)
        assert second.asked.before == first.dataset
        other = submission(dataset=replace(WATER, name="rain"))
        assert [one.version.number for one in act_of(published(submission(), other)).published] == [
            1, 1]  # fmt: skip

    def test_all_of_it_or_nothing(self):
        bad = submission(dataset=replace(WATER, name="rain", rhythm=timedelta(minutes=5)))
        assert codes(published(submission(), bad)) == [("rhythm", "rhythm")]

    def test_nothing_is_not_published(self):
        assert codes(published()) == [("nothing_given", "table")]

    def test_a_bulletin_alone_is_enough_and_its_title_is_the_acts_text(self):
        act = act_of(published(bulletin=Bulletin("一号通报", "水位上涨。")))
        assert (act.text, act.published, act.bulletin.text) == ("一号通报", (), "水位上涨。")

    def test_what_is_wrong_with_a_bulletin_is_told_of_it_once(self):
        said = Bulletin("机密", "")
        wrong = (Refusal("too_long", "title"),)
        found = published(submission(), bulletin=said, wrong=wrong)
        assert codes(found) == [
            ("too_long", "bulletin"), ("prohibited", "bulletin"), ("missing", "bulletin")
        ]  # fmt: skip
        assert codes(published(bulletin=Bulletin("机密", "机密"))) == [("prohibited", "bulletin")]

    def test_columns_that_are_named_must_be_there(self):
        found = published(submission(named=(("figures", "雨量"), ("time_column", "水位"))))
        assert codes(found) == [("column_unknown", "figures")]
        assert found.reasons[0].value == "雨量"

    def test_what_cannot_be_told_names_its_rows(self):
        sheet = Sheet(("站点", "时间", "水位"), (("甲", "昨天", "1"), ("乙", "早上", "2")))
        dated = replace(WATER, time_column="时间")
        found = published(submission(dataset=dated, material=replace(CALLED, sheet=sheet)))
        assert codes(found) == [("time_unread", "time_column")]
        assert found.reasons[0].facts == {"rows": "2、3"}
        rough = Sheet(("站点", "水位"), (("甲", "约300"), ("乙", "2")))
        found = published(submission(material=replace(CALLED, sheet=rough)))
        assert codes(found) == [("figure_unclear", "figures")]
        assert found.reasons[0].facts == {"cells": "2: 约300"}

    def test_a_colleague_was_faster_or_a_note_is_missing(self):
        before = replace(WATER, latest=replace(LAST, totals={"水位": 30.0}))
        found = published(submission(before=before, expected=2))
        assert codes(found) == [("overtaken", "expected"), ("total_fell", "note")]
        assert act_of(published(submission(before=before, expected=3, note="开闸")))

    def test_what_no_emergency_excuses_is_told_last(self):
        faults = (Refusal("entry", "title"),)
        assert codes(published(submission(faults=faults))) == [("entry", "title")]
        before = replace(WATER, latest=LAST)
        found = published(submission(before=before, expected=2, faults=faults))
        assert codes(found) == [("overtaken", "expected")]

    def test_an_interface_is_kept_by_its_address(self):
        material = Material("interface", url="https://api.example.cn/levels")
        assert material.kept == b"https://api.example.cn/levels"
        assert (material.columns, CALLED.kept, CALLED.columns) == ((), b"x", LEVELS.columns)
        (one,) = act_of(published(submission(material=material))).published
        assert (one.version.columns, one.version.totals) == ((), {})


class TestOccasion:
    """Anhui 35: data is opened by those who handle the event, lawfully, and for what harms or
    directly concerns the public."""

    @pytest.mark.parametrize(("said", "code", "at"), [
        ({"threshold": ""}, "missing", "threshold"),
        ({"threshold": "somewhat"}, "not_a_choice", "threshold"),
        ({"duty": "  "}, "duty_unsaid", "duty"),
        ({"duty": "因为"}, "duty_unsaid", "duty"),
        ({"basis": "演练"}, "basis_unreal", "basis"),
        ({"basis": "a"}, "basis_unreal", "basis"),
        ({"basis": "应急预案"}, "basis_unreal", "basis"),
        ({"basis": "领导批示"}, "basis_unreal", "basis"),
        ({"basis": "《某某办法》"}, "basis_unreal", "basis"),
        ({"basis": "《某省某办法》第四十六条"}, "basis_unreal", "basis"),
    ])  # fmt: skip
    def test_is_asked_of_a_declaration(self, said, code, at):
        rules = replace(RULES, bases=OpeningBases((), ("某省某办法",)))
        given = EventDeclaration(replace(FLOOD, **said))
        found = decide(None, acts.DECLARE, given, HEAD, rules, NOON)
        assert codes(found) == [(code, at)]

    @pytest.mark.parametrize("basis", [
        "《某省某办法》第三十五条", "某省某办法第三十五條", "《防洪法》第四十五条",
        "瑶海区防汛抗旱应急预案", "瑶政办〔2026〕12号", "依据《防汛条例》第二十七条和区预案",
    ])  # fmt: skip
    def test_rests_on_a_plan_an_article_or_a_numbered_decision(self, basis):
        offered = OpeningBasis("《某省某办法》第三十五条", {})
        rules = replace(RULES, bases=OpeningBases((offered,), ("某省某办法",)))
        given = EventDeclaration(replace(FLOOD, basis=basis))
        assert act_of(decide(None, acts.DECLARE, given, HEAD, rules, NOON))

    def test_is_not_asked_again_of_an_event_that_was_declared_before(self):
        old = replace(FLOOD, basis="演练", threshold="", duty="")
        assert act_of(judged(Revision(old, "水位上涨。"), state=old))
        found = judged(Revision(replace(old, basis="a")), state=old)
        assert codes(found) == [("basis_unreal", "basis")]


NIGHT = datetime(2026, 7, 1, 16, 30, tzinfo=timezone.utc)


class TestConsent:
    """Anhui 36: a trade secret is opened with its right holder's consent, whatever the reason."""

    SECRET = Ban("trade_secret", override=True, words=("商业秘密",), consent=True)
    GIVEN = Consent("某某公司", "2026-06-30", "同意书〔2026〕1号")

    def publish(self, consent: Consent, at: datetime = NOON) -> Act | Refused:
        asked = submission(note="含商业秘密", answers=("trade_secret",), consent=consent,
                           reason="经区长批准，救援急需公开。")  # fmt: skip
        rules = replace(RULES, bans=(self.SECRET,))
        return decide(FLOOD, acts.PUBLISH, Publication("wang", (asked,)), HEAD, rules, at)

    def test_a_heads_reason_alone_does_not_do(self):
        assert codes(self.publish(Consent())) == [
            ("consent_missing", f"consent_{name}") for name in ("by", "on", "document")]

    def test_it_is_kept_with_the_version(self):
        (one,) = act_of(self.publish(self.GIVEN)).published
        assert one.answered is not None
        assert one.answered.consent == self.GIVEN

    def test_where_no_ban_asks_for_it_it_is_not_kept(self):
        other = Ban("address", override=True, words=("住址",))
        asked = submission(note="含住址", answers=("address",), consent=self.GIVEN,
                           reason="经区长批准，救援急需公开。")  # fmt: skip
        rules = replace(RULES, bans=(self.SECRET, other))
        act = decide(FLOOD, acts.PUBLISH, Publication("wang", (asked,)), HEAD, rules, NOON)
        found = act_of(act)
        assert found.published[0].answered is not None
        assert found.published[0].answered.consent == Consent()

    def test_a_consent_of_today_holds_also_at_night_in_beijing(self):
        """Half past midnight there is still yesterday elsewhere."""
        found = self.publish(replace(self.GIVEN, on="2026-07-02"), NIGHT)
        assert act_of(found).published

    @pytest.mark.parametrize("day", ["昨天", "2999-01-01"])
    def test_it_was_given_on_a_day_that_was(self, day):
        found = self.publish(replace(self.GIVEN, on=day))
        assert codes(found) == [("consent_day", "consent_on")]


class TestOverride:
    NAMES = replace(CALLED, sheet=Sheet(("姓名", "水位"), (("甲", "1"),)))
    WHY = "值班联系人姓名已经本人同意公开。"

    def asked(self, **more) -> Submission:
        return submission(material=self.NAMES, answers=("name",), reason=self.WHY, **more)

    def test_a_head_answers_with_a_reason(self):
        (one,) = act_of(published(self.asked())).published
        assert one.answered == Answered(("name",), self.WHY, "wang")

    def test_nobody_answers_for_what_the_law_leaves_to_nobody(self):
        secret = replace(CALLED, sheet=Sheet(("姓名", "密级"), (("甲", "机密"),)))
        found = published(replace(self.asked(), material=secret, answers=("name", "state_secret")))
        assert codes(found) == [("prohibited", "table")]
        assert found.reasons[0].facts["places"] == "密级:1"

    def test_an_officer_does_not(self):
        assert codes(published(self.asked(), roles=OFFICER)) == [("not_allowed", "override")]

    def test_what_was_not_answered_for_by_name_stands(self):
        found = published(replace(self.asked(), answers=("phone",)))
        assert codes(found) == [("unclear", "table")]
        assert found.reasons[0].value == "name"

    @pytest.mark.parametrize(
        ("reason", "code"),
        [("九个字的理由不够长", "override_reason"), ("请拨打值班电话 13805510000", "unclear")],
    )
    def test_the_reason_is_public(self, reason, code):
        assert codes(published(replace(self.asked(), reason=reason))) == [(code, "override")]

    def test_ten_characters_are_a_reason(self):
        assert act_of(published(replace(self.asked(), reason="十个字的理由正好够长")))

    def test_a_name_may_stand_in_the_reason(self):
        assert act_of(published(replace(self.asked(), reason="机密以外，经区长批准公开。")))

    def test_what_came_by_sharing_and_what_is_closed_is_found_in_the_entry(self):
        shared = replace(ENTRY, source_type="shared_in")
        assert codes(published(submission(entry=shared))) == [("prohibited", "table")]
        closed = replace(ENTRY, items=({"name": "水位", "sensitive": True},))
        found = published(submission(entry=closed))
        assert codes(found) == [("unclear", "table")]
        assert found.reasons[0].value == "closed_items"
        assert found.reasons[0].facts["places"] == "水位"

    def test_words_are_looked_through_with_the_table(self):
        for more in ({"note": "机密"}, {"words": {"title": "机密"}}):
            assert codes(published(submission(**more))) == [("prohibited", "table")]
        hidden = replace(CALLED, url="https://example.cn/机密")
        assert codes(published(submission(material=hidden))) == [("prohibited", "table")]

    def test_a_conditional_entry_is_for_a_head(self):
        conditional = replace(ENTRY, attribute="conditional")
        found = published(submission(entry=conditional))
        assert (codes(found), found.reasons[0].value) == ([("unclear", "table")], "conditional")
        assert act_of(published(submission(entry=None))), "a new entry is open to everybody"

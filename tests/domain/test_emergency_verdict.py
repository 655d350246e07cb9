"""The one decision of emergency publication: what follows from an act, or why it may not be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from verdict_world import (
    CALLED,
    FLOOD,
    HEAD,
    HOUR,
    LAST,
    LEVELS,
    NOON,
    OFFICER,
    RULES,
    WATER,
    act_of,
    codes,
    judged,
    published,
    submission,
)

from ckanext.govdata.domain import permission
from ckanext.govdata.domain.emergency import acts
from ckanext.govdata.domain.emergency.dataset import (
    Material,
)
from ckanext.govdata.domain.emergency.opening_basis import OpeningBases, OpeningBasis
from ckanext.govdata.domain.emergency.release import Publication
from ckanext.govdata.domain.emergency.statement import Closure, EventDeclaration, Revision
from ckanext.govdata.domain.emergency.verdict import Bulletin, decide
from ckanext.govdata.domain.procedure import Role
from ckanext.govdata.domain.refusal import Refusal
from ckanext.govdata.domain.sheet import Sheet


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
        assert one.version.totals == {"水量": pytest.approx(19.55)}
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
        found = published(submission(named=(("figures", "雨量"), ("time_column", "水量"))))
        assert codes(found) == [("column_unknown", "figures")]
        assert found.reasons[0].value == "雨量"

    def test_what_cannot_be_told_names_its_rows(self):
        sheet = Sheet(("站点", "时间", "水量"), (("甲", "昨天", "1"), ("乙", "早上", "2")))
        dated = replace(WATER, time_column="时间")
        found = published(submission(dataset=dated, material=replace(CALLED, sheet=sheet)))
        assert codes(found) == [("time_unread", "time_column")]
        assert found.reasons[0].facts == {"rows": "2、3"}
        rough = Sheet(("站点", "水量"), (("甲", "约300"), ("乙", "2")))
        found = published(submission(material=replace(CALLED, sheet=rough)))
        assert codes(found) == [("figure_unclear", "figures")]
        assert found.reasons[0].facts == {"cells": "2: 约300"}

    def test_a_colleague_was_faster_or_a_note_is_missing(self):
        before = replace(WATER, latest=replace(LAST, totals={"水量": 30.0}))
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

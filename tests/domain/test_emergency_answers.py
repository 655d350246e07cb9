"""What a head answers for by name, and whose consent an emergency's publication needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest
from verdict_world import (
    CALLED,
    ENTRY,
    FLOOD,
    HEAD,
    NOON,
    OFFICER,
    RULES,
    act_of,
    codes,
    published,
    submission,
)

from ckanext.govdata.domain.emergency import acts
from ckanext.govdata.domain.emergency.dataset import (
    Answered,
    Consent,
    Submission,
)
from ckanext.govdata.domain.emergency.release import Publication
from ckanext.govdata.domain.emergency.verdict import Act, decide
from ckanext.govdata.domain.prohibition import Ban
from ckanext.govdata.domain.refusal import Refused
from ckanext.govdata.domain.sheet import Sheet

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
    NAMES = replace(CALLED, sheet=Sheet(("姓名", "水量"), (("甲", "1"),)))
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
        closed = replace(ENTRY, items=({"name": "水量", "sensitive": True},))
        found = published(submission(entry=closed))
        assert codes(found) == [("unclear", "table")]
        assert found.reasons[0].value == "closed_items"
        assert found.reasons[0].facts["places"] == "水量"

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

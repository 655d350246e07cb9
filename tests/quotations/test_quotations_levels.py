"""The level above the provinces, and the portal's own rules where every text is silent."""

from datetime import date

import pytest

DAY = date(2026, 5, 6)


@pytest.mark.parametrize("place", ["anhui", "huaining", "yaohai", "xinxian"])
def test_the_national_texts_stand_above_every_place(rules, place):
    above = [one.id for one in rules.chain(place, DAY)[-2:]]
    assert above == ["national", "open_government_information"]


def test_silence_is_consent_only_where_a_text_says_so(rules):
    consenting = {
        (place, name)
        for place in rules.ids()
        for name in rules.term_names()
        if getattr(getattr(rules.term(place, name, DAY), "term", None), "on_lapse", "") == "consent"
    }
    assert consenting == {("yaohai", "share_application.decide")}


def test_the_portals_reminder_ladder(rules):
    ladder = rules.clause("yaohai", "reminders", DAY).clause.values["ladder"]
    steps = [(rung.before, rung.after, rung.every, rung.to) for rung in ladder]
    assert steps == [
        (3, 0, 0, ("officer",)),
        (1, 0, 0, ("officer", "head")),
        (0, 1, 7, ("authority",)),
    ]


def test_the_portal_asks_reason_and_basis_of_every_refusal(rules):
    ruling = rules.clause("anhui", "refusal", DAY)
    assert ruling.own_rule
    assert ruling.clause.values == {"fields": ("reason", "basis"), "reason_min_length": 20}


def test_the_operator_is_warned_before_yaohai_lapses(rules):
    within = rules.clause("national", "lapse_warning", DAY).clause.values["days_before"]
    [warning] = rules.lapsing(date(2026, 11, 22), within)
    assert (warning.jurisdiction.id, warning.last) == ("yaohai", date(2027, 2, 7))
    assert rules.lapsing(DAY, within) == ()

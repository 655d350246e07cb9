"""What every jurisdiction file must satisfy, ours and those that come later."""

import re
from datetime import date
from pathlib import Path

import pytest

from ckanext.govdata.domain.instrument import PORTAL
from ckanext.govdata.rules.rule_files import load_rulebook, overlay

RULES = load_rulebook()
EVERY = [version for versions in RULES.versions.values() for version in versions]
TEXTS = [place for place in EVERY if place.id != PORTAL and place.document]
UNQUOTED = {"national", "open_government_information"}
"""Texts of which articles and numbers are known and the official sentences are not at hand."""
QUOTED = [place for place in TEXTS if place.id not in UNQUOTED]
ARTICLE = re.compile(r"(第[一二三四五六七八九十百]+条)(、第[一二三四五六七八九十百]+条)*|末条")
DAY = date(2026, 5, 6)
CONTRACT = [
    "open_application.decide",
    "share_application.decide",
    "correction_review.decide",
    "catalogue_review.change",
    "catalogue_review.report",
]


def rules_of(place):
    return [*place.terms, *place.requires.values()]


def test_every_file_is_named_after_its_place():
    names = {path.stem for path in overlay("jurisdictions")}
    assert names == set(RULES.versions)


@pytest.mark.parametrize("place", EVERY, ids=lambda place: place.id)
def test_names_are_given_in_three_scripts(place):
    labels = (place.name, place.document, place.maker, place.authority, place.to_confirm)
    for label in (*filter(None, labels), *place.names.values()):
        assert set(label) == {"zh_Hans_CN", "zh_Hant_TW", "en"}
        assert all(label.values())


@pytest.mark.parametrize("place", TEXTS, ids=lambda place: place.id)
def test_every_rule_has_an_article_and_quotes_it_where_the_text_is_at_hand(place):
    for rule in rules_of(place):
        assert ARTICLE.fullmatch(rule.article), rule.name
        assert (len(rule.quote) > 8) is (place.id not in UNQUOTED), rule.name


@pytest.mark.parametrize("place", QUOTED, ids=lambda place: place.id)
def test_the_quoted_sentence_names_the_numbers(place):
    for term in place.terms:
        more = [term.extension.amount] if term.extension else []
        for number in (term.amount, *more):
            assert f"{number}个工作日" in term.quote, term.name


@pytest.mark.parametrize("place", TEXTS, ids=lambda place: place.id)
def test_silence_is_consent_only_where_the_sentence_says_so(place):
    for term in place.terms:
        assert (term.on_lapse == "consent") == ("视同" in term.quote), term.name


def test_the_portals_own_rules_claim_no_article():
    [portal] = RULES.versions[PORTAL]
    assert {rule.article for rule in rules_of(portal)} == {""}


@pytest.mark.parametrize("place", TEXTS, ids=lambda place: place.id)
def test_the_day_in_force_and_who_made_it_are_given(place):
    assert place.in_force.first is not None
    assert place.maker


@pytest.mark.parametrize("place", TEXTS, ids=lambda place: place.id)
def test_what_nobody_has_read_is_to_be_confirmed(place):
    assert place.text_at_hand or place.to_confirm


@pytest.mark.parametrize("name", CONTRACT)
@pytest.mark.parametrize("place", RULES.ids())
def test_every_place_answers_every_term_of_the_contract(place, name):
    ruling = RULES.term(place, name, DAY)
    assert ruling.in_force
    assert ruling.term.amount > 0


@pytest.mark.parametrize("place", RULES.ids())
def test_every_attribute_has_a_name(place):
    for kind, values in (
        ("open_attribute", ("unconditional", "conditional", "non_open")),
        ("share_type", ("unconditional", "conditional", "non_shared")),
    ):
        for value in values:
            assert RULES.label(place, f"{kind}.{value}", DAY)["en"]


def test_a_number_of_a_regulation_stands_in_no_code():
    package = Path(__file__).parents[2] / "ckanext-govdata" / "ckanext" / "govdata"
    found = [
        path.name
        for folder in ("domain", "rules")
        for path in (package / folder).glob("*.py")
        if re.search(r"((working_)?days|amount)\s*=\s*([3-9]|1\d)\b", path.read_text("utf-8"))
    ]
    assert found == []

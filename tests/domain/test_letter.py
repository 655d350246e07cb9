"""Sentences of letters: names are filled in, what is not known is left out, nobody names what is
not there."""

import copy

import pytest

from ckanext.govdata.domain.letter import Letter, filled, names_in, unknown, unlike
from tests.domain.case_world import declared, documents

WORDS = {
    "zh_Hans_CN": "{you}于{received}", "zh_Hant_TW": "{you}於{received}", "en": "on {received}"
}  # fmt: skip


def test_names_are_filled_in_and_a_sentence_without_one_is_left_out():
    facts = {"received": "2026年11月2日", "said.purpose": "研究。"}
    assert filled("收到于{received}。", facts) == "收到于2026年11月2日。"
    assert filled("所附材料：{said.materials}。", facts) == ""
    assert filled("用途：{said.purpose}。", facts) == "用途：研究。", "one full stop is enough"
    assert filled("{said.purpose}", facts) == "研究。"


def test_braces_of_what_somebody_wrote_name_nothing():
    assert filled("{said.purpose}", {"said.purpose": "{received}", "received": "x"}) == "{received}"


def test_not_every_language_says_you():
    assert names_in(WORDS) == {"you", "received"}
    assert not unlike(WORDS)
    assert unlike({**WORDS, "en": "on {day}"})


def test_what_nobody_could_fill_in_is_found():
    letter = Letter({}, WORDS, then=({"en": "{said.nothing} {law.free} {weather}"},))
    known = {"said": ("purpose",), "law": ("free",)}
    assert list(unknown(letter, known)) == ["said.nothing", "weather"]


@pytest.mark.parametrize(("name", "message"), [
    ("{said.nothing}", "nothing is known as {said.nothing}"),
    ("{said.note}", "nothing is known as {said.note}"),  # an internal note
    ("{due.nothing}", "nothing is known as {due.nothing}"),
    ("{day.nothing}", "nothing is known as {day.nothing}"),
    ("{wetter}", "nothing is known as {wetter}"),
])  # fmt: skip
def test_a_folder_that_names_what_is_not_there_is_refused_with_its_line(name, message):
    files = copy.deepcopy(documents())
    for one in files:
        if "letters" in one.data:
            label = dict.fromkeys(("zh_Hans_CN", "zh_Hant_TW", "en"), name)
            one.data["letters"]["refused"]["decision"] = label
    found, flaws = declared(files)
    assert found is None
    assert any(message in flaw.message for flaw in flaws)
    assert all(flaw.line > 1 for flaw in flaws)


def test_another_addressee_is_a_field():
    files = copy.deepcopy(documents())
    for one in files:
        if "letters" in one.data:
            one.data["letters"]["refused"]["to"] = "neighbour"
    found, flaws = declared(files)
    assert found is None
    assert any("neighbour is not a field" in flaw.message for flaw in flaws)

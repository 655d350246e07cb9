"""The picture of a procedure says what the declaration says, and nothing in it is markup."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from case_world import procedure

from ckanext.govdata.domain.diagram import ways
from ckanext.govdata.domain.locales import LOCALES
from ckanext.govdata.domain.state_diagram import DOWN, HEIGHT, WIDTH, places, svg

SVG = "{http://www.w3.org/2000/svg}"
ROLES = {"applicant": "Applicant", "officer": "Officer", "head": "Head", "authority": "Authority"}


def drawn(one, locale="en"):
    return ElementTree.fromstring(svg(one, locale, ROLES, "time ran out"))


def words(root) -> list[str]:
    return [text.text for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_state_has_its_box_and_every_way_its_arrow(locale):
    one = procedure()
    root = drawn(one, locale)
    said = " ".join(words(root))
    assert len(list(root.iter(f"{SVG}rect"))) == len(one.states)
    for state in one.states.values():
        for part in state.label[locale].split():
            assert part in said
    between = {(source, target) for source, target, _words in ways(one)}
    arrows = [path for path in root.iter(f"{SVG}path") if path.get("marker-end")]
    assert len(arrows) == len(between)
    assert root.get("aria-label") == one.label[locale]


def test_no_two_boxes_lie_upon_each_other_and_all_are_inside():
    one = procedure()
    boxes = list(places(one).values())
    for number, box in enumerate(boxes):
        for other in boxes[number + 1 :]:
            assert abs(box.x - other.x) >= WIDTH or abs(box.y - other.y) >= HEIGHT
    root = drawn(one)
    width, height = int(root.get("width")), int(root.get("height"))
    for rect in root.iter(f"{SVG}rect"):
        assert 0 <= float(rect.get("x")) <= width - WIDTH
        assert 0 <= float(rect.get("y")) <= height - HEIGHT


def test_it_begins_above_and_goes_down_step_by_step():
    one = procedure()
    found = places(one)
    assert found[one.initial].y == min(box.y for box in found.values())
    for source, target in (("draft", "submitted"), ("submitted", "accepted")):
        assert found[target].y - found[source].y == DOWN


def test_a_label_that_looks_like_markup_stays_text():
    one = procedure()
    evil = '<script>alert("x")</script>&'
    state = replace(one.states["draft"], label={**one.states["draft"].label, "en": evil})
    text = svg(replace(one, states={**one.states, "draft": state}), "en", ROLES, "")
    assert "<script" not in text
    assert evil.replace(" ", "") in "".join(words(ElementTree.fromstring(text))).replace(" ", "")


def test_words_that_lead_to_the_same_state_are_said_once():
    said = words(drawn(procedure()))
    assert said.count("Withdraw") == 1
    assert said.count("time ran out") == 1

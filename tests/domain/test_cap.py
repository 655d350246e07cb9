"""CAP 1.2: the structure that the standard's schema demands, checked element by element."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from xml.etree import ElementTree as Xml

import pytest

from ckanext.govdata.domain.cap import (
    CATEGORIES,
    NAMESPACE,
    SUBTYPE_CATEGORIES,
    CapAct,
    CapFile,
    Info,
    Message,
    Reference,
    cap_xml,
    categories,
    token,
)
from ckanext.govdata.domain.emergency.emergency_event import EmergencyKind

BEIJING = timezone(timedelta(hours=8))
SENT = datetime(2020, 1, 25, 10, 30, 5, 123456, tzinfo=BEIJING)
ZH = Info(
    language="zh-CN",
    event="传染病疫情",
    headline="安徽省启动重大突发公共卫生事件一级响应",
    description="自即日起每日发布确诊、疑似、治愈人数。",
    sender="安徽省卫生健康委员会",
    contact="0551-62998042",
    places={"34": "安徽省", "3401": "合肥市"},
)
EN = replace(
    ZH, language="en", event="Epidemic", headline="Level I response", places={"34": "Anhui"}
)
MESSAGE = Message(
    identifier="govdata-covid-2020-1",
    sender="data.ah.gov.cn",
    sent=SENT,
    act=CapAct.ALERT,
    drill=False,
    kind="public_health",
    subtype="epidemic",
    level="I",
    onset=SENT - timedelta(days=1),
    web="https://data.ah.gov.cn/emergency/covid-2020",
    infos=(ZH, EN),
    files=(CapFile("每日统计 & 分市", "text/csv", "https://data.ah.gov.cn/f.csv?a=1&b=2", 1024),),
)

# Element -> (name, least, most, allowed values or pattern) of its children, in the schema's order.
TEXT = r"(?s).+"
MOMENT = r"\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d"
NAME = r"[^\s,<&]+"
MANY = 10**6
SCHEMA = {
    "alert": [
        ("identifier", 1, 1, NAME),
        ("sender", 1, 1, NAME),
        ("sent", 1, 1, MOMENT),
        ("status", 1, 1, "Actual|Exercise|System|Test|Draft"),
        ("msgType", 1, 1, "Alert|Update|Cancel|Ack|Error"),
        ("source", 0, 1, TEXT),
        ("scope", 1, 1, "Public|Restricted|Private"),
        ("restriction", 0, 1, TEXT),
        ("addresses", 0, 1, TEXT),
        ("code", 0, MANY, TEXT),
        ("note", 0, 1, TEXT),
        ("references", 0, 1, rf"{NAME},{NAME},{MOMENT}( {NAME},{NAME},{MOMENT})*"),
        ("incidents", 0, 1, TEXT),
        ("info", 0, MANY, None),
    ],
    "info": [
        ("language", 0, 1, r"[a-z]{2}(-[A-Z]{2})?"),
        (
            "category", 1, MANY,
            "Geo|Met|Safety|Security|Rescue|Fire|Health|Env|Transport|Infra|CBRNE|Other",
        ),
        ("event", 1, 1, TEXT),
        (
            "responseType", 0, MANY,
            "Shelter|Evacuate|Prepare|Execute|Avoid|Monitor|Assess|AllClear|None",
        ),
        ("urgency", 1, 1, "Immediate|Expected|Future|Past|Unknown"),
        ("severity", 1, 1, "Extreme|Severe|Moderate|Minor|Unknown"),
        ("certainty", 1, 1, "Observed|Likely|Possible|Unlikely|Unknown"),
        ("audience", 0, 1, TEXT),
        ("eventCode", 0, MANY, None),
        ("effective", 0, 1, MOMENT),
        ("onset", 0, 1, MOMENT),
        ("expires", 0, 1, MOMENT),
        ("senderName", 0, 1, TEXT),
        ("headline", 0, 1, TEXT),
        ("description", 0, 1, TEXT),
        ("instruction", 0, 1, TEXT),
        ("web", 0, 1, r"https?://\S+"),
        ("contact", 0, 1, TEXT),
        ("parameter", 0, MANY, None),
        ("resource", 0, MANY, None),
        ("area", 0, MANY, None),
    ],
    "eventCode": [("valueName", 1, 1, TEXT), ("value", 1, 1, TEXT)],
    "parameter": [("valueName", 1, 1, TEXT), ("value", 1, 1, TEXT)],
    "geocode": [("valueName", 1, 1, TEXT), ("value", 1, 1, r"\d{6,12}")],
    "resource": [
        ("resourceDesc", 1, 1, TEXT),
        ("mimeType", 1, 1, r"[a-z]+/[\w.+-]+"),
        ("size", 0, 1, r"\d+"),
        ("uri", 0, 1, r"\S+"),
        ("derefUri", 0, 1, TEXT),
        ("digest", 0, 1, TEXT),
    ],
    "area": [
        ("areaDesc", 1, 1, TEXT),
        ("polygon", 0, MANY, TEXT),
        ("circle", 0, MANY, TEXT),
        ("geocode", 0, MANY, None),
        ("altitude", 0, 1, TEXT),
        ("ceiling", 0, 1, TEXT),
    ],
}  # fmt: skip


def faults(element: Xml.Element) -> list[str]:
    """Where an element departs from the schema: unknown, misplaced, too few, too many, wrong."""
    name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    rules = SCHEMA[name]
    order = [rule[0] for rule in rules]
    children = [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in element]
    found = [f"{name}: unknown {child}" for child in children if child not in order]
    if not found and children != sorted(children, key=order.index):
        found.append(f"{name}: order {children}")
    for child, least, most, pattern in rules:
        inside = [one for one in element if one.tag == f"{{{NAMESPACE}}}{child}"]
        if not least <= len(inside) <= most:
            found.append(f"{name}: {len(inside)} times {child}")
        for one in inside:
            if pattern is None:
                found += faults(one)
            elif not re.fullmatch(pattern, one.text or ""):
                found.append(f"{child}: {one.text!r}")
    return found


def read(message: Message) -> Xml.Element:
    root = Xml.fromstring(cap_xml(message).encode())
    assert root.tag == f"{{{NAMESPACE}}}alert"
    return root


def said(root: Xml.Element, path: str) -> list[str]:
    steps = "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
    return [e.text or "" for e in root.findall(steps)]


@pytest.mark.parametrize("kind", [*CATEGORIES, "unheard_of"])
@pytest.mark.parametrize("level", ["I", "II", "III", "IV", "?"])
@pytest.mark.parametrize("act", list(CapAct))
@pytest.mark.parametrize("drill", [True, False])
def test_every_message_follows_the_schema(kind, level, act, drill):
    message = replace(
        MESSAGE, kind=kind, subtype="", level=level, act=act, drill=drill,
        references=(Reference("govdata-covid-2020-1", SENT),),
    )  # fmt: skip
    assert not faults(read(message))


def test_the_check_finds_faults():
    root = read(MESSAGE)
    info = root[-1]
    info.append(Xml.Element(f"{{{NAMESPACE}}}category"))
    Xml.SubElement(root, f"{{{NAMESPACE}}}colour").text = "red"
    assert len(faults(root)) >= 3


def test_an_alert_says_what_when_where_and_how_grave():
    root = read(MESSAGE)
    assert said(root, "status") == ["Actual"]
    assert said(root, "msgType") == ["Alert"]
    assert said(root, "scope") == ["Public"]
    assert said(root, "sent") == ["2020-01-25T10:30:05+08:00"]
    assert said(root, "references") == []
    assert said(root, "info/language") == ["zh-CN", "en"]
    assert said(root, "info/category") == ["Health", "Health"]
    assert said(root, "info/severity") == ["Extreme", "Extreme"]
    assert said(root, "info/area/areaDesc") == ["安徽省、合肥市", "Anhui"]
    assert said(root, "info/area/geocode/value")[:2] == ["340000", "340100"]
    assert said(root, "info/onset")[0] == "2020-01-24T10:30:05+08:00"
    assert said(root, "info/resource/resourceDesc")[0] == "每日统计 & 分市"


@pytest.mark.parametrize(
    ("level", "severity"),
    [("I", "Extreme"), ("II", "Severe"), ("III", "Moderate"), ("IV", "Minor"), ("", "Unknown")],
)
def test_severity_is_the_level(level, severity):
    assert said(read(replace(MESSAGE, level=level)), "info/severity") == [severity] * 2


def test_an_update_names_every_message_before_it():
    before = (Reference("govdata covid-1", SENT), Reference("b,2", SENT + timedelta(hours=1)))
    root = read(replace(MESSAGE, act=CapAct.UPDATE, references=before))
    assert said(root, "references") == [
        "data.ah.gov.cn,govdata-covid-1,2020-01-25T10:30:05+08:00 "
        "data.ah.gov.cn,b-2,2020-01-25T11:30:05+08:00"
    ]


def test_the_end_cancels_and_gives_the_all_clear():
    root = read(replace(MESSAGE, act=CapAct.CANCEL, references=(Reference("a", SENT),)))
    assert said(root, "msgType") == ["Cancel"]
    assert said(root, "info/responseType") == ["AllClear", "AllClear"]
    assert said(root, "info/urgency") == ["Past", "Past"]


def test_a_drill_cannot_be_taken_for_the_real_thing():
    root = read(replace(MESSAGE, drill=True))
    assert said(root, "status") == ["Exercise"]
    assert said(root, "scope") == ["Restricted"]
    assert said(root, "restriction")


def test_without_places_or_files_there_is_no_empty_element():
    bare = replace(ZH, places={}, contact="", description="")
    root = read(replace(MESSAGE, infos=(bare,), files=()))
    assert not faults(root)
    assert said(root, "info/area") == said(root, "info/contact") == []


def test_hostile_words_are_words():
    hostile = replace(ZH, headline="</headline><x/>\x00\x1b]]>", description="a\ud800b<&>")
    text = cap_xml(replace(MESSAGE, infos=(hostile,)))
    root = Xml.fromstring(text.encode())
    assert said(root, "info/headline") == ["</headline><x/>]]>"]
    assert said(root, "info/description") == ["ab<&>"]


def test_expiry_is_said_when_it_is_known():
    root = read(replace(MESSAGE, expires=SENT + timedelta(days=1)))
    assert said(root, "info/expires") == ["2020-01-26T10:30:05+08:00"] * 2
    assert not faults(root)


def test_an_instant_without_a_zone_is_a_mistake():
    with pytest.raises(ValueError, match="zone"):
        cap_xml(replace(MESSAGE, sent=datetime(2020, 1, 1)))  # noqa: DTZ001


def test_subtypes_are_finer_than_kinds():
    assert categories("natural_disaster", "earthquake") == ("Geo",)
    assert categories("natural_disaster", "") == ("Geo", "Met")
    assert categories("?", "?") == ("Other",)
    known = SCHEMA["info"][1][3].split("|")
    for found in [*CATEGORIES.values(), *SUBTYPE_CATEGORIES.values()]:
        assert set(found) <= set(known)


def test_every_kind_and_subtype_has_categories():
    for kind in EmergencyKind:
        assert categories(kind.value, "") != ("Other",)


def test_tokens_have_no_forbidden_signs():
    assert token(" a, b<&>c\n") == "a-b->c"

"""Atom: what RFC 4287 demands, order, and words that cannot break out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from xml.etree import ElementTree as Xml

import pytest

from ckanext.govdata.domain.feed import NAMESPACE, Feed, FeedEntry, atom_xml
from ckanext.govdata.domain.markup import instant, legal

BEIJING = timezone(timedelta(hours=8))
BEGAN = datetime(2020, 1, 20, 8, tzinfo=BEIJING)
ENTRY = FeedEntry(
    key="urn:govdata:1",
    title="第一号通报",
    words="新增确诊1例。",
    published=BEGAN + timedelta(days=1),
    address="https://data.ah.gov.cn/emergency/covid#b1",
    author="安徽省卫生健康委员会",
    category="bulletin",
)
FEED = Feed(
    key="urn:govdata:covid",
    title="新冠肺炎疫情",
    subtitle="每日更新",
    language="zh-Hans-CN",
    address="https://data.ah.gov.cn/emergency/covid",
    own="https://data.ah.gov.cn/emergency/covid.atom",
    author="安徽省卫生健康委员会",
    began=BEGAN,
    entries=(ENTRY, replace(ENTRY, key="urn:govdata:2", published=BEGAN + timedelta(days=2))),
)


def read(feed: Feed) -> Xml.Element:
    return Xml.fromstring(atom_xml(feed).encode())


def said(element: Xml.Element, name: str) -> str:
    return element.findtext(f"{{{NAMESPACE}}}{name}") or ""


def entries(root: Xml.Element) -> list[Xml.Element]:
    return root.findall(f"{{{NAMESPACE}}}entry")


def test_everything_has_what_the_standard_demands():
    root = read(FEED)
    for element in (root, *entries(root)):
        assert said(element, "id")
        assert said(element, "title")
        assert datetime.fromisoformat(said(element, "updated")).tzinfo
        assert element.findtext(f"{{{NAMESPACE}}}author/{{{NAMESPACE}}}name")
    relations = {link.get("rel"): link.get("href") for link in root.findall(f"{{{NAMESPACE}}}link")}
    assert relations == {"alternate": FEED.address, "self": FEED.own}


def test_newest_first_and_the_feed_is_as_new_as_that():
    root = read(FEED)
    assert [said(e, "id") for e in entries(root)] == ["urn:govdata:2", "urn:govdata:1"]
    assert said(root, "updated") == "2020-01-22T08:00:00+08:00"


def test_a_correction_makes_the_feed_newer():
    later = replace(ENTRY, updated=BEGAN + timedelta(days=9))
    root = read(replace(FEED, entries=(later,)))
    assert said(root, "updated") == said(entries(root)[0], "updated") == "2020-01-29T08:00:00+08:00"
    assert said(entries(root)[0], "published") == "2020-01-21T08:00:00+08:00"


def test_an_empty_feed_has_a_date():
    root = read(replace(FEED, entries=(), subtitle=""))
    assert said(root, "updated") == "2020-01-20T08:00:00+08:00"
    assert root.find(f"{{{NAMESPACE}}}subtitle") is None


def test_hostile_words_are_words():
    hostile = replace(ENTRY, title="<b>&</b>\x00", words="]]><script>alert(1)</script>")
    root = read(replace(FEED, entries=(hostile,)))
    entry = entries(root)[0]
    assert said(entry, "title") == "<b>&</b>"
    assert said(entry, "content") == "]]><script>alert(1)</script>"
    content = entry.find(f"{{{NAMESPACE}}}content")
    assert content is not None
    assert content.get("type") == "text"


def test_letters_and_instants():
    assert legal("a\x0b\x7f\ufffe\U0001f600") == "a\x7f\U0001f600"
    assert instant(BEGAN) == "2020-01-20T08:00:00+08:00"
    with pytest.raises(ValueError, match="zone"):
        instant(datetime(2020, 1, 1))  # noqa: DTZ001

"""A list of what was said, as an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as Xml

from .markup import document, instant, legal

NAMESPACE = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class FeedEntry:
    """One thing that was said. ``key`` never changes; ``address`` is where it can be read."""

    key: str
    title: str
    words: str
    published: datetime
    address: str
    author: str
    category: str = ""
    updated: datetime | None = None


@dataclass(frozen=True)
class Feed:
    """The feed. ``began`` is its date while it is empty; ``own`` the feed's own address."""

    key: str
    title: str
    subtitle: str
    language: str
    address: str
    own: str
    author: str
    began: datetime
    entries: Sequence[FeedEntry] = ()


def atom_xml(feed: Feed) -> str:
    """The feed as XML, the newest entry first."""
    entries = sorted(feed.entries, key=lambda one: (one.published, one.key), reverse=True)
    root = Xml.Element("feed", {"xmlns": NAMESPACE, "xml:lang": feed.language})
    _put(root, "id", feed.key)
    _put(root, "title", feed.title)
    if feed.subtitle:
        _put(root, "subtitle", feed.subtitle)
    changed = max((one.updated or one.published for one in entries), default=feed.began)
    _put(root, "updated", instant(changed))
    _author(root, feed.author)
    _link(root, "alternate", feed.address, "text/html")
    _link(root, "self", feed.own, "application/atom+xml")
    for one in entries:
        _entry(root, one)
    return document(root)


def _entry(root: Xml.Element, one: FeedEntry) -> None:
    entry = Xml.SubElement(root, "entry")
    _put(entry, "id", one.key)
    _put(entry, "title", one.title)
    _put(entry, "published", instant(one.published))
    _put(entry, "updated", instant(one.updated or one.published))
    _author(entry, one.author)
    _link(entry, "alternate", one.address, "text/html")
    if one.category:
        Xml.SubElement(entry, "category", {"term": one.category})
    content = _put(entry, "content", one.words)
    content.set("type", "text")


def _author(parent: Xml.Element, name: str) -> None:
    _put(Xml.SubElement(parent, "author"), "name", name)


def _link(parent: Xml.Element, relation: str, address: str, mime: str) -> None:
    Xml.SubElement(parent, "link", {"rel": relation, "type": mime, "href": address})


def _put(parent: Xml.Element, tag: str, words: str) -> Xml.Element:
    child = Xml.SubElement(parent, tag)
    child.text = legal(words)
    return child

"""An event as a CAP 1.2 message (OASIS Common Alerting Protocol, 2010), which warning systems read.

One message for each act: the declaration is an Alert, what follows an Update that
names every message before it, the end a Cancel. A drill says Exercise and is not public.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from xml.etree import ElementTree as Xml

from .markup import document, instant, legal

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SEVERITIES = {"I": "Extreme", "II": "Severe", "III": "Moderate", "IV": "Minor"}
"""Levels of the early-warning law -> severity, as national warnings are exported."""
CATEGORIES = {
    "natural_disaster": ("Geo", "Met"),
    "accident_disaster": ("Safety",),
    "public_health": ("Health",),
    "social_security": ("Security",),
}
"""Kinds of event (Anhui 35) -> categories where the sub-type says no more."""
SUBTYPE_CATEGORIES = {
    "flood_drought": ("Met",),
    "meteorological": ("Met",),
    "earthquake": ("Geo",),
    "geological": ("Geo",),
    "marine": ("Met",),
    "biological": ("Env",),
    "wildfire": ("Fire",),
    "transport": ("Transport",),
    "public_facility": ("Infra",),
    "environmental": ("Env",),
}
DIVISION = "http://www.stats.gov.cn/sj/tjbz/qhdm"
"""Name of the geocode: the administrative division codes of the statistics bureau (GB/T 2260)."""
_FORBIDDEN = re.compile(r"[\s,<&]+")


class CapAct(str, Enum):
    """What a message does to the ones before it."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


@dataclass(frozen=True)
class Reference:
    """A message that went before."""

    identifier: str
    sent: datetime


@dataclass(frozen=True)
class Info:
    """What a message says in one language (``zh-CN``, ``en``)."""

    language: str
    event: str
    headline: str
    description: str
    sender: str
    contact: str = ""
    instruction: str = ""
    places: Mapping[str, str] = field(default_factory=dict[str, str])
    """Division code -> the place's name in this language."""


@dataclass(frozen=True)
class CapFile:
    """A file of the event: what it is, its type, its size in bytes and its address."""

    description: str
    mime: str
    address: str
    size: int | None = None


@dataclass(frozen=True)
class Message:
    """One CAP message. ``sender`` is the portal's domain name; instants are aware."""

    identifier: str
    sender: str
    sent: datetime
    act: CapAct
    drill: bool
    kind: str
    subtype: str
    level: str
    onset: datetime
    web: str
    infos: Sequence[Info]
    references: Sequence[Reference] = ()
    files: Sequence[CapFile] = ()
    expires: datetime | None = None


def cap_xml(message: Message) -> str:
    """The message as XML. Elements stand in the order that the standard demands."""
    root = Xml.Element("alert", {"xmlns": NAMESPACE})
    _put(root, "identifier", token(message.identifier))
    _put(root, "sender", token(message.sender))
    _put(root, "sent", instant(message.sent))
    _put(root, "status", "Exercise" if message.drill else "Actual")
    _put(root, "msgType", message.act.value)
    _put(root, "scope", "Restricted" if message.drill else "Public")
    if message.drill:
        _put(root, "restriction", "演练参与单位 / participants of the drill")
    _put(root, "references", _references(message))
    for info in message.infos:
        _info(root, message, info)
    return document(root)


def _references(message: Message) -> str:
    """``sender,identifier,sent`` of each message before; an Alert has none."""
    if message.act is CapAct.ALERT:
        return ""
    return " ".join(
        f"{token(message.sender)},{token(one.identifier)},{instant(one.sent)}"
        for one in message.references
    )


def _info(root: Xml.Element, message: Message, said: Info) -> None:
    info = Xml.SubElement(root, "info")
    over = message.act is CapAct.CANCEL
    _put(info, "language", said.language)
    for category in categories(message.kind, message.subtype):
        _put(info, "category", category)
    _put(info, "event", said.event)
    _put(info, "responseType", "AllClear" if over else "Monitor")
    _put(info, "urgency", "Past" if over else "Immediate")
    _put(info, "severity", SEVERITIES.get(message.level, "Unknown"))
    _put(info, "certainty", "Observed")
    _pair(info, "eventCode", "govdata:kind", message.subtype or message.kind)
    _put(info, "effective", instant(message.sent))
    _put(info, "onset", instant(message.onset))
    _put(info, "expires", instant(message.expires) if message.expires else "")
    for name in ("sender", "headline", "description", "instruction"):
        _put(info, "senderName" if name == "sender" else name, getattr(said, name))
    _put(info, "web", message.web)
    _put(info, "contact", said.contact)
    _pair(info, "parameter", "govdata:level", message.level)
    for file in message.files:
        _resource(info, file)
    _area(info, said.places)


def _resource(info: Xml.Element, file: CapFile) -> None:
    resource = Xml.SubElement(info, "resource")
    _put(resource, "resourceDesc", file.description)
    _put(resource, "mimeType", file.mime)
    _put(resource, "size", "" if file.size is None else str(file.size))
    _put(resource, "uri", file.address)


def _area(info: Xml.Element, places: Mapping[str, str]) -> None:
    if not places:
        return
    area = Xml.SubElement(info, "area")
    _put(area, "areaDesc", "、".join(name or code for code, name in places.items()))
    for code in places:
        _pair(area, "geocode", DIVISION, code.ljust(6, "0"))


def _pair(parent: Xml.Element, tag: str, name: str, value: str) -> None:
    pair = Xml.SubElement(parent, tag)
    _put(pair, "valueName", name)
    _put(pair, "value", value)


def _put(parent: Xml.Element, tag: str, words: str) -> None:
    """Add an element; one without words is left out."""
    text = legal(words).strip()
    if text:
        Xml.SubElement(parent, tag).text = text


def categories(kind: str, subtype: str) -> tuple[str, ...]:
    """CAP's categories of an event; ``Other`` for a kind that nobody knows."""
    return SUBTYPE_CATEGORIES.get(subtype) or CATEGORIES.get(kind, ("Other",))


def token(words: str) -> str:
    """An identifier as CAP allows it: without spaces, commas, ``<`` and ``&``."""
    return _FORBIDDEN.sub("-", legal(words).strip())

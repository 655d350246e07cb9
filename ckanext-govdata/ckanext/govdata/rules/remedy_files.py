"""Reading ``config/remedies``: what the law gives, and the bodies of each place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ..config_reader import BrokenFile, open_file
from ..domain.locales import Label
from ..domain.node import Flaw, Node
from ..domain.remedy import PlaceOfRemedy, Provision, Remedies

PROVISIONS = (
    "reconsider",
    "reconsider_body",
    "reconsider_first",
    "reconsider_review",
    "reconsider_late",
    "sue_after",
    "sue",
    "complain",
    "free",
    "own_record",
    "person_asks",
)
"""What remedies cite; all have to be there, and others that words of letters name."""
SPANS = ("calendar_days", "months")


def read_remedies(paths: Iterable[Path]) -> Remedies:
    """What these files hold; raises ``BrokenFile`` with every flaw of all of them."""
    flaws: list[Flaw] = []
    law: Mapping[str, Provision] = {}
    places: dict[str, PlaceOfRemedy] = {}
    for path in paths:
        top = open_file(path, flaws)
        if top is None:
            continue
        if path.name == "law.yaml":
            law = _law(top)
        else:
            place = _place(top)
            if place.place in places:
                top.blame(f"'{place.place}' has two files")
            places[place.place] = place
    if not law and not flaws:
        flaws.append(Flaw("remedies", 1, "no file is called law.yaml"))
    if flaws:
        raise BrokenFile(flaws)
    return Remedies(law, places)


def _law(top: Node) -> dict[str, Provision]:
    parts = top.entries(needed=("documents", "provisions"))
    documents = parts.read("documents", Node.labels, {})
    found = parts.read("provisions", lambda node: node.each(
        lambda _name, one: _provision(one, documents)), {})  # fmt: skip
    for name in PROVISIONS:
        if "provisions" in parts and name not in found:
            parts["provisions"].blame(f"'{name}' is missing")
    return found


def _provision(node: Node, documents: Mapping[str, Label]) -> Provision:
    parts = node.entries(known=SPANS, needed=("document", "article"))
    named = parts.read("document", lambda one: one.known(documents, "document of this file"), "")
    spans = {span: parts[span].number() for span in SPANS if span in parts}
    if len(spans) > 1:
        node.blame("one span is wanted: calendar_days or months")
    return Provision(
        documents.get(named, {}),
        parts.read("article", Node.text, ""),
        spans.get("calendar_days", 0),
        spans.get("months", 0),
    )


def _place(top: Node) -> PlaceOfRemedy:
    parts = top.entries(
        known=("address", "online", "court", "complaint"),
        needed=("place", "reconsideration", "above"),
    )
    online = parts.read("online", Node.text, "")
    if online and not online.startswith("https://"):
        parts["online"].blame("an address on the internet begins with https://")
    return PlaceOfRemedy(
        place=parts.read("place", Node.code, ""),
        reconsideration=parts.read("reconsideration", Node.label, {}),
        above=parts.read("above", Node.label, {}),
        address=parts.read("address", Node.text, ""),
        online=online,
        court=parts.read("court", Node.label, {}),
        complaint=parts.read("complaint", Node.label, {}),
    )

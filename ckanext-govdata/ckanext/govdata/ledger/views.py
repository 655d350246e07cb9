"""The ledger's head for everybody, page and feed; its entries for auditors, as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from xml.etree import ElementTree

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from flask import Blueprint, Response, stream_with_context

from .. import settings
from ..security.headers import PRIVATE
from ..web import act, page_of_address
from . import heads
from .action import PAGE
from .model import ledger as table

ledger = Blueprint("govdata_ledger", __name__)
ATOM = "http://www.w3.org/2005/Atom"


def head() -> Response | str:
    """The head of every day, for anybody to keep."""
    page = page_of_address(PAGE)
    found = {
        "days": page.answer(
            heads.published(model.Session), act("govdata_ledger_day_list", page=page.page)
        ),
        "head": act("govdata_ledger_head"),
    }
    return tk.render("govdata/ledger/head.html", extra_vars=found)


def feed() -> Response | str:
    """The same as an Atom feed (RFC 4287), so that keeping it needs nobody."""
    days = act("govdata_ledger_day_list")
    address = tk.h.url_for("govdata_ledger.head", _external=True)
    root = ElementTree.Element("feed", xmlns=ATOM)
    _say(root, "id", address)
    _say(root, "title", tk._("Heads of the ledger: {site}").format(site=settings.site_title()))
    _say(root, "updated", days[0]["at"] if days else "1970-01-01T00:00:00+00:00")
    author = ElementTree.SubElement(root, "author")
    _say(author, "name", settings.responsible_body() or settings.site_title())
    here = tk.h.url_for("govdata_ledger.feed", _external=True)
    ElementTree.SubElement(root, "link", rel="self", href=here)
    ElementTree.SubElement(root, "link", rel="alternate", href=address)
    for one in days:
        entry = ElementTree.SubElement(root, "entry")
        _say(entry, "id", f"{address}#{one['day']}")
        _say(entry, "title", f"{one['day']} · {one['number']}")
        _say(entry, "updated", one["at"])
        ElementTree.SubElement(entry, "link", rel="alternate", href=f"{address}#{one['day']}")
        _say(entry, "content", one["digest"], type="text")
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, mimetype="application/atom+xml")


def export() -> Response | str:
    """Every entry as a line of JSON, oldest first, for an archive or a monitoring system."""
    try:
        tk.check_access("govdata_ledger_list", {}, {})
    except tk.NotAuthorized:
        return tk.abort(404, tk._("There is no such page, or it is not for you."))
    headers = PRIVATE | {"Content-Disposition": 'attachment; filename="ledger.jsonl"'}
    body = stream_with_context(_lines())
    return Response(body, mimetype="application/x-ndjson", headers=headers)


def _lines(batch: int = 2000) -> Iterator[str]:
    last = 0
    while True:
        query = sa.select(table).where(table.c.number > last).order_by(table.c.number)
        rows = model.Session.execute(query.limit(batch)).all()
        for row in rows:
            entry = {
                "number": row.number,
                "content": json.loads(row.content),
                "before": row.before,
                "digest": row.digest,
                "algorithm": row.algorithm,
            }
            yield json.dumps(entry, ensure_ascii=False) + "\n"
        if len(rows) < batch:
            return
        last = rows[-1].number


def _say(parent: ElementTree.Element, name: str, words: str, **attributes: str) -> None:
    ElementTree.SubElement(parent, name, attributes).text = words


ledger.add_url_rule("/ledger", "head", head)
ledger.add_url_rule("/ledger/heads.atom", "feed", feed)
ledger.add_url_rule("/audit/ledger.jsonl", "export", export)
blueprints = [ledger]

"""The public pages of emergencies: list, event, light page, timeline; feeds, CAP and card.

They are right without the search server and without JavaScript. What machines ask for as JSON
and CSV stands in ``views.py``, what officers do in ``desk/desk_pages.py``.
"""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from flask import Blueprint, redirect, request, session
from markupsafe import Markup
from werkzeug.wrappers import Response

from ... import now, settings
from ...access import gate
from ...domain.cap import cap_xml
from ...domain.feed import atom_xml
from ...domain.typed_time import read_instant
from ...forms import form_reader
from ...security.return_address import safe_return
from ...web import page_of_address
from .. import helpers
from ..answers import EventAnswer, FigureAnswer
from ..feeds import cap_atom, dcat
from . import card, event_charts, event_list, timeline

pages = Blueprint("govdata_emergency", __name__)
FIRST_STEPS = 12
"""Steps of the timeline on the event's page; its own page has all."""
MOST_FIGURES = 8
MOST_CLOSED = 50
"""Closed banners that a cookie can hold, of events that still run."""
YEAR = 365 * 86_400
LIGHT = 50_000
"""Bytes of what the light page says; its frame and style sheet have the rest of the 60 KB."""
LESS = ((2, 1200), (1, 600), (0, 300), (0, 60))
"""Charts of a dataset and characters of a bulletin: the first of these that fits is taken."""


def index() -> str:
    """All events: what is going on, the gravest first, and the archive, a page at a time."""
    pager = page_of_address(event_list.SIZE)
    ended = event_list.page_of(gate.reader_of({}), event_list.Filter("ended"), pager)
    found = {"running": helpers.running_events(), "ended": ended}
    return _everybodys(tk.render("govdata/emergency/index.html", found))


def event(name: str) -> str:
    """One event, now or as it was known at an instant (``?at=``)."""
    shown, wrong = _asked(name)
    return _page("event", shown, wrong=wrong, steps=timeline.steps(shown), most=FIRST_STEPS,
                 data=[(one, event_charts.pictures(shown, one)) for one in shown["datasets"]],
                 figures=_figures(shown), sparks=_sparks(shown))  # fmt: skip


def light(name: str) -> str:
    """The event for bad networks: at most 60 KB with its style sheet, however much there is."""
    shown, wrong = _asked(name)
    data = [(one, event_charts.pictures(shown, one)) for one in shown["datasets"]]
    body = ""
    for charts, words in LESS:
        body = _page("light_body", shown, wrong=wrong, data=data, charts=charts, words=words,
                     figures=_figures(shown))  # fmt: skip
        if len(body.encode()) <= LIGHT:
            break
    return _page("light", shown, body=Markup(body))  # noqa: S704 - a template's own output


def history(name: str) -> str:
    """What was published when: the whole timeline, late updates, every version with its digest."""
    shown, wrong = _asked(name)
    return _page("timeline", shown, wrong=wrong, steps=timeline.steps(shown))


def _asked(name: str) -> tuple[EventAnswer, str]:
    """The event as asked for; what is wrong with ``at`` is said beside the present state."""
    at, wrong = request.args.get("at", "").strip(), ""
    if at and read_instant(at, now.BEIJING) is None:
        wrong = tk._("'{value}' is no date and time.").format(value=at[:40])
        at = ""
    return _show(name, at), wrong


def _show(name: str, at: str = "") -> EventAnswer:
    try:
        return tk.get_action("govdata_emergency_show")({}, {"id": name, "at": at or None})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        raise tk.abort(404, tk._("There is no such event.")) from None


def _page(template: str, shown: EventAnswer, **more: object) -> str:
    """The page; of the past it is the same for ever, so it names the present one as canonical."""
    found: dict[str, object] = {
        "event": shown,
        "record": timeline.record_of(shown),
        "address": cap_atom.address(shown),
        "before_start": bool(shown["as_of"]) and not shown["acts"],
        **more,
    }
    return _everybodys(tk.render(f"govdata/emergency/{template}.html", found))


def _everybodys(text: str) -> str:
    """The page, which caches may keep where nobody is signed in, whatever CKAN's own setting."""
    if tk.current_user.is_anonymous and not session:
        request.environ.pop("__no_cache__", None)
    return text


def _figures(shown: EventAnswer) -> list[FigureAnswer]:
    """The key figures to head the page: each name once, as the first dataset has it."""
    first: dict[str, FigureAnswer] = {}
    for one in shown["key_figures"]:
        first.setdefault(one["name"], one)
    return list(first.values())[:MOST_FIGURES]


def _sparks(shown: EventAnswer) -> dict[tuple[str, str], Markup]:
    """The course of each key figure."""
    known = {one["name"]: one for one in shown["datasets"]}
    return {
        (one["dataset"], one["name"]): event_charts.spark(known[one["dataset"]], one["name"])
        for one in shown["key_figures"]
    }


def cap(name: str) -> Response:
    """The event as CAP 1.2: its newest message, or that of one act (``?act=``)."""
    shown = _show(name)
    number = request.args.get("act", type=int)
    if request.args.get("act") and number is None:
        raise tk.abort(400, tk._("Must be a number"))
    found = cap_atom.message(shown, number)
    if found is None:
        raise tk.abort(404, tk._("There is no such message."))
    return _document(cap_xml(found), "application/cap+xml", f"{shown['name']}.cap.xml")


def jsonld(name: str) -> Response:
    """The event as DCAT 3 in JSON-LD."""
    text = json.dumps(dcat.document(_show(name)), ensure_ascii=False)
    return _document(text, "application/ld+json")


def atom(name: str) -> Response:
    """What is said in the event, as Atom."""
    return _document(atom_xml(cap_atom.feed(_show(name))), "application/atom+xml")


def atom_of_all() -> Response:
    """The events, as Atom."""
    found = cap_atom.feed_of_all(event_list.every(gate.reader_of({})))
    return _document(atom_xml(found), "application/atom+xml")


def _document(text: str, media: str, file_name: str = "") -> Response:
    answer = Response(text, content_type=f"{media}; charset=utf-8")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    if file_name:
        answer.headers["Content-Disposition"] = f'inline; filename="{file_name}"'
    answer.add_etag()
    return answer.make_conditional(request)


def share_card(name: str) -> Response:
    """The picture for those who share the address."""
    host = urlsplit(settings.site_url()).netloc
    answer = Response(card.png(_show(name), host), content_type="image/png")
    answer.add_etag()
    return answer.make_conditional(request)


def close_banner(name: str) -> Response:
    """Close the event's banner; it comes back when the level changes."""
    shown = _show(name)
    running = {helpers.banner_mark(one) for one in helpers.running_events()}
    closed = sorted(running & {*helpers.closed_banners(), helpers.banner_mark(shown)})
    answer = redirect(safe_return(form_reader.pressed("back"), tk.h.url_for("home.index")))
    answer.set_cookie(helpers.COOKIE, ".".join(closed[-MOST_CLOSED:]), max_age=YEAR, httponly=True,
                      samesite="Lax", secure=request.is_secure)  # fmt: skip
    return answer


RULES = (
    ("/emergency", index, ("GET",)),
    ("/emergency.atom", atom_of_all, ("GET",)),
    ("/emergency/<name>", event, ("GET",)),
    ("/emergency/<name>/light", light, ("GET",)),
    ("/emergency/<name>/timeline", history, ("GET",)),
    ("/emergency/<name>/card.png", share_card, ("GET",)),
    ("/emergency/<name>/banner", close_banner, ("POST",)),
    ("/emergency/<name>.atom", atom, ("GET",)),
    ("/emergency/<name>.cap", cap, ("GET",)),
    ("/emergency/<name>.jsonld", jsonld, ("GET",)),
)
for _rule, _view, _methods in RULES:
    pages.add_url_rule(_rule, view_func=_view, methods=list(_methods))

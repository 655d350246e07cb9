"""Helpers of the pages: banners, instants and rhythms in the reader's words."""

from __future__ import annotations

from typing import TypedDict

import ckan.plugins.toolkit as tk
from flask import g

from .. import now
from ..access import gate
from ..domain.chart import scale
from . import entry_mark
from .answers import EventSummary
from .public import event_list

COOKIE = "gd_banner"
"""Names of the events, each with its level, whose banners the reader has closed."""
RUNNING = "_govdata_running_events"
"""Where a request keeps the running events."""
MOST_BANNERS = 3
HOUR, DAY = 60, 1440


class Banner(TypedDict):
    """A notice above every page, in the reader's language."""

    tag: str
    level: str
    colour: str
    title: str
    url: str
    close: str
    back: str


def banners_emergency() -> list[Banner]:
    """Banners for the gravest events that run, and one that says how many others do; none for
    those that were closed.

    A closed banner comes back when the event's level changes. Pages of events are the same for
    everybody, whatever he has closed.
    """
    closed = set[str]() if _on_event_page() else closed_banners()
    here = (tk.request.view_args or {}).get("name") if _on_event_page() else None
    if closed:
        tk.request.environ["__no_cache__"] = True
    shown = [
        one for one in running_events() if one["name"] != here and banner_mark(one) not in closed
    ]
    others = shown[MOST_BANNERS:]
    return [*map(_banner, shown[:MOST_BANNERS]), *([_of_others(others)] if others else [])]


def _of_others(events: list[EventSummary]) -> Banner:
    """The banner that leads to the events which have none of their own."""
    words = tk.ungettext("{n} more event is going on", "{n} more events are going on", len(events))
    return {
        "tag": "",
        "level": "",
        "colour": events[0]["colour"],
        "title": words.format(n=len(events)),
        "url": tk.h.url_for("govdata_emergency.index"),
        "close": "",
        "back": "",
    }


def _on_event_page() -> bool:
    return (tk.request.blueprint or "").startswith("govdata_emergency")


def closed_banners() -> set[str]:
    """What the reader has closed."""
    return set(tk.request.cookies.get(COOKIE, "").split(".")) - {""}


def banner_mark(event: EventSummary) -> str:
    """The event at its level, as the cookie keeps it."""
    return f"{event['name']}-{event['level']}"


def _banner(event: EventSummary) -> Banner:
    return {
        "tag": tk._("Drill") if event["drill"] else event["kind_label"],
        "level": event["level_label"],
        "colour": event["colour"],
        "title": tk.h.govdata_script(event["title"]),
        "url": tk.h.url_for("govdata_emergency.event", name=event["name"]),
        "close": tk.h.url_for("govdata_emergency.close_banner", name=event["name"]),
        "back": _here(),
    }


def _here() -> str:
    """The address of this page in the reader's language, without the host."""
    query = tk.request.query_string.decode("utf-8", "replace")
    path = tk.request.environ.get("CKAN_CURRENT_URL", tk.request.path).partition("?")[0]
    return tk.h.url_for(path + (f"?{query}" if query else ""))


def running_events() -> list[EventSummary]:
    """The running events that the reader sees, the gravest first; asked once in a request."""
    if RUNNING not in g:
        seen = event_list.every(gate.reader_of({}), event_list.Filter("running", gravest=True))
        setattr(g, RUNNING, seen)
    return getattr(g, RUNNING)


def govdata_emergency_events() -> list[EventSummary]:
    """The running events that the reader sees, the gravest first, for the home page."""
    return running_events()


def govdata_emergency_title(name: str) -> str:
    """What an event is called, in the reader's script."""
    return tk.h.govdata_script(entry_mark.title_of(name))


def govdata_emergency_of(package_id: str) -> list[dict[str, str]]:
    """Name and title of the events that publish an entry."""
    names = entry_mark.events_of(package_id)
    return [{"name": name, "title": govdata_emergency_title(name)} for name in names]


def govdata_emergency_local(instant: str) -> str:
    """An instant as a form's field for date and time wants it, in Beijing time."""
    return f"{now.in_beijing(instant):%Y-%m-%dT%H:%M}" if instant else ""


def govdata_emergency_rhythm(minutes: int) -> str:
    """How often something is updated, in words."""
    for unit, one, many in (
        (DAY, tk._("every day"), tk._("every {n} days")),
        (HOUR, tk._("every hour"), tk._("every {n} hours")),
    ):
        if minutes % unit == 0:
            return one if minutes == unit else many.format(n=minutes // unit)
    return tk._("every {n} minutes").format(n=minutes)


def govdata_emergency_span(minutes: int) -> str:
    """A length of time in the unit that reads best."""
    minutes = max(1, int(minutes))
    if minutes >= 2 * DAY:
        return tk.ungettext("{n} day", "{n} days", minutes // DAY).format(n=minutes // DAY)
    if minutes >= 2 * HOUR:
        return tk.ungettext("{n} hour", "{n} hours", minutes // HOUR).format(n=minutes // HOUR)
    return tk.ungettext("{n} minute", "{n} minutes", minutes).format(n=minutes)


def govdata_emergency_left(due: str, at: str = "") -> str:
    """How long it is until an update is due, or how late it is."""
    seen = now.in_beijing(at) if at else now.now()
    minutes = int((now.in_beijing(due) - seen).total_seconds() / 60)
    words = tk._("in {span}") if now.in_beijing(due) >= seen else tk._("{span} late")
    return words.format(span=govdata_emergency_span(abs(minutes)))


def govdata_emergency_number(value: float | None) -> str:
    """A number in full; a dash where there is none."""
    return "—" if value is None else scale.plain(value)


def govdata_emergency_act(act: str) -> str:
    """What was done, as the timeline says it."""
    return {
        "declare": tk._("Declared"),
        "update": tk._("Details changed"),
        "level": tk._("Level changed"),
        "publish": tk._("Publication"),
        "override": tk._("Override"),
        "end": tk._("Ended"),
    }.get(act, act)


def govdata_emergency_standing(standing: str) -> str:
    """In which role somebody acted."""
    return {
        "officer": tk._("officer of the handling body"),
        "head": tk._("head of the handling body"),
        "authority": tk._("data authority"),
        "government": tk._("government"),
    }.get(standing, standing)

"""An event for warning systems and feed readers: CAP 1.2 and Atom, from what the page shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote, urlsplit

import ckan.plugins.toolkit as tk
from ckan.lib import i18n

from ... import now, settings
from ...domain import cap
from ...domain.feed import Feed, FeedEntry
from ...domain.locales import SIMPLIFIED
from .. import helpers
from ..answers import ActAnswer, BulletinAnswer, DatasetAnswer, EventAnswer, EventSummary
from ..event import kinds

LANGUAGES = {SIMPLIFIED: "zh-CN", "en": "en"}
"""The languages of a CAP message."""
ACTS = {"declare": cap.CapAct.ALERT, "end": cap.CapAct.CANCEL}


def address(event: EventSummary, more: str = "") -> str:
    """The event's stable address, the same in every language."""
    return f"{settings.site_url()}/emergency/{event['name']}{more}"


def message(event: EventAnswer, number: int | None = None) -> cap.Message | None:
    """The CAP message of the event's newest act, or of one of its acts; None if there is none."""
    acts = [act for act in event["acts"] if number is None or act["number"] <= number]
    if not acts or (number is not None and acts[-1]["number"] != number):
        return None
    act = acts[-1]
    before = [cap.Reference(_identifier(event, one), _instant(one["at"])) for one in acts[:-1]]
    return cap.Message(
        identifier=_identifier(event, act),
        sender=urlsplit(settings.site_url()).hostname or "localhost",
        sent=_instant(act["at"]),
        act=ACTS.get(act["act"], cap.CapAct.UPDATE),
        drill=event["drill"],
        kind=event["kind"],
        subtype=event["subtype"],
        level=event["level"],
        onset=_instant(event["started"]),
        web=address(event),
        infos=[_info(event, act, locale, tag) for locale, tag in LANGUAGES.items()],
        references=before,
        files=[_file(one) for one in event["datasets"] if one["readable"]],
        expires=_expires(event),
    )


def _identifier(event: EventAnswer, act: ActAnswer) -> str:
    return f"{settings.site_id()}-{event['name']}-{act['number']}"


def _instant(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(now.BEIJING)


def _expires(event: EventAnswer) -> datetime | None:
    """What is said holds until the next update is due, if that is still to come."""
    dues = [_instant(one["next_due"]) for one in event["datasets"] if one["next_due"]]
    last = max(dues, default=None)
    return last if last and last > now.now() else None


def _info(event: EventAnswer, act: ActAnswer, locale: str, tag: str) -> cap.Info:
    types = kinds.types()
    label = types.subtypes.get(event["kind"], {}).get(event["subtype"]) or types.kinds.get(
        event["kind"], {}
    )
    level = types.levels.get(event["level"], {}).get(locale, event["level"])
    return cap.Info(
        language=tag,
        event=label.get(locale, event["kind"]),
        headline=f"{event['title']} · {level}",
        description=_words(event, act),
        sender=event["handler"]["title"],
        contact=event["contact"],
        places={place["code"]: place["name"] for place in event["regions"]},
    )


def _words(event: EventAnswer, act: ActAnswer) -> str:
    """The act's own words, and the bulletin that came with it."""
    said = bulletin(event, act)
    parts = [act["text"], said["text"] if said else ""]
    return "\n".join(part for part in parts if part) or event["title"]


def bulletin(event: EventAnswer, act: ActAnswer) -> BulletinAnswer | None:
    """The bulletin that an act of publishing brought."""
    number = act["facts"].get("bulletin", {}).get("number")
    return next((one for one in event["bulletins"] if one["number"] == number), None)


def _file(dataset: DatasetAnswer) -> cap.CapFile:
    return cap.CapFile(
        dataset["title"],
        dataset["latest"]["media"] or "application/octet-stream",
        settings.site_url() + dataset["url"],
        dataset["latest"]["size"] or None,
    )


def feed(event: EventAnswer) -> Feed:
    """What was done and said in the event, as an Atom feed in the reader's language."""
    return Feed(
        key=f"urn:uuid:{event['id']}",
        title=f"{event['title']} · {event['level_label']}",
        subtitle=f"{event['kind_label']} · {event['handler']['title']}",
        language=tk.h.lang().replace("_", "-"),
        address=address(event),
        own=address(event, ".atom"),
        author=event["handler"]["title"] or settings.site_title(),
        began=_instant(event["declared"]),
        entries=[_entry(event, act) for act in event["acts"]],
    )


def _entry(event: EventAnswer, act: ActAnswer) -> FeedEntry:
    said = bulletin(event, act)
    title = said["title"] if said else ""
    label = helpers.govdata_emergency_act(act["act"])
    return FeedEntry(
        key=f"urn:uuid:{event['id']}:{act['number']}",
        title=f"{label}: {title or act['text'][:60] or event['title']}",
        words=_words(event, act),
        published=_instant(act["at"]),
        address=address(event, f"?at={quote(act['at'])}"),
        author=event["handler"]["title"] or settings.site_title(),
        category=act["act"],
    )


def feed_of_all(events: Iterable[EventSummary]) -> Feed:
    """The events themselves as a feed: one entry each."""
    listed, what = list(events), tk._("Emergency publication")
    return Feed(
        key=f"{settings.site_url()}/emergency.atom",
        title=f"{settings.site_title()} · {what}",
        subtitle="",
        language=i18n.get_lang().replace("_", "-"),
        address=f"{settings.site_url()}/emergency",
        own=f"{settings.site_url()}/emergency.atom",
        author=settings.site_title(),
        began=min((_instant(one["declared"]) for one in listed), default=now.now()),
        entries=[
            FeedEntry(
                key=f"urn:uuid:{one['id']}",
                title=f"{one['title']} · {one['level_label']}",
                words=f"{one['kind_label']} · {one['handler']['title']} · {one['basis']}",
                published=_instant(one["declared"]),
                updated=_instant(one["ended"] or one["declared"]),
                address=address(one),
                author=one["handler"]["title"] or settings.site_title(),
                category=one["kind"],
            )
            for one in listed
        ],
    )

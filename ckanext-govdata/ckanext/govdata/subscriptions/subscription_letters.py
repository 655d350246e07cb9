"""The letters to those who asked for them: the one that asks for consent, and the news."""

from __future__ import annotations

import json
import re

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib.mailer import MailerException
from flask import current_app

from .. import database, settings
from ..database import Session
from ..emergency import helpers
from ..emergency.event import kinds
from ..emergency.feeds import news
from ..notices import mail_delivery, outbox
from ..security import smtp
from ..speech import phrases
from ..speech.when import when
from . import mail_links, subjects, subscribers
from .fan_out import LETTER
from .model import SubscriberRow, subscriber

ADDRESS = re.compile(r"[^\s<>'\"(),;:]+@[^\s<>'\"(),;:]+")
NOBODY = "nobody to send it to"


def deliver() -> dict[str, int]:
    """Send the letters that are due, in one conversation with the mail server."""
    if not settings.smtp().server:
        return {"sent": 0, "failed": 0}
    with smtp.Line() as line:
        return mail_delivery.empty((subscribers.CONFIRM, LETTER), Postman(line).send)


class Postman:
    """Writes letters; what is the same for many it writes once."""

    def __init__(self, line: smtp.Line) -> None:
        self._line = line
        self._said: dict[tuple[str, int, str], tuple[str, str]] = {}

    def send(self, session: Session, row: outbox.OutboxRow) -> str:
        """Send one letter; says why there was nothing to send. No address stands in what it says.

        Raises ``MailerException`` where the mail server took it not.
        """
        query = sa.select(subscriber).where(subscriber.c.id == row.recipient)
        found = database.first(session, query, SubscriberRow)
        if found is None:
            return NOBODY
        language = {"CKAN_LANG": found.language}
        with current_app.test_request_context(environ_overrides=language):
            subject, body = self._words(row, found)
            if not subject:
                return NOBODY
            leave = link("unsubscribe", mail_links.UNSUBSCRIBE, found.id)
        try:
            letter = smtp.compose(
                "", subscribers.open_address(found), subject, body, headers=_headers(row, leave)
            )
            self._line.send(letter)
        except smtp.LineBroken:
            raise
        except (MailerException, ValueError) as error:
            raise MailerException(ADDRESS.sub("…", str(error))) from None
        return ""

    def _words(self, row: outbox.OutboxRow, found: SubscriberRow) -> tuple[str, str]:
        if row.kind == subscribers.CONFIRM:
            return _consent(found)
        act = json.loads(row.payload)
        key = (act["event"], act["act"], found.language)
        if key not in self._said:
            one = news.of(act["event"], act["act"])
            self._said[key] = _news(one) if one else ("", "")
        subject, body = self._said[key]
        return subject, "\n".join([body, *_foot(found)])


def link(view: str, purpose: str, number: str) -> str:
    """The address of a subscription's page, for its owner's letters only."""
    token = mail_links.token(purpose, number)
    return tk.h.url_for(f"govdata_emergency_mail.{view}", token=token, _external=True)


def _headers(row: outbox.OutboxRow, leave: str) -> dict[str, str]:
    """What mail programs go by; the button "unsubscribe" works with one click (RFC 8058)."""
    found = {
        "Message-ID": f"<{row.kind}.{row.id}@{settings.site_id()}>",
        "Auto-Submitted": "auto-generated",
    }
    if row.kind == LETTER:
        found |= {
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Precedence": "bulk",
        }
    return found


def _consent(found: SubscriberRow) -> tuple[str, str]:
    """The letter that asks for consent; to somebody who is subscribed, that he is."""
    what = _script(subjects.title(found.event_id, found.region))
    if found.confirmed is not None:
        subject = tk._("You are told of '{what}' already")
        lines = [
            tk._(
                "Somebody, perhaps you, asked again that news of '{what}' be sent to this address. "
                "It is sent already; nothing was changed."
            ).format(what=what)
        ]
    else:
        subject = tk._("Please confirm: news of '{what}'")
        lines = [
            tk._(
                "Somebody, perhaps you, asked that news of '{what}' be sent to this address. If "
                "you want that, open this page within a day and confirm:"
            ).format(what=what),
            "",
            link("confirm", mail_links.CONFIRM, found.id),
            "",
            tk._("If you do not want it, do nothing: the address is then deleted."),
        ]
    subject = f"[{settings.site_title()}] {subject.format(what=what)}"
    return subject, "\n".join([*lines, *_foot(found)])


def _news(found: news.News) -> tuple[str, str]:
    """Subject and words of the news, without what is different for each reader."""
    event = found.event
    level = phrases.label(kinds.types().levels.get(event.level, {}))
    act = helpers.govdata_emergency_act(found.act)
    title = found.bulletin.get("title") or act
    subject = f"[{level}] {event.title}: {title}"
    page = subjects.address(found.row.id)
    lines = [
        f"{event.title} · {level}",
        f"{act} · {when(found.at)}",
        "",
        *([found.text, ""] if found.text and not found.bulletin else []),
        *([found.bulletin["title"], found.bulletin["text"], ""] if found.bulletin else []),
        *[name + ": " + tk._("version {n}").format(n=number) for name, number in found.versions],
        tk._("The event's page:"),
        page,
        tk._("For bad networks:"),
        f"{page}/light",
    ]
    return _script(subject), _script("\n".join(lines))


def _foot(found: SubscriberRow) -> list[str]:
    leave = link("unsubscribe", mail_links.UNSUBSCRIBE, found.id)
    return ["", "-- ", settings.site_title(), tk._("Unsubscribe:"), leave]


def _script(text: str) -> str:
    """In the reader's script; addresses stay as they are, being in neither."""
    return tk.h.govdata_script(text)


"""Actions: be told of emergencies by mail or by webhook, and be told no more."""

from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.lib.navl.dictization_functions import Invalid
from ckan.logic.validators import email_validator
from ckan.types import Context, DataDict

from .. import settings
from ..domain.locales import LOCALES
from ..domain.refusal import Refusal
from ..emergency import sentences
from ..emergency.event import event_record
from ..forms.asked_values import Asked
from ..pager import read_page
from ..security.callers import known, signed_in
from ..speech import language as speech
from ..transaction import transaction
from . import hooks, limits, mail_links, subjects, subscribers
from .answers import AskedAnswer, DoneAnswer, HookAnswer, NewHookAnswer, SubjectAnswer
from .model import HookRow, SubscriberRow

LONGEST_ADDRESS = 254


def govdata_emergency_subscribe(context: Context, data_dict: DataDict) -> AskedAnswer:
    """Ask to be told of an event, or of every event of a place, by mail; ``{"asked": true}``.

    A letter goes to the address, whose link must be opened within a day. The answer is the same
    whether the address is subscribed or not. After many letters in a day no more are sent there.

    :param address: the mail address
    :param event: the event's name or id; or
    :param region: the division code of a place: events within it and around it
    :param language: of the letters: ``zh_Hans_CN``, ``zh_Hant_TW`` or ``en``; the request's own
        when left out
    :param data: true to be told of each update of data too, not only of bulletins and levels
    """
    tk.check_access("govdata_emergency_subscribe", context, data_dict)
    asked = Asked(data_dict)
    address = subscribers.plain(str(data_dict.get("address") or ""))
    language = asked.text("language") or speech.spoken()
    data = asked.flag("data")
    wrong = [*_address(address), *_language(language)]
    if not settings.smtp().server:
        wrong.append(Refusal("no_mail", "address"))
    with transaction(context) as session:
        subject = subjects.read(asked, known(context))
        wrong = [*asked.wrong, *wrong]
        wrong = wrong or limits.crowd(subject)
        if wrong:
            raise sentences.invalid(wrong)
        subscribers.ask(session, subscribers.SubscriptionWish(address, subject, language, data))
    return {"asked": True}


def govdata_emergency_confirm(context: Context, data_dict: DataDict) -> SubjectAnswer:
    """Consent to a subscription by mail: what it is to (``event`` or ``region``, ``title``).

    :param token: what stands in the letter's link
    """
    tk.check_access("govdata_emergency_confirm", context, data_dict)
    with transaction(context) as session:
        row = subscribers.of_link(session, mail_links.CONFIRM, str(data_dict.get("token") or ""))
        if row is None:
            raise tk.ObjectNotFound(tk._("This link is not good any more."))
        if subscribers.expired(row):
            raise sentences.invalid([Refusal("link_expired", "token")])
        if subjects.over(row.event_id):
            raise sentences.invalid([Refusal("event_over", "token")])
        subscribers.confirm(session, row)
        return _subject(row)


def govdata_emergency_unsubscribe(context: Context, data_dict: DataDict) -> DoneAnswer:
    """End a subscription by mail; its address is deleted. A second time does no harm.

    :param token: what stands in the letter's link
    """
    tk.check_access("govdata_emergency_unsubscribe", context, data_dict)
    number = mail_links.read(mail_links.UNSUBSCRIBE, str(data_dict.get("token") or ""))
    if not number:
        raise tk.ObjectNotFound(tk._("This link is not good any more."))
    with transaction(context) as session:
        subscribers.remove(session, number)
    return {"done": True}


@tk.side_effect_free
def govdata_emergency_subscriptions(
    context: Context, data_dict: DataDict
) -> list[HookAnswer]:
    """One's own webhooks, the newest first, each with what was delivered last.

    Each has ``id``, ``url``, ``event`` or ``region``, ``title``, ``created``, ``confirmed`` and
    ``stopped`` (or null), ``failures`` in a row, and ``calls``: ``{key, at, status, milliseconds,
    problem}``. The secret is never shown again.

    :param page: from 1, as many a page as one may have
    """
    tk.check_access("govdata_emergency_subscriptions", context, data_dict)
    page = read_page(data_dict, hooks.MOST)
    rows = hooks.of_user(model.Session, signed_in(context).id)
    return [_shown(row) for row in page.cut(rows)["results"]]


def govdata_emergency_hook_create(context: Context, data_dict: DataDict) -> NewHookAnswer:
    """Be told by webhook; the webhook with its ``secret``, which is shown this once.

    Within a minute a message ``emergency.verify`` comes, whose ``data.challenge`` must be given
    back; nothing else is sent before. Messages are signed as Standard Webhooks has it (headers
    ``webhook-id``, ``webhook-timestamp``, ``webhook-signature``), sent at least once and tried
    again for most of a day; redirects are not followed; an answer takes eight seconds at most.

    :param url: https, at a public address, port 443 or 8443
    :param event: the event's name or id; or
    :param region: the division code of a place: events within it and around it
    """
    tk.check_access("govdata_emergency_hook_create", context, data_dict)
    asked, user = Asked(data_dict), signed_in(context)
    url = asked.text("url")
    with transaction(context) as session:
        subject = subjects.read(asked, user)
        wrong = [*asked.wrong, *(hooks.check(url) if url else [Refusal("missing", "url")])]
        if len(hooks.of_user(session, user.id)) >= hooks.MOST:
            wrong.append(Refusal("hooks_most", "url", facts={"most": str(hooks.MOST)}))
        wrong = wrong or limits.hooks(user.id)
        if wrong:
            raise sentences.invalid(wrong)
        number, secret = hooks.create(session, user.id, subject, url)
        return {**_shown(_hook(user.id, number)), "secret": secret}


def govdata_emergency_hook_resume(context: Context, data_dict: DataDict) -> HookAnswer:
    """Switch one's own webhook on again, or ask it once more; the webhook.

    :param id: its id
    """
    tk.check_access("govdata_emergency_hook_resume", context, data_dict)
    number = _own(context, data_dict)
    wrong = limits.hooks(signed_in(context).id)
    if wrong:
        raise sentences.invalid(wrong)
    with transaction(context) as session:
        hooks.resume(session, number)
        return _shown(_hook(signed_in(context).id, number))


def govdata_emergency_hook_delete(context: Context, data_dict: DataDict) -> DoneAnswer:
    """Delete one's own webhook with its log.

    :param id: its id
    """
    tk.check_access("govdata_emergency_hook_delete", context, data_dict)
    number = _own(context, data_dict)
    with transaction(context) as session:
        hooks.remove(session, number)
    return {"done": True}


def _own(context: Context, data_dict: DataDict) -> str:
    """The id, if the webhook is the user's own; of others' he hears that there is none."""
    number = str(data_dict.get("id") or "")
    return _hook(signed_in(context).id, number).id


def _hook(user_id: str, number: str) -> HookRow:
    row = hooks.own(model.Session, user_id, number)
    if row is None:
        raise tk.ObjectNotFound(tk._("There is no such webhook."))
    return row


def _address(address: str) -> list[Refusal]:
    if not address:
        return [Refusal("missing", "address")]
    try:
        email_validator(address, {})
    except Invalid:
        return [Refusal("mail_address", "address", address)]
    if len(address) > LONGEST_ADDRESS or not address.isascii():
        return [Refusal("mail_address", "address", address)]
    return []


def _language(language: str) -> list[Refusal]:
    return [] if language in LOCALES else [Refusal("language_unknown", "language", language)]


def _subject(row: SubscriberRow | HookRow) -> SubjectAnswer:
    event = event_record.row_of(row.event_id) if row.event_id else None
    return {
        "event": event.name if event else "",
        "region": row.region,
        "title": subjects.title(row.event_id, row.region),
    }


def _shown(row: HookRow) -> HookAnswer:
    try:
        url = hooks.target(row).url
    except ValueError:
        url = ""
    return {
        "id": row.id,
        "url": url,
        **_subject(row),
        "created": row.created.isoformat(),
        "confirmed": row.confirmed.isoformat() if row.confirmed else None,
        "stopped": row.stopped.isoformat() if row.stopped else None,
        "failures": row.failures,
        "calls": [
            {
                "key": one.key,
                "at": one.at.isoformat(),
                "status": one.status,
                "milliseconds": one.milliseconds,
                "problem": one.problem,
            }
            for one in hooks.calls(model.Session, row.id)
        ],
    }

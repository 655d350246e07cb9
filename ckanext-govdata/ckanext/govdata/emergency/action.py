"""Actions of emergency publication: declare, update, publish, end, list and show (Anhui 35)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.types import Context

from .. import now
from ..access import gate
from ..catalogue.index import writer
from ..departments import tree
from ..domain.emergency import Act, check_end, check_event, may
from ..domain.emergency import changes as changes_of
from ..domain.refusal import Refusal
from ..pager import PageAnswer, read_page
from ..security.callers import signed_in
from ..transaction import is_deferred, transaction
from . import model as tables
from . import sentences, standings
from .desk import desk_request as asking
from .desk.desk_request import Asked
from .event import event_record, event_rules, steps
from .public import event_view
from .publication import publisher

PAGE = 20

WORDS = ("title", "text", "basis", "contact")
"""Fields of an event that everybody reads."""


def govdata_emergency_declare(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Declare an event; the event as ``govdata_emergency_show`` gives it.

    :param title: what is the matter, in a line
    :param kind: ``natural_disaster``, ``accident_disaster``, ``public_health``, ``social_security``
    :param subtype: see ``config/emergency/types.yaml``; may be left out
    :param level: ``I`` to ``IV``
    :param regions: division codes, within the place of the handling body
    :param organization: the handling body, by name or id; may be left out by who has only one
    :param basis: the plan or law on which it rests
    :param contact: who answers questions
    :param started: when it began, with its zone; now when left out
    :param rhythm: minutes between updates, the default of its datasets; 60 when left out
    :param text: the first words to the public
    :param drill: true for a drill, which only those who take part see (Anhui 41)
    :param name: for its address; made when left out
    """
    tk.check_access("govdata_emergency_declare", context, data_dict)
    asked, user = Asked(data_dict), signed_in(context)
    handler = steps.handler(asked, user.id)
    jurisdiction = tree.jurisdiction_of(handler.id) if handler else ""
    event = asking.read_event(asked, None, timedelta(hours=1))
    subtype = asking.read_subtype(asked, event.kind)
    name = asked.name("name")
    drill = asked.flag("drill")
    if handler is None:
        raise sentences.invalid([*asked.wrong, *steps.no_handler(data_dict)])
    asked.wrong += check_event(
        event,
        event_rules.place_of(handler.id),
        event_rules.rhythms(jurisdiction),
        now.now(),
        event_rules.kinds(jurisdiction),
    )
    state = event_record.State(event, subtype, asked.text("contact"))
    asked.wrong += steps.check_words(data_dict, *WORDS)
    held = standings.standings(user.id, handler.id, jurisdiction)
    if not may(Act.DECLARE, held):  # who may not is not told what runs: it may be a drill
        raise sentences.invalid(
            [*asked.wrong, Refusal("not_allowed", "organization")], jurisdiction
        )
    with transaction(context):
        steps.take_turn()
        name = name or steps.event_name(event, subtype)
        asked.wrong += steps.running_already(handler.id, event, drill=drill)
        if event_record.row_of(name):
            asked.wrong.append(Refusal("name_taken", "name", name))
        if asked.wrong:
            raise sentences.invalid(asked.wrong, jurisdiction)
        steps.begin(name, handler.id, jurisdiction, state, drill=drill)
        event_record.write(
            event_record.row_of(name),
            state,
            event_record.Done(
                Act.DECLARE,
                user.id,
                standings.acting(held, Act.DECLARE),
                asked.text("text"),
                {"level": event.level, "basis": event.basis},
            ),
        )
    return _shown(name, user)


def govdata_emergency_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Change what is said of a running event; the event after it.

    :param id: its name or id
    :param text: why, or what is new; stands in the timeline
    :param title, level, regions, basis, contact, rhythm, subtype, started: what changes

    A change of level is decided by a head; the rest may be written by officers too.
    """
    tk.check_access("govdata_emergency_update", context, data_dict)
    asked, user = Asked(data_dict), signed_in(context)
    with transaction(context):
        row = _locked(data_dict)
        state = event_record.state_of(row.state)
        event = asking.read_event(asked, state.event, state.event.rhythm)
        after = event_record.State(
            event,
            asking.read_subtype(asked, event.kind, state.subtype),
            asked.text("contact", state.contact),
        )
        changed = changes_of(state.event, event)
        act = Act.LEVEL if "level" in changed else Act.UPDATE
        held = standings.of(user, row)
        wrong = [*asked.wrong, *_running(state), *steps.check_words(data_dict, *WORDS)]
        wrong += check_event(
            event,
            event_rules.place_of(row.organization_id),
            event_rules.rhythms(row.jurisdiction),
            now.now(),
            event_rules.kinds(row.jurisdiction),
        )
        if not may(act, held):
            wrong.append(Refusal("not_allowed", "level" if act is Act.LEVEL else "id"))
        if after == state and not asked.text("text"):
            wrong.append(Refusal("unchanged", "text"))
        if wrong:
            raise sentences.invalid(wrong, row.jurisdiction)
        event_record.write(
            row,
            after,
            event_record.Done(
                act,
                user.id,
                standings.acting(held, act),
                asked.text("text"),
                steps.differences(state, after),
            ),
        )
    return _shown(row.name, user)


def govdata_emergency_publish(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Publish data, a bulletin, or both, in one step; the event after it.

    ``left_out`` says, by dataset, what of a workbook was not published: ``sheets``, ``rows`` by
    number, ``columns`` by letter. It stands in the ledger too, and is not public.

    :param id: the event's name or id
    :param bulletin: ``{title, text}``, plain words for everybody
    :param datasets: a list of datasets, each with the fields below; one may be given directly

    :param dataset: the name, in this event, of a dataset that gets a new version; or
    :param package: an entry to pick, by name or id; or
    :param create: ``{title, notes, domain}`` of a new entry of the handling body
    :param upload: a file with one table (xlsx, xls, CSV, a JSON list); what cannot be looked
        through is refused; or
    :param table: a pasted table, or
    :param rows: a list of objects, or
    :param url: the address of an interface
    :param sheet: which sheet of a workbook that has several
    :param leave_hidden: true to leave hidden sheets, rows and columns of a workbook out; without
        it they are refused by name
    :param name: for its address in this event
    :param rhythm: minutes between its updates
    :param source: where the data comes from
    :param note: what changed; asked for when columns change or a total falls
    :param time_column, place_column, figures: which columns tell time and place, which are totalled
    :param expected: the number of the version that you saw; refused when somebody was faster
    :param override: ``{bans, reason}`` by which a head answers for findings that allow it
    """
    tk.check_access("govdata_emergency_publish", context, data_dict)
    user = signed_in(context)
    with transaction(context):
        row = _locked(data_dict)
        state, held = event_record.state_of(row.state), standings.of(user, row)
        wrong = _running(state)
        if not may(Act.PUBLISH, held):
            wrong.append(Refusal("not_allowed", "id"))
        items = steps.items(data_dict)
        said = steps.bulletin(data_dict, wrong)
        if not items and not said:
            wrong.append(Refusal("nothing_given", "table"))
        if wrong:
            raise sentences.invalid(wrong, row.jurisdiction)
        moment = publisher.Moment(row, state, user.id, held, event_rules.rhythms(row.jurisdiction))
        done: dict[str, Any] = {"datasets": steps.publish_all(moment, items)}
        if said:
            done["bulletin"] = steps.say(row, user.id, *said)
        event_record.write(
            row,
            state,
            event_record.Done(
                Act.PUBLISH,
                user.id,
                standings.acting(held, Act.PUBLISH),
                said[0] if said else "",
                done,
            ),
        )
    reader = user.id
    if items and not is_deferred(context):
        writer.settle()  # which ends the session, and what it had read
    return {**_shown(row.name, model.User.get(reader)), "left_out": {
        one["dataset"]: one["left_out"] for one in done["datasets"] if "left_out" in one}}


def govdata_emergency_check(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What the prohibitions say of a dataset before it is published; nothing is written.

    Takes what ``govdata_emergency_publish`` takes for one dataset. Answers ``findings``, each
    ``ban``, ``label``, ``override`` (whether a head may answer for it), ``places``, ``message``;
    ``columns`` and ``rows`` of the table; ``left_out`` of a workbook, as publishing says it.
    """
    tk.check_access("govdata_emergency_check", context, data_dict)
    user, row = signed_in(context), event_record.row_of(str(data_dict.get("id") or ""))
    state, held = event_record.state_of(row.state), standings.of(user, row)
    moment = publisher.Moment(row, state, user.id, held, event_rules.rhythms(row.jurisdiction))
    try:
        wanted = publisher.read(moment, data_dict)
    except publisher.Refused as error:
        raise sentences.invalid(error.refusals, row.jurisdiction) from None
    found = publisher.findings(moment, wanted)
    sheet = wanted.given.sheet
    return {
        "findings": [steps.finding(one, row.jurisdiction) for one in found],
        "columns": list(sheet.columns) if sheet else [],
        "rows": len(sheet.rows) if sheet else 0,
        "left_out": dict(wanted.given.left_out),
    }


def govdata_emergency_end(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """End an event; what was put off is reviewed from then on. The event after it.

    :param id: its name or id
    :param text: the last words to the public
    :param ended: when it ended; now when left out
    """
    tk.check_access("govdata_emergency_end", context, data_dict)
    asked, user = Asked(data_dict), signed_in(context)
    with transaction(context):
        row = _locked(data_dict)
        state, held = event_record.state_of(row.state), standings.of(user, row)
        at = asked.instant("ended", now.now())
        wrong = [*asked.wrong, *check_end(state.event, at, now.now())]
        wrong += steps.check_words(data_dict, "text")
        if not may(Act.END, held):
            wrong.append(Refusal("not_allowed", "id"))
        if wrong:
            raise sentences.invalid(wrong, row.jurisdiction)
        reviews = steps.begin_reviews(row)
        event_record.write(
            row,
            event_rules.ended(state, at),
            event_record.Done(
                Act.END,
                user.id,
                standings.acting(held, Act.END),
                asked.text("text"),
                {"ended": at.isoformat(), "reviews": reviews},
            ),
        )
    return _shown(row.name, user)


@tk.side_effect_free
def govdata_emergency_list(context: Context, data_dict: dict[str, Any]) -> PageAnswer:
    """Events, the newest first, without their data; drills only to those who take part.

    :param state: ``running`` or ``ended``; both when left out
    :param region: only events of this place or within it
    :param page: from 1, 20 a page
    """
    tk.check_access("govdata_emergency_list", context, data_dict)
    user, page = gate.reader_of(context), read_page(data_dict, PAGE)
    query = sa.select(tables.event)
    state, region = str(data_dict.get("state") or ""), str(data_dict.get("region") or "")
    if state in ("running", "ended"):
        ended = tables.event.c.ended
        query = query.where(ended.is_(None) if state == "running" else ended.is_not(None))
    rows = model.Session.execute(query.order_by(tables.event.c.started.desc())).all()
    seen = [row for row in rows if event_rules.visible(row, user)]
    found = [event_view.summary(row) for row in seen]
    if region:
        found = [one for one in found if any(p["code"].startswith(region) for p in one["regions"])]
    return page.cut(found)


@tk.side_effect_free
def govdata_emergency_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """An event with all that was published, now or as it was known at an instant.

    :param id: its name or id
    :param at: an instant with its zone, such as 2026-07-01T14:00:00+08:00

    Answers (instants in ISO 8601 with zone, rhythms in minutes)::

        id, name, title, url
        kind, kind_label, subtype, subtype_label     labels in the reader's language
        level (I–IV), level_label, colour            red, orange, yellow, blue
        regions: [{code, name}], handler: {id, name, title}, jurisdiction
        basis, contact, rhythm, started, declared, ended (or null), drill
        version      counts every change; as_of (or null), modified
        acts: [{number, act, standing, at, text, facts}]       oldest first
        bulletins: [{number, at, title, text}]                 newest first
        datasets: [{
            name, title, package_id, created_here, kind (table, file, interface),
            rhythm, next_due (or null), late, source, time_column, place_column, figures,
            downloads (of an archive, else null),
            readable (false: its data is closed), url (latest; ?at= for any time), json_url,
            latest: version, versions: [version]               newest first
        }]
        version: {number, at, source, note, kind, media, file_name, url, columns, rows,
                  totals: {figure: number}, size, digest (SHA-256), late_minutes, overridden}
        key_figures: [{dataset, title, name, value, before (or null), at}]
        may: what the present user may do now: update, level, publish, override, end
    """
    tk.check_access("govdata_emergency_show", context, data_dict)
    row = event_record.row_of(str(data_dict.get("id") or ""))
    at = _at(data_dict, row)
    user = gate.reader_of(context)
    return event_view.whole(row, at, standings.of(user, row))


def _at(data_dict: dict[str, Any], row: Any) -> datetime | None:
    written = str(data_dict.get("at") or "").strip()
    if not written:
        return None
    found = asking.read_instant(written)
    if found is None:
        raise sentences.invalid([Refusal("instant", "at", written)], row.jurisdiction)
    return found


def _shown(name: str, user: Any) -> dict[str, Any]:
    row = event_record.row_of(name)
    return event_view.whole(row, None, standings.of(user, row))


def _locked(data_dict: dict[str, Any]) -> Any:
    return event_record.row_of(str(data_dict.get("id") or ""), lock=True)


def _running(state: event_record.State) -> list[Refusal]:
    ended = state.event.ended
    return [Refusal("ended", "id", ended.isoformat())] if ended else []

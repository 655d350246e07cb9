"""Actions of emergency publication: declare, update, publish, end, list and show (Anhui 35)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from .. import now
from ..access import gate
from ..departments import succession, tree
from ..domain.emergency import acts, dataset
from ..domain.emergency.verdict import decide
from ..domain.refusal import Refusal
from ..domain.typed_time import read_instant
from ..pager import read_page
from ..security.callers import signed_in
from ..transaction import transaction
from . import sentences
from .answers import CheckAnswer, EventAnswer, EventPage, PublishedAnswer
from .event import event_record, event_roles, event_rules, steps
from .event import event_request as asking
from .event.event_record import EventRow
from .public import event_list, event_view
from .publication import publisher, submissions


def govdata_emergency_declare(context: Context, data_dict: DataDict) -> EventAnswer:
    """Declare an event; the event as ``govdata_emergency_show`` gives it.

    :param title: what is the matter, in a line
    :param kind: ``natural_disaster``, ``accident_disaster``, ``public_health``, ``social_security``
    :param subtype: see ``config/emergency/types.yaml``; may be left out
    :param level: ``I`` to ``IV``
    :param regions: division codes, within the place of the handling body
    :param organization: the handling body, by name or id; may be left out by who has only one
    :param basis: the plan, article or numbered decision on which it rests
    :param threshold: ``harm_caused``, ``harm_likely`` (grave social harm) or ``direct_interest``
        (the vital interests of the public are directly affected)
    :param duty: why the handling body handles the event, in its words
    :param contact: who answers questions
    :param started: when it began, with its zone; now when left out
    :param rhythm: minutes between updates, the default of its datasets; 60 when left out
    :param text: the first words to the public
    :param drill: true for a drill, which only those who take part see (Anhui 41)
    :param name: for its address; made when left out
    """
    tk.check_access("govdata_emergency_declare", context, data_dict)
    asked, user = asking.of_event(data_dict), signed_in(context)
    drill, given = asked.flag("drill"), asking.read_declaration(asked)
    body = steps.handler(asked, user.id)
    jurisdiction = tree.jurisdiction_of(body.id)
    roles, binding = (
        event_roles.towards(user.id, event_roles.Handled(body.id, jurisdiction)),
        event_rules.of(body.id, jurisdiction),
    )
    with transaction(context):
        steps.allow(None, acts.DECLARE, roles, jurisdiction)
        succession.insist(model.Session, [body.id], "organization")
        steps.take_turn()
        name = given.name or steps.event_name(given.event)
        given = replace(
            given,
            name=name,
            taken=event_record.row_of(name) is not None,
            running=steps.running(body.id, drill=drill),
        )
        found = decide(None, acts.DECLARE, given, roles, binding, now.now())
        act = steps.lawful(found, jurisdiction)
        row = steps.begin(given, body.id, jurisdiction, drill=drill)
        event_record.write(row, act, user.id)
        return _shown(name, user)


def govdata_emergency_update(context: Context, data_dict: DataDict) -> EventAnswer:
    """Change what is said of a running event; the event after it.

    :param id: its name or id
    :param text: why, or what is new; stands in the timeline
    :param title, level, regions, basis, contact, rhythm, subtype, started: what changes

    A change of level is decided by a head; the rest may be written by officers too.
    """
    tk.check_access("govdata_emergency_update", context, data_dict)
    user = signed_in(context)
    with transaction(context):
        row = _locked(data_dict)
        given = asking.read_revision(asking.of_event(data_dict), row.event)
        event_record.write(
            row, steps.decided(row, acts.UPDATE, given, event_roles.of(user, row)), user.id
        )
        return _shown(row.name, user)


def govdata_emergency_publish(context: Context, data_dict: DataDict) -> PublishedAnswer:
    """Publish data, a bulletin, or both, in one step; the event after it.

    ``left_out`` says, by dataset, what of a workbook was not published: ``sheets``, ``rows`` by
    number, ``columns`` by letter. It stands in the ledger too, and is not public.

    :param id: the event's name or id
    :param bulletin: ``{title, text}``, plain words for everybody
    :param datasets: a list of datasets, each with the fields below; one may be given directly

    :param dataset: the name, in this event, of a dataset that gets a new version; or
    :param package: an entry to pick, by name or id; or
    :param create: ``{title, notes, domain}`` of a new entry of the handling body
    :param upload: a file with one table (xlsx, xls, CSV, a JSON list); for any other file, which
        cannot be looked through, a head answers (``unread_file``); or
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
    :param override: ``{bans, reason, consent}`` by which a head answers for findings that allow
        it; ``consent`` is ``{by, on, document}`` of the right holder of a trade secret
    """
    tk.check_access("govdata_emergency_publish", context, data_dict)
    user = signed_in(context)
    with transaction(context):
        row = _row(data_dict)
        steps.allow(row.event, acts.PUBLISH, event_roles.of(user, row), row.jurisdiction)
        bans = event_rules.of(row.organization_id, row.jurisdiction).bans
        handed = submissions.handed_in(data_dict, bans)
        row = _locked(data_dict)
        roles = event_roles.of(user, row)
        steps.allow(row.event, acts.PUBLISH, roles, row.jurisdiction)
        desk = submissions.Desk.of(row, user.id, roles)
        given = submissions.read_publication(desk, data_dict, handed)
        binding = event_rules.of(row.organization_id, row.jurisdiction)
        found = publisher.publish_all(row, given, roles, binding)
        act = steps.lawful(found, row.jurisdiction)
        event_record.write(row, act, user.id)
        left_out = {
            one.dataset.name: dict(one.asked.material.left_out)
            for one in act.published
            if one.asked.material.left_out
        }
        return PublishedAnswer(**_shown(row.name, user), left_out=left_out)


def govdata_emergency_check(context: Context, data_dict: DataDict) -> CheckAnswer:
    """What the prohibitions say of a dataset before it is published; nothing is written.

    Takes what ``govdata_emergency_publish`` takes for one dataset. Answers ``findings``, each
    ``ban``, ``label``, ``override`` (whether a head may answer for it), ``places``, ``message``;
    ``columns`` and ``rows`` of the table; ``left_out`` of a workbook, as publishing says it.
    """
    tk.check_access("govdata_emergency_check", context, data_dict)
    user, row = signed_in(context), _row(data_dict)
    desk = submissions.Desk.of(row, user.id, event_roles.of(user, row))
    binding = event_rules.of(row.organization_id, row.jurisdiction)
    asked = submissions.read_submission(desk, submissions.HandedIn.of(data_dict, binding.bans))
    if wrong := dataset.check_form(asked, binding):
        raise sentences.invalid(wrong, row.jurisdiction)
    found = dataset.findings(asked, binding.bans)
    sheet = asked.material.sheet
    return {
        "findings": [sentences.finding(one, row.jurisdiction) for one in found],
        "columns": list(sheet.columns) if sheet else [],
        "rows": len(sheet.rows) if sheet else 0,
        "left_out": dict(asked.material.left_out),
    }


def govdata_emergency_end(context: Context, data_dict: DataDict) -> EventAnswer:
    """End an event; what was put off is reviewed from then on. The event after it.

    :param id: its name or id
    :param text: the last words to the public
    :param ended: when it ended; now when left out
    """
    tk.check_access("govdata_emergency_end", context, data_dict)
    user = signed_in(context)
    with transaction(context):
        row = _locked(data_dict)
        given = asking.read_closure(asking.of_event(data_dict))
        act = steps.decided(row, acts.END, given, event_roles.of(user, row))
        reviews = steps.begin_reviews(row)
        event_record.write(row, replace(act, facts={**act.facts, "reviews": reviews}), user.id)
        return _shown(row.name, user)


@tk.side_effect_free
def govdata_emergency_list(context: Context, data_dict: DataDict) -> EventPage:
    """Events without their data; drills only to those who take part.

    :param state: ``running`` or ``ended``; both when left out
    :param region: only events of this place or within it
    :param order: ``newest`` first, or ``gravest``; the newest when left out
    :param page: from 1, 20 a page
    """
    tk.check_access("govdata_emergency_list", context, data_dict)
    wanted = asking.read_filter(asking.of_event(data_dict))
    pager = read_page(data_dict, event_list.SIZE)
    return event_list.page_of(gate.reader_of(context), wanted, pager)


@tk.side_effect_free
def govdata_emergency_show(context: Context, data_dict: DataDict) -> EventAnswer:
    """An event with all that was published, now or as it was known at an instant.

    :param id: its name or id
    :param at: an instant with its zone, such as 2026-07-01T14:00:00+08:00

    Answers (instants in ISO 8601 with zone, rhythms in minutes)::

        id, name, title, url
        kind, kind_label, subtype, subtype_label     labels in the reader's language
        level (I–IV), level_label, colour            red, orange, yellow, blue
        regions: [{code, name}], handler: {id, name, title}, jurisdiction
        basis, contact, rhythm, started, declared, ended (or null), drill
        threshold, threshold_label, duty             empty of events declared before they were asked
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
    row = _row(data_dict)
    at = _at(data_dict, row)
    user = gate.reader_of(context)
    return event_view.whole(row, at, event_roles.of(user, row))


def _at(data_dict: DataDict, row: EventRow) -> datetime | None:
    written = str(data_dict.get("at") or "").strip()
    if not written:
        return None
    found = read_instant(written, now.BEIJING)
    if found is None:
        raise sentences.invalid([Refusal("instant", "at", written)], row.jurisdiction)
    return found


def _shown(name: str, user: model.User | None) -> EventAnswer:
    row = _row({"id": name})
    return event_view.whole(row, None, event_roles.of(user, row))


def _row(data_dict: DataDict, *, lock: bool = False) -> EventRow:
    """The event that is asked for; raises ``ObjectNotFound``."""
    row = event_record.row_of(str(data_dict.get("id") or ""), lock=lock)
    if row is None:
        raise tk.ObjectNotFound(tk._("There is no such event."))
    return row


def _locked(data_dict: DataDict) -> EventRow:
    return _row(data_dict, lock=True)

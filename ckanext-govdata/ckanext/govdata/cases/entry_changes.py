"""Grants and open cases follow their entry: what it is changed to ends, suspends or moves them.

In the transaction that changes the entry, whoever changes it and by whatever way; holders,
applicants and departments are told. That nothing is read meanwhile is not left to this: the gate
asks the entry itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

import sqlalchemy as sa

from .. import database, now
from ..access import fetchable, grant_news, grants, touched_entries
from ..access.grantable import WHOLE_ENTRY
from ..bulk_sql import array
from ..database import Session
from ..departments import members, succession
from ..domain import hindrance
from ..domain.access import Subject
from ..domain.basis import citations
from ..domain.case import MOVED, CaseEvent
from ..domain.procedure import Procedure, Role
from ..ledger import actors
from ..notices.notice import Telling, gathered, tell
from . import arrived_data, case_of_grant, parties
from .engine import declared_procedures, event_rows, record
from .model import CaseRow, case

GRANT_NEWS = {
    ("suspended", "entry_withdrawn"): "grant_entry_withdrawn",
    ("revoked", "entry_withdrawn"): "grant_entry_deleted",
    ("suspended", "entry_moved"): "grant_entry_moved",
    ("suspended", "provider_gone"): "grant_provider_gone",
    ("revoked", "open_to_all"): "grant_open_to_all",
    ("revoked", "files_gone"): "grant_files_gone",
}
"""What its users are told by what became of a grant and why; otherwise that the data is not open
on conditions any more."""


def draw(session: Session, _noted: object) -> None:
    """Before the commit, for the entries that were written (:mod:`ledger.settling`)."""
    if touched_entries.NOTED in session.info:
        follow(session, touched_entries.taken(session))
        touched_entries.taken(session)


def hold(session: Session, _actor: object) -> None:
    """Before anything is kept of it: lock the open cases of the entries that were written, and
    those of their running grants. Who acts on a case locks it first, then its grant, and the
    ledger last; who took them the other way round would wait for him, and he for him, for ever."""
    entries = touched_entries.noted(session)
    if entries:
        _hold(session, entries)


def hold_rest(session: Session, package_ids: frozenset[str]) -> None:
    """The same of entries that another program wrote: before the ledger, in the one order in which
    all of this is locked (decision 1622): department, entry, case, grant, ledger. Whoever ends a
    department, or changes an entry, takes them so too."""
    if not package_ids:
        return
    wanted = {"ids": array(package_ids)}
    succession.stay(session, session.scalars(PROVIDERS, wanted))
    session.execute(ENTRIES, wanted)
    _hold(session, package_ids)


PROVIDERS = sa.text("""
SELECT owner_org FROM package WHERE id = ANY(CAST(:ids AS text[])) AND owner_org IS NOT NULL
UNION SELECT organization_id FROM govdata_case WHERE package_id = ANY(CAST(:ids AS text[]))
""")
ENTRIES = sa.text("""
SELECT id FROM package WHERE id = ANY(CAST(:ids AS text[])) ORDER BY id FOR NO KEY UPDATE
""")


def _hold(session: Session, package_ids: Iterable[str]) -> None:
    session.execute(HELD, {"ids": array(package_ids), "today": now.today()})


HELD = sa.text("""
WITH wanted AS (SELECT unnest(CAST(:ids AS text[])) AS id)
SELECT c.id FROM govdata_case c
WHERE (c.open AND c.package_id IN (SELECT id FROM wanted)) OR c.id IN (
    SELECT g.case_id FROM govdata_grant g JOIN wanted w ON w.id = g.package_id
    WHERE g.revoked IS NULL AND g.valid_until >= :today)
ORDER BY c.id FOR UPDATE OF c
""")


def follow(session: Session, package_ids: Iterable[str]) -> None:
    """Bring the grants and open cases of these entries in line with them; one statement where
    there are none."""
    asked = {"ids": array(package_ids), "today": now.today()}
    rows = database.rows(session, STANDING, StandingEntry, asked)
    if rows:  # also those of which another program's change was only noticed now
        _hold(session, (row.entry for row in rows))
    for row in rows:
        _grants_follow(session, row)
        if row.cases:
            waiting = sa.select(case).where(case.c.package_id == row.entry, case.c.open)
            locked = waiting.order_by(case.c.id).with_for_update()
            _cases_follow(session, row, database.rows(session, locked, CaseRow))


def follow_case(session: Session, found: CaseRow) -> None:
    """The same of one case alone, which is held and has been opened again: the entry may be another
    department's by now."""
    asked = {"ids": array([found.package_id or ""]), "today": now.today()}
    for row in database.rows(session, STANDING, StandingEntry, asked):
        _cases_follow(session, row, [found])


def fate_of(
    held: grants.GrantRow, subject: Subject, files: Collection[str]
) -> tuple[str, str] | None:
    """What becomes of a grant where its entry is like this and has these files (``revoked`` or
    ``suspended``), and why; ``None`` where it stays as it is."""
    fate = _judged(held, held.organization_id, subject, files)
    return None if fate and fate[0] == "suspended" and held.suspended else fate


def hindered(session: Session, held: grants.GrantRow) -> str:
    """Why the data of a grant cannot be given by whoever provides its entry now, as the code of a
    refusal; empty where nothing stands against it."""
    asked = {"ids": array([held.package_id]), "today": now.today()}
    for row in database.rows(session, STANDING, StandingEntry, asked):
        subject = _subject(row)
        fate = _judged(held, subject.provider, subject, row.files)
        return fate[1] if fate else ""
    return ""


def _judged(
    held: grants.GrantRow, department: str, subject: Subject, files: Collection[str]
) -> tuple[str, str] | None:
    wanted = grants.files_needed(grants.as_grant(held, frozenset()).scope)
    return hindrance.fate(subject, department, wanted, files)


class StandingEntry(NamedTuple):
    """An entry as it is now, and whether grants run and cases are open on it; ``provider`` is the
    department that provides it and is there."""

    entry: str
    there: bool
    private: bool
    attribute: str | None
    basis: str | None
    provider: str | None
    provider_title: str | None
    files: list[str]
    grants: bool
    cases: bool


def _subject(row: StandingEntry) -> Subject:
    """The entry as grants and cases are judged by it."""
    return Subject(row.attribute, row.entry, row.provider or "", row.there, row.private, basis="")


STANDING = sa.text("""
SELECT w.id AS entry, coalesce(p.state = 'active', false) AS there,
    coalesce(p.private, false) AS private, p.extras ->> 'open_attribute' AS attribute,
    p.extras ->> 'open_basis' AS basis, d.id AS provider,
    coalesce(nullif(d.title, ''), d.name) AS provider_title,
    ARRAY(SELECT r.id FROM resource r WHERE r.package_id = w.id AND r.state = 'active') AS files,
    g.found AS grants, c.found AS cases
FROM unnest(CAST(:ids AS text[])) AS w (id)
LEFT JOIN package p ON p.id = w.id
LEFT JOIN "group" d ON d.id = p.owner_org AND d.state = 'active'
CROSS JOIN LATERAL (SELECT EXISTS (
    SELECT FROM govdata_grant x WHERE x.package_id = w.id AND x.revoked IS NULL
    AND x.valid_until >= :today) AS found) g
CROSS JOIN LATERAL (SELECT EXISTS (
    SELECT FROM govdata_case x WHERE x.package_id = w.id AND x.open) AS found) c
WHERE g.found OR c.found
""")


def _grants_follow(session: Session, row: StandingEntry) -> None:
    """Also where no grant ran when the entry was looked at: one may have been given meanwhile."""
    told: list[Telling] = []
    running = grants.unended(session, row.entry, now.today())
    there = fetchable.of_entry(session, row.entry) if running else ()
    for held in running:
        actor = actors.actor().user_id
        grants.name_files(session, held, there, actor)
        fate = fate_of(held, _subject(row), row.files)
        if fate is None:
            told += _waiting(held, row)
            continue
        how, cause = fate
        cited = citations(row.basis or "") if cause == "data_not_open" else ()
        grants.end(session, held.id, how, f"entry:{cause}", actor, now.today())
        written = case_of_grant.note_cause(
            session, held, how, cause, [one for one, _about in cited], actor
        )
        more = {"letter": "yes"} if written else {}
        kind = GRANT_NEWS.get((how, cause), "grant_entry_closed")
        key = f"grant:{held.id}:{cause}:{now.now().isoformat()}"
        told += grant_news.to_users(session, held, kind, key, more)
        told += _to_heads(held, row, how, cause, more)
    tell(session, gathered(told))


def _waiting(held: grants.GrantRow, row: StandingEntry) -> list[Telling]:
    """Tell the heads of a grant that is suspended where they can decide on it by now: nothing
    stands against it any more that came from the entry, or the entry came to them."""
    fate = _judged(held, held.organization_id, _subject(row), row.files)
    free = fate is None and held.ended_reason.startswith("entry:")
    if not held.suspended or not (free or (fate and fate[1] == "entry_moved")):
        return []
    return _to_heads(held, row, "suspended", fate[1] if fate else "free", {})


def _to_heads(
    held: grants.GrantRow, row: StandingEntry, how: str, cause: str, more: dict[str, str]
) -> list[Telling]:
    """Tell the heads, once of each suspension and reason, what whoever changed the entry did to a
    grant of theirs: the letter is theirs, and so is what comes next. Not that all may read it."""
    if cause == "open_to_all":
        return []
    provider = row.provider or held.organization_id
    kind = "grant_to_confirm" if how == "suspended" else "grant_ended_with_entry"
    since = (held.suspended or now.today()).isoformat()
    key, facts = f"grant:{held.id}:{how}:{since}:{cause}:{provider}", grant_news.facts(held) | more
    return [Telling(f"{key}:{u}", u, kind, None, facts) for u in members.heads(provider)]


def _cases_follow(session: Session, row: StandingEntry, waiting: Iterable[CaseRow]) -> None:
    subject, told = _subject(row), list[Telling]()
    for found in waiting:
        try:
            procedure = declared_procedures.procedure_of(found)
        except declared_procedures.Undeclared:
            continue
        if subject.provider and found.organization_id != subject.provider:
            place = Provider(subject.provider, row.provider_title or "")
            found = move(session, found, procedure, place, told)
        if procedure.gives_data and found.received:
            told += _hindered(session, found, subject, row)
            if found.outcome:
                arrived_data.follow(session, found, procedure)
    tell(session, gathered(told))


class Provider(NamedTuple):
    """The department to which a case goes, by id and title."""

    id: str
    title: str


def move(
    session: Session, found: CaseRow, procedure: Procedure, to: Provider, told: list[Telling]
) -> CaseRow:
    """The case goes to another department; a draft without a word. Its row; who is to be told of
    it is added to ``told``."""
    place = {"organization_id": to.id, "organization_title": to.title}
    events = record.events_of(session, found.id)
    if not events or not declared_procedures.goes_on(procedure, events):
        session.execute(sa.update(case).where(case.c.id == found.id).values(place))
        return record.moved(found, place)
    standing = event_rows.case_of(procedure, found, events)
    day = max(now.today(), standing.last)
    fields = {"from": found.organization_id, "to": to.id}
    actor = actors.actor().user_id
    said = CaseEvent(MOVED, day, found.state, actor, fields=fields, clocks=standing.clocks)
    moment = record.append(session, record.moved(found, place), standing, said)
    record.close(moment)
    facts = _facts(moment.row)
    assigned = found.assigned_id
    had_it = members.with_deputy(assigned, found.organization_id) if assigned else []
    users = [found.applicant_id, *had_it, *parties.users_in(Role.OFFICER, moment.row)]
    users = list(dict.fromkeys(users))
    key = f"{found.id}:{moment.case.events}:moved"
    told += [Telling(f"{key}:{u}", u, "case_moved", found.id, facts) for u in users]
    return moment.row


def _hindered(
    session: Session, found: CaseRow, subject: Subject, row: StandingEntry
) -> list[Telling]:
    """Tell applicant and officers, once for each reason, that what is asked for is not there."""
    standing = record.case_of(session, found)
    if not standing.procedure.states[standing.state].open:
        return []  # what becomes of its grant is told
    asked = [n for n in standing.procedure.files_asked(standing.answers) if n != WHOLE_ENTRY]
    why = hindrance.hindrances(subject, found.organization_id, asked, row.files)
    if not why:
        return []
    officers = parties.handlers(found, found.assigned_id)
    key, facts = f"{found.id}:hindered:{why[0].code}", _facts(found)
    users = dict.fromkeys([found.applicant_id, *officers])
    return [Telling(f"{key}:{user}", user, "case_hindered", found.id, facts) for user in users]


def _facts(row: CaseRow) -> dict[str, str]:
    return {"reference": row.reference or "", "due": row.due.isoformat() if row.due else ""}

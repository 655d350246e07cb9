"""Knowledge, state and vocabulary in the database."""
from __future__ import annotations

import json
import logging
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from .. import now
from ..domain.search import seeds
from ..domain.search.folds import fold
from ..domain.search.knowledge import KnowledgeKind, KnowledgeRule, RuleError, read_rule, write_rule
from ..domain.search.lexicon import SearchVocabulary
from . import lists
from .model import SearchChange, SearchRule, SearchState

log = logging.getLogger(__name__)
RULES, CHANGES, STATE = SearchRule.__table__, SearchChange.__table__, SearchState.__table__
LOCK = 0x676F7673
"""Advisory lock of whoever seeds or changes the knowledge."""
EMPTY = SearchVocabulary(0, {}, {})


@dataclass(frozen=True)
class KnowledgeRow:
    """A stored rule."""

    id: int
    kind: KnowledgeKind
    line: str


def version(connection: Connection) -> int:
    """The knowledge's version; 0 before it was seeded."""
    return connection.execute(sa.select(STATE.c.version)).scalar() or 0


def rules(connection: Connection) -> list[KnowledgeRule]:
    """All rules, the oldest first. A line that this version cannot read is left out, and logged."""
    found = []
    written = sa.select(RULES.c.kind, RULES.c.line).order_by(RULES.c.id)
    for kind, line in connection.execute(written):
        try:
            found.append(read_rule(KnowledgeKind(kind), line))
        except (RuleError, ValueError):
            log.warning("Search: the rule %r is not understood", line)
    return found


def vocabulary(connection: Connection) -> SearchVocabulary:
    """What was learnt last."""
    packed = connection.execute(sa.select(STATE.c.vocabulary)).scalar()
    return SearchVocabulary(**json.loads(zlib.decompress(packed))) if packed else EMPTY


def keep_vocabulary(connection: Connection, learnt: SearchVocabulary) -> None:
    """Store what was learnt, and let every process know."""
    text = json.dumps({"titles": learnt.titles, "words": learnt.words, "pairs": learnt.pairs})
    connection.execute(
        STATE.update().values(
            titles=learnt.titles,
            vocabulary=zlib.compress(text.encode()),
            version=STATE.c.version + 1,
        )
    )


def seed() -> None:
    """Fill the empty tables with the knowledge that the portal ships; harmless otherwise."""
    with model.ensure_engine().begin() as connection:
        _hold(connection)


def _hold(connection: Connection) -> None:
    """Let nobody else change the knowledge until this transaction ends; there is some then."""
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    if version(connection):
        return
    rules = lists.seeds()
    add_lines(connection, rules)
    connection.execute(STATE.insert().values(id=1, version=1, titles=0))
    keep_shipped(connection, {(rule.kind, write_rule(rule)) for rule in rules})


def shipped(kept: Iterable[seeds.Line]) -> frozenset[seeds.Line]:
    """The lines that were shipped when they were last taken over; ``kept`` are those of now.

    A portal of a version that did not note them tells it by its changes.
    """
    packed = model.Session.execute(sa.select(STATE.c.shipped)).scalar()
    if packed:
        return frozenset(
            (KnowledgeKind(k), line) for k, line in json.loads(zlib.decompress(packed))
        )
    query = sa.select(CHANGES.c.kind, CHANGES.c.before, CHANGES.c.after)
    rows = model.Session.execute(query.order_by(CHANGES.c.version.desc()))
    undone = (((KnowledgeKind(k), before), (KnowledgeKind(k), after)) for k, before, after in rows)
    return seeds.first_shipped(kept, undone)


def keep_shipped(connection: Connection, lines: Iterable[seeds.Line]) -> None:
    """Note which lines this version ships; does not commit."""
    text = json.dumps(sorted((kind.value, line) for kind, line in lines), ensure_ascii=False)
    connection.execute(STATE.update().values(shipped=zlib.compress(text.encode())))


def lock() -> None:
    """Let nobody else change the knowledge until the session's transaction ends.

    A portal on which nobody has searched yet gets what it ships first.
    """
    _hold(model.Session.connection())


def add_lines(connection: Connection, found: Iterable[KnowledgeRule]) -> int:
    """Add rules that are not there yet; how many were new."""
    rows = [{"kind": rule.kind.value, "line": write_rule(rule)} for rule in found]
    if not rows:
        return 0
    added = insert(RULES).values(rows).on_conflict_do_nothing().returning(RULES.c.id)
    return len(connection.execute(added).all())


def lines(kind: KnowledgeKind | None = None, word: str = "") -> list[KnowledgeRow]:
    """Stored rules, by kind and by a word that they hold (in either script), newest first."""
    query = sa.select(RULES.c.id, RULES.c.kind, RULES.c.line).order_by(RULES.c.id.desc())
    if kind:
        query = query.where(RULES.c.kind == kind.value)
    table = lists.simplified()
    wanted = fold(word, table)
    return [
        KnowledgeRow(id_, KnowledgeKind(k), line) for id_, k, line in model.Session.execute(query)
        if not wanted or wanted in fold(line, table)
    ]


def has(kind: KnowledgeKind, line: str) -> bool:
    """Whether there is this very line."""
    query = sa.select(RULES.c.id).where(RULES.c.kind == kind.value, RULES.c.line == line)
    return model.Session.execute(query).first() is not None


def change(user_id: str, kind: KnowledgeKind, before: str, after: str) -> int:
    """Write one change in the session's transaction; the new version.

    ``before`` empty adds a line, ``after`` empty takes it away. Does not commit.
    """
    lock()
    session = model.Session
    if before:
        session.execute(
            RULES.delete().where(RULES.c.kind == kind.value, RULES.c.line == before)
        )
    if after:
        session.execute(
            insert(RULES).values(kind=kind.value, line=after).on_conflict_do_nothing()
        )
    new = session.execute(
        STATE.update().values(version=STATE.c.version + 1).returning(STATE.c.version)
    ).scalar()
    session.execute(
        CHANGES.insert().values(
            version=new, at=now.now(), user_id=user_id, kind=kind.value, before=before, after=after
        )
    )
    return int(new or 0)


def changes(limit: int = 50) -> list[dict[str, object]]:
    """The last changes, newest first; ``by`` is who made them, if it was somebody's account."""
    user = model.User
    name = sa.func.coalesce(sa.func.nullif(user.fullname, ""), user.name).label("by")
    query = sa.select(CHANGES, name).outerjoin(user, user.id == CHANGES.c.user_id)
    query = query.order_by(CHANGES.c.version.desc()).limit(limit)
    return [dict(row) for row in model.Session.execute(query).mappings()]


def public_titles(connection: Connection) -> list[str]:
    """Titles of all public entries."""
    package = cast(sa.Table, model.package_table)
    query = sa.select(package.c.title).where(
        package.c.state == "active", package.c.private.is_(False), package.c.type == "dataset"
    )
    return [title for (title,) in connection.execute(query) if title]


def public_count(connection: Connection) -> int:
    """How many public entries there are."""
    package = cast(sa.Table, model.package_table)
    query = sa.select(sa.func.count()).where(
        package.c.state == "active", package.c.private.is_(False), package.c.type == "dataset"
    )
    return int(connection.execute(query).scalar() or 0)


def learnt_count(connection: Connection) -> int:
    """How many titles were read when the catalogue's words were learnt last."""
    return int(connection.execute(sa.select(STATE.c.titles)).scalar() or 0)


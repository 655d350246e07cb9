"""Give out catalogue codes and keep each of them unique.

A number is taken in a short transaction of its own, so that a long import never makes another
officer wait; a number whose entry was not written after all is lost, which the guide allows.
What makes a code unique is the primary key of ``govdata_catalogue_code``.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from ...departments.tree import Department
from ...domain import code as codes
from ...vocabularies import vocabulary
from ..model import CatalogueCode, CodeCounter

CODE = CatalogueCode.__table__
COUNTER = CodeCounter.__table__
BATCH = 1_000
"""Rows of one statement."""


class CodeTakenError(Exception):
    """The code belongs to another entry."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def prefix_for(entry: Mapping[str, object], provider: Department | None) -> str:
    """The prefix of a new entry's code: by its class, and its provider's place."""
    kind = str(entry.get("catalogue_class") or "department")
    field, words = {
        "basic": ("base_database", "base_databases"),
        "theme": ("domain", "domains"),
    }.get(kind, ("", ""))
    known = vocabulary(words).codes if words else ()
    value = str(entry.get(field) or "")
    group = known.index(value) + 1 if value in known else 0
    region = provider.region if provider else ""
    return codes.prefix(kind, region, group, provider.catalogue_prefix if provider else "")


def give(new: Sequence[tuple[Mapping[str, object], Department | None]]) -> list[str]:
    """A code for each new entry with its provider, in order: the one that it brings along, or the
    next that nobody else gets. One statement for each prefix."""
    found = [str(entry.get("catalogue_code") or "") for entry, _provider in new]
    wanted: dict[str, list[int]] = {}
    for place, (entry, provider) in enumerate(new):
        if not found[place]:
            wanted.setdefault(prefix_for(entry, provider), []).append(place)
    for prefix, places in wanted.items():
        for place, code in zip(places, allocate(prefix, len(places)), strict=True):
            found[place] = code
    return found


def allocate(prefix: str, count: int = 1) -> list[str]:
    """``count`` codes that nobody else gets, in order. One statement, whatever the count.

    Codes that were brought along by an import are skipped: counting goes on after the highest.
    Raises ``ValueError`` for a prefix that is none or when its numbers are used up.
    """
    codes.build(prefix, 1)
    highest = (
        sa.select(sa.func.coalesce(sa.func.max(CODE.c.sequence), 0))
        .where(CODE.c.prefix == prefix)
        .scalar_subquery()
    )
    first = insert(COUNTER).values(prefix=prefix, last=highest + count)
    taken = first.on_conflict_do_update(
        index_elements=[COUNTER.c.prefix],
        set_={"last": sa.func.greatest(COUNTER.c.last, highest) + count},
    ).returning(COUNTER.c.last)
    with model.ensure_engine().begin() as connection:
        last = connection.execute(taken).scalar_one()
    return [codes.build(prefix, number) for number in range(last - count + 1, last + 1)]


def owners(written: Iterable[str]) -> dict[str, str]:
    """Which entry's id has each of these codes; those that are free are absent."""
    wanted = list(set(written))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        rows = model.Session.execute(
            sa.select(CODE.c.code, CODE.c.package_id).where(CODE.c.code.in_(part))
        )
        found.update({row.code: row.package_id for row in rows})
    return found


def code_of(package_id: str) -> str | None:
    """The code that this entry has."""
    return model.Session.execute(
        sa.select(CODE.c.code).where(CODE.c.package_id == package_id)
    ).scalar_one_or_none()


def register(by_package: Mapping[str, str]) -> None:
    """Write which entry has which code, in the caller's transaction; thousands at once are fine.

    Raises :class:`CodeTakenError` when a code belongs to another entry, also to one that another
    transaction has just written; nothing of the call remains then.
    """
    rows = [_row(package_id, written) for package_id, written in by_package.items()]
    theirs = owners(by_package.values())
    for package_id, written in by_package.items():
        if theirs.get(written, package_id) != package_id:
            raise CodeTakenError(written)
    with model.Session.begin_nested():
        for start in range(0, len(rows), BATCH):
            _write(rows[start : start + BATCH])


def release(package_ids: Sequence[str]) -> None:
    """These entries have no code any more, in the caller's transaction."""
    if package_ids:
        model.Session.execute(sa.delete(CODE).where(CODE.c.package_id.in_(list(package_ids))))


def _row(package_id: str, written: str) -> dict[str, object]:
    parsed = codes.parse(written)
    if parsed is None:
        raise ValueError(f"{written} is not a catalogue code")
    return {
        "code": written,
        "prefix": parsed.prefix,
        "sequence": parsed.sequence,
        "package_id": package_id,
    }


def _write(rows: list[dict[str, object]]) -> None:
    statement = insert(CODE).values(rows)
    written = statement.on_conflict_do_update(
        index_elements=[CODE.c.package_id],
        set_={name: statement.excluded[name] for name in ("code", "prefix", "sequence")},
    )
    try:
        model.Session.execute(written)
    except IntegrityError as error:
        detail = getattr(getattr(error.orig, "diag", None), "message_detail", "") or ""
        name = next((str(row["code"]) for row in rows if f"({row['code']})" in detail), "")
        raise CodeTakenError(name or str(rows[0]["code"])) from error

"""What of an entry may be given, and what a decision gives of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Protocol, TypedDict, cast

import ckan.model as model
import sqlalchemy as sa

from ..domain import scope, stored_value
from ..domain.case import Case, CaseEvent
from ..domain.instrument import Instrument
from ..domain.items import open_names, sensitive_names
from ..domain.refusal import Refusal
from ..rules import in_force
from ..rules.sentences import citation

WHOLE_ENTRY = "entry"
"""What is asked for where an entry has no files yet: the data itself, to be prepared."""


class OpenedResource(TypedDict):
    """A file or table that a decision gives, with the columns of it."""

    name: str
    columns: list[str]


Period = TypedDict("Period", {"from": str, "until": str})


class ScopeAnswer(Period):
    """What a decision gives, as a letter says it; days as ISO."""

    resources: list[OpenedResource]
    row_limit: int | None


class OpeningRule(TypedDict, total=False):
    """On which grounds alone what is sensitive is opened, and the article that says so."""

    grounds: list[str]
    article: str


class GivenAnswer(TypedDict, total=False):
    """What a letter says of what was given: the scope, and the items not given with the rule."""

    scope: ScopeAnswer
    not_given: list[str]
    opening_rule: OpeningRule


class Ruled(Protocol):
    """What is judged by the rules of a jurisdiction as they stood on a day: a case's row."""

    @property
    def jurisdiction(self) -> str:
        """The jurisdiction."""
        ...

    @property
    def rules_day(self) -> date:
        """The day."""
        ...


Contents = tuple[dict[str, tuple[str, list[str]]], list[str]]
"""Files by id, each with its name and the items that may be given; and the sensitive items."""


def files(package_id: str | None, insider: bool = False) -> dict[str, tuple[str, list[str]]]:
    """The entry's files and tables by id, each with its name and the items that may be given.

    Nothing of an entry that is not public any more, unless an ``insider`` asks: somebody who
    works for its department.
    """
    return contents(package_id, insider)[0]


def contents(package_id: str | None, insider: bool = False) -> Contents:
    """The same, and the names of the items that no grant gives, because they are sensitive."""
    values = {"id": package_id, "insider": insider}
    rows = model.Session.execute(FILES, values).all() if package_id else []
    if not rows:
        return {}, []
    items = stored_value.rows(rows[0].items)
    columns, sensitive = open_names(items), sensitive_names(items)
    found = {one.id: (one.name or one.id, columns) for one in rows if one.id}
    return found or {WHOLE_ENTRY: (rows[0].title, columns)}, sensitive


def items_of(package_id: str) -> list[str]:
    """The names of an entry's open items; none where the entry is not public."""
    rows = model.Session.execute(FILES, {"id": package_id, "insider": False}).all()
    return open_names(stored_value.rows(rows[0].items)) if rows else []


def given(case: Case, event: CaseEvent, contents: Contents) -> scope.Scope:
    """What a decision gives, of that what is open today."""
    today = {name: columns for name, (_title, columns) in contents[0].items()}
    asked, decided = (
        _named_today(scope.extent(case.procedure.by_part(filled)), today)
        for filled in (case.answers, event.fields)
    )
    return scope.still_open(scope.granted(asked, decided, event.day), today)


def _named_today(said: scope.Extent, today: Mapping[str, list[str]]) -> scope.Extent:
    """Where the whole entry was meant, which had no file then, the files that are there now."""
    if WHOLE_ENTRY not in (said.files or ()) or WHOLE_ENTRY in today or not today:
        return said
    items = said.items.get(WHOLE_ENTRY, ())
    named = dict.fromkeys(today, items) if items else dict(said.items)
    return replace(said, files=tuple(today), items=named)


def described(row: Ruled, granted: scope.Scope, contents: Contents) -> GivenAnswer:
    """What is given as a letter says it, and what is not given, with the rule."""
    files, sensitive = contents
    found: ScopeAnswer = {
        "resources": [
            {
                "name": files[name][0] if name in files else name,
                "columns": list(granted.columns.get(name, ())),
            }
            for name in granted.resources
        ],
        "from": granted.valid_from.isoformat(),
        "until": granted.valid_until.isoformat(),
        "row_limit": granted.row_limit,
    }
    if not sensitive:
        return {"scope": found}
    return {"scope": found, "not_given": sensitive, "opening_rule": opening_rule(row)}


def opening_rule(row: Ruled) -> OpeningRule:
    """On which ``grounds`` alone what is sensitive is opened, and the ``article`` that says so
    (Yaohai 15, Anhui 36); empty where no text does."""
    ruling = in_force.rulebook().clause(row.jurisdiction, "reclassification", row.rules_day)
    if isinstance(ruling, Refusal):
        return {}
    grounds = [str(code) for code in cast("list[object]", ruling.clause.values.get("grounds", []))]
    return {"grounds": grounds, "article": citation(ruling.source, ruling.clause.article)}


def opens_against(row: Ruled) -> tuple[Instrument, str] | None:
    """The text and article of the place by which data of others is given against their will where
    the public interest asks for it; none where no text does."""
    ruling = in_force.rulebook().clause(row.jurisdiction, "reclassification", row.rules_day)
    if isinstance(ruling, Refusal) or "public_interest" not in opening_rule(row).get("grounds", ()):
        return None
    return ruling.source, ruling.clause.article


FILES = sa.text("""
SELECT r.id, r.name, coalesce(nullif(p.title, ''), p.name) AS title,
    p.extras ->> 'information_items' AS items
FROM package p LEFT JOIN resource r ON r.package_id = p.id AND r.state = 'active'
WHERE p.id = :id AND p.state = 'active' AND (:insider OR NOT coalesce(p.private, false))
ORDER BY r.position
""")

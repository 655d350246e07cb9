"""Actions: suggestions and columns for everybody; knowledge, scores and log for the operator."""
from __future__ import annotations

from collections.abc import Iterable

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ..domain.search.knowledge import KnowledgeKind, KnowledgeRule, RuleError, read_rule, write_rule
from ..domain.search.reader import fold_rules
from ..domain.search.seeds import Offer
from ..pager import read_page
from ..parameters import flag, number
from ..transaction import transaction
from . import (
    demands,
    item_search,
    journal,
    lists,
    live_reader,
    popularity,
    query_view,
    shipped_knowledge,
    store,
    suggestions,
)
from .answers import (
    AskedQuery,
    ChangedLine,
    DemandAnswer,
    DemandNumber,
    ExplainAnswer,
    ImportedLines,
    ItemListAnswer,
    KnowledgeLine,
    KnowledgeLines,
    Nothing,
    OfferAnswer,
    PreviewAnswer,
    StoredLine,
    SuggestAnswer,
)

MOST_RULES = 20_000
GROUPED = (KnowledgeKind.SYNONYM, KnowledgeKind.DEPARTMENT)
"""Kinds of which one word alone says nothing."""


@tk.side_effect_free
def govdata_search_suggest(context: Context, data_dict: DataDict) -> SuggestAnswer:
    """What a reader may be about to type.

    :param q: the beginning, in characters or pinyin (whole or initials)
    :returns: ``words`` of the catalogue with the number of titles that hold them, and ``entries``
    """
    tk.check_access("govdata_search_suggest", context, data_dict)
    return suggestions.suggest(str(data_dict.get("q") or ""), context)


@tk.side_effect_free
def govdata_search_item_list(context: Context, data_dict: DataDict) -> ItemListAnswer:
    """Information items (columns) whose name holds a text, with the entries that have them.

    :param q: part of the name of a column
    """
    tk.check_access("govdata_search_item_list", context, data_dict)
    return item_search.find(str(data_dict.get("q") or ""), context)


def govdata_search_click(context: Context, data_dict: DataDict) -> Nothing:
    """Count that an entry was opened from a list.

    :param q: the query, if there was one
    :param entry: the entry's name
    """
    tk.check_access("govdata_search_click", context, data_dict)
    if data_dict.get("q"):
        journal.clicked(str(data_dict["q"]))
    if data_dict.get("entry"):
        popularity.opened(str(data_dict["entry"])[:200])
    return {}


def govdata_search_demand_create(context: Context, data_dict: DataDict) -> DemandNumber:
    """Ask for data that is not in the catalogue; nothing about the person is kept.

    :param subject: which data, at most 100 characters
    :param purpose: what for, at most 1,000 characters
    """
    tk.check_access("govdata_search_demand_create", context, data_dict)
    demands.limit()
    with transaction(context):
        made = demands.add(
            str(data_dict.get("subject") or ""), str(data_dict.get("purpose") or "")
        )
    return {"id": made}


@tk.side_effect_free
def govdata_search_demand_list(context: Context, data_dict: DataDict) -> list[DemandAnswer]:
    """Data that readers asked for, newest first.

    :param answered: those that were answered instead of the open ones
    :param page: from 1, 200 a page
    """
    tk.check_access("govdata_search_demand_list", context, data_dict)
    page = read_page(data_dict, demands.PAGE)
    rows = demands.listed(not flag(data_dict, "answered"), page)
    return [
        {"id": row.id, "at": row.at.isoformat(), "subject": row.subject, "purpose": row.purpose,
         "answer": row.answer,
         "answered_at": row.answered_at.isoformat() if row.answered_at else None}
        for row in rows
    ]


def govdata_search_demand_answer(context: Context, data_dict: DataDict) -> DemandNumber:
    """Answer a demand; everybody may read the answer.

    :param id: the demand's number
    :param answer: what is done about it, at most 1,000 characters
    """
    tk.check_access("govdata_search_demand_answer", context, data_dict)
    demand = number(data_dict, "id", 0)
    with transaction(context):
        demands.answer(demand, str(data_dict.get("answer") or ""))
    return {"id": demand}


@tk.side_effect_free
def govdata_search_rule_list(context: Context, data_dict: DataDict) -> list[StoredLine]:
    """Lines of knowledge.

    :param kind: ``synonym``, ``department``, ``question`` or ``weak``; all by default
    :param word: only lines that hold it
    """
    tk.check_access("govdata_search_rule_list", context, data_dict)
    kind = _kind(data_dict["kind"]) if data_dict.get("kind") else None
    found = store.lines(kind, str(data_dict.get("word") or ""))
    return [{"id": row.id, "kind": row.kind.value, "line": row.line} for row in found]


def govdata_search_rule_change(context: Context, data_dict: DataDict) -> ChangedLine:
    """Add a line of knowledge, change it or take it away; live in all processes within seconds.

    :param kind: see :func:`govdata_search_rule_list`
    :param before: the line as it is; empty to add one
    :param after: the line as it shall be; empty to take it away
    :returns: the knowledge's new ``version`` and the line as it is kept
    """
    tk.check_access("govdata_search_rule_change", context, data_dict)
    kind = _kind(data_dict.get("kind"))
    before = str(data_dict.get("before") or "").strip()
    rule = _rule(kind, str(data_dict.get("after") or ""), "after")
    after = write_rule(rule) if rule else ""
    if not before and not after:
        raise tk.ValidationError({"after": [tk._("Missing value")]})
    live_reader.reader()  # seeds an empty store first
    with transaction(context):
        store.lock()
        _check_change(kind, before, after)
        version = store.change(_user_id(context), kind, before, after)
    return {"version": version, "kind": kind.value, "line": after}


def govdata_search_rule_import(context: Context, data_dict: DataDict) -> ImportedLines:
    """Read many lines at once; nothing is changed when one of them is not understood.

    :param rules: list of {kind, line}, as exported
    :param replace: take away every line that is not among them
    """
    tk.check_access("govdata_search_rule_import", context, data_dict)
    wanted = {(rule.kind, write_rule(rule)) for rule in _rules(data_dict.get("rules"))}
    replaces = flag(data_dict, "replace")
    live_reader.reader()
    with transaction(context):
        had = {(row.kind, row.line) for row in store.lines()}
        user = _user_id(context)
        for kind, line in sorted(wanted - had):
            store.change(user, kind, "", line)
        gone = sorted(had - wanted) if replaces else []
        for kind, line in gone:
            store.change(user, kind, line, "")
    return {"added": len(wanted - had), "removed": len(gone)}


@tk.side_effect_free
def govdata_search_rule_export(context: Context, data_dict: DataDict) -> KnowledgeLines:
    """All lines of knowledge, as :func:`govdata_search_rule_import` reads them."""
    tk.check_access("govdata_search_rule_export", context, data_dict)
    rows = sorted(store.lines(), key=lambda row: (row.kind.value, row.line))
    return {"rules": [{"kind": row.kind.value, "line": row.line} for row in rows]}


@tk.side_effect_free
def govdata_search_seed_list(context: Context, data_dict: DataDict) -> OfferAnswer:
    """What the portal's present version ships and this portal does not have.

    :returns: ``new`` and ``retired``, which :func:`govdata_search_seed_merge` adds and takes away,
        and ``held``: shipped, but changed or taken away here, so they stay away
    """
    tk.check_access("govdata_search_seed_list", context, data_dict)
    live_reader.reader()
    return _offered(shipped_knowledge.offer())


def govdata_search_seed_merge(context: Context, data_dict: DataDict) -> OfferAnswer:
    """Take over what the portal's present version ships; the operator's own changes stay.

    :returns: what was done, as :func:`govdata_search_seed_list`
    """
    tk.check_access("govdata_search_seed_merge", context, data_dict)
    live_reader.reader()
    with transaction(context):
        done = shipped_knowledge.take_over(_user_id(context))
    return _offered(done)


def _offered(offer: Offer) -> OfferAnswer:
    return {"new": _lines(offer.new), "retired": _lines(offer.retired), "held": _lines(offer.held)}


def _lines(lines: Iterable[tuple[KnowledgeKind, str]]) -> list[KnowledgeLine]:
    return [{"kind": kind.value, "line": line} for kind, line in lines]


@tk.side_effect_free
def govdata_search_preview(context: Context, data_dict: DataDict) -> PreviewAnswer:
    """A query's first results as they are and as they would be with one more line.

    :param q: the query
    :param kind: kind of the line
    :param line: the line; may be empty
    """
    tk.check_access("govdata_search_preview", context, data_dict)
    line = str(data_dict.get("line") or "")
    rule = _rule(_kind(data_dict.get("kind") or "synonym"), line, "line")
    return query_view.preview(str(data_dict.get("q") or ""), rule)


@tk.side_effect_free
def govdata_search_explain(context: Context, data_dict: DataDict) -> ExplainAnswer:
    """How a query was understood and where each result's score comes from.

    :param q: the query
    """
    tk.check_access("govdata_search_explain", context, data_dict)
    return query_view.explain(str(data_dict.get("q") or ""))


@tk.side_effect_free
def govdata_search_query_list(context: Context, data_dict: DataDict) -> list[AskedQuery]:
    """What was asked, most often first, without any personal data.

    :param days: how far back, 30 by default
    :param empty: only queries that found nothing
    """
    tk.check_access("govdata_search_query_list", context, data_dict)
    days = number(data_dict, "days", 30, most=36_500)
    return journal.asked(days or 30, flag(data_dict, "empty"))


def _check_change(kind: KnowledgeKind, before: str, after: str) -> None:
    """Refuse what would change nothing: whoever asked for it believes something that is not so."""
    if before and not store.has(kind, before):
        message = tk._("This line is not there any more: somebody else changed it or took it away")
        raise tk.ValidationError({"before": [message]})
    if after == before:
        raise tk.ValidationError({"after": [tk._("The line is as it was")]})
    if after and store.has(kind, after):
        raise tk.ValidationError({"after": [tk._("This line is there already")]})


def _kind(value: object) -> KnowledgeKind:
    try:
        return KnowledgeKind(str(value))
    except ValueError:
        known = ", ".join(kind.value for kind in KnowledgeKind)
        message = tk._("Must be one of {known}").format(known=known)
        raise tk.ValidationError({"kind": [message]}) from None


def _rule(kind: KnowledgeKind, line: str, field: str) -> KnowledgeRule | None:
    if not line.strip():
        return None
    try:
        rule = read_rule(kind, line.strip())
        (read,) = fold_rules([rule], lists.simplified())
        if kind in GROUPED and len({*read.words, *read.towards, *read.near}) < 2:
            raise RuleError("same")
        return rule
    except RuleError as error:
        raise tk.ValidationError(
            {field: [f"{line[:80]}: {query_view.fault(str(error))}"]}
        ) from None


def _rules(rows: object) -> list[KnowledgeRule]:
    if not isinstance(rows, list) or len(rows) > MOST_RULES:
        raise tk.ValidationError({"rules": [tk._("Must be a list of {kind, line}")]})
    found, faults = [], []
    for position, row in enumerate(rows, 1):
        try:
            found.append(read_rule(KnowledgeKind(str(row["kind"])), str(row["line"])))
        except RuleError as error:
            faults.append(f"{position}: {query_view.fault(str(error))}")
        except (ValueError, KeyError, TypeError):
            faults.append(f"{position}: " + tk._("Must be a list of {kind, line}"))
    if faults:
        raise tk.ValidationError({"rules": faults[:20]})
    return found


def _user_id(context: Context) -> str:
    user = model.User.get(context.get("user") or "")
    return user.id if user else ""

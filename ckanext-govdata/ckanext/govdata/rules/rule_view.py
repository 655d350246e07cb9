"""Rules as plain data, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import cast

import ckan.plugins.toolkit as tk

from ..domain.clock import Rung, Unit
from ..domain.instrument import (
    Asking,
    Clause,
    Extension,
    Instrument,
    Level,
    Validity,
    extended_name,
)
from ..domain.refusal import Refusal
from ..domain.rule_steps import conflicts, explain, matters, variants
from ..domain.ruling import ClauseRuling, TermRuling
from ..speech import phrases
from . import in_force, sentences
from .answers import (
    ClauseAnswer,
    ClauseValues,
    ConflictAnswer,
    ExtensionAnswer,
    ForWhom,
    JurisdictionAnswer,
    RuleExplained,
    SourceAnswer,
    TermAnswer,
    TermForSome,
    ValidityAnswer,
)
from .rule_reasons import (
    describe_ceiling,
    describe_conflict,
    describe_step,
    describe_yield,
    document_of,
    whom,
)


def describe_term(ruling: TermRuling) -> TermAnswer:
    """A term as it binds."""
    term = ruling.term
    return {
        "term": term.name,
        "title": sentences.terms().get(term.name, term.name),
        "working_days": term.amount if term.unit is Unit.WORKING_DAYS else None,
        "calendar_days": term.amount if term.unit is Unit.CALENDAR_DAYS else None,
        "months": term.amount if term.unit is Unit.MONTHS else None,
        "from": term.start.value,
        "on_lapse": term.on_lapse.value,
        "extension": _describe_extension(term.extension),
        "article": term.article,
        "quote": term.quote,
        "yields": [describe_yield(gone) for gone in ruling.yields],
        "latest": [describe_ceiling(one) for one in ruling.latest],
        "outer_limits": [describe_ceiling(one) for one in ruling.outer],
        **_describe_source(ruling),
    }


def describe_terms(place: str, day: date) -> list[TermForSome]:
    """Every term that binds at a place, as many times as it differs by who asks."""
    rules = in_force.rulebook()
    names = [name for name in rules.term_names() if not extended_name(name)]
    return [
        {**describe_term(ruling), **_for_whom(askings)}
        for name in names
        for ruling, askings in variants(rules, place, name, day)
    ]


def _for_whom(askings: tuple[Asking, ...]) -> ForWhom:
    askers, types = matters(askings)
    return {
        "askers": sorted(one.value for one in askers),
        "share_types": sorted(one.value for one in types),
        "for_whom": whom(askings),
    }


def describe_conflicts(place: str, day: date, unsettled: bool) -> list[ConflictAnswer]:
    """Where the texts of a place contradict each other; with those that nobody has settled, if
    the reader is one who sees to them."""
    found = conflicts(in_force.rulebook(), place, day)
    return [describe_conflict(one) for one in found if one.yields or unsettled]


def explain_rule(
    place: str, name: str, day: date, asking: Asking
) -> RuleExplained | Refusal:
    """The term that binds, and the part of every text in that."""
    found = explain(in_force.rulebook(), place, name, day, asking)
    if isinstance(found, Refusal):
        return found
    ruling, steps = found
    return {
        "jurisdiction": place,
        "on": day.isoformat(),
        "asker": asking.asker.value,
        "share_type": asking.share_type.value,
        **describe_term(ruling),
        "steps": [describe_step(step, day) for step in steps],
    }


def describe_clause(ruling: ClauseRuling) -> ClauseAnswer:
    """A rule that is not a clock, as it binds."""
    clause: Clause = ruling.clause
    values = {key: _plain(value) for key, value in clause.values.items()}
    return {
        "name": clause.name,
        "title": sentences.clauses().get(clause.name, clause.name),
        "article": clause.article,
        "quote": clause.quote,
        **cast(ClauseValues, values),
        **_describe_source(ruling),
    }


def describe_jurisdiction(place: Instrument, day: date, to_do: bool) -> JurisdictionAnswer:
    """A text and whose it is, without its rules; with what there is to do, for whoever does it."""
    force = place.in_force
    return {
        "id": place.id,
        "title": phrases.label(place.name),
        "name": dict(place.name),
        "level": place.level.value,
        "rank": place.rank.value if place.document else "",
        "place": place.place,
        "region": place.region,
        "extends": place.extends,
        "document": document_of(place),
        "document_title": dict(place.document),
        "document_number": place.number,
        "maker": dict(place.maker),
        "authority": dict(place.authority),
        "in_force": {
            "from": _from(place),
            "until": force.last.isoformat() if force.last else None,
            "article": force.article,
            "now": force.covers(day),
        },
        "validity": _validity(place),
        "text_at_hand": place.text_at_hand,
        "notes": phrases.label(place.notes),
        "warnings": warnings_of(place, day) if to_do else [],
    }


def _validity(place: Instrument) -> ValidityAnswer:
    presumed, kind = place.in_force.presumed_last, place.validity
    words = {
        Validity.NAMED: tk._("until the day that it names"),
        Validity.REPEALED: tk._("until it is repealed"),
        Validity.BY_RULE: tk._("names no end"),
        Validity.UNKNOWN: tk._("names no end"),
    }
    return {
        "kind": kind.value if place.document else "",
        "words": words[kind] if place.document else "",
        "presumed_until": presumed.isoformat() if presumed else None,
    }


def _from(place: Instrument) -> str | None:
    first = place.in_force.first
    if first and place.in_force.year_only:
        return str(first.year)
    return first.isoformat() if first else None


def warnings_of(place: Instrument, day: date) -> list[str]:
    """What the operator has to see to."""
    found: list[str] = []
    if place.to_confirm:
        found.append(phrases.label(place.to_confirm))
    elif not place.text_at_hand:
        found.append(tk._("The operator has to fill in what this text sets."))
    for warning in in_force.lapsing(day):
        if warning.jurisdiction != place:
            continue
        if warning.days_left < 0:
            words = tk._("Lapsed on {day}: the level above applies until a new version is entered.")
        else:
            words = tk._("Lapses after {day}: {left} days left. A new version has to be entered.")
        found.append(words.format(day=warning.last.isoformat(), left=warning.days_left))
    return [*found, *_remedies_lacking(place)]


def _remedies_lacking(place: Instrument) -> list[str]:
    """What letters of that place cannot tell, though the law wants it told (Administrative
    Reconsideration Law 22 ¶2, its implementing regulations 17)."""
    local = place.place and place.level is not Level.NATIONAL
    if not (local and place.document and place.text_at_hand):
        return []
    known = in_force.remedies().places.get(place.id)
    lacking = {
        tk._("body for reconsideration"): known,
        tk._("its address"): known and known.address,
        tk._("its channel on the internet"): known and known.online,
        tk._("court"): known and known.court,
    }
    named = [words for words, there in lacking.items() if not there]
    if not named:
        return []
    words = tk._(
        "Letters of this place cannot name: {lacking}. Enter it in {file} in the directory of "
        "ckanext.govdata.remedies."
    )
    return [words.format(lacking=sentences.listed(named), file=f"{place.id}.yaml")]


def _describe_source(ruling: TermRuling | ClauseRuling) -> SourceAnswer:
    return {
        "rule_from": ruling.source.id,
        "document": phrases.label(ruling.source.name)
        if ruling.own_rule
        else document_of(ruling.source),
        "own_rule": ruling.own_rule,
        "in_force": ruling.in_force,
        "lapsed": list(ruling.lapsed),
    }


def _describe_extension(extension: Extension | None) -> ExtensionAnswer | None:
    if extension is None:
        return None
    return {
        "amount": extension.amount,
        "consent_of": list(extension.consent_of),
        "once": extension.once,
    }


def _plain(value: object) -> object:
    """Values of a clause as JSON: the ladder's rungs become mappings."""
    if not isinstance(value, tuple):
        return value
    items: Iterable[str | Rung] = value
    return [item if isinstance(item, str) else vars(item) | {"to": list(item.to)} for item in items]

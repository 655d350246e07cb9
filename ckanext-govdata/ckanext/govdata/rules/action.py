"""Actions: the rules with their articles, and deadlines with their counting. All may be read."""

from __future__ import annotations

from datetime import date

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from .. import now
from ..domain.refusal import Refusal
from ..domain.ruling import ClauseRuling
from . import in_force
from .answers import DeadlineAnswer, JurisdictionAnswer, RuleExplained, RulesOfPlace
from .deadline_question import read_day, read_question, read_rule_question
from .deadline_view import binding_asking, explain_deadline, invalid
from .overseers import oversees, sees_to_dos
from .rule_view import (
    describe_clause,
    describe_conflicts,
    describe_jurisdiction,
    describe_terms,
    explain_rule,
)


@tk.side_effect_free
def govdata_jurisdiction_list(context: Context, data_dict: DataDict) -> list[JurisdictionAnswer]:
    """Every text, upper levels first; ``place`` says whether departments are put under it.

    :param on: the day of which the state is wanted, today by default
    """
    tk.check_access("govdata_jurisdiction_list", context, data_dict)
    day = _day(data_dict)
    rules = in_force.rulebook()
    texts, to_do = [rules.at(name, day) for name in rules.instruments()], sees_to_dos(context)
    return [describe_jurisdiction(one, day, to_do) for one in texts if not isinstance(one, Refusal)]


@tk.side_effect_free
def govdata_jurisdiction_show(context: Context, data_dict: DataDict) -> RulesOfPlace:
    """A jurisdiction with every term and rule that binds there, each with article and source.

    :param id: the jurisdiction, such as ``yaohai``
    :param on: the day on which the rules bind, today by default
    """
    tk.check_access("govdata_jurisdiction_show", context, data_dict)
    day = _day(data_dict)
    rules = in_force.rulebook()
    name = str(data_dict.get("id") or "")
    chain = rules.chain(name, day)
    if isinstance(chain, Refusal) or not chain:
        raise tk.ObjectNotFound(tk._("There is no jurisdiction '{value}'.").format(value=name[:60]))
    clauses = [rules.clause(name, clause, day) for clause in rules.clause_names()]
    return {
        **describe_jurisdiction(chain[0], day, sees_to_dos(context)),
        "chain": [level.id for level in chain],
        "terms": describe_terms(name, day),
        "conflicts": describe_conflicts(name, day, oversees(context)),
        "requires": [describe_clause(one) for one in clauses if isinstance(one, ClauseRuling)],
        "names": {
            one: dict(rules.label(name, one, day))
            for level in (*chain, *rules.versions["portal"])
            for one in level.names
        },
    }


@tk.side_effect_free
def govdata_deadline_explain(context: Context, data_dict: DataDict) -> DeadlineAnswer:
    """When an answer is due, and how that was counted, day by day.

    :param jurisdiction: the provider's jurisdiction, such as ``yaohai``
    :param term: ``procedure.clock``, such as ``open_application.decide``
    :param received: day zero as a date, or as a time with its zone (a day in Beijing time)
    :param pauses: ``[[from, to], …]``, whole days during which the clock stood
    :param extended: days added by an extension; ``true`` for the most that is allowed
    :param asker: ``department``, ``organisation`` or ``person``, where the term depends on it
    :param share_type: ``unconditional``, ``conditional`` or ``non_shared``, likewise
    :param latest_from: the day from which a higher text's limit counts, where that is another one
    """
    tk.check_access("govdata_deadline_explain", context, data_dict)
    return explain_deadline(read_question(data_dict))


@tk.side_effect_free
def govdata_rule_explain(context: Context, data_dict: DataDict) -> RuleExplained:
    """Which term binds, and why: each text of the chain with what it sets, nearest first.

    :param jurisdiction: the provider's jurisdiction, such as ``yaohai``
    :param term: ``procedure.clock``, such as ``share_application.decide``
    :param on: the day of receipt, today by default
    :param asker: ``department``, ``organisation`` or ``person``, where the term depends on it
    :param share_type: ``unconditional``, ``conditional`` or ``non_shared``, likewise
    """
    tk.check_access("govdata_rule_explain", context, data_dict)
    asked = read_rule_question(data_dict, now.today())
    asking = binding_asking(
        asked.jurisdiction, asked.term, asked.on, asked.asker, asked.share_type
    )
    found = explain_rule(asked.jurisdiction, asked.term, asked.on, asking)
    if isinstance(found, Refusal):
        raise invalid(found)
    return found


def _day(data_dict: DataDict) -> date:
    try:
        return read_day(data_dict["on"]) if data_dict.get("on") else now.today()
    except ValueError as error:
        raise tk.ValidationError({"on": [str(error)]}) from error

"""Actions: the rules with their articles, and deadlines with their counting. All may be read."""

from __future__ import annotations

from datetime import date

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from .. import now
from ..domain.refusal import Refusal
from ..domain.rulebook import ClauseRuling, TermRuling
from . import in_force
from .answers import DeadlineAnswer, JurisdictionAnswer, RulesOfPlace
from .deadline_question import read_day, read_question
from .rule_view import describe_clause, describe_jurisdiction, describe_term, explain


@tk.side_effect_free
def govdata_jurisdiction_list(context: Context, data_dict: DataDict) -> list[JurisdictionAnswer]:
    """Every jurisdiction, upper levels first.

    :param on: the day of which the state is wanted, today by default
    """
    tk.check_access("govdata_jurisdiction_list", context, data_dict)
    day = _day(data_dict)
    rules = in_force.rulebook()
    places = [rules.at(name, day) for name in rules.ids()]
    return [describe_jurisdiction(place, day) for place in places if not isinstance(place, Refusal)]


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
    terms = [rules.term(name, term, day) for term in rules.term_names()]
    clauses = [rules.clause(name, clause, day) for clause in rules.clause_names()]
    return {
        **describe_jurisdiction(chain[0], day),
        "chain": [level.id for level in chain],
        "terms": [describe_term(one) for one in terms if isinstance(one, TermRuling)],
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
    """
    tk.check_access("govdata_deadline_explain", context, data_dict)
    return explain(read_question(data_dict))


def _day(data_dict: DataDict) -> date:
    try:
        return read_day(data_dict["on"]) if data_dict.get("on") else now.today()
    except ValueError as error:
        raise tk.ValidationError({"on": [str(error)]}) from error

"""Actions: how applications are answered, how much there is and how late it is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypedDict

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from .. import now
from ..rules.deadline_question import read_day
from . import figures, indicators
from .figures import Figures
from .indicators import Indicator

Supervision = TypedDict("Supervision", {"from": str, "to": str, "indicators": list[Indicator]})
"""The answer of ``govdata_supervision_show``; ``from`` is no name of Python's."""


@tk.side_effect_free
def govdata_supervision_show(context: Context, data_dict: DataDict) -> Supervision:
    """How applications are answered: each indicator with numerator, denominator and article.

    :param jurisdiction: only of this one, such as ``yaohai``
    :param from, to: days, both included; the year that ends today by default
    """
    tk.check_access("govdata_supervision_show", context, data_dict)
    last = _day_of(data_dict, "to", now.today())
    first = _day_of(data_dict, "from", last - timedelta(days=365))
    if first > last:
        raise tk.ValidationError({"from": [tk._("The first day comes after the last.")]})
    place = str(data_dict.get("jurisdiction") or "")
    found = indicators.indicators(model.Session, first, last, place)
    return {"from": first.isoformat(), "to": last.isoformat(), "indicators": found}


@tk.side_effect_free
def govdata_audit_show(context: Context, data_dict: DataDict) -> Figures:
    """For auditors: how many cases, decisions, grants and deliveries there are, and how late."""
    tk.check_access("govdata_audit_show", context, data_dict)
    return figures.figures(model.Session)


def _day_of(data_dict: DataDict, name: str, otherwise: date) -> date:
    try:
        return read_day(data_dict[name]) if data_dict.get(name) else otherwise
    except ValueError as error:
        raise tk.ValidationError({name: [str(error)]}) from error

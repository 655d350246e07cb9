"""What of supervision a case can be about: an indicator's figure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context

from .. import now
from ..cases.engine.declared_procedures import procedures
from ..departments import offices
from ..domain.locales import SIMPLIFIED
from ..domain.procedure import Role
from ..domain.topic import CaseSubject, Topic
from .indicators import Indicator, indicators

YEAR = timedelta(days=365)


def figure(_context: Context, asked: Mapping[str, object]) -> CaseSubject:
    """An indicator of a jurisdiction, named ``<jurisdiction>.<kind>.<name>`` as
    ``govdata_supervision_show`` gives the three; the jurisdiction's authority answers for it."""
    wanted = str(asked.get("figure") or "")
    place = wanted.partition(".")[0]
    today = now.today()
    shown = indicators(model.Session, today - YEAR, today, place) if place else []
    found = next((one for one in shown if _name_of(one) == wanted), None)
    roles = offices.offices_of(place) if found else {}
    authority = next((one for one, role in roles.items() if role is Role.AUTHORITY), "")
    if found is None or not authority:
        raise tk.ValidationError({"figure": [tk._("There is no such figure.")]})
    words = procedures()[found["kind"]].words.counted[found["name"]]
    return CaseSubject(Topic.FIGURE, words[SIMPLIFIED], authority, place={"figure": wanted})


def _name_of(shown: Indicator) -> str:
    return f"{shown['jurisdiction']}.{shown['kind']}.{shown['name']}"

"""An event, its rules and what is submitted to it; for tests of the one decision of emergencies."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from ckanext.govdata.domain.emergency.dataset import (
    Dataset,
    Material,
    PublishedEntry,
    Submission,
    Version,
)
from ckanext.govdata.domain.emergency.emergency_event import Emergency, EmergencyRules, Rhythms
from ckanext.govdata.domain.emergency.release import Publication
from ckanext.govdata.domain.emergency.statement import Closure, EventDeclaration, Revision
from ckanext.govdata.domain.emergency.verdict import Act, Given, decide
from ckanext.govdata.domain.procedure import Role
from ckanext.govdata.domain.prohibition import Ban
from ckanext.govdata.domain.refusal import Refused
from ckanext.govdata.domain.sheet import Sheet

NOON = datetime(2026, 7, 1, 4, 0, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
FLOOD = Emergency("natural_disaster", "II", ("340102",), "洪涝", "防汛应急预案", NOON, HOUR,
                  threshold="harm_likely", duty="防汛指挥部成员单位")  # fmt: skip
SECRET, NAME = Ban("state_secret", words=("机密",)), Ban("name", override=True, headings=("姓名",))
PHONE = Ban("phone", override=True, pattern=r"1[3-9]\d{9}")
RULES = EmergencyRules(
    "3401",
    Rhythms(timedelta(minutes=15), timedelta(days=1)),
    ("natural_disaster", "public_health"),
    (SECRET, NAME, PHONE),
    frozenset({"phone"}),
)
HEAD, OFFICER = frozenset({Role.HEAD, Role.OFFICER}), frozenset({Role.OFFICER})
LEVELS = Sheet(("站点", "水量"), (("巢湖", "9.80"), ("长临河", "9.75")))
ENTRY = PublishedEntry("e1", "levels", "河道水位", "water", "unconditional")
WATER = Dataset("water", HOUR, "河道水位", "e1", figures=("水量",))
CALLED = Material("table", b"x", sheet=LEVELS)
LAST = Version(3, NOON, LEVELS.columns, {"水量": 19.0})


def submission(**more) -> Submission:
    return replace(Submission(WATER, CALLED, entry=ENTRY), **more)


def judged(given: Given, roles=HEAD, act: str = "", state=FLOOD, now=NOON) -> Act | Refused:
    names = {Publication: "publish", Revision: "update", Closure: "end"}
    state = None if isinstance(given, EventDeclaration) else state
    return decide(state, act or names.get(type(given), "declare"), given, roles, RULES, now)


def codes(found: Act | Refused) -> list[tuple[str, str]]:
    assert isinstance(found, Refused), found
    return [(one.code, one.field) for one in found.reasons]


def act_of(found: Act | Refused) -> Act:
    assert isinstance(found, Act), found
    return found


def published(*given: Submission, roles=HEAD, **more) -> Act | Refused:
    return judged(Publication("wang", given, **more), roles)

"""What the tests of the case engine share: a procedure, rules, a calendar, people."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from ckanext.govdata import config_reader
from ckanext.govdata.domain import (
    charge,
    consultation,
    declaration,
    grant_scope,
    rectification,
    reply_ground,
    severance,
    supplement,
)
from ckanext.govdata.domain.bound_rules import Rules
from ckanext.govdata.domain.calendar import Calendar, DayKind, Festival, Notice, SpecialDay
from ckanext.govdata.domain.case import Actor
from ckanext.govdata.domain.clock import Unit
from ckanext.govdata.domain.field_part import FieldPart, needs
from ckanext.govdata.domain.form import Choices
from ckanext.govdata.domain.instrument import (
    Extension,
    InForce,
    Instrument,
    Level,
    OnLapse,
    Rank,
    Start,
    Term,
)
from ckanext.govdata.domain.node import Document, Flaw, Node
from ckanext.govdata.domain.procedure import Procedure, Role
from ckanext.govdata.domain.rulebook import Rulebook

EFFECTS = (
    "assign_reference", "close_grant", "open_grant", "reply_letter", "send_notice", "send_receipt",
    "tell_objectors", "tell_weighed", "end_when_heard",
)  # fmt: skip
CLOCKS = (
    "check", "decide", "provide", "supplement", "reopen", "consult", "serve", "object", "review"
)  # fmt: skip
TERMS = tuple(f"open_application.{clock}" for clock in CLOCKS)
OPTIONS = (
    "one_step", "hindered", "overdue", "unprovided", "parties_asked", "grant_suspended",
    "authority_judges", "government_judges",
)  # fmt: skip

CITIZEN = Actor("citizen", frozenset({Role.APPLICANT}))
OFFICER = Actor("officer", frozenset({Role.OFFICER}))
HEAD = Actor("head", frozenset({Role.HEAD}))
AUTHORITY = Actor("authority", frozenset({Role.AUTHORITY, Role.OBJECTION_BODY}))

FORM = {
    "contact_name": "王小明",
    "contact_phone": "0551-62620000",
    "purpose": "研究瑶海区公交线路与客流",
    "scenario": "research",
    "resources": ["r1", "r2"],
    "columns": {"r1": ["name", "stop"], "r2": ["a"]},
    "period_from": "2025-10-01",
    "period_until": "2035-09-30",
    "delivery": "download",
    "security_measures": "数据只在本单位服务器上使用",
    "terms_version": "2024-1",
    "commitment": True,
}
AGREED = ("terms_version", "commitment")
SUPPLIED = {key: FORM[key] for key in FORM if key not in AGREED} | {"answer": "所缺材料已补充"}


GIVEN = (FieldPart.FILES, FieldPart.ITEMS, FieldPart.BEGINS, FieldPart.ENDS)
KNOWN = declaration.Known(
    {name: lambda _moment: None for name in EFFECTS}
    | {"open_grant": needs(*GIVEN)(lambda _moment: None)},
    TERMS,
    OPTIONS,
    {
        "grant_scope": needs(*GIVEN)(grant_scope.check),
        "supplement_says": supplement.check,
        "conditional_entry": lambda _asked: (),
        "required_materials": lambda _asked: (),
        "free_of_charge": charge.check,
        "severance": severance.check,
        "power_named": rectification.check,
        "grounds_that_withhold": reply_ground.check,
        "served_after_asking": consultation.check,
        "heard_before": lambda _asked: (),
        "party_asked_once": lambda _asked: (),
        "objections_weighed": consultation.weighed,
        "objection_stands": consultation.consent,
        "finding_of_head": consultation.finding,
    },
    {
        "renewal": needs(*GIVEN, FieldPart.RENEWS)(lambda _procedure, _asked: {}),
        "contact": lambda _procedure, _asked: {},
    },
)


def documents(kind: str = "open_application") -> list[Document]:
    folder = config_reader.file(f"procedures/{kind}", config_reader.SCHEMAS)
    return [config_reader.read(one) for one in sorted(folder.iterdir()) if one.suffix == ".yaml"]


def declared(files: list[Document], known: declaration.Known = KNOWN):
    """The procedure that these files declare, or ``None``, and what is wrong with it."""
    flaws: list[Flaw] = []
    return declaration.parse([Node(one, flaws, one.data) for one in files], known), flaws


@cache
def procedure() -> Procedure:
    found, flaws = declared(documents())
    assert found is not None, flaws
    return found


def choices(day: date) -> Choices:
    return Choices(
        today=day,
        resources={"r1": frozenset({"name", "stop", "phone"}), "r2": frozenset({"a"})},
        colleagues=frozenset({"officer2"}),
        articles={"yaohai:15": "瑶政办〔2024〕2号 第十五条"},
        terms_version="2024-1",
        fetchable=frozenset({"r1", "r2"}),
    )


def _days_off(
    first: date, last: date, festival: Festival, notice: Notice
) -> dict[date, SpecialDay]:
    return {
        first + timedelta(days=number): SpecialDay(DayKind.HOLIDAY, festival, notice)
        for number in range((last - first).days + 1)
    }


def _calendar() -> Calendar:
    notice = Notice("国务院办公厅关于2025年部分节假日安排的通知", "国办发明电〔2024〕12号")
    special = _days_off(date(2025, 10, 1), date(2025, 10, 8), Festival.NATIONAL_DAY, notice)
    for day in (date(2025, 9, 28), date(2025, 10, 11)):
        special[day] = SpecialDay(DayKind.MAKE_UP_DAY, Festival.NATIONAL_DAY, notice)
    law = Notice("全国年节及纪念日放假办法")
    special |= _days_off(date(2027, 10, 1), date(2027, 10, 3), Festival.NATIONAL_DAY, law)
    return Calendar(special, frozenset(range(2018, 2027)), frozenset(range(2027, 2061)))


CALENDAR = _calendar()
LATER_CALENDAR = replace(
    CALENDAR,
    noticed=CALENDAR.noticed | {2027},
    special={
        **CALENDAR.special,
        **_days_off(
            date(2027, 9, 22), date(2027, 9, 24), Festival.NATIONAL_DAY, Notice("notice of 2026")
        ),
    },
)


def _term(clock: str, days: int, article: str, extension: Extension | None = None) -> Term:
    start = Start.RECEIVED if clock in ("check", "decide", "provide") else Start.REQUESTED
    return Term(
        f"open_application.{clock}",
        days,
        Unit.WORKING_DAYS,
        start,
        OnLapse.VIOLATION,
        article,
        extension=extension,
    )


def _place(name: str, level: Level, *terms: Term, extends: str = "") -> Instrument:
    words = {"zh_Hans_CN": name, "zh_Hant_TW": name, "en": name}
    return Instrument(
        name,
        words,
        level,
        rank=Rank.PORTAL if level is Level.PORTAL else Rank.NORMATIVE_DOCUMENT,
        document=words,
        number=f"{name}〔2024〕2号",
        extends=extends,
        in_force=InForce(date(2020, 1, 1)),
        terms=terms,
    )


def rules(
    jurisdiction: str = "yaohai",
    options: frozenset[str] = frozenset(),
    day: date = date(2025, 9, 22),
) -> Rules:
    longer = _term("decide", 10, "第九条", Extension(5, ("head",), once=True))
    places = [
        _place("portal", Level.PORTAL, *(_term(clock, 10, "门户规则") for clock in CLOCKS)),
        _place("anhui", Level.PROVINCE),
        _place(
            "yaohai", Level.COUNTY,
            _term("decide", 10, "第十七条"), _term("provide", 10, "第十七条"), extends="anhui",
        ),
        _place("elsewhere", Level.COUNTY, longer, extends="anhui"),
    ]
    book = Rulebook({place.id: (place,) for place in places})
    return Rules(book, jurisdiction, day, options | {"authority_judges"})


def terms_of(days: dict[str, int], units: dict[str, Unit], since: date) -> Rules:
    """Rules with these numbers of days for the clocks, and for one extension of the decision."""
    longer = Extension(days["extension"], ("head",), once=True)
    terms = {name: replace(_term(name, days[name], "第一条"), unit=units[name]) for name in CLOCKS}
    terms["decide"] = replace(terms["decide"], extension=longer)
    place = _place("there", Level.COUNTY, *terms.values())
    known = (replace(place, in_force=InForce(since)),)
    book = Rulebook({"portal": (_place("portal", Level.PORTAL),), "there": known})
    return Rules(book, "there", since, frozenset({"authority_judges"}))

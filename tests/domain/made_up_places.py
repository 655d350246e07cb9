"""Made-up places, so that every way of falling back can be tried."""

from dataclasses import replace
from datetime import date

from ckanext.govdata.domain.clock import Unit
from ckanext.govdata.domain.instrument import (
    Asking,
    Clause,
    Extension,
    InForce,
    Instrument,
    Level,
    OnLapse,
    Rank,
    Start,
    Term,
)
from ckanext.govdata.domain.procedure import Applicant
from ckanext.govdata.domain.rulebook import Rulebook

WORDS = {"zh_Hans_CN": "甲", "zh_Hant_TW": "甲", "en": "A"}
DAY = date(2026, 5, 1)


def term(name, days, extension=None, start=Start.RECEIVED):
    return Term(name, days, Unit.WORKING_DAYS, start, OnLapse.VIOLATION, "第一条", "", extension)


def place(name, level, extends="", **more):
    return Instrument(name, WORDS, level, document=WORDS, extends=extends, **more)


PORTAL = place("portal", Level.PORTAL, rank=Rank.PORTAL, terms=(term("open.decide", 10),))
NATION = place(
    "national",
    Level.NATIONAL,
    rank=Rank.ADMINISTRATIVE_REGULATION,
    in_force=InForce(date(2025, 8, 1)),
)
PROVINCE = place(
    "province",
    Level.PROVINCE,
    "national",
    region="34",
    in_force=InForce(date(2021, 3, 1)),
    rank=Rank.GOVERNMENT_RULE,
    terms=(term("share.decide", 7), term("review.decide", 7, Extension(7, ("head",), once=True))),
    requires={"refusal": Clause("refusal", "第二条"), "dispute": Clause("dispute", "第三条")},
    names={"conditional": {"en": "of the province"}},
)
COUNTY = place(
    "county",
    Level.COUNTY,
    "province",
    region="340102",
    in_force=InForce(date(2024, 2, 7), date(2027, 2, 7), "第二十七条"),
    terms=(term("share.decide", 5), term("review.decide", 10)),
    requires={"refusal": Clause("refusal", "第九条")},
    names={"conditional": {"en": "of the county"}},
)


def book(*places):
    versions = {}
    for one in places or (PORTAL, NATION, PROVINCE, COUNTY):
        versions[one.id] = (*versions.get(one.id, ()), one)
    return Rulebook(versions)


def above(*given, **more):
    """A national text that sets these terms, over the province and the county."""
    nation = replace(NATION, terms=given, **more)
    return book(PORTAL, nation, PROVINCE, COUNTY)


DEPARTMENT = Asking(Applicant.DEPARTMENT)


DEPARTMENT = Asking(Applicant.DEPARTMENT)

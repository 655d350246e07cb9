"""What a letter, or the page of a case that is late, says of the law's remedies.

A letter keeps them as they were on its day: bodies, spans and articles, in three languages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import ckan.plugins.toolkit as tk

from ...domain.refusal import Refusal
from ...domain.remedy import (
    TO_GOVERNMENT,
    Against,
    PlaceOfRemedy,
    Provision,
    Remedies,
    RemedyWay,
    ways,
)
from ...rules import in_force
from ...speech import phrases
from ..answers import RemedyLine
from ..letter_parts import CitedText
from . import letter_citations

CITED: dict[RemedyWay, tuple[str, ...]] = {
    RemedyWay.RECONSIDER: ("reconsider", "reconsider_body"),
    RemedyWay.RECONSIDER_FIRST: ("reconsider", "reconsider_first", "reconsider_body"),
    RemedyWay.RECONSIDER_LATE: ("reconsider", "reconsider_late", "reconsider_body"),
    RemedyWay.SUE_AFTER: ("sue_after",),
    RemedyWay.SUE: ("sue",),
    RemedyWay.SUE_LATE: ("sue_late", "sue_silence"),
    RemedyWay.COMPLAIN: ("complain",),
    RemedyWay.RECTIFY: (),
    RemedyWay.REVIEW: ("reconsider_review",),
}
"""The provisions on which each rests; the first sets the span. The article by which a place's own
text has violations rectified is that of its clause ``rectification``."""


def told(
    jurisdiction: str, office: str, against: Against, day: date, *, on_paper: bool = False
) -> list[RemedyLine]:
    """The ways that are open on that day against the decision, or silence, of whoever holds that
    office there, empty for a department, in order; ``on_paper`` where it rests on a paper whose
    review may be asked for."""
    known = in_force.remedies()
    place = known.places.get(jurisdiction)
    if place and office == "government":
        place = replace(place, reconsideration=place.above, address="", online="")
    if place and office in ("government", "authority"):
        place = replace(place, complaint={})  # nobody is complained of to himself
    found = (_line(way, known, place, day) for way in ways(against, on_paper=on_paper))
    return [one for one in found if one["cited"]]


def _line(
    way: RemedyWay, known: Remedies, place: PlaceOfRemedy | None, day: date
) -> RemedyLine:
    provisions = [known.law[name] for name in CITED[way]]
    line: RemedyLine = {
        "way": way.value,
        "days": provisions[0].days if provisions else 0,
        "months": provisions[0].months if provisions else 0,
        "cited": [_cited(one) for one in provisions],
    }
    if place and way in TO_GOVERNMENT:
        line["body"] = dict(place.reconsideration)
        line["address"], line["online"] = place.address, place.online
    if place and place.court and way in (RemedyWay.SUE, RemedyWay.SUE_AFTER, RemedyWay.SUE_LATE):
        line["body"] = dict(place.court)
    if place and place.complaint and way is RemedyWay.RECTIFY:
        line["body"] = dict(place.complaint)
        line["cited"] = [*_rectified_by(place.place, day)]
    return line


def _rectified_by(jurisdiction: str, day: date) -> Iterator[CitedText]:
    """The article by which the authority has a violation rectified, of the text that binds then."""
    ruling = in_force.rulebook().clause(jurisdiction, "rectification", day)
    if not isinstance(ruling, Refusal):
        yield letter_citations.of_text(ruling.source, ruling.clause.article)


def _cited(provision: Provision) -> CitedText:
    return {"document": dict(provision.document), "article": provision.article}


def sentences(lines: list[RemedyLine], *, unprovided: bool = False) -> list[str]:
    """Each way as a sentence, with its articles; ``unprovided`` where it was answered in time and
    the data is late."""
    said = {**WORDS, **UNPROVIDED} if unprovided else WORDS
    gap = " " if phrases.spaced() else ""
    return [gap.join(_sentence(line, said)) for line in lines]


def _sentence(line: RemedyLine, words: dict[RemedyWay, Callable[[], str]]) -> Iterator[str]:
    said = words[RemedyWay(line["way"])]().format(
        body=_body(line), days=line["days"], months=line["months"], cited=_cited_words(line)
    )
    yield said
    if line.get("address"):
        yield tk._("Address: {address}.").format(address=tk.h.govdata_script(line.get("address")))
    if line.get("online"):
        yield tk._("On the internet: {address}").format(address=line.get("online"))


def _body(line: RemedyLine) -> str:
    """The body's name, or what it is where this portal knows none."""
    named = line.get("body")
    return phrases.label(named) if named else UNNAMED[RemedyWay(line["way"])]()


def _cited_words(line: RemedyLine) -> str:
    """The provisions, those of one document together."""
    return letter_citations.together(line["cited"])


WORDS: dict[RemedyWay, Callable[[], str]] = {
    RemedyWay.RECONSIDER: lambda: tk._(
        "You may apply to {body} for administrative reconsideration within {days} days of "
        "receiving this letter ({cited})."
    ),
    RemedyWay.RECONSIDER_FIRST: lambda: tk._(
        "Reconsideration comes first: you may apply to {body} for administrative reconsideration "
        "within {days} days of receiving this letter ({cited})."
    ),
    RemedyWay.RECONSIDER_LATE: lambda: tk._(
        "You may apply to {body} for administrative reconsideration within {days} days of the end "
        "of the term ({cited})."
    ),
    RemedyWay.SUE_AFTER: lambda: tk._(
        "If you do not agree with what is decided there, you may go to {body} within {days} days "
        "of receiving that decision ({cited})."
    ),
    RemedyWay.SUE: lambda: tk._(
        "You may also go directly to {body} within {months} months of receiving this letter "
        "({cited})."
    ),
    RemedyWay.SUE_LATE: lambda: tk._(
        "You may also go to {body} within {months} months of the end of the term ({cited})."
    ),
    RemedyWay.COMPLAIN: lambda: tk._("You may also complain to {body} ({cited})."),
    RemedyWay.RECTIFY: lambda: tk._(
        "You may also report it to {body}, which has violations rectified ({cited})."
    ),
    RemedyWay.REVIEW: lambda: tk._(
        "With the application for reconsideration you may ask that the normative document be "
        "examined on which this decision rests ({cited})."
    ),
}
UNPROVIDED: dict[RemedyWay, Callable[[], str]] = {
    RemedyWay.RECONSIDER_LATE: lambda: tk._(
        "You may apply to {body} for administrative reconsideration, since the data was not "
        "given, within {days} days of the end of the term for it ({cited})."
    ),
    RemedyWay.SUE_LATE: lambda: tk._(
        "You may also go to {body} within {months} months of the end of the term for giving the "
        "data ({cited})."
    ),
}
"""Instead of those of :data:`WORDS` where what was granted is late."""
UNNAMED: dict[RemedyWay, Callable[[], str]] = {
    **dict.fromkeys(TO_GOVERNMENT, lambda: tk._("the people's government of this level")),
    **dict.fromkeys(
        (RemedyWay.SUE, RemedyWay.SUE_AFTER, RemedyWay.SUE_LATE),
        lambda: tk._("the people's court that is competent"),
    ),
    RemedyWay.REVIEW: lambda: "",
    RemedyWay.RECTIFY: lambda: "",
    RemedyWay.COMPLAIN: lambda: tk._(
        "the superior organ or the government's office for open government information"
    ),
}

"""Words of the rules in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import ckan.plugins.toolkit as tk

from ..domain.clock import Counted, Why
from ..domain.instrument import Instrument
from ..domain.locales import ENGLISH, SIMPLIFIED
from ..domain.refusal import Refusal
from ..forms import refusals
from ..speech.language import spoken
from ..speech.phrases import bracketed


def why(day: Counted) -> str:
    """Why a day counts or not, with the notice that says so."""
    words = whys()[day.why.value]
    if day.festival and day.why is not Why.PAUSE:
        words += bracketed(festivals()[day.festival.value])
    return words


def whys() -> dict[str, str]:
    """Why a day counts or does not."""
    return {
        "day_zero": tk._("Day zero: counting begins the next day"),
        "pause": tk._("The clock stood"),
        "working_day": tk._("Working day"),
        "make_up_day": tk._("Make-up working day"),
        "weekend": tk._("Weekend"),
        "holiday": tk._("Public holiday"),
        "calendar_day": tk._("Calendar day"),
    }


def festivals() -> dict[str, str]:
    """The public holidays."""
    return {
        "new_year": tk._("New Year's Day"),
        "spring_festival": tk._("Spring Festival"),
        "qingming": tk._("Qingming Festival"),
        "labour_day": tk._("Labour Day"),
        "dragon_boat": tk._("Dragon Boat Festival"),
        "mid_autumn": tk._("Mid-Autumn Festival"),
        "national_day": tk._("National Day"),
        "victory_day": tk._("Victory Day"),
    }


def starts() -> dict[str, str]:
    """From which event a term is counted."""
    return {
        "received": tk._("from receipt"),
        "accepted": tk._("from acceptance"),
        "consented": tk._("from consent"),
        "expired": tk._("from the end of the first term"),
        "changed": tk._("from the change"),
        "updated": tk._("from the update"),
        "requested": tk._("from the request"),
        "served": tk._("from receipt of the letter"),
        "decided": tk._("from the decision"),
    }


def lapses() -> dict[str, str]:
    """What silence means."""
    return {
        "violation": tk._("Silence is a violation"),
        "consent": tk._("Silence is consent"),
        "withdrawn": tk._("Silence ends the matter"),
        "goes_on": tk._("Silence: the department decides without it"),
    }


def consents() -> dict[str, str]:
    """Whose consent an extension needs."""
    return {
        "head": tk._("head of the department"),
        "authority": tk._("head of the data authority"),
        "openness_office": tk._("head of the openness office"),
    }


def levels() -> dict[str, str]:
    """Levels of government."""
    return {
        "national": tk._("National"),
        "province": tk._("Province"),
        "city": tk._("City"),
        "county": tk._("County or district"),
        "portal": tk._("The portal's own rule"),
    }


def ranks() -> dict[str, str]:
    """Ranks of texts."""
    return {
        "law": tk._("Law"),
        "administrative_regulation": tk._("Administrative regulation"),
        "local_regulation": tk._("Local regulation"),
        "government_rule": tk._("Government rule"),
        "normative_document": tk._("Normative document"),
        "portal": tk._("The portal's own rule"),
    }


def askers() -> dict[str, str]:
    """Who asks."""
    return {
        "department": tk._("departments"),
        "organisation": tk._("organisations"),
        "person": tk._("persons"),
    }


def span(amount: int, unit: str) -> str:
    """So many days or months."""
    words = {
        "working_days": tk.ungettext("{number} working day", "{number} working days", amount),
        "calendar_days": tk.ungettext("{number} calendar day", "{number} calendar days", amount),
        "months": tk.ungettext("{number} month", "{number} months", amount),
    }
    return words[unit].format(number=amount)


def listed(words: Iterable[str]) -> str:
    """Several things one after the other."""
    return tk._(", ").join(words)


def joined(said: Iterable[str]) -> str:
    """Several sentences, each without its full stop, as one text."""
    stop, blank = (".", " ") if spoken() == ENGLISH else ("。", "")
    return f"{stop}{blank}".join(said) + stop


def terms() -> dict[str, str]:
    """What a term is for; one that is not here is shown by its name."""
    return {
        "open_application.check": tk._("Application for conditional data: completeness check"),
        "open_application.supplement": tk._("Application for conditional data: supplement"),
        "open_application.decide": tk._("Application for conditional data: reply"),
        "open_application.extend": tk._("Application for conditional data: extension"),
        "open_application.consult": tk._("Application for conditional data: third party's answer"),
        "open_application.serve": tk._("Application for conditional data: delivery of a letter"),
        "open_application.provide": tk._(
            "Application for conditional data: until the data can be fetched"
        ),
        "open_application.reopen": tk._(
            "Application for conditional data: supplement handed in late, with a reason"
        ),
        "open_application.suspend": tk._("Grant: how long a head may suspend it"),
        "open_application.defend": tk._("Grant: how long its holder may say his side"),
        "open_application.object": tk._("Application for conditional data: objection"),
        "open_application.review": tk._("Application for conditional data: answer to an objection"),
        "share_application.check": tk._("Application to share: completeness check"),
        "share_application.supplement": tk._("Application to share: supplement"),
        "share_application.decide": tk._("Application to share: reply"),
        "share_application.extend": tk._("Application to share: extension"),
        "share_application.provide": tk._("Application to share: handing the data over"),
        "correction_review.decide": tk._("Correction review: answer"),
        "correction_review.extend": tk._("Correction review: extension"),
        "correction_review.pass_on": tk._("Correction review: passing on by the platform"),
        "catalogue_review.change": tk._("Catalogue: update after a change"),
        "catalogue_review.report": tk._("Catalogue: report the update with its basis"),
        "catalogue_review.change_extend": tk._("Catalogue: extension of the update"),
        "catalogue_review.report_extend": tk._("Catalogue: extension of the report"),
        "catalogue_review.review": tk._("Catalogue: review and publication of an update"),
        "catalogue_review.step": tk._("Catalogue: each step of the review"),
        "reclassification.decide": tk._("Change of the open attribute: decision"),
        "individual_catalogue.decide": tk._("Individual catalogue: consent"),
        "department_assessment.comment": tk._("Assessment: remarks of the department"),
        "violation_notice.mend": tk._("Rectification: putting it right"),
        "violation_notice.order": tk._("Rectification: the government's order"),
        "data_dispute.negotiate": tk._("Data dispute: negotiation"),
        "data_dispute.decide": tk._("Data dispute: decision"),
        "demand.decide": tk._("Data demand: reply"),
    }


def clauses() -> dict[str, str]:
    """What a clause is about."""
    return {
        "also_under": tk._("Texts that bind along with this one"),
        **_clauses_of_sharing(),
        "application_materials": tk._("Materials an applicant must bring are listed"),
        "assessment": tk._("Assessment of departments"),
        "attribute_review": tk._("Who reviews the open attribute"),
        "audit_trail": tk._("Every use can be traced"),
        "catalogue_fields": tk._("What a catalogue entry states"),
        "disclosure_grounds": tk._("What alone may be kept from the public"),
        "dispute": tk._("Data that differ between departments"),
        "emergency_alarm": tk._("Who is told of a late emergency update"),
        "emergency_drills": tk._("Emergency plan and drills"),
        "emergency_rhythm": tk._("How often emergency data is updated"),
        "emergency_types": tk._("Opening in an emergency"),
        "first_responsible_person": tk._("First responsible person"),
        "individual_catalogue": tk._("Individual catalogue"),
        "lapse_warning": tk._("Warning before a text lapses"),
        "open_attributes": tk._("Open attributes"),
        "open_functions": tk._("What the open platform offers"),
        "open_list_fields": tk._("What the open list states"),
        "open_plan": tk._("Yearly plan of opening"),
        "open_restriction": tk._("Restricted opening and its basis are public"),
        "opening_principle": tk._("What shall and what may not be opened"),
        "opening_priorities": tk._("Opening priorities"),
        "own_platform": tk._("Platform"),
        "personal_information": tk._("Personal information needs the person's consent"),
        "project_catalogue": tk._("Data catalogue of an IT project"),
        "reclassification": tk._("When non-open data may be opened"),
        "rectification": tk._("Rectification of violations"),
        "refusal": tk._("Refusing to open data"),
        "reminders": tk._("Reminders"),
        "review_applicants": tk._("Who may ask for a correction review"),
        "review_protection": tk._("Nobody is turned away during a review"),
        "security_incident": tk._("Security incidents"),
        "update_timeliness": tk._("How timely data is updated"),
        "use_records": tk._("Records of use"),
    }


def _clauses_of_sharing() -> dict[str, str]:
    return {
        "base_databases": tk._("Basic databases"),
        "base_databases_unconditional": tk._("Basic data is shared unconditionally"),
        "forbidden_channels": tk._("Forbidden channels"),
        "no_third_party": tk._("Shared data is not passed on"),
        "one_source": tk._("One source per datum"),
        "share_filing": tk._("Filing form and commitment letter"),
        "share_grounds": tk._("Rank of a basis that restricts sharing"),
        "share_mediation": tk._("Mediation where sharing is refused"),
        "share_modes": tk._("Modes of sharing"),
        "share_refusal": tk._("Refusing to share"),
        "share_restriction": tk._("Basis of restricted sharing"),
        "share_route": tk._("Way of an application to share"),
        "share_scope": tk._("With whom and for what data is shared on conditions"),
        "share_types": tk._("Share types"),
        "shared_in_not_opened": tk._("What came by sharing is not opened"),
        "shared_through_platform": tk._("Basic data is shared through the platform"),
        "themes_shared": tk._("Themes that are always shared"),
    }


def refusal(no: Refusal) -> str:
    """A refusal of the rules' core, with the term that it is about in words."""
    return refusals.sentence(no, named=term_named(no))


def term_named(no: Refusal) -> dict[str, str]:
    """The term that a refusal is about, and those that there are, in words where they are known;
    programs have the codes among the facts."""
    known = {name: terms().get(code, code) for name, code in no.facts.items() if name == "term"}
    if no.code == "term_unknown":
        words = (terms().get(code, "") for code in no.facts.get("known", "").split(", "))
        known["known"] = "、".join(dict.fromkeys(word for word in words if word))
    return known


REFUSALS: dict[str, Callable[[], str]] = {
    "calendar_unknown_year": lambda: tk._(
        "There is no calendar for {year} (for {value}); days can be counted from {first} to {last}."
    ),
    "pause_ends_before_it_begins": lambda: tk._("The pause {value} ends before it begins."),
    "number_negative": lambda: tk._("{value} is less than nothing."),
    "jurisdiction_unknown": lambda: tk._("There is no jurisdiction '{value}'; known are: {known}."),
    "term_unknown": lambda: tk._("There is no term '{value}'; known are: {known}."),
    "term_not_extendable": lambda: tk._("The text that sets {term} allows no extension."),
    "term_not_set": lambda: tk._("No text in force sets {term} for whoever asks."),
    "clause_unknown": lambda: tk._("No text has a rule '{value}'."),
}


def citation(level: Instrument, article: str) -> str:
    """An article with the number, or else the title, of its text."""
    return f"{cited_as(level)} {article}"


def cited_as(level: Instrument) -> str:
    """The number, or else the title, under which a text is cited."""
    return level.number or level.document.get(SIMPLIFIED, "")

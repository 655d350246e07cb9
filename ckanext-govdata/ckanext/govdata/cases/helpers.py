"""What the pages of cases ask for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

import ckan.plugins.toolkit as tk
from markupsafe import Markup

from .. import now, slices
from ..departments import roles, seats
from ..departments.offices import first_responsible_of, offices
from ..domain import state_diagram
from ..domain.locales import SIMPLIFIED, Label
from ..domain.procedure import Command, Procedure, Role
from ..domain.refusal import Refusal
from ..domain.remedy import Against, RemedyWay
from ..repeats import request_key
from ..rules import in_force
from ..security import kept_texts
from ..speech import language, phrases, when
from . import change_warning, refusal_sentences
from .answers import CaseAnswer, LetterContent
from .consequences import Count
from .engine import beginnings, declared_procedures
from .engine.case_rules import OVERDUE, UNPROVIDED
from .pages import late_term, letter_citations, letter_code, letter_text, outcomes, remedies
from .terms import of_version

LATE = frozenset({OVERDUE, UNPROVIDED})
"""The options under which commands are open where something is late."""


def govdata_written_by(action: str = "") -> Markup:
    """A form's hidden fields: for whom it was made, so that what he writes is not lost when his
    session ends, and its key, so that two clicks are one act; ``action`` is where it is sent, by
    default the page itself."""
    if not tk.current_user.is_authenticated:
        return Markup()
    value = kept_texts.mark(tk.current_user.id, action or tk.request.full_path)
    field = Markup('<input type="hidden" name="{}" value="{}">')
    return field.format(kept_texts.FIELD, value) + request_key.hidden_field()


def govdata_beginnings(place: str, **named: str) -> list[dict[str, str]]:
    """What may be begun from a page of this kind about what is named there: title and address.

    Whoever works where it may be written down for others is offered that, too.
    """
    found: list[dict[str, str]] = []
    for procedure in declared_procedures.procedures().values():
        if place not in procedure.starts_from or procedure.gives_data:
            continue
        address = tk.h.url_for("govdata_cases.begin", kind=procedure.kind, **named)
        offers = beginnings.offers(procedure, tk.current_user, named)
        if offers.himself:
            title = phrases.label(procedure.words.pages["begin_button"])
            found.append({"kind": procedure.kind, "title": title, "url": address})
        for command in offers.for_others:
            title = phrases.label(command.label)
            url = f"{address}&command={command.name}"
            found.append({"kind": procedure.kind, "title": title, "url": url})
    return found


def govdata_late_said(case: CaseAnswer) -> str:
    """How many days a case is late, and who is first responsible for that: by name where one is
    entered, else by the office that the place's text names, with its article."""
    days = (now.today() - date.fromisoformat(case["due"] or "")).days
    late = tk.ungettext("It is {n} day late.", "It is {n} days late.", days).format(n=days)
    ruling = in_force.rulebook().clause(
        case["jurisdiction"], "first_responsible_person", now.today()
    )
    name = tk.h.govdata_script(first_responsible_of(case["organization_id"]))
    if isinstance(ruling, Refusal) and not name:
        return late
    cited = ""
    if not isinstance(ruling, Refusal):
        text = letter_citations.of_text(ruling.source, ruling.clause.article)
        cited = phrases.bracketed(letter_citations.cited_words(text, text=False))
    person = tk._("First responsible is {person}{article}.").format(
        person=name or tk._("the principal head of the department"), article=cited
    )
    return phrases.joined((late, person))


def govdata_late_law(case: CaseAnswer) -> LateLaw | None:
    """What the law gives whoever waits for an answer or data that is late; ``None`` before, and
    where an answer was given: its letter says what the law gives, and from when."""
    if not (case["open"] and case["overdue"]) or case["holder"] == Role.OBJECTION_BODY.value:
        return None
    office = offices().get(case["organization_id"], "")
    lines = remedies.told(case["jurisdiction"], office, Against.LATE, now.today())
    main = case["clocks"].get(case["main_clock"])
    if main is None or not main["own_rule"]:
        return LateLaw("", remedies.sentences(lines, unprovided=bool(case["outcome"])))
    ended = None if case["outcome"] else late_term.statutory_end(case["id"])
    if ended and now.today() > ended:
        return LateLaw(_law_passed(ended), remedies.sentences(lines))
    # No text's term has passed yet: no article on violations is cited for the portal's own one.
    lines = [one for one in lines if one["way"] == RemedyWay.COMPLAIN.value]
    own = tk._("You may report it on this portal (the portal's own rule).")
    return LateLaw(_own_passed(ended, bool(case["outcome"])), [own, *remedies.sentences(lines)])


class LateLaw(NamedTuple):
    """Whose term has passed, where that is not a text's alone, and what the law gives, as
    sentences."""

    passed: str
    ways: list[str]


def _law_passed(ended: date) -> str:
    return tk._(
        "As a request for government information it was to be answered by {day} at the latest "
        "(Regulations on Open Government Information, article 33); the terms of "
        "reconsideration and suit count from that day."
    ).format(day=when.day_written(ended.isoformat()))


def _own_passed(ends: date | None, answered: bool) -> str:
    if answered:
        return tk._("Only this portal's own term has passed.")
    if ends is None:
        return tk._(
            "Only this portal's own term has passed. As a request for government information the "
            "law's own term counts (Regulations on Open Government Information, article 33): those "
            "of reconsideration and suit run from its end."
        )
    return tk._(
        "Only this portal's own term has passed. As a request for government information the "
        "law's own term ends on {day} (Regulations on Open Government Information, article 33): "
        "those of reconsideration and suit run from its end."
    ).format(day=when.day_written(ends.isoformat()))


def govdata_only_late(command: Command) -> bool:
    """Whether it is open only where an answer, or data that was granted, is late."""
    return not command.source and bool(command.also_from) and LATE.issuperset(command.also_from)


def govdata_subject_page(about: str, place: Mapping[str, str]) -> str:
    """The address of the page of what a case is about, where it is no entry and has one."""
    page = slices.registered("subject_pages").get(about)
    return page(place) if page else ""


def govdata_role(role: str) -> str:
    """A role in words."""
    return refusal_sentences.roles().get(role, role)


def govdata_usual_term() -> str:
    """The term that most people ask for: that of the answer to an application for data."""
    kinds = declared_procedures.procedures().values()
    found = next((one for one in kinds if one.gives_data), None)
    return found.term(found.main_clock) if found else ""


def govdata_outcome(outcome: str, kind: str) -> str:
    """An outcome of a procedure in words."""
    return outcomes.outcome(kind, outcome)


def govdata_letter_title(letter: LetterContent) -> str:
    """The title of a letter."""
    return letter_text.title(letter)


def govdata_letter_text(letter: LetterContent) -> letter_text.LetterText:
    """A letter in whole sentences."""
    return letter_text.letter_text(letter)


def govdata_code_picture(address: str) -> Markup:
    """A code that a telephone reads, which leads to an address of this portal."""
    return letter_code.picture(address)


def govdata_terms_of(version: str) -> tuple[str, ...]:
    """The clauses of the terms of use in that version, in the reader's language; none where no file
    has it any more."""
    terms = of_version(version)
    return terms.terms.get(language.spoken(), terms.terms[SIMPLIFIED]) if terms else ()


def govdata_standing(standing: str) -> str:
    """How a grant stands."""
    return {
        "coming": tk._("not yet in force"),
        "in_force": tk._("in force"),
        "suspended": tk._("suspended"),
        "revoked": tk._("revoked"),
        "expired": tk._("expired"),
    }.get(standing, standing)


def govdata_desk_tabs() -> dict[str, str]:
    """The tabs of the desk."""
    return {
        "mine": tk._("Mine"),
        "department": tk._("My department's"),
        "due_soon": tk._("Due soon"),
        "overdue": tk._("Overdue"),
        "all": tk._("All, also closed"),
    }


def govdata_is_officer() -> bool:
    """Whether the present user handles cases of some department."""
    user = tk.current_user
    return bool(user.is_authenticated and seats.works_in(user.id))


def govdata_is_auditor() -> bool:
    """Whether the present user is an auditor."""
    return bool(tk.current_user.is_authenticated and roles.audits(tk.current_user.id))


def govdata_diagram(procedure: Procedure) -> Markup:
    """The picture of a procedure; every text in it was escaped by the serialiser."""
    drawn = state_diagram.svg(
        procedure, language.spoken(), refusal_sentences.roles(), tk._("time ran out")
    )
    return Markup(drawn)  # noqa: S704


def govdata_instant(instant: str | datetime) -> str:
    """Day and time of an instant as the portal's clocks show them, such as 2026-11-22 09:05."""
    return f"{now.in_beijing(instant):%Y-%m-%d %H:%M}"


def govdata_event(name: str, kind: str, title: Label | None = None) -> str:
    """What happened in a case, in words; what no file declares any more by its command's name."""
    return outcomes.happened(kind, name) or (phrases.label(title) if title else "") or name


def govdata_ledger_words(action: str) -> str:
    """What an entry of the ledger tells, in words; the code where nobody has words for it."""
    kind, _, name = action.partition("_")
    if kind != "case":
        return tk.h.govdata_ledger_event(action) or tk.h.govdata_act(action)
    kinds = declared_procedures.procedures()
    said = dict.fromkeys(outcomes.happened(kind, name) for kind in kinds)
    return " / ".join(filter(None, said)) or name  # the ledger does not say of which kind it was


def govdata_deletion() -> Count:
    """What deleting what the page's address names would do to grants and open cases."""
    return change_warning.of_deletion(tk.request.view_args or {})


def govdata_many() -> tuple[Count, list[str]]:
    """On CKAN's page for many entries: what the pressed button would do, and to which of them."""
    each = change_warning.of_many()
    touched = [name for name, one in each.items() if one.grants or one.cases]
    return sum(each.values(), Count()), touched


def govdata_count(mark: str) -> Count:
    """The numbers of a mark, as the form's check has found them."""
    return Count(*(int(n) for n in mark.split("-")))


def govdata_consequences_mark(found: Count) -> str:
    """What a tick at these numbers says."""
    return change_warning.mark(found)

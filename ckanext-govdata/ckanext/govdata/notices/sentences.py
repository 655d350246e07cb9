"""What is told, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ckan.plugins.toolkit as tk

from .. import slices
from ..domain.letter_class import LetterClass
from ..speech import phrases


def sentence(kind: str, facts: Mapping[str, object]) -> str:
    """One notice as a sentence; it names no applicant."""
    words = _own(kind, facts) or WORDS.get(kind, _several if kind.endswith("_many") else _one)()
    if facts.get("letter"):
        letter = tk._("The letter to its holder says what may be done against that.")
        words = phrases.joined((words, letter))
    known = {**dict.fromkeys(NAMED, ""), **facts}
    return words.format(**{name: str(value) for name, value in known.items()})


def subject(kind: str, facts: Mapping[str, object]) -> str:
    """What a mail of one notice is called: shorter than its sentence where a slice has words."""
    found = (say(kind, facts) for say in slices.registered("notice_subjects").values())
    return next(filter(None, found), "") or sentence(kind, facts)


def _own(kind: str, facts: Mapping[str, object]) -> str:
    """What a slice above has declared for it in the reader's language, such as a procedure's
    words; empty where nobody has."""
    found = (say(kind, facts) for say in slices.registered("notice_words").values())
    return next(filter(None, found), "")


NAMED = ("reference", "title", "due", "until", "count", "name", "first", "last", "event")
"""The facts that sentences name."""


def address(
    kind: str, case_id: str | None, facts: Mapping[str, object], outside: bool = False
) -> str:
    """The page that a notice leads to: grant or case, or the desk where it tells of several."""
    if facts.get("grant"):
        return tk.h.url_for("govdata_grants.read", grant_id=facts["grant"], _external=outside)
    if facts.get("dataset"):
        return tk.h.url_for("dataset.read", id=facts["dataset"], _external=outside)
    if facts.get("import"):
        return tk.h.url_for(
            "govdata_catalogue.import_show", import_id=facts["import"], _external=outside
        )
    if facts.get("emergency"):
        return tk.h.url_for("govdata_emergency.event", name=facts["emergency"], _external=outside)
    if facts.get("hook"):
        return tk.h.url_for(
            "govdata_emergency_hooks.read", hook_id=facts["hook"], _external=outside
        )
    if facts.get("tokens"):
        return tk.h.url_for("user.api_tokens", id=facts["tokens"], _external=outside)
    if facts.get("account"):
        return tk.h.url_for("user.edit", id=facts["account"], _external=outside)
    if kind == "deputy":
        return tk.h.url_for("govdata_departments.away", _external=outside)
    if case_id:
        return tk.h.url_for("govdata_cases.read", case_id=case_id, _external=outside)
    tab = "overdue" if kind.startswith("overdue") else "department"
    return tk.h.url_for("govdata_cases.desk", tab=tab, _external=outside)


def _one() -> str:
    return tk._("There is news in case {reference}.")


def _several() -> str:
    return tk._("There is news in {count} cases.")


WORDS: dict[str, Callable[[], str]] = {
    "emergency_late": lambda: tk._(
        "'{title}' in the emergency '{event}' was to be updated at {due} and is late."
    ),
    "overdue": lambda: tk._("Case {reference} is overdue: the answer was due on {due}."),
    "recounted": lambda: tk._(
        "Case {reference} is now due on {due}: its days were counted anew after the notice of "
        "holidays and working days."
    ),
    "recounted_many": lambda: tk._(
        "{count} cases have a new due day: their days were counted anew after the notice of "
        "holidays and working days."
    ),
    "unprovided": lambda: tk._(
        "The data that was granted in case {reference} cannot be fetched yet; the last day for it "
        "was {due}."
    ),
    "lapsed": lambda: tk._("Case {reference} lapsed, because nothing was supplied in time."),
    "reminder": lambda: tk._("Case {reference} is due on {due}."),
    "overdue_reminder": lambda: tk._("Case {reference} is still not done; it was due on {due}."),
    "overdue_many": lambda: tk._("{count} cases are overdue."),
    "reminder_many": lambda: tk._("{count} cases are due on {due}."),
    "overdue_reminder_many": lambda: tk._(
        "{count} cases are still unanswered; they were due on {due}."
    ),
    "import_broken_off": lambda: tk._(
        "The import of “{title}” broke off and wrote nothing. Its page lets it go on."
    ),
    "no_mail": lambda: tk._(
        "Letters to your mail address were refused for days and are not tried any more. What they "
        "said stands here. Please put your address right."
    ),
    "unreached": lambda: tk._(
        "The applicant in case {reference} cannot be reached by mail: letters were refused for "
        "days. Please reach the applicant in another way."
    ),
    "unreached_many": lambda: tk._(
        "In {count} cases the applicant cannot be reached by mail: letters were refused for days. "
        "Please reach the applicants in another way."
    ),
    "token_ends": lambda: tk._(
        "Your API token '{name}' ends on {due}. Programs that call the portal with it are refused "
        "then: make a new one, give it to them, and revoke this one."
    ),
    "deputy": lambda: tk._("You stand in for {name} from {first} to {last}."),
    "grant_ending": lambda: tk._(
        "Your grant {reference} ends on {until}. You may renew it before."
    ),
    "grant_revoked": lambda: tk._(
        "Grant {reference} was revoked. The letter to its holder gives the reason, and what may be "
        "done against it and until when."
    ),
    "grant_suspended": lambda: tk._(
        "Grant {reference} is suspended. The letter to its holder gives the reason, and what may "
        "be done against it and until when."
    ),
    "grant_lifted": lambda: tk._(
        "Grant {reference} is no longer suspended: its data may be used again until {until}."
    ),
    "grant_resumed": lambda: tk._(
        "Grant {reference} is in force again until {until}: the term of its suspension has run "
        "out, and nobody has decided on it. The letter to its holder says so."
    ),
    "grant_expired": lambda: tk._(
        "Your grant {reference} ended on {until}. Please report how the data was used."
    ),
    "grant_member_added": lambda: tk._(
        "You were named in grant {reference}: you may use its data until {until}."
    ),
    "use_reported": lambda: tk._("A use report on grant {reference} came in."),
    "grant_entry_withdrawn": lambda: tk._(
        "Your grant {reference} is suspended: the department has withdrawn the entry."
    ),
    "grant_entry_deleted": lambda: tk._(
        "Your grant {reference} has ended: the department has deleted the entry."
    ),
    "grant_provider_gone": lambda: tk._(
        "Your grant {reference} is suspended: no department provides the data any more."
    ),
    "grant_entry_moved": lambda: tk._(
        "Your grant {reference} is suspended: another department provides the data now and has "
        "to confirm it."
    ),
    "grant_open_to_all": lambda: tk._(
        "Your grant {reference} has ended: the data is open to everybody now, on the entry's page."
    ),
    "grant_files_gone": lambda: tk._(
        "Your grant {reference} has ended: its files are not there any more."
    ),
    "grant_entry_closed": lambda: tk._(
        "Your grant {reference} has ended: the data is not open on conditions any more."
    ),
    "grant_to_confirm": lambda: tk._(
        "Grant {reference} is suspended because of what became of its entry, and waits for your "
        "department: lift that once the data may be used again, or end it by letter."
    ),
    "grant_ended_with_entry": lambda: tk._(
        "Grant {reference} of your department has ended because of a change of its entry. See "
        "whether that change is right."
    ),
    "grant_succeeded": lambda: tk._(
        "Your grant {reference} goes on as it is: “{successor}” has taken over from “{department}”."
    ),
    "department_succeeded": lambda: tk._(
        "“{title}” ended on {day} ({basis}). “{heir_title}” has taken over from it: "
        "{entries} entries, {cases} open cases, {grants} running grants."
    ),
    "case_moved": lambda: tk._(
        "Case {reference} is now with the department that has taken over its entry. "
        "It is due on {due}."
    ),
    "case_vacated": lambda: tk._(
        "Whoever had {reference} has left the department. It waits for somebody to take it on; "
        "it is due on {due}."
    ),
    "case_hindered": lambda: tk._(
        "What is asked for in {reference} was withdrawn, closed or changed; the case's page says "
        "what that means."
    ),
    "hook_stopped": lambda: tk._(
        "Your webhook to {name} was switched off after {count} failures in a row. Its page says "
        "what went wrong."
    ),
    "report_owed": lambda: tk._("The use report of your grant {reference} is overdue."),
}

CLASSES = {
    "emergency_late": LetterClass.EMERGENCY,
    **dict.fromkeys(
        (
            "overdue",
            "reminder",
            "overdue_reminder",
            "token_ends",
            "grant_ending",
            "grant_expired",
            "report_owed",
        ),
        LetterClass.REMINDER,
    ),
}
"""Of which class the letter of a notice is: that of a decision where none stands here, as for all
that procedures tell of what happened in a case."""


def letter_class(kind: str) -> LetterClass:
    """Of which class the letter is that tells of one notice, or of the number of several."""
    return CLASSES.get(kind.removesuffix("_many"), LetterClass.DECISION)


FORMS_AT = {"/notices/preference": ("notice_preference",)}
"""The forms that stand at an address."""

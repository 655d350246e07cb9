"""Refusals of the case engine in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

import ckan.plugins.toolkit as tk

from ..access.grantable import OpeningRule
from ..domain.procedure import Procedure
from ..domain.refusal import Refusal
from ..forms import refusals
from ..rules.sentences import term_named
from ..speech import phrases


def by_field(procedure: Procedure, reasons: Iterable[Refusal]) -> dict[str, list[str]]:
    """Every reason by field, as CKAN's validation errors have them."""
    return refusals.by_field(
        (replace(one, field=one.field or "command") for one in reasons),
        lambda one: words(procedure, one),
    )


def invalid(procedure: Procedure, reasons: Iterable[Refusal]) -> tk.ValidationError:
    """All that stands against a command, by field."""
    given = (replace(one, field=one.field or "command") for one in reasons)
    return refusals.invalid(given, lambda one: words(procedure, one))


def undeclared() -> tk.ValidationError:
    """That a case's procedure is in no file any more: 409."""
    sentence = tk._(
        "The procedure of this case is not declared here any more. Nothing of the "
        "case is lost; the operator has to put the procedure's file back."
    )
    return tk.ValidationError({"procedure": [sentence]})


def words(procedure: Procedure, reason: Refusal) -> str:
    """One reason as a sentence, with its article; where the procedure has words for it, in its."""
    own = procedure.words.pages.get(OWN_WORDS.get(reason.code, ""))
    if own:
        return phrases.label(own).format(value=reason.value)
    return refusals.sentence(reason, named=_named(procedure, reason), reader="decide")


def not_given(names: Collection[str], rule: OpeningRule) -> str:
    """Why sensitive items cannot be chosen; empty where there are none.

    :param rule: ``grounds`` on which a text opens them all the same, and its ``article``
    """
    if not names:
        return ""
    said = tk._("{names}: declared sensitive, so no application gives them.")
    script = tk.h.govdata_script
    said = said.format(names=tk._(", ").join(script(name) for name in names))
    grounds = [GROUNDS[code]() for code in rule.get("grounds", ()) if code in GROUNDS]
    if not grounds:
        return said
    only = tk._("They may be opened only where {grounds}.").format(
        grounds=tk._(" or ").join(grounds)
    )
    return phrases.joined((said, only)) + phrases.bracketed(script(rule.get("article", "")))


GROUNDS: dict[str, Callable[[], str]] = {
    "desensitised": lambda: tk._("they were lawfully desensitised"),
    "right_holder_consents": lambda: tk._("the right holder consents"),
    "public_interest": lambda: tk._(
        "the department finds that keeping them closed may gravely affect the public interest"
    ),
}
"""On which grounds a text opens what touches trade secrets or privacy (clause
``reclassification``)."""


def _named(procedure: Procedure, reason: Refusal) -> dict[str, str]:
    """The facts that are names in the procedure, in the reader's words."""
    found: dict[str, str] = {}
    command = procedure.commands.get(reason.value)
    if command and reason.field == "command":
        found["value"] = phrases.label(command.label)
    state = procedure.states.get(reason.facts.get("state", ""))
    if state:
        found["state"] = phrases.label(state.label)
    possible = [
        phrases.label(procedure.commands[name].label)
        for name in reason.facts.get("possible", "").split()
        if name in procedure.commands
    ]
    found["possible"] = tk._(", ").join(possible) or tk._("nothing")
    known = roles()
    listed = [known.get(role, role) for role in reason.facts.get("roles", "").split()]
    found["roles"] = tk._(", ").join(listed)
    other = procedure.fields.get(reason.facts.get("other", ""))
    if other:
        found["other"] = phrases.label(other.label)
    return found | term_named(reason)


def roles() -> dict[str, str]:
    """The roles in words."""
    return {
        "applicant": tk._("applicant"),
        "officer": tk._("officer"),
        "head": tk._("head of the department"),
        "openness_office": tk._("openness office"),
        "authority": tk._("data authority"),
        "authority_head": tk._("head of the data authority"),
        "government": tk._("government"),
        "objection_body": tk._("body that decides on objections"),
        "auditor": tk._("auditor"),
        "": tk._("by itself"),
    }


OWN_WORDS = {"applied_already": "same"}
"""Refusals that each procedure words itself, by the name of the words among its pages'."""

REFUSALS: refusals.Sentences = {
    "unknown_command": lambda: tk._("There is no command '{value}'."),
    "wrong_state": lambda: tk._(
        "'{value}' is not possible while the case is: {state}. Possible are: {possible}."
    ),
    "nothing_supplied": lambda: tk._(
        "Nothing is supplied: answer each point, or change what was asked about."
    ),
    "material_missing": lambda: tk._("'{value}' is missing: the department requires it."),
    "wrong_role": lambda: tk._("'{value}' is for: {roles}."),
    "own_side": lambda: tk._(
        "You belong to the applicant's side: nobody acts officially in a case of his own."
    ),
    "stands_for_applicant": lambda: tk._(
        "You stand in for the applicant today, so you keep out of his case."
    ),
    "own_department": lambda: tk._(
        "You work for the department that decided: it does not judge objections against itself."
    ),
    "did_propose": lambda: tk._(
        "You, or the one for whom you act, made the proposal in this case or let its data through "
        "before: somebody else has to give '{value}'."
    ),
    "did_decide": lambda: tk._(
        "You, or the one for whom you act, decided in this case: somebody else has to give "
        "'{value}'."
    ),
    "did_judge": lambda: tk._(
        "You, or the one for whom you act, judged the objection in this case: somebody else has "
        "to give '{value}'."
    ),
    "nobody_answers": lambda: tk._(
        "This portal knows no body above the department that decides on objections. Turn to the "
        "government of the place, or to the authority above the department."
    ),
    "no_common_superior": lambda: tk._(
        "This portal knows no body above both departments that could settle this. Hand the case "
        "over on paper, with its file, and say to whom."
    ),
    "already_given": lambda: tk._("'{value}' was given already; it is possible once."),
    "too_late": lambda: tk._("The last day for '{value}' was {due}."),
    "clock_moved_back": lambda: tk._(
        "Today is {value}, but the case has an entry of {last}: the clock was moved back."
    ),
    "other_terms": lambda: tk._("The terms in force are version {version}: read and accept them."),
    "columns_not_named": lambda: tk._(
        "Choose the columns of each file: what is not chosen is not given."
    ),
    "columns_without_file": lambda: tk._("Columns are chosen of a file that is not chosen."),
    "all_that_was_asked": lambda: tk._(
        "This is all that was asked for: approve, or give less in files, columns, rows or days."
    ),
    "applied_already": lambda: tk._("You have this already: {value}."),
    "not_conditional": lambda: tk._("Only data that is open on conditions is applied for."),
    "decide.entry_withdrawn": lambda: tk._(
        "The department has withdrawn this entry, so its data cannot be given. "
        "The application is refused with this reason, or the applicant withdraws it."
    ),
    "decide.data_not_open": lambda: tk._(
        "The entry is not open any more, so its data cannot be given. "
        "The application is refused with this reason, or the applicant withdraws it."
    ),
    "decide.attribute_missing": lambda: tk._(
        "The entry does not state any more that its data is open on conditions. "
        "Have its open attribute settled first, or refuse the application with this reason."
    ),
    "open_to_all": lambda: tk._(
        "The data is open to everybody by now: nothing needs to be granted. "
        "The applicant can take it from the entry's page, and the application can be ended."
    ),
    "entry_moved": lambda: tk._(
        "Another department provides this data now: the decision is no longer this one's."
    ),
    "files_gone": lambda: tk._(
        "{gone} of the files that were asked for are not there any more. Ask the applicant for a "
        "supplement that names others, give what is left, or refuse with this reason."
    ),
    "fee_without_basis": lambda: tk._(
        "Data is opened free of charge: “{value}” asks for money. A condition may do so only by a "
        "law or an administrative regulation on fees, which is cited as a basis (Regulations on "
        "Open Government Information)."
    ),
    "served_in_future": lambda: tk._(
        "{value} is yet to come: note the day when the letter is there."
    ),
    "served_before_asked": lambda: tk._(
        "{value} is before the letter was written; the first was on {first}."
    ),
    "party_asked_already": lambda: tk._(
        "{value} was written to on {day} already. If this letter takes the place of that one, "
        "choose it there; if it is somebody else of the same name, add what tells them apart."
    ),
    "party_answered": lambda: tk._(
        "{value} answered the letter of {day}, and that answer counts: it is not replaced. Write "
        "again without choosing a letter here; an answer that was noted wrongly is noted anew."
    ),
    "ground_ends_no_grant": lambda: tk._(
        "'{value}' only says what kind of answer it is and ends nothing: cite a ground "
        "(Regulations on Open Government Information, articles 14 to 16, a law or an "
        "administrative regulation) or a clause of the terms of use."
    ),
    "no_such_clause": lambda: tk._(
        "'{value}': the terms of use under which this grant was given ({version}) have {most} "
        "clauses. Cite one as 数据使用条款（{version}）第一条."
    ),
    "not_own_department": lambda: tk._(
        "Only who works for the department that provides the entry notes a change of it."
    ),
    "not_the_authority": lambda: tk._(
        "Only the data authority of the place notifies a department, and never itself."
    ),
    "changed_in_future": lambda: tk._("{value} is yet to come: note the change once it is there."),
    "entry_not_updated": lambda: tk._(
        "The entry was not updated since {value}, the day of the change. Update it first."
    ),
    "clause_not_alone": lambda: tk._(
        "{value} says how a grant is suspended and ended: cite the clause, or the law, that was "
        "broken as well."
    ),
    "holder_not_heard": lambda: tk._(
        "The holder is heard before the grant is ended (the terms of use that were accepted). "
        "Suspend it first, so that he may say his side, or fill in on which day he was heard, how, "
        "and what he said. What is urgent is suspended; no grant ends unheard."
    ),
    "holder_may_speak": lambda: tk._(
        "The letter of the suspension lets the holder say his side until {last}. End the grant "
        "afterwards, or once what he said is noted: on which day he was heard, how, and what he "
        "said."
    ),
    "heard_in_future": lambda: tk._("{value} is yet to come: note a hearing once it was held."),
    "heard_too_early": lambda: tk._(
        "{value} is before {first}, the day of the suspension: the holder is heard on what he is "
        "told by its letter."
    ),
    "parties_not_heard": lambda: tk._(
        "{answered} of {asked} third parties have answered; the others have until {due}. The "
        "consultation ends by itself then, or once each answer is noted (Regulations on Open "
        "Government Information, article 32)."
    ),
    "objection_not_weighed": lambda: tk._(
        "{value} was asked on {day} and does not agree. Say first what is found of the objection: "
        "that it is followed, that to withhold would gravely affect the public interest, or that "
        "it is unfounded. Whom the data is given against is told so in writing, with the reason, "
        "by the same act (Regulations on Open Government Information, article 32)."
    ),
    "objection_was_followed": lambda: tk._(
        "The objection of {value}, asked on {day}, was followed, so what it concerns is not given: "
        "approve in part, or refuse (Regulations on Open Government Information, article 15)."
    ),
    "unheard_not_weighed": lambda: tk._(
        "The letter of {day} to {value} could not be delivered, so nobody has asked him: that is "
        "not silence. The head of the department first says, with the reason, what is found of "
        "his rights (Regulations on Open Government Information, article 15)."
    ),
    "attempts_not_stated": lambda: tk._(
        "The letter of {day} to {value} came back, and the file does not say how delivery was "
        "tried. Note its return once more, with each attempt, before data is given."
    ),
    "delivery_not_noted": lambda: tk._(
        "It is not noted whether the letter of {day} reached {value}: note the day of its receipt, "
        "or that it came back. Nobody is taken to be silent who may never have been asked "
        "(Regulations on Open Government Information, article 32)."
    ),
    "unheard_is_protected": lambda: tk._(
        "What concerns {value}, whom the letter of {day} did not reach, was found to be protected: "
        "approve in part, or refuse (Regulations on Open Government Information, article 15)."
    ),
    "interest_by_head": lambda: tk._(
        "That to withhold would gravely affect the public interest the head of the department "
        "finds (Regulations on Open Government Information)."
    ),
    "interest_not_by_head": lambda: tk._(
        "What was found of the objection of {value}, asked on {day}, rests on the public interest: "
        "the head of the department has to find so (Regulations on Open Government Information, "
        "article 15)."
    ),
    "weighed_late_by_head": lambda: tk._(
        "Data was given already: what is found of this objection now changes what was decided, so "
        "the head of the department says it."
    ),
    "objection_stands": lambda: tk._(
        "An objection was received from this party on {day}. Nobody but the party turns it into "
        "consent: note its written withdrawal, with the document."
    ),
    "nothing_new_since": lambda: tk._(
        "This grant was suspended before, on {first}. Another suspension needs facts that are new "
        "since: say which. Otherwise end the grant, or let it be."
    ),
    "letters_changed": lambda: tk._(
        "The letters would not read any more as they were looked at: what they rest on has changed "
        "meanwhile. Look at them again, also at those to third parties, and confirm then."
    ),
    "part_not_considered": lambda: tk._(
        "What was asked for has parts: what can be severed is given, although the rest may not be "
        "published. Approve in part, or say why no part can be given (Regulations on Open "
        "Government Information)."
    ),
    "beyond_what_was_asked": lambda: tk._("{value} is beyond what was asked for ({asked})."),
}

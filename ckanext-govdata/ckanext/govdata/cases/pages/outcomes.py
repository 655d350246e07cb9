"""Outcomes in the reader's words."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def outcomes() -> dict[str, str]:
    """What a case can come to."""
    return {
        "granted": tk._("Approved"),
        "partly_granted": tk._("Approved in part"),
        "refused": tk._("Refused"),
    }


def judged() -> dict[str, str]:
    """What an objection can come to, by the event."""
    return {
        "upheld": tk._("decision upheld"),
        "decision_ordered": tk._("the department has to decide anew"),
    }


def said(letter: dict[str, Any]) -> str:
    """What a letter says that was decided: of an objection or of an application."""
    return judged().get(letter["decision"]) or outcomes().get(letter["outcome"], "")


def issuer(letter: dict[str, Any]) -> str:
    """In whose name a letter is; those from before it was noted are the department's."""
    return str(letter.get("issuer") or letter["department"])


def title_of(letter: dict[str, Any]) -> str:
    """The title of a letter."""
    if outcome := judged().get(letter["decision"]):
        return tk._("Reply to the objection: {outcome}").format(outcome=outcome)
    return tk._("Reply to the application: {outcome}").format(
        outcome=outcomes().get(letter["outcome"], letter["outcome"])
    )


def happened() -> dict[str, str]:
    """What the events of a case are called once they have happened."""
    return {
        "overdue": tk._("The term ran out without an answer"),
        "lapsed": tk._("Lapsed, because nothing was supplied in time"),
        "consented_by_silence": tk._("Silence was consent"),
        "vacated": tk._("Free again: the officer has left the department"),
        "let_through": tk._("In the emergency its data was published against a warning"),
        "moved": tk._("Came to another department, together with its entry"),
        "recounted": tk._("Counted anew after a notice of working days"),
        "submitted": tk._("Application handed in"),
        "accepted": tk._("Accepted as complete"),
        "supplement_requested": tk._("Asked for everything that was missing"),
        "supplied": tk._("Supplied what was missing"),
        "claimed": tk._("Taken on"),
        "handed_over": tk._("Handed over to a colleague"),
        "remarked": tk._("Note added"),
        "extension_asked": tk._("Extension asked for"),
        "extended": tk._("Term extended"),
        "proposed": tk._("Decision proposed"),
        "sent_back": tk._("Sent back to the officer"),
        "approved": tk._("Application approved"),
        "partly_approved": tk._("Application approved in part"),
        "refused": tk._("Application refused"),
        "withdrawn": tk._("Application withdrawn"),
        "objected": tk._("Objection raised"),
        "upheld": tk._("Decision upheld"),
        "decision_ordered": tk._("New decision ordered"),
        "review_begun": tk._("Review begun"),
        "attribute_proposed": tk._("Open attribute proposed"),
        "review_returned": tk._("Returned to the department"),
        "attribute_settled": tk._("Open attribute settled"),
    }

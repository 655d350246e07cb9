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


def title_of(letter: dict[str, Any]) -> str:
    """The title of a letter."""
    if letter["decision"] == "upheld":
        return tk._("Reply to the objection: decision upheld")
    return tk._("Reply to the application: {outcome}").format(
        outcome=outcomes().get(letter["outcome"], letter["outcome"])
    )


def happened() -> dict[str, str]:
    """What the events of a case are called once they have happened."""
    return {
        "overdue": tk._("The term ran out without an answer"),
        "lapsed": tk._("Lapsed, because nothing was supplied in time"),
        "consented_by_silence": tk._("Silence was consent"),
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
        "objected": tk._("Objection raised with the authority"),
        "upheld": tk._("Decision upheld by the authority"),
        "decision_ordered": tk._("New decision ordered"),
        "review_begun": tk._("Review begun"),
        "attribute_proposed": tk._("Open attribute proposed"),
        "review_returned": tk._("Returned to the department"),
        "attribute_settled": tk._("Open attribute settled"),
    }

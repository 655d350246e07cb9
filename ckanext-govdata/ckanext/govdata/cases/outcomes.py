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

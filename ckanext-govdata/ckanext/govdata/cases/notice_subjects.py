"""What a mail of a case is called: the case by number and title, then what happened; gathered by
the slice of notices."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.plugins.toolkit as tk

from ..domain.notice_roles import RECEIVED
from ..speech import phrases
from .engine import declared_procedures


def case_subject(kind: str, facts: Mapping[str, object]) -> str:
    """The subject of a mail that tells one thing of a case; empty where it is of none."""
    procedure = declared_procedures.procedures().get(str(facts.get("procedure", "")))
    reference, title = str(facts.get("reference") or ""), str(facts.get("title") or "")
    if procedure is None or not (reference and title):
        return ""
    letter = procedure.words.letters.get(procedure.receiving.event)
    receipt = letter.short if letter and kind == RECEIVED else {}
    event = phrases.label(receipt or procedure.words.events.get(kind, {}))
    named = tk._("{reference} “{title}”").format(
        reference=reference, title=tk.h.govdata_script(title)
    )
    return tk._("{label}: {words}").format(label=named, words=event) if event else named

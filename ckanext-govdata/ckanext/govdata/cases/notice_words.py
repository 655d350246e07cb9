"""What procedures tell, in the reader's language; gathered by the slice of notices."""

from __future__ import annotations

from collections.abc import Mapping

from ..speech import phrases
from .engine import declared_procedures


def case_notice(kind: str, facts: Mapping[str, object]) -> str:
    """The sentence of the procedure of a case for whoever is told; empty where it has none."""
    procedure = declared_procedures.procedures().get(str(facts.get("procedure", "")))
    words = procedure.words.notice(kind, str(facts.get("role", ""))) if procedure else None
    return phrases.label(words) if words else ""

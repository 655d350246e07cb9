"""What is checked when CKAN starts."""

from __future__ import annotations

from .. import metadata_schema, vocabularies
from ..config_reader import gathered
from .entry import judgement
from .imports import readers


def check() -> None:
    """Read vocabularies, schemas, the rules of entries and the words of sheets.

    Raises ``BrokenFile`` with all that is wrong with any of them.
    """
    gathered([
        vocabularies.every,
        vocabularies.divisions,
        metadata_schema.check,
        judgement.rule_sources,
        readers.heading_rules,
        readers.value_rules,
    ])

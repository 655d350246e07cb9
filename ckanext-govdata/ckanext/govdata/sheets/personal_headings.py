"""Headings over data of people, from ``config/personal_headings.yaml``; the import of a catalogue
and the emergency desk know them by the same words."""

from __future__ import annotations

from functools import lru_cache

from .. import config_reader
from ..domain import personal_columns
from ..domain.personal_columns import PersonalWords
from ..speech import script


@lru_cache(maxsize=1)
def personal_words() -> PersonalWords:
    """The words of all kinds; raises ``BrokenFile``."""
    source = config_reader.file("personal_headings.yaml")
    fold = script.converter("t2s").convert
    return config_reader.checked(source, lambda top: personal_columns.words_from(top, fold))

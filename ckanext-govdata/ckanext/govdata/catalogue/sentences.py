"""The sentences of this slice for the table of refusals; they stand where they are needed."""
from __future__ import annotations

from .entry import problem_sentences
from .imports import sentences

REFUSALS = {**problem_sentences.REFUSALS, **sentences.REFUSALS}
FORMS_AT = {"/catalogue/import": ("catalogue_import",)}
"""The forms that stand at an address."""

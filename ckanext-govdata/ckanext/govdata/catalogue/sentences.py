"""The sentences of this slice for the table of refusals; they stand where they are needed."""
from __future__ import annotations

import ckan.plugins.toolkit as tk

from .entry import problem_sentences
from .imports import sentences

REFUSALS = {**problem_sentences.REFUSALS, **sentences.REFUSALS}
FORM_LABELS = {
    "/catalogue/import": {
        "place": lambda: tk._("Place of which the sheet speaks, if it says only 市 or 县"),
    },
}
"""The fields of this slice's forms by part of the form's address, for what is kept of them."""

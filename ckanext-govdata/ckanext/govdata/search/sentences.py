"""Words of the search's forms."""
from __future__ import annotations

import ckan.plugins.toolkit as tk

from ..forms import refusals

REFUSALS: refusals.Sentences = {
    "demand_personal": lambda: tk._(
        "Leave out telephone numbers, addresses of mail and other numbers of persons"
    ),
    "demands_often": lambda: tk._(
        "Too many demands. Please try again in {minutes} minutes."
    ),
    "demands_wait": lambda: tk._("Too many demands wait. Try again later."),
}
FORMS_AT = {
    "/search/ask": ("demand",),
    "/govdata/search/answer": ("demand_answer",),
    "/govdata/search/change": ("knowledge_line",),
}
"""The forms that stand at an address."""

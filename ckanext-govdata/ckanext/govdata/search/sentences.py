"""Words of the search's forms."""
from __future__ import annotations

import ckan.plugins.toolkit as tk

FORM_LABELS = {
    "/search/ask": {
        "subject": lambda: tk._("Which data?"),
        "purpose": lambda: tk._("What would you use it for? (need not be said)"),
    },
    "/govdata/search/answer": {"answer": lambda: tk._("Answer")},
    "/govdata/search/change": {"after": lambda: tk._("Line")},
}
"""The fields of this slice's forms by part of the form's address, for what is kept of them."""

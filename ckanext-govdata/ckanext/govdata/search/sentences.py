"""Words of the search's forms."""
from __future__ import annotations

import ckan.plugins.toolkit as tk

FORM_LABELS = {
    "/govdata/search/answer": {"answer": lambda: tk._("Answer")},
    "/govdata/search/change": {"after": lambda: tk._("Line")},
}
"""What inputs that no form declares are called, by part of the address."""
FORMS_AT = {"/search/ask": ("demand",)}
"""The forms that stand at an address."""

"""The forms of the pages, by the addresses at which they stand."""

from __future__ import annotations

FORMS_AT = {"/files": ("entry_file",)}

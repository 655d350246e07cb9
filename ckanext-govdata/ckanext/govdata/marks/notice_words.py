"""What those are told who had data that was wrong."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.plugins.toolkit as tk


def mark_notice(kind: str, _facts: Mapping[str, object]) -> str:
    """The sentence for whoever took the data or follows the entry; empty for other notices."""
    if kind != "data_mended":
        return ""
    return tk._(
        "Something in '{title}', which you took or follow, was wrong and has been corrected. "
        "Please fetch it again."
    )

"""What every page shows of how the portal stands."""
from __future__ import annotations

import ckan.plugins.toolkit as tk

from . import sessions


def banners_sessions() -> list[dict[str, str]]:
    """To whoever is signed in and cannot be recognised: why he sees what strangers see."""
    if not sessions.are_unknown():
        return []
    said = tk._(
        "You are shown what everybody sees: who is signed in cannot be recognised at the moment. "
        "You are still signed in, and nothing of yours is lost.")
    return [{"colour": "blue", "tag": tk._("Notice"), "title": said}]

"""Where the pages of what cases are about stand, for their links."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.plugins.toolkit as tk


def event(place: Mapping[str, str]) -> str:
    """The page of an event."""
    return tk.h.url_for("govdata_emergency.event", name=place["event"])

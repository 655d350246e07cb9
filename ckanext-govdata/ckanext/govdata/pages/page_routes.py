"""Our pages at CKAN's own addresses."""

from __future__ import annotations

from flask import Flask

from .. import settings
from . import files_page, views


def take_over(app: Flask) -> None:
    """Answer CKAN's own routes: addresses, endpoints and slashes stay as everybody knows them."""
    app.view_functions.update(
        {
            "home.index": views.home,
            "home.about": views.about,
            "dataset.search": views.entries,
            "dataset.read": views.entry_page,
            "organization.index": views.departments,
            "organization.read": views.department,
        }
    )
    files_page.take_over(app)
    settings.lead_after_login("govdata_pages.own_work")

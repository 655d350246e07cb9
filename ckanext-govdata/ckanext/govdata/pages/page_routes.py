"""Our pages at CKAN's own addresses."""

from __future__ import annotations

from flask import Flask

from . import views


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

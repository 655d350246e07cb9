"""Our pages at CKAN's own addresses."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Flask

from . import files_page, views

AFTER_LOGIN = "ckan.auth.route_after_login"


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
    if tk.config[AFTER_LOGIN] == "dashboard.datasets":  # CKAN's own, where nobody here works
        tk.config[AFTER_LOGIN] = "govdata_pages.own_work"

"""The button that has a file's table loaded again."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ..web import act, sign_in_first

files_as_tables = Blueprint("govdata_tables", __name__)
files_as_tables.before_request(sign_in_first)


@files_as_tables.post("/dataset/<entry>/resource/<resource_id>/table")
def load(entry: str, resource_id: str) -> Response:
    """Ask for the table, and go back to the entry's files."""
    act("govdata_table_load", resource_id=resource_id)
    return tk.redirect_to("govdata_files.listed", id=entry, _anchor=f"table-{resource_id}")


blueprints = [files_as_tables]

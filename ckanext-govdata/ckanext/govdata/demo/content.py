"""The demo's departments, entries and files; each step loads only what is missing.

Everything goes through the actions that officers use, so loading the demo is
also a trial of the catalogue's import and of the entry's validation.
"""
from __future__ import annotations

import csv
import io
import json
from importlib.resources import files

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict
from werkzeug.datastructures import FileStorage

from .. import config_reader

DATA = files("ckanext.govdata.demo") / "data"
NUMBERS = {"confirmed", "suspected", "cured", "dead"}
"""Columns of the demo's tables that hold whole numbers; codes keep their leading zeros as text."""
DAYS = {"date"}
"""Those that hold days."""


def load_departments() -> int:
    """Create the departments of ``departments.jsonl``, governments before their departments."""
    known = {name for (name,) in model.Session.query(model.Group.name)}
    missing = [d for d in _lines("departments.jsonl") if d["name"] not in known]
    for department in missing:
        parent = department.pop("parent")
        department["groups"] = [{"name": parent}] if parent else []
        asked = context()
        asked["return_id_only"] = True  # showing each again would be half of the work
        tk.get_action("organization_create")(asked, department)
    return len(missing)


def load_catalogue() -> int:
    """Import the sample of real catalogue entries, as an officer imports a sheet."""
    result = tk.get_action("govdata_catalogue_import")(
        context(), {"rows": list(_lines("catalogue.jsonl"))}
    )
    if result["rejected"]:
        raise RuntimeError(f"the demo's catalogue was refused: {result['rejected'][:3]}")
    return result["created"]


def load_entries() -> int:
    """Create the entries that have real files or show a restriction with its basis."""
    entries = config_reader.read(DATA / "entries.yaml").data
    known = {name for (name,) in model.Session.query(model.Package.name)}
    missing = [e for e in entries if e["name"] not in known]
    for entry in missing:
        sources = entry.pop("files", [])
        entry["tags"] = [{"name": tag} for tag in entry.pop("tags", [])]
        dataset = tk.get_action("package_create")(context(), entry)
        for source in sources:
            _attach(dataset, source)
    return len(missing)


def _attach(dataset: DataDict, source: str) -> None:
    """Upload ``file.csv`` (or its rows of one county, ``file.csv#CODE``) and load its table."""
    name, _, county = source.partition("#")
    text = (DATA / name).read_text("utf-8")
    header, *rows = csv.reader(io.StringIO(text))
    if county:
        rows = [row for row in rows if row[header.index("county_code")] == county]
        text = _as_csv([header, *rows])
    resource = tk.get_action("resource_create")(
        context(),
        {
            "package_id": dataset["id"],
            "name": dataset["title"],
            "format": "CSV",
            "url_type": "upload",
            "url": name,
            "upload": FileStorage(
                io.BytesIO(text.encode("utf-8-sig")), name, content_type="text/csv"
            ),
        },
    )
    tk.get_action("datastore_create")(
        context(),
        {
            "resource_id": resource["id"],
            "force": True,
            "fields": [{"id": c, "type": _type(c)} for c in header],
            "records": [dict(zip(header, row, strict=True)) for row in rows],
        },
    )


def _type(column: str) -> str:
    if column in NUMBERS:
        return "int"
    return "date" if column in DAYS else "text"


def _as_csv(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _lines(name: str) -> list[DataDict]:
    with (DATA / name).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def context() -> Context:
    """The portal itself as the one who acts."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return Context(ignore_auth=True, user=user["name"])

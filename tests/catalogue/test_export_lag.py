"""An export while the index is behind: nothing hidden is in it, and nothing public is left out."""
from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.govdata.catalogue.exports import exporter
from tests.cases.conftest import make_entry, world  # noqa: F401

HIDDEN = [(3, 4, 5), (0, 1, 2), (2, 3), (8,), (0, 3, 5, 8), tuple(range(9)), ()]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_it_goes_on_behind_a_page_of_hidden_hits(world, app, monkeypatch, hidden) -> None:  # noqa: F811
    monkeypatch.setattr(exporter, "PAGE", 3)
    tk.get_action("dataset_purge")({"ignore_auth": True, "user": "root"}, {"id": world.entry["id"]})
    names = [
        make_entry(world.department["id"], name=f"entry-{n}", title=f"条目{n}",
                   open_attribute="unconditional")["name"]
        for n in range(9)
    ]
    gone = [names[n] for n in hidden]
    model.Session.execute(
        sa.text("UPDATE package SET private = true WHERE name = ANY(:gone)"), {"gone": gone})
    model.Session.commit()
    wanted = [f"条目{n}" for n in range(9) if n not in hidden]
    found = [one["title"] for one in exporter.every({"user": ""}, exporter.Selection())]
    assert found == wanted
    body = json.loads(app.get("/catalogue/export?format=json").body)
    assert [one["title"] for one in body] == wanted

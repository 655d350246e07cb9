"""Notices told before procedures had words of their own keep theirs after an upgrade."""
from __future__ import annotations

import json
import runpy
from pathlib import Path

import ckan.model as model
import sqlalchemy as sa
from ckan.tests.helpers import call_action

import ckanext.govdata

MIGRATION = (
    Path(ckanext.govdata.__file__).parent
    / "migration/govdata/versions/027_notices_name_their_procedure.py"
)


def as_before() -> None:
    """What this portal told, as its former version would have kept it."""
    for key, facts in model.Session.execute(sa.text("SELECT key, facts FROM govdata_notice")).all():
        kept = {name: value for name, value in json.loads(facts).items()
                if name not in ("procedure", "role")}
        model.Session.execute(
            sa.text("UPDATE govdata_notice SET facts = :facts WHERE key = :key"),
            {"facts": json.dumps(kept, ensure_ascii=False), "key": key},
        )


def sentences(user: str) -> list[str]:
    found = call_action("govdata_notice_list", {"user": user, "ignore_auth": False})
    return sorted(one["words"] for one in found["results"])


def test_an_old_notice_says_what_it_said(world):
    world.apply()
    told = {user: sentences(user) for user in ("citizen", "officer")}
    assert told["citizen"]
    assert told["officer"]
    as_before()
    assert sentences("citizen") != told["citizen"]
    model.Session.execute(sa.text(runpy.run_path(str(MIGRATION))["UP"]))
    assert {user: sentences(user) for user in told} == told

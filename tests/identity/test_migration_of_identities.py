"""Numbers that two accounts gave before it was forbidden: the earliest keeps it, none is lost."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import ckan.model as model
import pytest
import sqlalchemy as sa

import ckanext.govdata as package
from tests.cases.conftest import call, world  # noqa: F401

VERSIONS = Path(package.__file__).parent / "migration" / "govdata" / "versions"


@pytest.fixture
def step():
    [path] = VERSIONS.glob("*_identities.py")
    spec = spec_from_file_location("identities", path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_earliest_keeps_it_and_cases_get_who_it_was(world, step):  # noqa: F811
    case = world.apply("citizen")
    model.Session.commit()
    with model.meta.engine.connect() as connection:
        turn = connection.begin()
        connection.execute(sa.text(step.DOWN))
        connection.execute(sa.text("""
            UPDATE govdata_identity i SET number_digest = 'same', created = now()
                - CASE WHEN u.name = 'other' THEN interval '2 days' ELSE interval '1 day' END
            FROM "user" u WHERE u.id = i.user_id"""))
        connection.execute(sa.text(step.UP))
        rows = connection.execute(sa.text("""
            SELECT u.name, i.held, i.document FROM govdata_identity i
            JOIN "user" u ON u.id = i.user_id ORDER BY u.name""")).all()
        kept = connection.execute(sa.text("SELECT case_id, masked_name FROM govdata_case_identity"))
        assert [tuple(row) for row in rows] == [
            ("citizen", True, "identity_card"), ("other", False, "identity_card")]
        assert [tuple(row) for row in kept] == [(case["id"], "王**")]
        turn.rollback()

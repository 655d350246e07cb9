"""What psql, or a plug-in's statement, does to an entry is followed as what CKAN does."""
from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata.access import locations
from ckanext.govdata.catalogue.index import writer
from ckanext.govdata.catalogue.index.index_outbox import OUTBOX
from ckanext.govdata.ledger import settlement
from tests.cases.conftest import call, make_entry, site, world  # noqa: F401
from tests.cases.test_entry_changed import granted, kinds

STATEMENTS = {
    "private": ("UPDATE package SET private = true WHERE id = :id", "suspended"),
    "deleted": ("UPDATE package SET state = 'deleted' WHERE id = :id", "revoked"),
    "closed": ("UPDATE package SET extras = extras || "
               "'{\"open_attribute\": \"non_open\"}'::jsonb WHERE id = :id", "revoked"),
    "opened": ("UPDATE package SET extras = extras || "
               "'{\"open_attribute\": \"unconditional\"}'::jsonb WHERE id = :id", "revoked"),
    "file deleted": ("UPDATE resource SET state = 'deleted' WHERE package_id = :id", "revoked"),
    "file purged": ("DELETE FROM resource WHERE package_id = :id", "revoked"),
}


def elsewhere(text: str, **values: str) -> None:
    """By another program: a connection of its own."""
    with model.meta.engine.begin() as connection:
        connection.execute(sa.text(text), values)


def standing(grant: str) -> str:
    return call("citizen", "govdata_grant_show", id=grant)["standing"]


def another_change() -> None:
    """Somebody else changes something quite different."""
    tk.get_action("user_patch")(site(), {"id": "other", "fullname": "李四"})


@pytest.mark.parametrize("change", STATEMENTS)
@pytest.mark.parametrize("then_by", [settlement.settle_rest, another_change])
def test_grants_and_cases_follow_what_another_program_wrote(world, change, then_by) -> None:  # noqa: F811
    statement, then = STATEMENTS[change]
    grant = granted(world)
    world.apply()
    elsewhere(statement, id=world.entry["id"])
    assert standing(grant) == "in_force"
    then_by()
    assert standing(grant) == then
    assert "case_hindered" in kinds("citizen")


def test_a_statement_in_ckans_own_session_is_followed_at_once(world) -> None:  # noqa: F811
    grant = granted(world)
    statement, _then = STATEMENTS["closed"]
    model.Session.execute(sa.text(statement), {"id": world.entry["id"]})
    model.Session.commit()
    assert standing(grant) == "revoked"


def test_files_follow_too(world) -> None:  # noqa: F811
    """An entry that another program closes keeps no true address in CKAN's tables."""
    file = world.entry["resources"][0]["id"]
    elsewhere(STATEMENTS["opened"][0], id=world.entry["id"])
    settlement.settle_rest()
    assert locations.find(file) is None
    assert model.Resource.get(file).url == "https://example.invalid/a.csv"
    elsewhere(STATEMENTS["closed"][0], id=world.entry["id"])
    settlement.settle_rest()
    model.Session.expire_all()
    assert model.Resource.get(file).url == locations.HELD
    elsewhere("INSERT INTO resource (id, package_id, url, state, extras, position, created) VALUES "
              "('r-sql', :id, 'https://in.example/key', 'active', '{}', 1, now())",
              id=world.entry["id"])
    settlement.settle_rest()
    model.Session.expire_all()
    assert model.Resource.get("r-sql").url == locations.HELD


def test_the_index_follows_too(world) -> None:  # noqa: F811
    """Also where no file has to be moved: the reconciler, each minute, finds its row."""
    made = make_entry(world.department["id"], resources=[])
    model.Session.execute(sa.delete(OUTBOX))
    model.Session.commit()
    elsewhere("UPDATE package SET private = true WHERE id = :id", id=made["id"])
    settlement.settle_rest()
    assert model.Session.scalars(sa.select(OUTBOX.c.package_id)).all() == [made["id"]]
    writer.drain()
    assert tk.get_action("package_search")(site(), {"q": f"name:{made['name']}"})["count"] == 0

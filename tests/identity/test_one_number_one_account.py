"""One identity number, one account; nobody learns from an answer that another account has it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata.identity import profile
from tests.cases.conftest import (  # noqa: F401
    ID_NUMBER,
    call,
    make_user,
    world,
)
from tests.statements import statements

FREE = "340102198001011231"
SAID = {"kind": "person", "name": "王小明"}


def id_of(name: str) -> str:
    return str(model.User.by_name(name).id)


def test_the_answer_for_a_taken_number_is_the_answer_for_a_free_one(world):  # noqa: F811
    make_user("stranger")
    make_user("newcomer")
    with statements() as for_free:
        free = call("newcomer", "govdata_identity_update", **SAID, number=FREE)
    with statements() as for_taken:
        taken = call("stranger", "govdata_identity_update", **SAID, number=ID_NUMBER)
    assert {**free, "number": ""} == {**taken, "number": ""}
    assert [one.split("VALUES")[0] for one in for_free] == [
        one.split("VALUES")[0] for one in for_taken]
    shown = [call(who, "govdata_identity_show") for who in ("stranger", "newcomer")]
    assert {**shown[0], "number": ""} == {**shown[1], "number": ""}


def test_nothing_is_received_under_anothers_number_and_the_operator_can_free_it(world):  # noqa: F811
    make_user("stranger")
    call("stranger", "govdata_identity_update", **SAID, number=ID_NUMBER)
    with pytest.raises(tk.ValidationError, match="could not be confirmed"):
        world.apply("stranger")
    assert world.apply("citizen")["reference"]
    held = call("root", "govdata_identity_held_list")
    assert held == [{"account": "stranger", "before": "citizen"}]
    for who in ("citizen", "officer", "head", "auditor"):
        with pytest.raises(tk.NotAuthorized):
            call(who, "govdata_identity_held_list")
        with pytest.raises(tk.NotAuthorized):
            call(who, "govdata_identity_release", id="citizen", reason="我要这个号码，请给我")
    with pytest.raises(tk.ValidationError):
        call("root", "govdata_identity_release", id="citizen", reason="短")
    call("root", "govdata_identity_release", id="citizen", reason="本人持证到场，原账号遗失")
    call("stranger", "govdata_identity_update", **SAID, number=ID_NUMBER)
    assert world.apply("stranger")["reference"]
    assert call("root", "govdata_identity_held_list") == []
    query = "SELECT action FROM govdata_ledger WHERE action LIKE 'identity_%' ORDER BY number"
    assert list(model.Session.scalars(sa.text(query)))[-4:] == [
        "identity_kept", "identity_held", "identity_released", "identity_kept"]


def test_once_it_is_free_the_next_who_gives_it_has_it(world):  # noqa: F811
    """Also where somebody else gave it in vain before."""
    for name in ("stranger", "owner"):
        make_user(name)
    call("stranger", "govdata_identity_update", **SAID, number=ID_NUMBER)
    call("root", "govdata_identity_release", id="citizen", reason="本人持证到场，原账号遗失")
    call("owner", "govdata_identity_update", **SAID, number=ID_NUMBER)
    assert world.apply("owner")["reference"]
    with pytest.raises(tk.ValidationError, match="could not be confirmed"):
        world.apply("stranger")


def test_passports_of_two_countries_are_two_numbers(world):  # noqa: F811
    said = {**SAID, "name": "SMITH JOHN", "document": "passport", "number": "C01234567"}
    for who, country in (("jane", "us"), ("jean", "fr"), ("john", "us")):
        make_user(who)
        call(who, "govdata_identity_update", **said, country=country)
    held = call("root", "govdata_identity_held_list")
    assert held == [{"account": "john", "before": "jane"}]


def test_accounts_that_give_one_number_at_once_take_turns(world):  # noqa: F811
    names = [f"racer{number}" for number in range(4)]
    for name in names:
        make_user(name)
    ids = [id_of(name) for name in names]
    model.Session.commit()

    def give(user_id: str) -> None:
        with model.meta.engine.connect() as connection, connection.begin():
            profile.save(connection, user_id,
                         profile.StatedIdentity("person", "identity_card", "王小明", FREE))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(give, ids))
    free = sa.text("SELECT count(*) FROM govdata_identity WHERE NOT held AND user_id = ANY(:ids)")
    assert model.Session.scalar(free, {"ids": ids}) == 1


def test_the_database_itself_refuses_a_second_account(world):  # noqa: F811
    make_user("stranger")
    call("stranger", "govdata_identity_update", **SAID, number=ID_NUMBER)
    with pytest.raises(sa.exc.IntegrityError):
        model.Session.execute(sa.text("UPDATE govdata_identity SET held = false"))
    model.Session.rollback()


def test_numbers_are_not_tried_out(world):  # noqa: F811
    for _ in range(10):
        call("other", "govdata_identity_update", **SAID, number=FREE)
    with pytest.raises(tk.ValidationError, match="too often"):
        call("other", "govdata_identity_update", **SAID, number=FREE)

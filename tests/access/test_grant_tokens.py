"""Tokens of a grant: what they open, and when they end."""

from datetime import timedelta

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata import now
from ckanext.govdata.access import model as tables
from tests.access.opened_grants import ask, ledger_of
from tests.cases.conftest import CLAUSE, REASON, call, on_day, site, world  # noqa: F401


def test_a_token_opens_the_grants_columns_and_is_recorded(granted, app):
    made = call("citizen", "govdata_grant_token_create", id=granted["id"], name="分析脚本")
    answer = ask(app, granted, made["token"])
    assert answer.body.splitlines()[:2] == ["线路名称,客流量", "0路,0"]
    page = ask(app, granted, made["token"], format="json", limit=2, offset=1).json
    assert [row["线路名称"] for row in page["records"]] == ["1路", "2路"]
    assert set(page["records"][0]) == {"线路名称", "客流量"}
    assert page["reference"] == granted["reference"]
    assert ledger_of(granted["id"])[-3:] == ["grant_token_issued", "data_delivered", "data_read"]
    stored = model.Session.execute(sa.select(tables.token)).one()
    assert made["token"] not in str(stored)
    assert stored.used is not None
    shown = call("citizen", "govdata_grant_show", id=granted["id"])
    assert made["token"] not in str(shown)


def test_a_token_ends_with_its_makers_password(granted, app):
    made = call("citizen", "govdata_grant_token_create", id=granted["id"], name="x")
    change = tk.get_action("user_patch")
    change(site(), {"id": "citizen", "fullname": "王小明"})
    assert ask(app, granted, made["token"]).status_code == 200
    change(site(), {"id": "other", "password": "another-horse-10"})
    assert ask(app, granted, made["token"]).status_code == 200
    change(site(), {"id": "citizen", "password": "another-horse-10"})
    assert ask(app, granted, made["token"]).status_code == 401


def test_a_token_is_no_account_and_ends_with_its_grant(granted, app, on_day):  # noqa: F811
    made = call("citizen", "govdata_grant_token_create", id=granted["id"], name="x")
    for name in ("X-Grant-Token", "Authorization"):
        headers = {name: made["token"]}
        answer = app.get("/api/3/action/govdata_grant_list", headers=headers, status=None)
        assert answer.status_code == 403
    assert ask(app, granted, "").status_code == 401
    assert ask(app, granted, made["token"][:-1]).status_code == 401
    assert app.get(
        "/api/govdata/granted/guess", headers={"X-Grant-Token": made["token"]}, status=None
    ).status_code == 403
    assert ask(app, granted, made["token"], format="json", limit="x").status_code == 409
    call("head", "govdata_grant_revoke", id=granted["id"], reason=REASON, basis=CLAUSE,
         suspend=True)  # fmt: skip
    assert ask(app, granted, made["token"]).status_code == 403
    call("head", "govdata_grant_revoke", id=granted["id"], reason=REASON, lift=True)
    assert ask(app, granted, made["token"]).status_code == 200
    on_day(now.today() + timedelta(days=101))
    assert ask(app, granted, made["token"]).status_code == 403
    on_day(None)
    call("citizen", "govdata_grant_token_revoke", id=granted["id"], token=made["id"])
    assert ask(app, granted, made["token"]).status_code == 401


def test_tokens_are_few_and_named(granted):
    for name in ("", " ", "x" * 61, "a\u202eb"):
        with pytest.raises(tk.ValidationError):
            call("citizen", "govdata_grant_token_create", id=granted["id"], name=name)
    for number in range(5):
        call("citizen", "govdata_grant_token_create", id=granted["id"], name=str(number))
    with pytest.raises(tk.ValidationError, match="revoke one first"):
        call("citizen", "govdata_grant_token_create", id=granted["id"], name="6")

"""One transaction of an action: whoever says that he commits is not committed for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from sqlalchemy import event, orm

from ckanext.govdata import slices, transaction
from ckanext.govdata.notices.model import preference
from ckanext.govdata.security import smtp
from tests.cases.conftest import world  # noqa: F401
from tests.ledger.test_changes import (
    a_version_that_shipped_one_line_less,
    acting_as,
    filled,
    learned,
    site,
)
from tests.ledger.test_people import rows, words_of

OTHERS: dict[str, tuple[str, dict[str, Any]]] = {
    "govdata_notice_read": ("citizen", {}),
    "govdata_notice_preference_update": ("citizen", {"mail": "daily"}),
    "govdata_search_click": ("citizen", {"entry": "wifi"}),
    "govdata_search_demand_create": ("citizen", {"subject": "瑶海区公厕位置"}),
    "govdata_emergency_subscribe": ("", {"address": "reader@example.org", "region": "340102"}),
    "govdata_emergency_hook_create": (
        "citizen", {"url": "https://hooks.example.org/gd", "region": "340102"}),
}
"""Of the actions without an entry in the ledger those that need nothing else to be there."""
UNTRIED = {
    "govdata_case_rehearse": "takes back what it writes (test_decision_desk)",
    "govdata_catalogue_headings_forget": "needs settings that are kept (test_import_sheets)",
    "govdata_catalogue_import_map": "needs an import that was looked through (the same)",
    "govdata_catalogue_import_undo": "needs an import that was written (test_import_undo)",
    "govdata_catalogue_import_resume": "needs an import whose job died (test_import_job_dies)",
    "govdata_table_load": "puts a job into the queue (tests/tables)",
    "govdata_emergency_check": "writes nothing",
    "govdata_emergency_confirm": "needs a letter's link, whose row this transaction may not keep",
    "govdata_emergency_unsubscribe": "the same",
    "govdata_emergency_hook_resume": "tried below, on the webhook that was created",
    "govdata_emergency_hook_delete": "the same",
    "govdata_search_demand_answer": "tried below, on the demand that was made",
}


@contextmanager
def commits() -> Iterator[list[str]]:
    """The commits of whole transactions within."""
    seen: list[str] = []

    def committed(session: orm.Session) -> None:
        if not session.in_nested_transaction():
            seen.append("commit")

    event.listen(orm.Session, "after_commit", committed)
    try:
        yield seen
    finally:
        event.remove(orm.Session, "after_commit", committed)


def as_user(name: str) -> dict[str, Any]:
    return acting_as(name) if name else {"user": "", "auth_user_obj": None}


def ours() -> set[str]:
    """Our actions that write."""
    return {name for name, function in slices.functions("action").items()
            if not getattr(function, "side_effect_free", False)}


@pytest.fixture
def mailing(monkeypatch, ckan_config) -> None:
    monkeypatch.setitem(ckan_config, "smtp.server", "mail.example:25")
    monkeypatch.setattr(smtp, "send", lambda *_, **__: None, raising=False)


def test_an_action_commits_only_for_who_does_not(world, mailing) -> None:  # noqa: F811
    """Each of ours that writes, one after another in one transaction, which is then taken back."""
    words, told = words_of(world), [*rows("recorded"), *rows("people")]
    told = [(name, row) for name, row in told if name.startswith("govdata_")]
    a_version_that_shipped_one_line_less()
    with commits() as seen:
        for name, row in told:
            context = {**(acting_as(row["as"]) if "as" in row else site()), "defer_commit": True}
            answer = tk.get_action(name)(context, filled(row["with"], words))
            assert json.loads(json.dumps(answer)) == answer, "an answer under a key is kept as JSON"
            words |= learned(name, row, answer)
            assert seen == [], name
        done = {}
        for name, (who, wanted) in OTHERS.items():
            done[name] = tk.get_action(name)({**as_user(who), "defer_commit": True}, wanted)
            assert seen == [], name
        hook = done["govdata_emergency_hook_create"]["id"]
        demand = done["govdata_search_demand_create"]["id"]
        for name, who, wanted in (
            ("govdata_emergency_hook_resume", "citizen", {"id": hook}),
            ("govdata_emergency_hook_delete", "citizen", {"id": hook}),
            ("govdata_search_demand_answer", "", {"id": demand, "answer": "已转办。"}),
        ):
            context = {**(as_user(who) if who else site()), "defer_commit": True}
            tk.get_action(name)(context, wanted)
            assert seen == [], name
        model.Session.rollback()
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(preference)) == 0
    tried = {name for name, _row in told} | OTHERS.keys() | UNTRIED.keys()
    assert sorted(ours() - tried) == []


def change_and_fail(context: Any) -> None:
    with transaction.transaction(context) as session:
        session.execute(sa.update(preference).values(mail="none"))
        raise tk.ValidationError({"x": ["no"]})


def test_what_is_refused_takes_back_its_own_writes_alone(world) -> None:  # noqa: F811
    """The caller's own stay, so that one of a thousand may be refused."""
    citizen = as_user("citizen")
    deferred = {**citizen, "defer_commit": True}
    tk.get_action("govdata_notice_preference_update")(dict(deferred), {"mail": "daily"})
    with pytest.raises(tk.ValidationError):
        change_and_fail(deferred)
    model.Session.commit()
    assert model.Session.scalar(sa.select(preference.c.mail)) == "daily"


def test_without_a_caller_that_commits_it_is_committed_or_taken_back(world) -> None:  # noqa: F811
    with commits() as seen:
        tk.get_action("govdata_notice_preference_update")(as_user("citizen"), {"mail": "daily"})
    assert seen == ["commit"]
    with pytest.raises(tk.ValidationError):
        change_and_fail({})
    assert model.Session.scalar(sa.select(preference.c.mail)) == "daily"

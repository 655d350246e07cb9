"""A changed mail address is told to the old one, whatever the way, and is not changed all day."""
from __future__ import annotations

from datetime import timedelta

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.govdata import now
from ckanext.govdata.identity import mail_addresses
from ckanext.govdata.notices.model import outbox, preference
from tests.mailbox import mailbox

OLD, NEW = "old@example.invalid", "new@example.invalid"


@pytest.fixture
def account(fresh):
    return factories.User(name="wang", email=OLD)


@pytest.fixture
def letters(ckan_config, monkeypatch, app):
    """What is sent, when it is sent; the portal's jobs run in an application."""
    with mailbox() as box:
        monkeypatch.setitem(ckan_config, "smtp.server", box.place)

        def sent():
            with app.flask_app.app_context():
                mail_addresses.deliver()
            return box.letters

        yield sent


def patch(who: str = "wang", **more) -> None:
    tk.get_action("user_patch")({"user": who}, {"id": "wang", **more})


def by_command() -> None:
    model.User.by_name("wang").email = NEW
    model.Session.commit()


def by_operator() -> None:
    factories.Sysadmin(name="root")
    patch("root", email=NEW)


@pytest.mark.parametrize("change", [lambda: patch(email=NEW), by_command, by_operator])
def test_the_old_address_is_told_and_not_where_the_new_one_is(account, letters, change) -> None:
    change()
    [letter] = letters()
    assert letter["To"].endswith(f"<{OLD}>")
    assert "wang" in letter.get_content()
    assert NEW not in letter.as_string() + letter.get_content()
    assert len(letters()) == 1


def test_the_letter_is_in_the_accounts_language(account, letters) -> None:
    model.Session.execute(preference.insert().values(
        user_id=account["id"], mail="each", language="zh_Hans_CN"))
    patch(email=NEW)
    [letter] = letters()
    assert "邮箱" in letter.get_content()


@pytest.mark.parametrize("change", [
    {"fullname": "王小明"}, {"email": OLD}, {"email": OLD.upper()},
    {"password": "another-horse-10"}])
def test_nothing_is_told_of_what_is_no_other_address(account, letters, change) -> None:
    patch(**change)
    assert letters() == []


def test_what_is_rolled_back_is_not_told(account, letters) -> None:
    model.User.by_name("wang").email = NEW
    model.Session.flush()
    model.Session.rollback()
    assert letters() == []


def test_the_address_stands_nowhere_in_the_outbox(account) -> None:
    patch(email=NEW)
    row = model.Session.execute(sa.select(outbox)).mappings().one()
    assert OLD not in str(dict(row))
    assert NEW not in str(dict(row))


def test_the_fourth_change_of_a_day_waits_except_for_the_operator(account) -> None:
    for number in range(3):
        patch(email=f"n{number}@example.invalid")
    with pytest.raises(tk.ValidationError) as refused:
        patch(email="n4@example.invalid")
    assert list(refused.value.error_dict) == ["email"]
    model.Session.rollback()
    patch(fullname="王小明")
    factories.Sysadmin(name="root")
    patch("root", email="n5@example.invalid")
    assert model.User.by_name("wang").email == "n5@example.invalid"
    now.shift(timedelta(hours=25))
    try:
        patch(email="n6@example.invalid")
    finally:
        now.shift(None)
    assert model.User.by_name("wang").email == "n6@example.invalid"

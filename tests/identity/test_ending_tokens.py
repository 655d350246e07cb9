"""Whose API token ends soon is told, once, in his language, and where a new one is made."""
from __future__ import annotations

from datetime import timedelta

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.govdata import now
from ckanext.govdata.identity.schedule import jobs, tell_of_ending_tokens
from ckanext.govdata.notices import mail_delivery
from ckanext.govdata.notices.model import notice, preference
from ckanext.govdata.security import api_tokens
from tests.mailbox import links, mailbox


@pytest.fixture
def token(fresh):
    """A token that was made to stand for a year, and what gives it other days to live."""
    user = factories.User(name="wang", email="wang@example.invalid")
    made = tk.get_action("api_token_create")({"user": "wang"}, {"user": "wang", "name": "夜间同步"})
    [listed] = tk.get_action("api_token_list")({"user": "wang"}, {"user_id": "wang"})
    assert made["token"]

    def ends_in(days: float, made_ago: float = 351) -> None:
        row = model.ApiToken.get(listed["id"])
        row.created_at = now.real().replace(tzinfo=None) - timedelta(days=made_ago)
        end = now.real() + timedelta(days=days)
        row.set_extra(api_tokens.EXTRA, {"ends": end.isoformat()}, True)

    ends_in.user_id = user["id"]
    return ends_in


def told() -> list[str]:
    return [row.kind for row in model.Session.execute(sa.select(notice))]


def test_fourteen_days_before_and_once(token) -> None:
    token(14.1)
    tell_of_ending_tokens()
    assert told() == []
    token(13.9)
    tell_of_ending_tokens()
    tell_of_ending_tokens()
    token(2)
    tell_of_ending_tokens()
    assert told() == ["token_ends"]


def test_not_of_what_has_ended_was_made_for_days_or_is_nobodys(token) -> None:
    token(-1)
    tell_of_ending_tokens()
    token(5, made_ago=2)
    tell_of_ending_tokens()
    token(5)
    tk.get_action("user_delete")({"ignore_auth": True, "user": ""}, {"id": "wang"})
    tell_of_ending_tokens()
    assert told() == []


@pytest.mark.parametrize(("language", "words"), [
    ("zh_Hans_CN", "令牌"), ("zh_Hant_TW", "權杖"), ("en", "API token")])
def test_the_letter(token, app, ckan_config, monkeypatch, language, words) -> None:
    model.Session.execute(preference.insert().values(
        user_id=token.user_id, mail="each", language=language))
    token(10)
    tell_of_ending_tokens()
    with mailbox() as box, app.flask_app.app_context():
        monkeypatch.setitem(ckan_config, "smtp.server", box.place)
        mail_delivery.deliver()
    [letter] = box.to("wang@example.invalid")
    text = letter.get_content()
    assert "夜间同步" in text
    assert words in text
    day = now.in_beijing(now.real() + timedelta(days=10)).date().isoformat()
    assert day in text
    assert any(f"/user/{token.user_id}/api-tokens" in link for link in links(letter))


def test_it_is_a_job_of_every_day() -> None:
    assert {"token-ends", "address-letters"} == {job.name for job in jobs}

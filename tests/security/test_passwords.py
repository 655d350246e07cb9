"""A new password ends what the old one opened; tokens end; asking for a key is the same for all."""
from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import jobs
from ckan.tests import factories
from passlib.hash import pbkdf2_sha512

from ckanext.govdata import now
from ckanext.govdata.identity import resets
from ckanext.govdata.security import api_tokens
from tests.mailbox import links, mailbox
from tests.security.conftest import PASSWORD
from tests.statements import statements

NEW = "another-horse-10"
ADDRESS = {"REMOTE_ADDR": "198.51.100.9"}


def signed_in(portal, user):
    client = portal.test_client()
    client.post("/user/login", data={"login": user["name"], "password": PASSWORD},
                environ_overrides=ADDRESS)
    assert is_in(client, user)
    return client


def is_in(client, user) -> bool:
    answer = client.get(f"/user/edit/{user['name']}", environ_overrides=ADDRESS)
    return answer.status_code == 200


def patch(user, **more):
    tk.get_action("user_patch")({"user": user["name"]}, {"id": user["id"], **more})


def by_command(user):
    row = model.User.get(user["id"])
    row.password = NEW
    model.Session.commit()


@pytest.mark.usefixtures("clean_db")
@pytest.mark.parametrize("change", [lambda user: patch(user, password=NEW), by_command])
def test_a_new_password_ends_sessions_and_tokens(portal, reader, change):
    token = factories.APIToken(user=reader["name"])["token"]
    client = signed_in(portal, reader)
    headers = {"Authorization": token}
    asked = "/api/3/action/user_show?id=" + reader["name"]
    assert portal.get(asked, headers=headers).status_code == 200
    change(reader)
    assert not is_in(client, reader)
    assert portal.get(asked, headers=headers, status=None).status_code == 403
    count = sa.select(sa.func.count()).select_from(model.ApiToken).where(
        model.ApiToken.user_id == reader["id"])
    assert model.Session.scalar(count) == 0


@pytest.mark.usefixtures("clean_db")
def test_a_digest_that_signing_in_makes_dearer_is_no_new_password(portal, reader):
    token = factories.APIToken(user=reader["name"])["token"]
    cheap = pbkdf2_sha512.using(rounds=1, salt_size=8).hash(PASSWORD)
    model.Session.execute(
        sa.text('UPDATE "user" SET password = :cheap WHERE id = :id'),
        {"cheap": cheap, "id": reader["id"]},
    )
    model.Session.commit()
    client = signed_in(portal, reader)
    model.Session.expire_all()
    assert model.User.get(reader["id"]).password != cheap
    assert is_in(client, reader)
    asked = "/api/3/action/user_show?id=" + reader["name"]
    assert portal.get(asked, headers={"Authorization": token}).status_code == 200


@pytest.mark.usefixtures("clean_db")
def test_another_field_ends_nothing(portal, reader):
    token = factories.APIToken(user=reader["name"])["token"]
    client = signed_in(portal, reader)
    patch(reader, fullname="王小明")
    assert is_in(client, reader)
    asked = "/api/3/action/user_show?id=" + reader["name"]
    assert portal.get(asked, headers={"Authorization": token}).status_code == 200


@pytest.mark.usefixtures("clean_db")
def test_whoever_changes_it_goes_on_and_his_other_browser_does_not(portal, reader):
    here, there = signed_in(portal, reader), signed_in(portal, reader)
    path = f"/user/edit/{reader['name']}"
    page = here.get(path, environ_overrides=ADDRESS).get_data(as_text=True)
    field = page.partition('name="_csrf_token"')[2].partition('value="')[2].partition('"')[0]
    field = field or page.partition('name="_csrf_token" content="')[2].partition('"')[0]
    here.post(path, environ_overrides=ADDRESS, data={
        "_csrf_token": field, "name": reader["name"], "email": reader["email"], "save": "",
        "old_password": PASSWORD, "password1": NEW, "password2": NEW})
    assert model.User.get(reader["id"]).validate_password(NEW)
    assert is_in(here, reader)
    assert not is_in(there, reader)


@pytest.mark.usefixtures("clean_db")
def test_tokens_of_the_deleted_end(portal, reader):
    factories.APIToken(user=reader["name"])
    tk.get_action("user_delete")({"ignore_auth": True}, {"id": reader["id"]})
    query = sa.select(model.ApiToken).where(model.ApiToken.user_id == reader["id"])
    assert model.Session.scalars(query).all() == []


@pytest.mark.usefixtures("clean_db")
def test_a_token_ends(portal, reader, ckan_config):
    def make(**more):
        data = {"user": reader["name"], "name": "t", **more}
        return tk.get_action("api_token_create")({"user": reader["name"]}, data)

    def listed():
        return {one["id"]: one["ends"] for one in tk.get_action("api_token_list")(
            {"user": reader["name"]}, {"user_id": reader["name"]})}

    year, week, more = make(), make(days=7), make(days=9_999)
    ends = listed()
    today = now.real().date()
    assert ends[year["id"]][:10] == (today + timedelta(365)).isoformat()
    assert ends[week["id"]][:10] == (today + timedelta(7)).isoformat()
    assert ends[more["id"]][:10] == (today + timedelta(365)).isoformat()
    asked = "/api/3/action/user_show?id=" + reader["name"]
    headers = {"Authorization": week["token"]}
    assert portal.get(asked, headers=headers).status_code == 200
    row = model.ApiToken.get(week["id"])
    row.set_extra(api_tokens.EXTRA, {"ends": (now.real() - timedelta(seconds=1)).isoformat()}, True)
    assert portal.get(asked, headers=headers, status=None).status_code == 403
    model.ApiToken.get(year["id"]).set_extra(api_tokens.EXTRA, {}, True)
    model.ApiToken.get(year["id"]).created_at -= timedelta(days=366)
    model.Session.commit()
    headers = {"Authorization": year["token"]}
    assert portal.get(asked, headers=headers, status=None).status_code == 403
    with pytest.raises(tk.ValidationError):
        make(days=-1)


def ask(portal, name, address="198.51.100.20"):
    return portal.test_client().post("/user/reset", data={"user": name}, follow_redirects=False,
                                     environ_overrides={"REMOTE_ADDR": address})


@pytest.fixture
def told(monkeypatch):
    """Accounts to which a letter would go; the letter itself is sent by the worker below."""
    sent: list[str] = []
    monkeypatch.setattr(resets.mailer, "send_reset_link", lambda user: sent.append(user.name))
    return sent


@pytest.mark.usefixtures("clean_db", "clean_queues")
def test_asking_does_the_same_for_known_and_unknown_names(portal, reader, told):
    work = []
    for name in (reader["name"], "nobody-of-this-name", reader["email"], "x@example.invalid"):
        before = len(jobs.get_queue().jobs)
        with statements() as sent:
            answer = ask(portal, name)
        work.append((answer.status_code, answer.headers["Location"], list(sent),
                     len(jobs.get_queue().jobs) - before))
    assert all(one == work[0] for one in work)
    assert work[0][3] == 1
    assert told == []


@pytest.mark.usefixtures("clean_db")
def test_asking_again_sends_nothing_new(portal, reader, told):
    with portal.flask_app.app_context():
        for _ in range(15):
            resets.send(reader["name"])
            resets.send(reader["email"].upper())
            resets.send("nobody-of-this-name")
    assert told == [reader["name"]]


INI = """
[app:main]
use = config:{ini}
smtp.server = {server}
smtp.starttls = false
smtp.mail_from = portal@example.invalid
ckan.locale_default = zh_Hans_CN
"""


@pytest.mark.usefixtures("clean_db", "clean_queues")
def test_a_worker_sends_the_letter_and_its_key_opens_the_form(portal, reader, request, tmp_path):
    """The real queue, a real worker in a process of its own, a mail server: as it is served."""
    ask(portal, reader["name"])
    ask(portal, "nobody-of-this-name")
    ini = tmp_path / "worker.ini"
    with mailbox() as post:
        served = Path(request.config.getoption("--ckan-ini")).absolute()
        ini.write_text(INI.format(ini=served, server=post.place), "utf-8")
        ckan = Path(sys.executable).with_name("ckan")
        done = subprocess.run([ckan, "-c", str(ini), "jobs", "worker", "--burst"],
                              check=True, capture_output=True, text=True)
    assert len(post.letters) == 1, done.stderr[-3000:]
    (letter,) = post.to(reader["email"])
    assert "新密码" in letter["Subject"]  # the portal speaks Chinese to whom it knows no better
    (key,) = [one for one in links(letter) if "/user/reset/" in one]
    page = portal.get(key.partition("/user/")[1] + key.partition("/user/")[2])
    assert "password1" in page.get_data(as_text=True)


@pytest.mark.usefixtures("clean_db", "clean_queues")
def test_one_address_asks_so_often_an_hour(portal, reader, told):
    answers = [ask(portal, f"name{n}").status_code for n in range(21)]
    assert answers == [302] * 20 + [429]
    assert ask(portal, reader["name"], "198.51.100.21").status_code == 302
    register = portal.test_client().post("/user/register", data={"name": "x"},
                                         environ_overrides={"REMOTE_ADDR": "198.51.100.20"})
    assert register.status_code == 429

"""Password guessing, sessions and who is counted (ASVS V6, V7; GB/T 22239 8.1.4.1)."""
from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import webassets_tools
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories
from passlib.hash import pbkdf2_sha512

from ckanext.govdata.security import counters
from ckanext.govdata.security.client_address import counted, is_this_machine

LOCKED = "Too many failed attempts"


def signed_in(response) -> bool:
    return response.status_code == 302 and "/user/login" not in response.location


def test_five_failures_lock_the_account_for_everybody(post_login, reader) -> None:
    for turn in range(5):
        assert post_login(reader["name"], "wrong", f"198.51.100.{turn}").status_code == 200
    locked = post_login(reader["name"], reader["password"], "203.0.113.1")
    assert locked.status_code == 429
    assert LOCKED in locked.text
    assert 0 < int(locked.headers["Retry-After"]) <= 900


def test_name_and_mail_address_are_one_account(post_login, reader) -> None:
    for turn in range(5):
        login = reader["name"] if turn % 2 else reader["email"]
        post_login(login, "wrong", f"198.51.100.{turn}")
    assert post_login(reader["email"], reader["password"], "203.0.113.1").status_code == 429


def test_five_failures_lock_the_address(post_login, reader) -> None:
    for turn in range(5):
        post_login(f"somebody-{turn}", "wrong")
    assert post_login(reader["name"], reader["password"]).status_code == 429
    assert signed_in(post_login(reader["name"], reader["password"], "203.0.113.9"))


def test_the_answer_does_not_tell_whether_an_account_exists(post_login, reader) -> None:
    def story(login: str, net: str) -> list[tuple[int, bool, bool]]:
        tries = [post_login(login, "wrong", f"{net}.{turn}") for turn in range(7)]
        return [(a.status_code, LOCKED in a.text, "Login failed" in a.text) for a in tries]

    assert story(reader["name"], "198.51.100") == story("nobody-of-that-name", "203.0.113")


def test_a_wrong_password_costs_the_same_work_whoever_it_is_said_to_be(
    post_login, reader, monkeypatch
) -> None:
    """Measured it is by ``make bench WHAT=oracles``; here the digests are counted."""
    gone = factories.User(password="Correct-horse-7")
    factories.User(name="without", password="Correct-horse-7")
    model.User.by_name(gone["name"]).delete()
    model.Session.execute(sa.text('UPDATE "user" SET password = NULL WHERE name = \'without\''))
    model.Session.commit()
    made: list[int] = []
    digest = pbkdf2_sha512._calc_checksum

    def counting(self, secret):
        made.append(self.rounds)
        return digest(self, secret)

    monkeypatch.setattr(pbkdf2_sha512, "_calc_checksum", counting)
    logins = (reader["name"], reader["email"], gone["name"], "without", "nobody", "no@x.invalid")
    for login, password in itertools.product(logins, ("wrong", "")):
        made.clear()
        address = f"198.51.{len(login)}.{logins.index(login)}"
        assert not signed_in(post_login(login, password, address))
        assert made == [pbkdf2_sha512.default_rounds] * bool(password), login


def test_signing_in_starts_the_account_anew(post_login, reader) -> None:
    for turn in range(3):  # each from elsewhere: the address's own count is not what is tried here
        for _ in range(4):
            post_login(reader["name"], "wrong", f"198.51.100.{turn}")
        assert signed_in(post_login(reader["name"], reader["password"], "203.0.113.1"))


def test_what_is_counted_later_does_not_prolong_the_wait(fresh) -> None:
    counters.add("tried", "somebody", 600)
    connect_to_redis().expire(counters._key("tried", "somebody"), 10)
    count, left = counters.add("tried", "somebody", 600)
    assert (count, left <= 10) == (2, True)


def test_signing_in_does_not_count_against_the_address(post_login, reader) -> None:
    assert all(signed_in(post_login(reader["name"], reader["password"])) for _ in range(8))


def test_many_attempts_at_once_are_not_let_through_together(portal, reader) -> None:
    """Counted before the password is looked at: a burst gets five guesses, not fifty."""
    def attempt(turn: int) -> int:
        return portal.test_client().post(
            "/user/login", data={"login": reader["name"], "password": "wrong"},
            environ_overrides={"REMOTE_ADDR": f"198.51.100.{turn}"}).status_code

    for bundle in webassets_tools.env._named_bundles.values():  # as a portal does at its start
        bundle.urls()
    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(attempt, range(20)))
    assert statuses.count(200) == 5
    assert statuses.count(429) == 15


def test_the_old_password_on_the_profile_page_is_counted_too(portal, reader) -> None:
    """Who finds an open session must not guess the password there."""
    account = factories.UserWithToken(password="correct-horse-8")
    headers = {"Authorization": account["token"]}
    form = {"name": account["name"], "email": account["email"], "save": "1",
            "old_password": "wrong", "password1": "a-new-one-8", "password2": "a-new-one-8"}
    statuses = [portal.test_client().post(f"/user/edit/{account['name']}", data=form,
                                          headers=headers).status_code for _ in range(6)]
    assert statuses[-1] == 429
    assert 429 not in statuses[:5]


@pytest.mark.ckan_config("ckanext.govdata.login.failures_per_address", 0)
def test_an_office_behind_one_address_can_switch_that_lock_off(post_login, reader) -> None:
    for turn in range(12):
        post_login(f"somebody-{turn}", "wrong")
    assert signed_in(post_login(reader["name"], reader["password"]))


@pytest.mark.ckan_config("ckan.redis.url", "redis://127.0.0.1:1/0")
def test_without_valkey_nobody_can_guess(portal, reader, monkeypatch) -> None:
    from ckan.lib import redis

    monkeypatch.setattr(redis, "_connection_pool", None)  # made anew, for the option's address
    answer = portal.test_client().post(
        "/user/login", data={"login": reader["name"], "password": reader["password"]})
    assert answer.status_code == 503
    assert "not possible at the moment" in answer.text


def test_remember_me_does_not_outlive_the_session(portal, post_login, reader) -> None:
    answer = post_login(reader["name"], reader["password"], remember="315360000000")
    assert signed_in(answer)
    assert not [c for c in answer.headers.getlist("Set-Cookie") if "remember_token=" in c
                and "Expires=Thu, 01 Jan 1970" not in c]


def test_a_session_ends_after_half_an_hour_and_with_signing_out(portal, reader) -> None:
    client = portal.test_client()
    client.post("/user/login", data={"login": reader["name"], "password": reader["password"]},
                environ_overrides={"REMOTE_ADDR": "198.51.100.7"})
    (cookie,) = [c for c in client._cookies.values() if c.key == "ckan"]
    stolen = {"Cookie": f"ckan={cookie.value}"}
    names = list(connect_to_redis().scan_iter("session:*"))
    assert all(0 < connect_to_redis().ttl(name) <= 1800 for name in names)
    fresh = portal.test_client(use_cookies=False)
    assert fresh.get(f"/user/edit/{reader['name']}", headers=stolen).status_code == 200
    client.get("/user/_logout")
    after = fresh.get(f"/user/edit/{reader['name']}", headers=stolen, follow_redirects=False)
    assert after.status_code in {302, 401, 403}


@pytest.mark.parametrize(("address", "expected"), [
    ("198.51.100.7", "198.51.100.7"),
    ("::ffff:198.51.100.7", "198.51.100.7"),
    ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
    ("fe80::1%eth0", "fe80::/64"),
    ("not an address", "unknown"),
    ("", "unknown"),
    (None, "unknown"),
])
def test_addresses_are_counted_as_they_are_handed_out(address, expected) -> None:
    assert counted(address) == expected


@pytest.mark.parametrize(("address", "expected"), [
    ("127.0.0.1", True), ("::1", True), ("127.8.9.1", True),
    ("198.51.100.7", False), ("", False), (None, False), ("localhost.evil", False)])
def test_the_machine_itself_is_known(address, expected) -> None:
    assert is_this_machine(address) is expected


@pytest.mark.ckan_config("ckanext.govdata.trusted_proxies", 1)
def test_behind_a_proxy_its_word_counts_and_the_clients_does_not(own_portal, reader) -> None:
    def attempt(claimed: str, password: str) -> int:
        return own_portal.test_client().post(
            "/user/login", data={"login": reader["name"], "password": password},
            headers={"X-Forwarded-For": claimed}, follow_redirects=False).status_code

    for turn in range(5):
        own_portal.test_client().post(
            "/user/login", data={"login": f"somebody-{turn}", "password": "wrong"},
            headers={"X-Forwarded-For": f"6.6.6.{turn}, 198.51.100.7"})
    assert attempt("9.9.9.9, 198.51.100.7", reader["password"]) == 429
    assert attempt("198.51.100.7, 203.0.113.1", reader["password"]) == 302


def test_without_a_declared_proxy_the_header_is_not_believed(portal, post_login, reader) -> None:
    for turn in range(5):
        portal.test_client().post(
            "/user/login", data={"login": f"somebody-{turn}", "password": "wrong"},
            headers={"X-Forwarded-For": f"6.6.6.{turn}"},
            environ_overrides={"REMOTE_ADDR": "198.51.100.7"})
    assert post_login(reader["name"], reader["password"]).status_code == 429

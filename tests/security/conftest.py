"""The real application with the plugins of the test ini, and counts that start from nothing."""
from __future__ import annotations

import pytest
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories, helpers

PASSWORD = "correct-horse-9"


@pytest.fixture
def portal(web_application, fresh_counts, ckan_config):
    """The session's application: options are read with each request, so marks need no new one."""
    return helpers.CKANTestApp(web_application)


@pytest.fixture
def own_portal(loaded_plugins, make_app, fresh_counts):
    """An application made with this test's options, for those that are read at the start."""
    return make_app()


@pytest.fixture
def fresh_counts():
    connection = connect_to_redis()
    for key in connection.scan_iter("govdata:*"):
        connection.delete(key)


@pytest.fixture
def reader(loaded_plugins):
    """An account that may sign in with ``PASSWORD``."""
    return {**factories.User(password=PASSWORD), "password": PASSWORD}


@pytest.fixture
def post_login(portal):
    """Try to sign in, from an address of one's own; a fresh browser each time."""

    def post(login: str, password: str, address: str = "198.51.100.7", **more):
        client = portal.test_client()
        return client.post(
            "/user/login", data={"login": login, "password": password, **more},
            environ_overrides={"REMOTE_ADDR": address}, follow_redirects=False)

    return post


@pytest.fixture
def entry(loaded_plugins):
    """A catalogue entry that the rules accept."""
    return factories.Dataset(
        owner_org=factories.Organization(level="county", region="340822")["id"],
        domain="transport", update_period="yearly", share_type="unconditional",
        open_attribute="unconditional", data_formats=["csv"],
        information_items=[{"name": "线路名称", "type": "C", "length": "50", "opened": True}])

"""Signing in leads to one's own work, and not to CKAN's dashboard (issue 18)."""
from __future__ import annotations

import pytest
from ckan.tests import factories

from tests.cases.conftest import world  # noqa: F401
from tests.cases.test_written import Browser, path_of, portal  # noqa: F401


@pytest.mark.parametrize(
    ("who", "there"),
    [("citizen", "/cases/mine"), ("officer", "/cases/desk"), ("head", "/cases/desk")],
)
def test_signing_in_leads_to_ones_own_work(world, portal, who, there):  # noqa: F811
    browser = Browser(portal)
    first = browser.client.get(path_of(browser.sign_in(who)))
    assert first.status_code == 302
    assert path_of(first.location) == f"/en{there}"
    assert browser.get(path_of(first.location))


def test_the_operator_has_a_page_of_ours_and_a_stranger_signs_in(fresh, app):
    admin = {"Authorization": factories.SysadminWithToken()["token"]}
    answer = app.get("/my", headers=admin, follow_redirects=False)
    assert "dashboard" not in answer.location
    assert app.get(answer.location, headers=admin)
    assert "/user/login" in app.get("/my", follow_redirects=False).location

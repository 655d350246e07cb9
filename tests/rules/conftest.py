"""Who asks for rules: over HTTP as a stranger, and as whoever operates the portal."""


import ckan.plugins.toolkit as tk
import pytest


@pytest.fixture
def ask(app):
    def get(action, status=200, language="en", **params):
        address = f"/{language}/api/3/action/{action}"
        answer = app.get(address, query_string=params, status=status).json
        return answer["result"] if status == 200 else answer["error"]

    return get


@pytest.fixture
def operator(app):
    """Asks as whoever operates the portal."""
    from ckan.tests import factories

    name = factories.Sysadmin()["name"]

    def get(action="govdata_jurisdiction_list", **params):
        context = {"user": name}
        return tk.get_action(action)(context, params)

    with app.flask_app.test_request_context("/en/", environ_overrides={"CKAN_LANG": "en"}):
        yield get


@pytest.fixture
def as_operator():
    from ckan.tests import factories

    return {"Authorization": factories.SysadminWithToken()["token"]}

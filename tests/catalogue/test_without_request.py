"""Entries are written and read in commands and in rq jobs, where no page is asked for."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib import jobs
from flask import has_request_context

pytestmark = pytest.mark.usefixtures("fresh")


def context() -> dict[str, Any]:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"ignore_auth": True, "user": user["name"]}


def good_entry(owner: str, **fields: str) -> dict[str, Any]:
    return {
        "name": "made-without-a-request",
        "title": "公交线路信息",
        "notes": "全县公交线路的名称、起点、终点和站点。",
        "owner_org": owner,
        "domain": "transport",
        "update_period": "yearly",
        "share_type": "unconditional",
        "open_attribute": "unconditional",
        "data_formats": ["csv", "xlsx"],
        "information_items": [{"name": "线路名称", "type": "C", "length": "50"}],
        **fields,
    }


def create_in_job(owner: str, name: str) -> None:
    """What a job does: an application context, as an extension's job opens one."""
    from ckan.tests.helpers import _get_test_app

    with _get_test_app().app.app_context():
        assert not has_request_context()
        tk.get_action("package_create")(context(), good_entry(owner, name=name))


def test_create_show_and_search_with_an_application_context_alone(department, web_application):
    owner = department()["id"]
    data = good_entry(owner)
    with web_application.app_context():
        assert not has_request_context()
        made = tk.get_action("package_create")(context(), data)
        shown = tk.get_action("package_show")(context(), {"id": made["id"]})
        found = tk.get_action("package_search")(context(), {"q": "name:" + made["name"]})
    assert shown["information_items"] == made["information_items"]
    assert [entry["id"] for entry in found["results"]] == [made["id"]]


@pytest.mark.usefixtures("yaohai_in_force")
@pytest.mark.parametrize(
    ("locale", "begin", "source"),
    [
        ("en", "Missing value. Data that is not fully open", "(the portal's own rule)"),
        ("zh_Hans_CN", "缺少内容", "（平台自定规则）"),
    ],
)
def test_what_is_wrong_is_said_in_the_portals_language(
    department, web_application, monkeypatch, locale: str, begin: str, source: str
):
    monkeypatch.setitem(tk.config, "ckan.locale_default", locale)
    owner = department(level="county", region="340102", jurisdiction="yaohai")["id"]
    data = good_entry(owner, open_attribute="conditional")
    with web_application.app_context(), pytest.raises(tk.ValidationError) as caught:
        tk.get_action("package_create")(context(), data)
    (message,) = caught.value.error_dict["open_basis"]
    assert message.startswith(begin)
    assert source in message


def test_a_job_creates_an_entry(department):
    owner = department()["id"]
    jobs.enqueue(create_in_job, [owner, "made-by-a-job"])
    jobs.Worker().work(burst=True)
    model.Session.expire_all()
    assert model.Package.get("made-by-a-job") is not None

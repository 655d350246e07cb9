"""A province and a district of it, with an entry of each open attribute, and their pages."""
from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from ckan.tests.factories import Sysadmin
from ckan.tests.helpers import call_action

from tests.snapshots import restored


def soup(app, path: str, status: int = 200) -> BeautifulSoup:
    answer = app.get(path, status=status)
    return BeautifulSoup(answer.body, "html.parser")


@pytest.fixture
def departments(fresh):
    restored("departments of pages", _departments)


def _departments() -> None:
    context = {"user": Sysadmin()["name"]}
    call_action(
        "organization_create",
        dict(context),
        name="anhui",
        title="安徽省人民政府",
        level="province",
        region="34",
        role="government",
        jurisdiction="anhui",
    )
    call_action(
        "organization_create",
        dict(context),
        name="yaohai",
        title="瑶海区人民政府",
        short_name="瑶海区",
        level="county",
        region="340102",
        role="government",
        jurisdiction="yaohai",
        groups=[{"name": "anhui"}],
    )


def make_entry(name: str, **fields):
    values = {
        "title": f"条目{name}",
        "notes": "各公交线路的站点。",
        "owner_org": "yaohai",
        "domain": "transport",
        "update_period": "monthly",
        "share_type": "unconditional",
        "open_attribute": "unconditional",
        **fields,
    }
    return call_action("package_create", name=name, **values)


@pytest.fixture
def entries(departments):
    restored("entries of pages", _entries)


def _entries() -> None:
    make_entry("open-one", title="公交线路", modified="2020-01-31")
    make_entry(
        "by-application",
        title="企业信用记录",
        open_attribute="conditional",
        open_conditions="说明用途。",
        open_basis="《中华人民共和国政府信息公开条例》第十五条",
        application_materials=[{"name": "承诺书", "required": "true"}],
    )
    make_entry("closed-one", title="人口明细", open_attribute="non_open",
               open_basis="《中华人民共和国政府信息公开条例》第十五条")  # fmt: skip

"""No address that a browser would run is taken, and none that is stored is shown as a link."""
from __future__ import annotations

import re

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories, helpers

BAD = ["javascript:alert(1)", "JaVaScript:alert(1)", "java\tscript:alert(1)", "file:///etc/passwd",
       "data:text/html,x", "vbscript:x", "ftp://x.cn/a.csv", "https:///x", "\x01javascript:x"]


@pytest.mark.parametrize("address", BAD)
def test_nobody_writes_one(entry, address):
    organization = entry["organization"]["id"]
    user = factories.User()
    tried = [
        ("resource_create", {"package_id": entry["id"], "url": address, "name": "a"}),
        ("package_patch", {"id": entry["id"], "url": address}),
        ("package_patch", {"id": entry["id"], "resources": [{"url": address, "name": "a"}]}),
        ("organization_patch", {"id": organization, "image_url": address}),
        ("group_create", {"name": "g-1", "image_url": address}),
        ("user_patch", {"id": user["id"], "image_url": address}),
    ]
    for action, data in tried:
        with pytest.raises(tk.ValidationError) as refused:
            helpers.call_action(action, **data)
        said = str(refused.value.error_dict)
        assert "url" in said, (action, said)


@pytest.mark.parametrize("address", ["https://数据.cn/表.csv", "http://x.cn/a b.csv", ""])
def test_web_addresses_are_taken(entry, address):
    helpers.call_action("resource_create", package_id=entry["id"], url=address, name="a")


def test_one_that_is_stored_is_no_link_and_its_download_says_why(entry, portal):
    made = helpers.call_action("resource_create", package_id=entry["id"], url="https://x.cn/a.csv",
                               name="a", format="CSV")
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text("UPDATE resource SET url = 'javascript:alert(1)'"))
        connection.execute(sa.text("UPDATE package SET url = 'javascript:alert(2)'"))
    name = entry["name"]
    pages = [f"/dataset/{name}", f"/dataset/{name}/resource/{made['id']}", "/dataset/",
             f"/api/3/action/package_show?id={name}"]
    for page in pages:
        body = portal.get(page).body
        assert not re.search(r"""(?:href|src|url)\W{0,4}javascript:""", body), page
    answer = portal.get(f"/dataset/{name}/resource/{made['id']}/download", status=409)
    assert "javascript:alert(1)" in answer.body
    assert 'href="javascript' not in answer.body


def test_markdown_makes_no_such_link(entry, portal):
    words = "[a](javascript:alert(1)) [b](data:text/html,x) [c](file:///etc/passwd) <javascript:x>"
    helpers.call_action("user_patch", id=factories.User()["id"], about=words)
    shown = tk.h.render_markdown(words)
    for scheme in ("javascript:", "data:", "file:"):
        assert f'href="{scheme}' not in shown

"""While the index is behind, what was made private or deleted is found and named by nobody."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from tests.cases.conftest import call, make_entry, site, world  # noqa: F401

OLD, NEW = "旧标题金丝雀站点", "新标题金丝雀机密"
CHANGES = {
    "private": "UPDATE package SET private = true, title = :title WHERE id = :id",
    "deleted": "UPDATE package SET state = 'deleted', title = :title WHERE id = :id",
    "draft": "UPDATE package SET state = 'draft', title = :title WHERE id = :id",
}
"""By statements: the index hears nothing of it."""
ACTIONS = {
    "package_search": {"q": OLD},
    "package_search by name": {"q": "*:*", "fl": ["name", "title"]},
    "package_search one field": {"q": "*:*", "fl": "title"},
    "govdata_suggest": {"q": OLD[:4]},
    "govdata_catalogue_export": {"rows": 10},
}
PAGES = (f"/dataset/?q={OLD}", "/", "/organization/yaohai-minzhengju", "/region/340102",
         "/feeds/dataset.atom", "/catalogue/export?format=json", "/decisions")


@pytest.fixture
def hidden(request, world):  # noqa: F811
    """An entry that is public in the index alone."""
    entry = make_entry(world.department["id"], title=OLD, open_attribute="unconditional")
    names = [hit["title"] for hit in tk.get_action("package_search")({}, {"q": OLD})["results"]]
    assert OLD in names, "it is in the index"
    model.Session.execute(sa.text(CHANGES[request.param]), {"id": entry["id"], "title": NEW})
    model.Session.commit()
    return entry


@pytest.mark.parametrize("hidden", CHANGES, indirect=True)
def test_no_list_and_no_search_tells_of_it(hidden, app) -> None:
    factories.User(name="stranger")
    for who in ("", "stranger"):
        for name, asked in ACTIONS.items():
            action = name.partition(" ")[0]
            context = {"user": who, "auth_user_obj": model.User.get(who) if who else None}
            try:
                found = tk.get_action(action)(context, dict(asked))
            except (KeyError, tk.NotAuthorized):
                continue
            told = str(found.get("results", found) if isinstance(found, dict) else found)
            words = (OLD, NEW, hidden["name"], hidden["id"])
            assert not [one for one in words if one in told], (who, name, found)
    for path in PAGES:
        body = app.get(path, status=None).get_data(as_text=True)
        body = body.replace(f'value="{OLD}"', "").replace(f"q={OLD}", "")
        assert NEW not in body, path
        assert hidden["name"] not in body, path


@pytest.mark.parametrize("hidden", ["private"], indirect=True)
def test_its_own_department_still_finds_it(hidden) -> None:
    found = call("officer", "package_search", q=OLD, include_private=True)
    assert hidden["id"] in [hit["id"] for hit in found["results"]]
    assert found["count"] == len(found["results"])
    inner = tk.get_action("package_search")(site(), {"q": OLD})
    assert hidden["id"] in [hit["id"] for hit in inner["results"]]


@pytest.mark.parametrize("hidden", ["private"], indirect=True)
def test_a_field_that_was_not_asked_for_is_not_added(world, hidden) -> None:  # noqa: F811
    found = tk.get_action("package_search")({"user": ""}, {"q": "*:*", "fl": "title"})
    assert found["results"]
    assert all(set(hit) == {"title"} for hit in found["results"])

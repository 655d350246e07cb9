"""What the scripts of this folder share that run in a process of the portal (``CKAN_INI``)."""
from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app


def answer(main: Callable[[], Any]) -> None:
    """Run it inside of CKAN and print what it gives as JSON."""
    application: Any = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())
    flask = getattr(application, "_wsgi_app", application)
    with flask.app_context():
        print(json.dumps(main()))  # noqa: T201


def site() -> Any:
    """The context of the site's own user."""
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"ignore_auth": True, "user": user["name"]}


def call(who: str, action: str, **data: Any) -> Any:
    """An action as this user would call it."""
    user = model.User.by_name(who)
    return tk.get_action(action)({"user": who, "auth_user_obj": user}, data)


def organization(name: str, **more: Any) -> str:
    """A department of a county; its id."""
    entry = {"name": name, "title": name, "level": "county", "region": "340102", **more}
    return str(tk.get_action("organization_create")(site(), entry)["id"])


def person(name: str) -> str:
    """A user; his id."""
    data = {"name": name, "email": f"{name}@example.invalid", "password": "Bench-horse-7"}
    return str(tk.get_action("user_create")(site(), data)["id"])


def token(name: str) -> str:
    """A token of a user."""
    return str(call(name, "api_token_create", user=name, name="bench")["token"])


def conditional_entry(name: str, owner_org: str) -> dict[str, Any]:
    """An entry that is open on conditions, with one file."""
    return tk.get_action("package_create")(site(), {
        "name": name, "title": "公交线路客流", "owner_org": owner_org,
        "notes": "全区公交线路的名称、站点和客流。", "domain": "transport",
        "update_period": "yearly", "share_type": "unconditional",
        "open_attribute": "conditional", "open_conditions": "仅限研究用途",
        "open_basis": "《中华人民共和国政府信息公开条例》第十五条", "data_formats": ["csv"],
        "information_items": [
            {"name": "线路名称", "type": "C", "opened": True},
            {"name": "客流量", "type": "N", "opened": True},
            {"name": "站点名称", "type": "C", "opened": True},
        ],
        "resources": [
            {"name": "客流.csv", "url": "https://example.invalid/a.csv", "format": "CSV"}
        ],
    })

"""The demo accounts: one for each role of the regulations."""
from __future__ import annotations

import secrets

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import DataDict

from .. import config_reader
from .content import DATA, context


def listed() -> list[DataDict]:
    """The accounts as ``accounts.yaml`` has them: name, fullname, role in three languages."""
    return config_reader.read(DATA / "accounts.yaml").data


def load(password: str | None) -> int:
    """Create the missing accounts and memberships; give how many are new.

    Without a password each new account gets a random one that nobody knows:
    a portal whose operator forgot the option must not stand open.
    """
    created = 0
    for account in listed():
        if model.User.get(account["name"]) is None:
            _create(account, password or secrets.token_urlsafe(24))
            created += 1
        if "department" in account:
            tk.get_action("organization_member_create")(
                context(),
                {
                    "id": account["department"],
                    "username": account["name"],
                    "role": account["capacity"],
                },
            )
    return created


def _create(account: dict[str, str], password: str) -> None:
    tk.get_action("user_create")(
        context(),
        {
            "name": account["name"],
            "fullname": account["fullname"],
            "email": f"{account['name']}@demo.invalid",
            "password": password,
        },
    )
    if account.get("sysadmin"):
        tk.get_action("user_patch")(context(), {"id": account["name"], "sysadmin": True})

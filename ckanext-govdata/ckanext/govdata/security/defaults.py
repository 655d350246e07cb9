"""Safer defaults for CKAN's own options, and what the portal will not start with."""
from __future__ import annotations

from pathlib import Path

from ckan.config.declaration import Declaration, Key
from ckan.exceptions import CkanConfigurationException

from .. import config_reader, settings

HALF_AN_HOUR = 1800
SAFER: dict[str, object] = {
    # What a CKAN that is not the portal may need as it was (``ckan.auth.public_user_details``,
    # ``ckan.hide_version``) stands in the portal's ini instead.
    # A session ends half an hour after its last request, and at once on signing out,
    # because it lives on the server. CKAN's default is a year, in a cookie.
    "SESSION_TYPE": "redis",
    "SESSION_PERMANENT": True,
    "SESSION_REFRESH_EACH_REQUEST": True,
    "PERMANENT_SESSION_LIFETIME": HALF_AN_HOUR,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "REMEMBER_COOKIE_SAMESITE": "Lax",
}
REFUSED = {
    "ckan.datastore.sqlsearch.enabled":
        "SQL search reads rows of other people's tables in CKAN 2.12.0 (CVE-2026-42031, -42032)",
}


def declare(declaration: Declaration, _key: Key) -> None:
    """Our own options, and CKAN's with a safer default; the ini still has the last word."""
    source = Path(settings.__file__).with_name("config_declaration.yaml")
    declaration.load_dict(config_reader.read(source).data)
    for name, value in SAFER.items():
        option = declaration.get(name)
        if option is not None:
            option.set_default(value)


def check() -> None:
    """Stop the start where an option opens a known hole."""
    for option, why in REFUSED.items():
        if settings.is_on(option):
            raise CkanConfigurationException(f"{option} must be off: {why}.")


def keep_roles_in_their_department() -> None:
    """In a portal no seat reaches into the departments below, whatever the ini says.

    CKAN's default lets the head of a government read and edit the data of every department; what
    the texts give to the level above is supervision.
    """
    if settings.is_portal():
        settings.let_no_role_cascade()


def cookies_by_scheme() -> dict[str, bool]:
    """Flask's settings that keep cookies on https, if the portal's public address is https."""
    if not settings.site_url().startswith("https://"):
        return {}
    return {"SESSION_COOKIE_SECURE": True, "REMEMBER_COOKIE_SECURE": True}

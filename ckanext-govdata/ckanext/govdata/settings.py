"""One typed function per ini option; nobody else reads the configuration."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def site_id() -> str:
    """CKAN's ``ckan.site_id``: prefix of everything that we keep in Valkey."""
    return str(tk.config["ckan.site_id"])


def database_url() -> str:
    """CKAN's ``sqlalchemy.url``."""
    return str(tk.config["sqlalchemy.url"])


def datastore_url() -> str:
    """CKAN's ``ckan.datastore.write_url``."""
    return str(tk.config["ckan.datastore.write_url"])


def solr_url() -> str:
    """CKAN's ``solr_url``."""
    return str(tk.config["solr_url"]).rstrip("/")


def redis_url() -> str:
    """CKAN's ``ckan.redis.url``."""
    return str(tk.config["ckan.redis.url"])


def storage_path() -> str:
    """CKAN's ``ckan.storage_path``."""
    return str(tk.config["ckan.storage_path"])


def least_free_space() -> int:
    """Bytes that must be free on the storage disk (the option is in MiB)."""
    return int(tk.config["ckanext.govdata.least_free_space"]) * 1024**2


def responsible_body() -> str:
    """Name of the body that answers for the portal; empty when none was set."""
    return str(tk.config.get("ckanext.govdata.pages.responsible_body") or "")


def jurisdictions_directory() -> str:
    """The operator's own jurisdiction files over ours; empty if there are none."""
    return str(tk.config["ckanext.govdata.jurisdictions"] or "")


def calendars_directory() -> str:
    """The operator's own calendar files over ours; empty if there are none."""
    return str(tk.config["ckanext.govdata.calendars"] or "")

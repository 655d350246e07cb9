"""CKAN's index of datasets, as its own actions and commands use it, with our documents."""

from __future__ import annotations

from typing import Any

import ckan.lib.search as search
from ckan.cli import search_index
from ckan.lib.search import index

from .. import settings
from . import indexing


class EntryIndex(index.PackageSearchIndex):
    """Indexes one dataset; one that the index cannot take is written all the same.

    It waits in the outbox with the reason, as it would after an import. That Solr is away is told
    as CKAN tells it (``SearchIndexError``), and nothing is written.
    """

    def index_package(self, pkg_dict: dict[str, Any] | None, defer_commit: bool = False) -> None:
        """Take the dataset as CKAN gives it: ours under ``with_custom_schema``."""
        if pkg_dict is None:
            return
        default = dict(pkg_dict)
        custom = default.pop("with_custom_schema")
        if settings.removes_deleted() and default.get("state") in (None, "deleted"):
            self.delete_package(default)
            return
        indexing.send_one(default, custom, commit=not defer_commit and settings.solr_commits())


def take_over() -> None:
    """Have CKAN use it wherever it indexes a dataset; its rebuild names what fails and goes on."""
    search._INDICES["package"] = EntryIndex  # pyright: ignore[reportPrivateUsage]
    for option in search_index.rebuild.params:
        if option.name == "force":
            option.default = True

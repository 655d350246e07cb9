"""CKAN's index of datasets, as its own actions and commands use it, in our way."""

from __future__ import annotations

from typing import Any

import ckan.lib.search as search
from ckan import model
from ckan.cli import search_index
from ckan.lib.search import index

from . import outbox_rows


class EntryIndex(index.PackageSearchIndex):
    """Notes what CKAN wants indexed; it is indexed when the open transaction is committed.

    So what CKAN hands over is not sent: it may never be committed. That the search server is away,
    or that it refuses a dataset, does not stop its writing; it waits in the outbox then.
    """

    def index_package(self, pkg_dict: dict[str, Any] | None, defer_commit: bool = False) -> None:
        """Have the dataset indexed."""
        if pkg_dict is not None:
            outbox_rows.ask(str(pkg_dict["id"]))

    def remove_dict(self, pkg_dict: dict[str, Any]) -> None:
        """Have it taken out; it stays where the database still has it."""
        found = model.Package.get(pkg_dict["id"])
        outbox_rows.ask(found.id if found else str(pkg_dict["id"]))


def take_over() -> None:
    """Have CKAN use it wherever it indexes a dataset; its rebuild names what fails and goes on."""
    outbox_rows.watch()
    search._INDICES["package"] = EntryIndex  # pyright: ignore[reportPrivateUsage]
    for option in search_index.rebuild.params:
        if option.name == "force":
            option.default = True

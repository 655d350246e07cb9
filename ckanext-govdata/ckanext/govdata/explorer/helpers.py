"""What templates show of tables that can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

import ckan.plugins.toolkit as tk

from ..domain.explorer.question import Question
from .download_offers import DownloadOffers, download_offers
from .readable_table import ReadableTable, readable_table


class Downloads(DownloadOffers):
    """With the original file, where it is given as it is: its address, and its size in bytes, 0
    where nobody can say."""

    original: str
    size: int


class _Original(TypedDict):
    original: str
    size: int


def govdata_downloads(
    pkg: Mapping[str, object], resource: Mapping[str, object],
    table: ReadableTable | None = None, question: Question | None = None, rows: int | None = None,
) -> Downloads | None:
    """The files in which a table can be had, by whoever reads the page; None where there is no
    table for him. ``rows``: how many answer, where the page has counted them."""
    if table is None:
        found = readable_table({}, str(resource["id"]))
        table = found if isinstance(found, ReadableTable) else None
    if table is None:
        return None
    offers = download_offers(str(pkg["name"]), table, question or Question(), rows)
    return {**offers, **_original(pkg, resource, table)}


def _original(
    pkg: Mapping[str, object], resource: Mapping[str, object], table: ReadableTable
) -> _Original:
    """The file itself; not where columns or rows of it are kept from the reader."""
    if not table.whole or not resource.get("url"):
        return {"original": "", "size": 0}
    size = str(resource.get("size") or "")
    address = tk.h.govdata_file_address(pkg, resource)
    return {"original": address, "size": int(size) if size.isdigit() else 0}

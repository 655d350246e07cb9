"""Tables of uploaded files, for tests of what readers ask of them."""
from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from ckanext.govdata.explorer import download_views, kept_drawings
from tests.tables.conftest import at_once, standing

__all__ = ["at_once", "standing"]


@pytest.fixture(autouse=True)
def all_places() -> Iterator[download_views.DownloadPlaces]:
    """No test has taken a place or left a drawing: a browser closes what a test client keeps."""
    download_views.places.cache_clear()
    kept_drawings.forget()
    yield download_views.places()
    if download_views.places().taken:
        gc.collect()
    download_views.places.cache_clear()

"""Who takes tables slowly does not keep the threads that answer everybody else."""
from __future__ import annotations

import gc
from typing import Any

import pytest
from ckan import model
from explorer_world import buses

from ckanext.govdata.explorer.download_places import DownloadPlaces, FullError

pytestmark = pytest.mark.usefixtures("at_once")
FROM = "203.0.113."


def asked(app: Any, file: str, host: str = "1", **more: Any) -> Any:
    name = model.Resource.get(file).package.name
    return app.test_client().get(
        f"/zh_Hans_CN/dataset/{name}/data/{file}/download/csv", buffered=False,
        environ_overrides={"REMOTE_ADDR": f"{FROM}{host}"}, **more)


def test_when_all_places_are_taken_the_next_hears_when_to_come_back(
    app: Any, all_places: DownloadPlaces
) -> None:
    file = buses()
    slow = [all_places.take(f"{FROM}{host}") for host in range(2)]
    refused = asked(app, file, "9")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert "30 秒" in refused.text
    slow[0].leave()
    with asked(app, file, "9") as answer:
        assert answer.status_code == 200
        assert all_places.taken == 2, "it is taken until the reader has all"
    assert all_places.taken == 1, "or goes away, and has read nothing"


def test_one_address_does_not_take_all_places(app: Any, all_places: DownloadPlaces) -> None:
    file = buses()
    slow = all_places.take(f"{FROM}1")
    refused = asked(app, file)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
    with asked(app, file, "2") as other:
        assert other.status_code == 200
    slow.leave()
    with asked(app, file) as again:
        assert again.status_code == 200


def test_whatever_becomes_of_a_file_its_place_is_free(app: Any, all_places: DownloadPlaces) -> None:
    file = buses()
    name = model.Resource.get(file).package.name
    for ending in ("csv", "xlsx", "pdf", "geojson", "csv?_column=x", "zip", "parquet"):
        path = f"/dataset/{name}/data/{file}/download/{ending}"
        answer = app.test_client().get(path)
        assert answer.status_code in (200, 400, 409)
        answer.close()
        app.test_client().head(path).close()
    assert all_places.taken == 0
    forgotten = asked(app, file)
    assert all_places.taken == 1
    del forgotten
    gc.collect()
    assert all_places.taken == 0


@pytest.mark.parametrize(("threads", "most", "each"), [
    (1, 1, 1), (2, 1, 1), (3, 1, 1), (4, 2, 1), (5, 3, 2), (16, 14, 2)])
def test_threads_are_left_for_others(threads: int, most: int, each: int) -> None:
    places = DownloadPlaces(threads)
    own = [places.take("203.0.113.1") for _ in range(each)]
    with pytest.raises(FullError):
        places.take("203.0.113.1")
    rest = [places.take(f"203.0.113.{n + 2}") for n in range(most - each)]
    with pytest.raises(FullError):
        places.take("203.0.113.99")
    for one in (*own, *own, *rest):
        one.leave()
    assert places.taken == 0

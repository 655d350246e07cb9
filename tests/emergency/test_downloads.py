"""The archive tells how often its data was fetched, and nothing about who fetched it."""

from __future__ import annotations

from tests.cases.conftest import call
from tests.emergency.conftest import TABLE, words


def end(published) -> None:
    call("head", "govdata_emergency_end", id=published.event, text="险情解除。")


def test_the_archive_counts_what_was_fetched(published, app, soup) -> None:
    path = f"/emergency/{published.event}/data"
    for address in (f"{path}/water.csv", f"{path}/water.json", f"{path}/moved.csv"):
        assert app.get(address).status_code == 200
    shown = published.show()
    assert {one["downloads"] for one in shown["datasets"]} == {None}, "not while it runs"
    at = shown["datasets"][0]["latest"]["at"]
    app.get(f"{path}/water.csv", query_string={"at": at})
    end(published)
    shown = published.show()
    assert {one["name"]: one["downloads"] for one in shown["datasets"]} == {"water": 3, "moved": 1}
    assert "4 次下载" in words(soup(f"/emergency/{published.event}/timeline"))
    assert "3 次下载" in words(soup(f"/emergency/{published.event}/timeline"))
    assert published.show(at=at)["datasets"][0]["downloads"] is None


def test_what_was_not_given_is_not_counted(published, app) -> None:
    path = f"/emergency/{published.event}/data/water.csv"
    tag = app.get(path).headers["ETag"]
    assert app.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert _client().head(path).status_code == 200
    assert app.get(f"/emergency/{published.event}/data/nothing.csv").status_code == 404
    end(published)
    assert sum(one["downloads"] for one in published.show()["datasets"]) == 1


def test_the_answer_that_a_web_process_makes_for_its_memory_is_no_download(published) -> None:
    from ckanext.govdata.emergency.public import downloads

    path = f"/emergency/{published.event}/data/water.csv"
    client = _client()
    assert client.get(path, environ_overrides={downloads.FRONT: True}).status_code == 200
    event = published.show()["id"]
    assert downloads.of_event(event) == {}
    assert client.get(path).status_code == 200
    assert downloads.of_event(event) == {"water": 1}


def _client():
    from ckan.tests.helpers import _get_test_app

    return _get_test_app().app.test_client()


def test_counts_of_several_processes_add_up_and_unknown_names_count_nothing(published) -> None:
    from ckanext.govdata.emergency.public import downloads

    event = published.show()["id"]
    downloads.add({(published.event, "water"): 40, (published.event, "gone"): 5, ("x", "y"): 1})
    downloads.add({(published.event, "water"): 2})
    assert downloads.of_event(event) == {"water": 42}


def test_a_drill_counts_nothing(place) -> None:
    from ckanext.govdata.emergency.public import downloads

    place.event = place.declare(drill="true")["name"]
    shown = place.publish(create={"title": "水位"}, name="water", table=TABLE)
    downloads.add({(place.event, "water"): 1})
    assert downloads.of_event(shown["id"]) == {}

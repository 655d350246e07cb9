"""More events than one page holds: a province in flood. Everybody is shown all of them, the
gravest first, and the list by API reads no more than its page.
"""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from tests.cases.conftest import call
from tests.emergency.conftest import words

MANY = 23
ALL = {f"event-{n}" for n in range(1, MANY + 1)}
DAY = "2026-07-{:02}T08:00:00+08:00"


def title(n: int) -> str:
    return f"第{n}号险情"


@pytest.fixture
def many(place, clock):
    """Events that run, the oldest the gravest; of the others one is of level III, the rest IV."""
    clock.at("2026-07-28T08:00:00+08:00")
    for n in range(1, MANY + 1):
        level = {1: "I", 2: "III"}.get(n, "IV")
        place.declare(name=f"event-{n}", title=title(n), level=level, started=DAY.format(n))
    return place


@pytest.fixture
def ended(many):
    """The same, all over."""
    for n in range(1, MANY + 1):
        call("head", "govdata_emergency_end", id=f"event-{n}", text="险情解除。")
    return many


def listed(**asked: Any) -> dict[str, Any]:
    return tk.get_action("govdata_emergency_list")({"user": "", "auth_user_obj": None}, asked)


def names(found: dict[str, Any]) -> list[str]:
    return [one["name"] for one in found["results"]]


def linked(page: Any) -> set[str]:
    """The events to which a page has links."""
    links = page.select("a[href*='/emergency/event-']")
    return {a["href"].rpartition("/")[2] for a in links} & ALL


def test_the_gravest_have_the_banners_however_old(many, soup) -> None:
    banners = soup("/about").select("aside.gd-banner")
    assert title(1) in words(banners[0])
    assert title(2) in words(banners[1]), "III is graver than IV"
    assert title(MANY) in words(banners[2]), "of one level the newest"
    assert "20" in words(banners[3])
    assert banners[3].a["href"].endswith("/emergency")
    assert len(banners) == 4


def close(app: Any, *numbers: int) -> None:
    for n in numbers:
        app.post(f"/emergency/event-{n}/banner", data={"back": "/about"}, follow_redirects=False)


def test_a_closed_banner_makes_room_for_the_next(many, app, soup) -> None:
    close(app, 1, 2)
    assert title(MANY) in words(soup("/about").select("aside.gd-banner")[0])


def test_whoever_closes_them_one_by_one_sees_none_again(many, app, soup) -> None:
    close(app, *range(1, MANY + 1))
    assert not soup("/about").select("aside.gd-banner")


def test_the_home_page_names_all_that_run(many, soup) -> None:
    page = soup("/")
    band = page.select_one(".gd-em-home")
    assert linked(band) == ALL
    assert title(1) in words(band.select_one(".gd-em-item"))


def test_the_page_of_events_has_all_that_run_and_the_archive_by_pages(many, soup) -> None:
    assert linked(soup("/emergency").select_one("main")) == ALL
    for n in range(1, MANY + 1):
        call("head", "govdata_emergency_end", id=f"event-{n}")
    first, second = (linked(soup(f"/emergency?page={n}").select_one("main")) for n in (1, 2))
    assert (len(first), len(second)) == (20, 3)
    assert first | second == ALL
    pages = soup("/emergency").select_one(".gd-pager")
    assert [a["href"] for a in pages.select("a[rel=next]")] == ["?page=2"]


def test_a_page_that_is_none_is_said(ended, app) -> None:
    for page in ("x", "2x", "-1", "0"):
        for path in ("/emergency", "/emergency.json"):
            answer = app.get(f"/zh_Hans_CN{path}", query_string={"page": page})
            assert answer.status_code == 400, (path, page)
            assert page in answer.get_data(as_text=True)


def test_the_feed_of_all_events_has_them_all(ended, app) -> None:
    feed = app.get("/emergency.atom").get_data(as_text=True)
    assert feed.count("<entry>") == MANY
    assert title(1) in feed


def test_the_desk_has_all_that_its_officer_handles(many, browse) -> None:
    page = browse("officer", "/emergency-desk")
    assert linked(page.select_one("main")) == ALL
    assert title(1) in words(page.select_one(".gd-em-item"))
    assert not linked(browse("stranger", "/emergency-desk").select_one("main"))


def test_the_desk_has_what_is_due_in_every_event(many, browse) -> None:
    many.event = "event-1"
    many.levels()
    page = browse("officer", "/emergency-desk")
    assert "河道水位" in words(page.select_one(".gd-table"))


def test_the_list_comes_by_pages_and_each_reads_no_more_than_it_shows(ended) -> None:
    read: list[int] = []

    def note(_connection: Any, cursor: Any, statement: str, *_more: Any) -> None:
        if "FROM govdata_emergency_event" in statement:
            read.append(cursor.rowcount)

    engine = model.ensure_engine()
    sa.event.listen(engine, "after_cursor_execute", note)
    try:
        first, second = listed(page=1), listed(page="2")
    finally:
        sa.event.remove(engine, "after_cursor_execute", note)
    assert (first["count"], first["page_size"], second["page"]) == (MANY, 20, 2)
    assert names(first) + names(second) == [f"event-{n}" for n in range(MANY, 0, -1)]
    assert max(read) == 20
    assert not listed(page=3)["results"]


def test_the_list_is_narrowed_and_ordered(many) -> None:
    call("head", "govdata_emergency_end", id="event-3")
    assert names(listed(state="ended")) == ["event-3"]
    assert listed(state="running")["count"] == MANY - 1
    assert names(listed(order="gravest"))[:3] == ["event-1", "event-2", f"event-{MANY}"]
    assert names(listed())[0] == f"event-{MANY}"
    assert listed(region="3401")["count"] == MANY
    assert listed(region="340102")["count"] == MANY
    assert listed(region="340822")["count"] == 0


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"state": "over"}, "state_unknown"),
        ({"region": "999999"}, "region_unknown"),
        ({"order": "loudest"}, "order_unknown"),
    ],
)
def test_what_cannot_be_asked_is_said_and_not_widened(flood, asked, code) -> None:
    with pytest.raises(tk.ValidationError) as error:
        listed(**asked)
    assert [one["code"] for one in error.value.error_dict["reasons"]] == [code]


def test_drills_are_listed_for_those_who_take_part_as_the_event_itself_is_shown(place) -> None:
    place.event = place.declare(drill=True)["name"]
    for who in ("officer", "officer2", "head", "authority", "mayor", "citizen", "stranger"):
        try:
            place.show(who)
            seen = [place.event]
        except tk.ObjectNotFound:
            seen = []
        assert names(call(who, "govdata_emergency_list")) == seen, who
        assert bool(seen) == (who not in ("citizen", "stranger"))

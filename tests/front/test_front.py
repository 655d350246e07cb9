"""What the front answers itself, in which form, and what it leaves to CKAN."""

from __future__ import annotations

import gzip

import pytest

from tests.front.front_world import Portal, ask, run


def test_whoever_is_signed_in_is_answered_by_ckan() -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front()
        await ask(front, "/emergency/flood", cookie="a=b; ckan=secret")
        await ask(front, "/emergency/flood", authorization="token")
        assert portal.rendered == []
        await ask(front, "/emergency/flood", cookie="a=b; ckanx=1")
        assert portal.rendered == ["/emergency/flood"]

    run(work())


@pytest.mark.parametrize(
    ("path", "query", "method"),
    [
        ("/dataset/x", b"", "GET"),
        ("/emergency/unknown", b"", "GET"),
        ("/emergency/flood", b"at=2026-07-01", "GET"),
        ("/emergency/flood/manage", b"", "GET"),
        ("/emergency/flood", b"", "POST"),
        ("/emergencyx", b"", "GET"),
    ],
)
def test_what_is_not_kept_is_ckans(path, query, method) -> None:
    async def work() -> None:
        portal = Portal()
        status, _headers, body = await ask(portal.front(), path, method, query, b"four")
        assert (status, portal.asked) == (200, [path])
        assert body == b"ckan " + query + b" 4"

    run(work())


def test_an_address_that_ckan_gives_itself_is_not_rendered_again_and_again() -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front()
        for _ in range(3):
            await ask(front, "/emergency/flood/manage")
        assert portal.rendered == ["/emergency/flood/manage"]
        assert len(portal.asked) == 3

    run(work())


def test_every_language_has_its_own_answer() -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front()
        await ask(front, "/en/emergency/flood")
        await ask(front, "/zh_Hant_TW/emergency/flood.json")
        await ask(front, "/emergency")
        await ask(front, "/emergency.json")
        assert portal.rendered == [
            "/en/emergency/flood",
            "/zh_Hant_TW/emergency/flood.json",
            "/emergency",
            "/emergency.json",
        ]

    run(work())


def test_the_entity_tag_saves_the_body_and_gzip_most_of_it() -> None:
    async def work() -> None:
        front = Portal().front()
        _status, headers, body = await ask(front, "/emergency/flood")
        zipped = await ask(front, "/emergency/flood", accept_encoding="br, gzip")
        assert gzip.decompress(zipped[2]) == body
        assert zipped[1]["etag"] != headers["etag"]
        for tag in (headers["etag"], zipped[1]["etag"], f"W/{headers['etag']}"):
            again = await ask(front, "/emergency/flood", if_none_match=tag)
            assert (again[0], again[2]) == (304, b"")
        other = await ask(front, "/emergency/flood", if_none_match=f'"{"0" * 32}"')
        assert (other[0], other[2]) == (200, body), "who has an older one gets this one"
        head = await ask(front, "/emergency/flood", "HEAD")
        assert (head[1]["content-length"], head[2]) == (str(len(body)), b"")

    run(work())


def test_a_query_that_is_no_ascii_reaches_ckan_quoted() -> None:
    async def work() -> None:
        answer = await ask(Portal().front(), "/dataset/", query="q=水".encode())
        assert answer[2] == b"ckan q=%E6%B0%B4 0"

    run(work())


def test_a_bug_in_rendering_is_told_by_ckan_and_not_kept() -> None:
    async def work() -> None:
        portal = Portal()
        front = portal.front()
        for _ in range(2):
            with pytest.raises(ValueError, match="broken"):
                await ask(front, "/emergency/flood/broken")
        assert len(portal.rendered) == 2

    run(work())

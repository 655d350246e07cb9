"""A WSGI application in memory and a front before it. No CKAN is needed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

from ckanext.govdata.front.application import Front
from ckanext.govdata.front.page_cache import Answer, packed

TYPE = ((b"content-type", b"text/plain"),)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, 20))


class Portal:
    """A WSGI application and its events, both in memory; counts what it is asked."""

    page = "{}"

    def __init__(self) -> None:
        self.events = {"flood": (1, True, "")}
        self.rendered: list[str] = []
        self.asked: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        self.away = False
        self.counted: list[dict[tuple[str, str], int]] = []

    def count(self, fetched: Any) -> None:
        if self.away:
            raise OSError("the database is away")
        self.counted.append(dict(fetched))

    def look(self) -> dict[str, tuple[int, bool, str]]:
        if self.away:
            raise OSError("the database is away")
        return dict(self.events)

    def render(self, target: str) -> Answer | None:
        self.rendered.append(target)
        version = self.events["flood"][0]
        self.gate.wait(10)
        if "manage" in target:
            return None
        if "broken" in target:
            raise ValueError(target)
        return packed(200, TYPE, self.page.format(f"{target} version {version} " * 50).encode())

    def wsgi(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        self.asked.append(environ["PATH_INFO"])
        self.gate.wait(10)
        length = len(environ["wsgi.input"].read())
        start("200 OK", [("Content-Type", "text/plain")])
        return [f"ckan {environ['QUERY_STRING']} {length}".encode()]

    def front(self, threads: int = 2) -> Front:
        cookies = frozenset({b"ckan"})
        return Front(self.wsgi, self.render, self.look, cookies, threads, None, self.count)


async def ask(
    front: Front,
    path: str,
    method: str = "GET",
    query: bytes = b"",
    body: bytes = b"",
    **headers: str,
) -> tuple[int, dict[str, str], bytes]:
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query,
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
        "root_path": "",
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
    }
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    await front(scope, receive, send)
    start = said[0]
    found = {k.decode(): v.decode() for k, v in start["headers"]}
    return start["status"], found, b"".join(m.get("body", b"") for m in said[1:])


async def until(true: Any) -> None:
    for _ in range(1000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come about")

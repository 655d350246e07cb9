"""What somebody hears who is sent away: a page for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from .crowd import RETRY

BUSY = json.dumps(
    {
        "success": False,
        "error": {
            "__type": "Busy",
            "message": "The portal is busy; please try again in a moment. 平台繁忙，请稍后再试。",
        },
    },
    ensure_ascii=False,
)
PAGE = """<!doctype html>
<html lang="zh-Hans"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>平台繁忙 · Busy</title></head><body>
<h1>平台繁忙，请稍后再试</h1>
<p lang="zh-Hant">平台繁忙，請稍後再試。</p>
<p lang="en">The portal is busy; please try again in a moment.</p>
<p><a href="">再试一次 · 再試一次 · <span lang="en">Try again</span></a></p>
<p><a href="/emergency">应急信息 · 應急資訊 · <span lang="en">Emergency information</span></a></p>
</body></html>
"""
"""No style, script or template: it must cost nothing."""


AWAY = json.dumps(
    {
        "success": False,
        "error": {
            "__type": "Service Unavailable",
            "message": "A part of the portal does not answer at the moment. "
            "平台部分服务暂时没有响应。",
        },
    },
    ensure_ascii=False,
)
AGAIN = 30
"""Seconds after which somebody should come back to whom a service does not answer."""


async def send_away(
    scope: Mapping[str, Any], send: Callable[[Any], Awaitable[None]], page: str = ""
) -> None:
    """503 with the time after which to come back: to a busy portal, or one that ``page`` tells of
    and from which a service is away."""
    person = any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
    kind = b"text/html" if person else b"application/json"
    body = ((page or PAGE) if person else AWAY if page else BUSY).encode()
    headers = [
        (b"content-type", kind + b"; charset=utf-8"),
        (b"retry-after", str(AGAIN if page else RETRY).encode()),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})

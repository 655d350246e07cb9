"""What a day asks of a portal: who asks what, in which shares, as bytes ready to be sent."""
from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

SHARES = {"page": 80, "search": 10, "api": 5, "download": 3, "officer": 2}
"""Of a hundred requests."""
LANGUAGES = {"": 85, "/zh_Hant_TW": 10, "/en": 5}
PAGES = {
    "entry": 50, "list": 14, "home": 12, "department": 8, "emergency": 6, "help": 4,
    "rules": 3, "decisions": 3,
}
"""Of a hundred pages."""
WORDS = (
    "公交", "医院", "学校名录", "行政许可", "养老服务", "空气质量", "水库", "道路", "预算",
    "人口统计", "食品抽检", "停车场", "图书馆", "岗位信息", "低保", "气象预警", "企业登记",
)
LIST_PAGES = 60
"""How far readers turn the pages of a list."""


@dataclass(frozen=True)
class Known:
    """What there is on the portal to be asked for."""

    host: str
    entries: tuple[str, ...]
    departments: tuple[str, ...]
    files: tuple[str, ...]
    tables: tuple[str, ...]
    cookie: str
    token: str
    """Of an officer: his signed-in browser's and his program's."""
    own: str
    """An entry of his department, which he changes."""


@dataclass(frozen=True)
class Request:
    """One request: of which share it is, and its bytes."""

    kind: str
    path: str
    sent: bytes


def requests(known: Known, seed: int) -> Iterator[Request]:
    """Requests without end in the shares of a day; the same ones for the same seed."""
    chance = random.Random(seed)
    paths: dict[str, Callable[[Known, random.Random], str]] = {
        "page": _page, "search": _search, "api": _api, "download": _download,
    }
    number = 0
    while True:
        kind = _drawn(chance, SHARES)
        if kind == "officer":
            number += 1
            yield _officer(known, chance, number)
        else:
            path = paths[kind](known, chance)
            yield Request(kind, path, _bytes("GET", path, known.host))


def _drawn(chance: random.Random, shares: dict[str, int]) -> str:
    return chance.choices(list(shares), list(shares.values()))[0]


def _popular(chance: random.Random, names: tuple[str, ...]) -> str:
    """Few are asked for again and again, most hardly ever: half of the looks go to a hundredth."""
    return names[int(len(names) * chance.random() ** 6.6)]


def _page(known: Known, chance: random.Random) -> str:
    language, which = _drawn(chance, LANGUAGES), _drawn(chance, PAGES)
    return language + {
        "entry": lambda: f"/dataset/{_popular(chance, known.entries)}",
        "list": lambda: f"/dataset/?page={int(LIST_PAGES ** chance.random())}",
        "home": lambda: "/",
        "department": lambda: f"/organization/{_popular(chance, known.departments)}",
        "emergency": lambda: "/emergency",
        "help": lambda: "/help",
        "rules": lambda: "/rules",
        "decisions": lambda: "/decisions",
    }[which]()


def _search(known: Known, chance: random.Random) -> str:
    words = quote(" ".join(chance.sample(WORDS, chance.choice((1, 1, 1, 2)))))
    suggested = chance.random() < .4
    return f"/api/govdata/suggest?q={words}" if suggested else f"/dataset/?q={words}"


def _api(known: Known, chance: random.Random) -> str:
    return "/api/3/action/" + chance.choice((
        f"package_show?id={_popular(chance, known.entries)}",
        f"package_search?rows=20&q={quote(chance.choice(WORDS))}",
        f"organization_show?id={_popular(chance, known.departments)}",
        f"datastore_search?resource_id={chance.choice(known.tables)}&limit=100",
    ))


def _download(known: Known, chance: random.Random) -> str:
    return chance.choice(known.files)


def _officer(known: Known, chance: random.Random, number: int) -> Request:
    """Mostly he looks; every fifth time his program saves an entry."""
    if number % 5 == 0:
        notes = f"全县各类机构的名称和地址。第{number}次更新。"
        body = json.dumps({"id": known.own, "notes": notes})
        path = "/api/3/action/package_patch"
        sent = _bytes("POST", path, known.host, {"Authorization": known.token}, body.encode())
        return Request("officer", path, sent)
    path = chance.choice(
        ("/cases/desk", "/notices", f"/dataset/edit/{known.own}", f"/dataset/{known.own}", "/"))
    return Request("officer", path, _bytes("GET", path, known.host, {"Cookie": known.cookie}))


def _bytes(
    method: str, path: str, host: str, more: dict[str, str] | None = None, body: bytes = b""
) -> bytes:
    fields = {"Host": host, "Connection": "close", "Accept-Encoding": "gzip", **(more or {})}
    if body:
        fields |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body

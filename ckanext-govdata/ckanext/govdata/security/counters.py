"""Counts that run out by themselves, kept in Valkey so that all processes share them."""
from __future__ import annotations

from hashlib import sha256
from typing import cast

from ckan.lib.redis import connect_to_redis

from .. import settings


def _key(kind: str, name: str) -> str:
    """Names are digested: an account name or address is nobody's business in a memory dump."""
    digest = sha256(name.encode()).hexdigest()[:32]
    return f"govdata:{settings.site_id()}:{kind}:{digest}"


def add(kind: str, name: str, seconds: int) -> tuple[int, int]:
    """Count one more; returns the count and the seconds until it starts again from nothing.

    The window opens with the first count and is not prolonged by later ones.
    Raises ``redis.RedisError`` when Valkey does not answer.
    """
    key = _key(kind, name)
    with connect_to_redis().pipeline() as pipe:
        pipe.incr(key)
        pipe.expire(key, seconds, nx=True)
        pipe.ttl(key)
        count, _, left = cast("list[int]", pipe.execute())
    return int(count), max(int(left), 1)


def take_back(kind: str, name: str) -> None:
    """One count less, as if it had not been."""
    key = _key(kind, name)
    connection = connect_to_redis()
    if connection.exists(key) and int(cast("str", connection.decr(key))) <= 0:
        connection.delete(key)


def forget(kind: str, name: str) -> None:
    """Start this count from nothing."""
    connect_to_redis().delete(_key(kind, name))

"""Ask a portal many things at once with little work of one's own: bytes over asyncio's streams."""
from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """What matters of an answer; its body was read to the end."""

    status: str
    away: bool
    """Whether it names a time to come back (``Retry-After``)."""


async def connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to the portal's server."""
    parts = urlsplit(url)
    return await asyncio.open_connection(parts.hostname, parts.port)


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> Answer:
    """Send a request of HTTP/1.1 and read its answer.

    Raises OSError or EOFError (``asyncio.IncompleteReadError``) where the line breaks before the
    whole of it came.
    """
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    names = dict(_fields(head))
    if b"content-length" in names:
        await reader.readexactly(int(names[b"content-length"]))
    elif names.get(b"transfer-encoding") == b"chunked":
        await _read_chunks(reader)
    return Answer(head.split(b" ", 2)[1].decode(), b"retry-after" in names)


async def _read_chunks(reader: asyncio.StreamReader) -> None:
    """To the last chunk, which is empty: a body that ends before it is broken."""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        await reader.readexactly(size + 2)
    await reader.readuntil(b"\r\n")


def _fields(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        yield name.lower(), value.strip().lower()

"""Data that is not open to everybody, handed to who may have it."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

import ckan.model as model
import ckan.plugins.toolkit as tk
import requests
import sqlalchemy as sa
from ckan.views import resource as stock
from flask import Response, stream_with_context

from .. import settings
from ..domain import items
from ..domain.access import Permitted, Way
from ..domain.file_name import disposition
from . import answer_watch, columns, gate, locations, rows, source
from .model import grant


def deliver(
    resource_id: str, allowed: Permitted, named: Mapping[str, object], user_id: str = ""
) -> Response:
    """The granted columns of a table, the file, or what stands at its true place.

    ``user_id`` names the reader where nobody is signed in: a program with a grant's token.
    A table that a person takes in the browser begins with a byte-order mark, without which
    spreadsheets take Chinese for another encoding; programs get none.

    The ledger's entry is written before the first byte. Aborts with 404 or 409 in words.
    """
    known = gate.facts(resource_id)
    kept = locations.find(resource_id)
    if known is None:
        return tk.abort(404, tk._("There is no such file."))
    reference = reference_of(allowed.grant)
    table = allowed.way is Way.GRANT and rows.in_datastore(resource_id)
    given = columns.given(resource_id, allowed) if table else list(allowed.columns or ())
    _check(allowed, table, given, known, kept)
    note(resource_id, allowed, given, user_id)
    name = file_name(known, kept, reference, table)
    if table:
        body = rows.stream(resource_id, given, allowed.row_limit)
        if not user_id and settings.token_header() not in tk.request.headers:
            body = _after(BOM_UTF8, body)
        answer = Response(stream_with_context(body), mimetype="text/csv")
    elif known.link:
        answer = from_source(str((kept or {}).get("url", "")))
    else:
        answer = _upload(known, named, allowed, _is_csv(known, kept))
    answer.headers["Content-Disposition"] = disposition(name, known.package_name)
    mark(answer, reference)
    return answer


def note(
    resource_id: str, allowed: Permitted, given: Sequence[str], user_id: str = "", **more: object
) -> None:
    """Write into the ledger what is about to be handed out, and by which way it is allowed."""
    user = gate.reader_of({})
    facts = {
        "resource": resource_id,
        "reference": reference_of(allowed.grant),
        "way": allowed.way.value,
        "columns": list(given),
        "rows": allowed.row_limit,
        **more,
    }
    reader = user_id or (user.id if user else "")
    rows.record(allowed.grant or resource_id, "data_delivered", reader, facts)


def mark(answer: Response, reference: str) -> None:
    """Say in the answer under which case's reference it was given, if any."""
    if reference:
        answer.headers["X-Govdata-Reference"] = quote(reference)


def reference_of(grant_id: str) -> str:
    """The case's reference number, with which every copy is marked."""
    query = sa.select(grant.c.reference).where(grant.c.id == grant_id)
    return str(model.Session.scalar(query) or "")


def file_name(
    known: gate.Facts, kept: Mapping[str, str] | None, reference: str, table: bool
) -> str:
    """The entry's name and the case's reference; never a word of the true address."""
    own = "" if known.link else str((kept or {}).get("url", ""))
    ending = ".csv" if table else PurePosixPath(own).suffix[:10]
    marked = f"{known.package_name}_{reference}" if reference else known.package_name
    return f"{marked}{ending}"


def from_source(url: str) -> Response:
    """What stands at the department's address, passed on; the address stays here."""
    try:
        found = source.fetch(url)
    except source.NotReachableError:
        return tk.abort(409, tk._("The department has not put up a file yet."))
    except requests.RequestException:
        return tk.abort(502, tk._("The department's server does not answer. Try again later."))
    if found.status_code != 200:
        found.close()
        return tk.abort(502, tk._("The department's server does not answer. Try again later."))
    kind = found.headers.get("Content-Type", "application/octet-stream")
    return Response(stream_with_context(_pieces(found)), content_type=kind)


def _pieces(found: requests.Response) -> Iterator[bytes]:
    with found:
        yield from found.iter_content(rows.CHUNK)


def _check(
    allowed: Permitted, table: bool, given: list[str], known: gate.Facts,
    kept: Mapping[str, str] | None,
) -> None:
    """Before anything is recorded: what the grant names must be there to be given."""
    narrow = not table and not (allowed.whole or allowed.undivided or _all_of(allowed, known))
    if table and not given:
        tk.abort(409, tk._("The table has none of the granted columns any more."))
    if narrow and not _is_csv(known, kept):
        text = tk._("Your grant covers some columns, and this file cannot be divided.")
        ask = tk._("Ask the department to load it as a table.")
        tk.abort(409, f"{text} {ask}")
    if known.link and not kept:
        tk.abort(404, tk._("The department has not put up a file yet."))


def _all_of(allowed: Permitted, known: gate.Facts) -> bool:
    """Whether a file that cannot be divided may be given as it is: its entry declares nothing that
    is closed, and all that it declares is granted. What can be divided is divided.
    """
    listed = gate.declared(known)
    names = items.columns_of([str(item.get("name", "")) for item in listed], listed)
    given = allowed.row_limit is None and set(names) <= set(allowed.columns or ())
    return bool(listed) and given and items.all_open(listed)


def _is_csv(known: gate.Facts, kept: Mapping[str, str] | None) -> bool:
    """Whether it is an uploaded file that can be divided by its columns."""
    return not known.link and str((kept or {}).get("url", "")).lower().endswith(".csv")


def _upload(
    known: gate.Facts, named: Mapping[str, object], allowed: Permitted, divided: bool
) -> Response:
    """CKAN's own answer for an uploaded file; some of its columns where the grant says so."""
    answer_watch.from_one_file()
    kind = str(named.get("package_type", "dataset"))
    whole: Any = stock.download(kind, known.package_id, known.resource_id)
    if allowed.whole or allowed.undivided or not divided or whole.status_code != 200:
        return whole
    whole.direct_passthrough = False
    lines = _lines(whole.iter_encoded())
    try:
        body = rows.narrowed(lines, allowed.columns or (), allowed.row_limit)
        first = next(body)
    except KeyError:
        return tk.abort(409, tk._("The table has none of the granted columns any more."))
    return Response(stream_with_context(_after(first, body)), mimetype="text/csv")


def _after(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Lines of a UTF-8 or GB 18030 text, one at a time."""
    left = b""
    for chunk in chunks:
        *full, left = (left + chunk).split(b"\n")
        yield from (_text(line) + "\n" for line in full)
    if left:
        yield _text(left)


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("gb18030", "replace")

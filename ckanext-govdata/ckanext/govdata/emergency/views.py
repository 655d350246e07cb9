"""Stable addresses for machines: the event and each dataset as JSON and CSV, now and at any time.

The pages stand in ``public/event_pages.py``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, request

from .. import now
from ..access import gate
from ..domain.file_name import disposition, of
from ..domain.typed_time import read_instant
from .desk.desk_pages import desk
from .event import event_record, event_roles
from .event.event_record import EventRow
from .public import downloads, event_view
from .public.event_pages import pages
from .public.event_view import DatasetRow, VersionRow
from .publication import materials

machines = Blueprint("govdata_emergency_data", __name__)


def listing() -> Response:
    """``/emergency.json``: the events."""
    asked_for = dict(request.args)
    return _told(lambda: _json(tk.get_action("govdata_emergency_list")({}, asked_for)))


def event(name: str) -> Response:
    """``/emergency/<event>.json``, also ``?at=``."""
    return _told(
        lambda: _json(
            tk.get_action("govdata_emergency_show")({}, {"id": name, "at": request.args.get("at")})
        )
    )


def data(name: str, dataset: str, ending: str) -> Response:
    """``/emergency/<event>/data/<dataset>.<csv|json|…>``: the latest, or the one known ``?at=``."""
    return _told(lambda: _data(name, dataset, ending))


def _data(name: str, dataset: str, ending: str) -> Response:
    tk.check_access("govdata_emergency_show", {}, {"id": name})
    row = event_record.row_of(name)
    if row is None:
        raise tk.ObjectNotFound(tk._("There is no such event."))
    one = next(iter(event_view.dataset_rows(row.id, dataset)), None)
    written = request.args.get("at", "")
    at = read_instant(written, now.BEIJING) if written else None
    if written and at is None:
        raise tk.ValidationError({"at": [tk._("A time with its zone is wanted here.")]})
    found = event_view.versions(row.id, dataset, at, 1) if one else []
    if one is None or not found:
        raise tk.ObjectNotFound(tk._("Nothing was published then."))
    if not event_view.open_to_all(row, one, row.ended is None):
        insider = event_roles.of(gate.reader_of({}), row)
        if not insider:
            return _plain(403, tk._("This data is not open any more."))
    return _version(row, one, found[0], ending)


def _version(row: EventRow, one: DatasetRow, version: VersionRow, ending: str) -> Response:
    dataset = one.name
    about: dict[str, object] = {
        "event": row.name,
        "dataset": dataset,
        **event_view.described(version),
    }
    content = event_view.content(row.id, dataset, version.number)
    if ending == "json":
        if version.kind == "table":
            sheet = materials.sheet_from(content)
            about["data"] = [dict(zip(sheet.columns, r, strict=True)) for r in sheet.rows]
        answer = _json(about)
    elif version.kind == "table" and ending == "csv":
        answer = _kept(b"\xef\xbb\xbf" + content, "text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = disposition(of(one.title, ".csv"), dataset)
    elif version.kind == "file" and ending == version.file_name.rpartition(".")[2].lower():
        answer = _kept(content, "application/octet-stream")
        answer.headers["Content-Disposition"] = disposition(version.file_name, dataset)
    else:
        raise tk.ObjectNotFound(tk._("The data is not in that form."))
    given = request.method == "GET" and answer.status_code == 200
    if given and downloads.FRONT not in request.environ:
        downloads.add({(row.name, dataset): 1})
    answer.last_modified = version.at
    answer.headers["X-Govdata-Version"] = str(version.number)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _json(found: object) -> Response:
    body = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
    return _kept(body, "application/json; charset=utf-8")


def _kept(body: bytes, content_type: str) -> Response:
    """An answer with its ETag; caches keep what everybody sees, and ask whether it holds."""
    answer = Response(body, content_type=content_type)
    answer.set_etag(hashlib.sha256(body).hexdigest()[:32])
    answer.headers["Access-Control-Allow-Origin"] = "*"
    if gate.reader_of({}) is not None:
        request.environ["__no_cache__"] = True
    answer.make_conditional(request)
    return answer


def _told(answer: Callable[[], Response]) -> Response:
    """The answer, or what is wrong in plain words with the right status."""
    try:
        return answer()
    except tk.ObjectNotFound as error:
        return _plain(404, str(error) or tk._("There is no such event."))
    except tk.NotAuthorized:
        return _plain(403, tk._("This data is not open any more."))
    except tk.ValidationError as error:
        return _plain(400, "; ".join(str(said) for said in error.error_summary.values()))


def _plain(status: int, text: str) -> Response:
    return Response(
        json.dumps({"error": text}, ensure_ascii=False),
        status,
        content_type="application/json; charset=utf-8",
    )


machines.add_url_rule("/emergency.json", view_func=listing)
machines.add_url_rule("/emergency/<name>.json", view_func=event)
machines.add_url_rule("/emergency/<name>/data/<dataset>.<ending>", view_func=data)
blueprints = [machines, pages, desk]

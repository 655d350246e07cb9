"""Where tables are taken: ``/dataset/X/data/FILE/download/csv?…``, the question as on the table's
page.

The gate has been asked before (:mod:`..access.route_guard`) and goes on being asked while the
answer is on its way (:mod:`..access.answer_watch`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from weakref import finalize

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, g, stream_with_context

from .. import now, settings, web_workers
from ..access import delivery, gate
from ..access.sentences import say
from ..domain import file_name
from ..domain.access import Permitted, Way
from ..domain.explorer import address
from ..domain.explorer.question import Question
from ..domain.explorer.question_check import wrong
from ..domain.refusal import Refusal
from ..web import act
from . import sentences
from .download_forms import FORMS, Download, TableForm, obstacle
from .download_places import DownloadPlace, DownloadPlaces, FullError
from .download_words import DownloadWords, download_words
from .readable_table import ReadableTable, table_under
from .statements import shown
from .table_rows import TooSlowError

AGAIN = 30
"""Seconds after which somebody who found no place should come back."""
downloads = Blueprint("govdata_downloads", __name__)


@downloads.get("/dataset/<entry>/data/<resource_id>/download/<ending>")
def table(entry: str, resource_id: str, ending: str) -> Response:
    """The rows that answer, in that form."""
    form = FORMS.get(ending) or _unknown(ending)
    allowed, found = _readable(entry, resource_id)
    question = _question(found)
    if why_not := obstacle(form, shown(found, question)):
        tk.abort(409, why_not)
    reference = delivery.reference_of(allowed.grant)
    download = Download(
        found, question, _words(resource_id, found, question, reference), _is_for_people())
    answer = _answer(form, download, allowed)
    _name(answer, form, download, reference)
    delivery.mark(answer, reference)
    return answer


def _answer(form: TableForm, download: Download, allowed: Permitted) -> Response:
    """The file, for ``HEAD`` without it; noted where it is not open to everybody."""
    if tk.request.method == "HEAD":
        return _sent(form, iter(()))
    place = _place()
    try:
        if allowed.way is not Way.OPEN:
            asked = {"form": form.ending, "asked": address.written(download.question)}
            names = [one.name for one in download.columns]
            delivery.note(download.table.resource_id, allowed, names, **asked)
        answer = _sent(form, _begun(form, download))
    except BaseException:
        place.leave()
        raise
    answer.call_on_close(place.leave)
    finalize(answer, place.leave)  # of an answer that nobody ever closes
    return answer


def _begun(form: TableForm, download: Download) -> Iterator[bytes]:
    try:
        return form.start(download)
    except TooSlowError:
        return tk.abort(503, tk._(
            "The table did not answer in time. Ask for less of it, or try again later."))
    except tk.ObjectNotFound as error:
        return tk.abort(409, str(error))


def _sent(form: TableForm, body: Iterator[bytes]) -> Response:
    answer = Response(stream_with_context(body), content_type=form.content_type)
    answer.headers["Accept-Ranges"] = "none"
    return answer


def _place() -> DownloadPlace:
    """One of those who take a table now; 503 in words where all places are taken, 429 where he has
    his own already."""
    try:
        return places().take(tk.request.remote_addr)
    except FullError as full:
        g.govdata_retry_after = AGAIN
        if full.own:
            return tk.abort(429, tk._("You are taking a table already. Please wait until you have "
                                      "it, then take the next."))
        return tk.abort(503, tk._("Many are taking tables at the moment. Please try again in "
                                  "{seconds} seconds.").format(seconds=AGAIN))


@cache
def places() -> DownloadPlaces:
    """Those of this process."""
    return DownloadPlaces(web_workers.threads())


def _unknown(ending: str) -> TableForm:
    words = tk._("There is no form '{value}'. A table is had as {forms}.")
    return tk.abort(400, words.format(value=ending[:40], forms=tk._(", ").join(FORMS)))


def _readable(entry: str, resource_id: str) -> tuple[Permitted, ReadableTable]:
    """What the gate says, and the table by it; 404 where there is none for the reader."""
    allowed, known = gate.allows({}, resource_id), gate.facts(resource_id)
    if isinstance(allowed, Refusal) or known is None or entry not in (
            known.package_name, known.package_id):
        return tk.abort(404, tk._("There is no such file."))
    found = table_under(allowed, resource_id)
    if found is None:
        return tk.abort(404, tk._("This file is no table: take it as it is."))
    if isinstance(found, Refusal):
        return tk.abort(409, say(found))
    return allowed, found


def _question(found: ReadableTable) -> Question:
    """What the address asks; 400 in words where it cannot be asked."""
    read = address.read(tk.request.args.items(multi=True))
    if refused := (*read.unread, *wrong(read.question, found.columns)):
        told = sentences.by_field(refused)
        colon = tk._("{label}: {text}")
        tk.abort(400, "\n".join(colon.format(label=field, text=" ".join(said))
                                for field, said in told.items()))
    return read.question


def _words(
    resource_id: str, found: ReadableTable, question: Question, reference: str
) -> DownloadWords:
    resource = act("resource_show", id=resource_id)
    pkg = act("package_show", id=resource["package_id"])
    asked = "" if question == Question() else tk.request.url
    return download_words(pkg, resource, shown(found, question), asked, reference)


def _is_for_people() -> bool:
    """Whether a person takes it in the browser and not a program with a token."""
    return settings.token_header() not in tk.request.headers


def _name(answer: Response, form: TableForm, download: Download, reference: str) -> None:
    """``标题_部门_2026-11-28.csv``, with a mark of what is not all, and the case's reference."""
    words = download.words
    parts = [words.department, now.today().isoformat(), reference]
    if download.question != Question():
        parts.insert(2, tk._("selection"))
    rest = "".join(f"_{part}" for part in parts if part) + f".{form.ending}"
    title = words.title.replace("/", "_")[: max(1, file_name.LONGEST - len(rest))]
    plain = str(tk.request.view_args["entry"]) if tk.request.view_args else ""
    answer.headers["Content-Disposition"] = file_name.disposition(f"{title}{rest}", plain)

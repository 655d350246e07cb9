"""What the desk's forms hold: read from a request, shown again, and handed to the actions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from ...departments.tree import Department
from ...web import Errors
from .. import sentences
from ..answers import EventAnswer
from ..event import event_rules
from ..publication import sheets

RHYTHMS = (15, 30, 60, 120, 240, 360, 720, 1440)
"""Minutes that the forms offer between updates."""
SHOWN_AGAIN = 300_000
"""Characters of a table that a form shows again when something was wrong."""

Values = dict[str, Any]
Form = MultiDict[str, str]
Files = MultiDict[str, FileStorage]


def first_values(offered: list[Department]) -> Values:
    """An empty declaration; with one body only, its place is chosen."""
    place = event_rules.place_of(offered[0].id) if offered else ""
    return {"organization": offered[0].name if offered else "", "level": "III", "rhythm": "60",
            "regions": [place] if place else []}  # fmt: skip


def event(form: Form) -> Values:
    """A declaration or change as typed; ``kind`` is chosen together with its sub-kind."""
    kind, _, subtype = form.get("kind", "").partition("/")
    codes = [*form.getlist("regions"), *form.get("more_regions", "").replace("，", ",").split(",")]
    names = ("title", "level", "organization", "basis", "contact", "started", "rhythm", "text")
    return {
        **{name: form.get(name, "").strip() for name in names},
        "kind": kind,
        "subtype": subtype,
        "regions": [code.strip() for code in codes if code.strip()],
        "drill": form.get("drill", ""),
    }


def of_event(shown: EventAnswer) -> Values:
    """A running event as its form shows it."""
    names = ("title", "level", "basis", "contact", "kind", "subtype")
    return {
        **{name: shown[name] for name in names},
        "rhythm": str(shown["rhythm"]),
        "regions": [place["code"] for place in shown["regions"]],
        "text": "",
    }


def dataset_values(shown: EventAnswer, dataset: str = "") -> Values:
    """An empty publication; for a dataset that is there, with what it had."""
    known = next((one for one in shown["datasets"] if one["name"] == dataset), None)
    if known is None:
        target = "" if shown["datasets"] else "create"
        return {"target": target, "rhythm": str(shown["rhythm"]), "expected": seen(shown)}
    return {
        "target": f"dataset:{known['name']}",
        "rhythm": str(known["rhythm"]),
        "source": known["source"],
        "time_column": known["time_column"],
        "place_column": known["place_column"],
        "figures": "、".join(known["figures"]),
        "expected": seen(shown),
    }


def seen(shown: EventAnswer) -> dict[str, int]:
    """The number of each dataset's version that the form was made from."""
    return {one["name"]: one["latest"]["number"] for one in shown["datasets"]}


def publication(form: Form, files: Files) -> Values:
    """A publication as typed."""
    names = (
        *("target", "package", "title", "notes", "table", "url", "rhythm", "source", "note"),
        *("sheet", "leave_hidden"),
        *("time_column", "place_column", "figures", "bulletin_title", "bulletin_text", "reason"),
    )
    return {
        **{name: form.get(name, "").strip() for name in names},
        "bans": form.getlist("bans"),
        "uploads": [one for one in files.getlist("upload") if one.filename],
        "expected": {
            key.removeprefix("expected:"): value
            for key, value in form.items()
            if key.startswith("expected:")
        },
    }


def asked(name: str, values: Values) -> Values:
    """The publication as ``govdata_emergency_publish`` wants it."""
    found: Values = {"id": name, "datasets": _datasets(name, values)}
    if values["bulletin_title"] or values["bulletin_text"]:
        found["bulletin"] = {"title": values["bulletin_title"], "text": values["bulletin_text"]}
    return found


def _datasets(event_name: str, values: Values) -> list[Values]:
    """One dataset, or one for each file when several new ones are dropped at once."""
    given = values["table"] or values["url"] or values["uploads"]
    if not values["target"] and not given:
        return []
    shared: Values = {"id": event_name, "rhythm": values["rhythm"] or None}
    for name in ("sheet", "leave_hidden"):
        shared[name] = values[name] or None
    for name in ("source", "note", "time_column", "place_column", "figures"):
        shared[name] = values[name] or None
    if values["bans"] or values["reason"]:
        shared["override"] = {"bans": values["bans"], "reason": values["reason"]}
    uploads = values["uploads"]
    if values["target"] == "create" and len(uploads) > 1:
        return [{**shared, "create": _new(values, one), "upload": one} for one in uploads]
    one = {**shared, "table": values["table"], "url": values["url"]}
    if uploads:
        one["upload"] = uploads[0]
    return [{**one, **_subject(values)}]


def _subject(values: Values) -> Values:
    kind, _, name = values["target"].partition(":")
    if kind == "dataset":
        return {"dataset": name, "expected": values["expected"].get(name)}
    if kind == "create":
        return {"create": _new(values, None)}
    return {"package": values["package"]}


def _new(values: Values, upload: FileStorage | None) -> Values:
    """A new entry; of several files each is called by its name."""
    title = (
        PurePosixPath((upload.filename or "").replace("\\", "/")).stem
        if upload
        else values["title"]
    )
    return {"title": title, "notes": values["notes"] or title}


def kept(values: Values, errors: Errors) -> Values:
    """The form again; a table that came as a file is shown as text and need not be sent twice."""
    uploads = values.pop("uploads", [])
    values["lost"] = [one.filename for one in uploads]
    if len(uploads) != 1 or "upload" in errors:
        return values
    uploads[0].stream.seek(0)
    try:
        given = sheets.read({**values, "upload": uploads[0]})
    except sheets.Unusable:
        return values
    if given and given.left_out:  # sent again, so that the version's record says what of it is not
        return values
    if given and given.kind == "table" and len(given.content) <= SHOWN_AGAIN:
        return {**values, "table": given.content.decode(), "lost": []}
    return values


def overridable(
    values: Values, errors: Errors, found: Errors
) -> list[Values]:
    """The findings for which a head may answer: ban and what was found.

    Where only the answer itself was refused, such as its reason, those that it was for.
    """
    if "override" in errors:
        return [{"ban": ban, "message": sentences.ban_label(ban)} for ban in values["bans"]]
    reasons: Iterable[dict[str, str]] = errors.get("reasons") or ()
    refused = [
        {"ban": one["value"], "message": one["message"]}
        for one in reasons
        if one.get("code") == "unclear"
    ]
    checked = [
        {"ban": one["ban"], "message": one["message"]}
        for one in found.get("findings", ())
        if one["override"]
    ]
    return refused or checked

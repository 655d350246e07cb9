"""What the desk's forms hold, as the actions want it, and what is there already as forms hold it.

The forms are declared in ``schemas/forms/emergency_….yaml``; here a kind and its sub-kind, which
are one choice, are put together and taken apart, and one publication becomes several datasets.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from werkzeug.datastructures import FileStorage

from ...departments.tree import Department
from ...forms.form_reader import Fields
from ...web import Errors
from .. import sentences
from ..answers import EventAnswer
from ..event import event_rules
from ..publication import materials

SHOWN_AGAIN = 300_000
"""Characters of a table that a form shows again when something was wrong."""

Values = dict[str, Any]


def first_values(offered: list[Department]) -> Values:
    """An empty declaration; with one body only, its place is chosen."""
    place = event_rules.place_of(offered[0].id) if offered else ""
    return {"organization": offered[0].name if offered else "", "level": "III", "rhythm": "60",
            "regions": [place] if place else []}  # fmt: skip


def of_event(shown: EventAnswer) -> Values:
    """A running event as the form of a change shows it."""
    names = ("title", "level", "basis", "contact")
    return {
        **{name: shown[name] for name in names},
        "rhythm": str(shown["rhythm"]),
        "regions": [place["code"] for place in shown["regions"]],
    }


def whole(fields: Fields, values: Values) -> Values:
    """What was typed, and that nothing was in the rest: an action takes what is not there for
    what shall stay as it is. A kind is chosen together with its sub-kind."""
    found = {name: values.get(name, "") for name in fields}
    if "kind" in found:
        found["kind"], _, found["subtype"] = found["kind"].partition("/")
    return found


def beside(errors: Errors) -> Errors:
    """What is wrong by the field beside which it stands: some of an action's are of several."""
    bulletin = {"bulletin_text": errors["bulletin"]} if "bulletin" in errors else {}
    kind = {"kind": errors["subtype"]} if "subtype" in errors else {}
    own = {name: said for name, said in errors.items() if name != "subtype"}
    return {**kind, **own, **bulletin}


def dataset_values(shown: EventAnswer, dataset: str = "") -> Values:
    """An empty publication; for a dataset that is there, with what it had."""
    known = next((one for one in shown["datasets"] if one["name"] == dataset), None)
    if known is None:
        target = "" if shown["datasets"] else "create"
        return {"dataset": target, "rhythm": str(shown["rhythm"]), "expected": seen(shown)}
    return {
        "dataset": f"dataset:{known['name']}",
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


def asked(name: str, values: Values) -> Values:
    """The publication as ``govdata_emergency_publish`` wants it."""
    found: Values = {"id": name, "datasets": _datasets(name, values)}
    title, text = values.get("bulletin_title", ""), values.get("bulletin_text", "")
    if title or text:
        found["bulletin"] = {"title": title, "text": text}
    return found


SHARED = ("sheet", "leave_hidden", "source", "note", "time_column", "place_column", "figures")
"""What is said alike of every dataset of a publication."""


def _datasets(event_name: str, values: Values) -> list[Values]:
    """One dataset, or one for each file when several new ones are dropped at once."""
    uploads, target = values.get("upload", []), values.get("dataset", "")
    if not target and not (values.get("table") or values.get("url") or uploads):
        return []
    shared: Values = {"id": event_name, "rhythm": values.get("rhythm")}
    shared |= {name: values.get(name) for name in SHARED}
    if values.get("bans") or values.get("reason"):
        bans, reason = values.get("bans", []), values.get("reason", "")
        consent = {name: values.get(f"consent_{name}", "") for name in ("by", "on", "document")}
        shared["override"] = {"bans": bans, "reason": reason, "consent": consent}
    if target == "create" and len(uploads) > 1:
        return [{**shared, "create": _new(values, one), "upload": one} for one in uploads]
    one = {**shared, "table": values.get("table", ""), "url": values.get("url", "")}
    if uploads:
        one["upload"] = uploads[0]
    return [{**one, **_subject(values)}]


def _subject(values: Values) -> Values:
    kind, _, name = values.get("dataset", "").partition(":")
    if kind == "dataset":
        return {"dataset": name, "expected": values["expected"].get(name)}
    if kind == "create":
        return {"create": _new(values, None)}
    return {"package": values.get("package", "")}


def _new(values: Values, upload: FileStorage | None) -> Values:
    """A new entry; of several files each is called by its name."""
    named = (upload.filename or "").replace("\\", "/") if upload else ""
    title = PurePosixPath(named).stem if upload else values.get("title", "")
    return {"title": title, "notes": values.get("notes") or title}


def kept(values: Values, errors: Errors) -> Values:
    """The form again; a table that came as a file is shown as text and need not be sent twice."""
    uploads: list[FileStorage] = values.pop("upload", [])
    values["lost"] = [one.filename for one in uploads]
    if len(uploads) != 1 or "upload" in errors:
        return values
    uploads[0].stream.seek(0)
    try:
        given = materials.read({**values, "upload": uploads[0]})
    except materials.Unusable:
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
        return [{"ban": ban, "message": sentences.ban_label(ban)} for ban in values.get("bans", ())]
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

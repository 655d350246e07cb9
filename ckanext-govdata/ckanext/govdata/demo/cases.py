"""The demo's applications and corrections: told in ``cases.yaml``, carried out by the actions, each
on its day."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from .. import config_reader, now
from ..cases.time.sweep import sweep
from ..domain.items import open_names
from ..ledger import heads
from .content import DATA


def load() -> int:
    """Carry out every step in the order of its day, then the sweep; how many cases are new.

    Where somebody of the demo has applied for something already, nothing is done.
    """
    story = config_reader.read(DATA / "cases.yaml").data
    people = list(story["identities"])
    if any(_act(name, "govdata_case_list", mine=True)["count"] for name in people):
        return 0
    today = now.today()
    cases = {**story["cases"], **story["corrections"]}
    steps = [(one["ago"], key, one) for key, case in cases.items() for one in case["steps"]]
    ids: dict[str, str] = {}
    try:
        now.move(today - timedelta(days=max(steps, key=lambda item: item[0])[0]))
        for name, identity in story["identities"].items():
            _act(name, "govdata_identity_update", **identity)
        steps.sort(key=lambda item: -item[0])
        for ago, of_day in groupby(steps, key=lambda item: item[0]):
            day = today - timedelta(days=ago)
            now.move(day)
            for _ago, key, step in of_day:
                ids[key] = _take(step, day, ids.get(key), cases[key], story["forms"])
            if ago > 1:
                sweep(model.Session, day)
    finally:
        now.move(None)
    sweep(model.Session, today)
    heads.publish(model.Session, today)
    model.Session.commit()
    return len(ids)


def _take(
    step: DataDict,
    day: date,
    case_id: str | None,
    case: DataDict,
    forms: Mapping[str, DataDict],
) -> str:
    """One step; the id of its case."""
    entry = tk.get_action("package_show")({"ignore_auth": True}, {"id": case["entry"]})
    files = [resource["id"] for resource in entry["resources"]] or ["entry"]
    if case_id is None:
        wanted = _mark(step, case, files) if "mark" in case else _asked(
            step, day, files, forms[case["by"]], open_names(entry["information_items"]))
        return _act(step["by"], "govdata_case_create", dataset_id=entry["id"], **wanted)["id"]
    if step["do"] == "mend":
        _mend(step, entry)
        return case_id
    fields = dict(step.get("fields", {}))
    if step.get("files"):
        fields["grant_resources"] = files
        fields["grant_columns"] = {files[0]: step["columns"]}
        fields |= _period(step["period"], day, "valid")
    _act(step["by"], "govdata_case_act", id=case_id, command=step["do"], fields=fields)
    return case_id


def _asked(
    step: DataDict, day: date, files: list[str], form: DataDict, named: list[str]
) -> DataDict:
    """An application, as the action is given it."""
    form, submit = {**form, "resources": files, **_form(step["form"], day, files, named)}, False
    if step["do"] == "submit":
        form |= {"terms_version": _terms(), "commitment": True}
        submit = True
    return {"kind": "open_application", "form": form, "submit": submit}


def _mark(step: DataDict, case: DataDict, files: list[str]) -> DataDict:
    """A correction, as the action is given it: of the entry's file where the mark says so."""
    mark = {name: part for name, part in case["mark"].items() if name != "in_file"}
    where = {"resource_id": files[0]} if case["mark"].get("in_file") else {}
    told = {"form": step["form"], "command": step["do"], "submit": True}
    return {"kind": "correction_review", **where, **mark, **told}


def _mend(step: DataDict, entry: DataDict) -> None:
    """The department describes an information item rightly."""
    items = [{**one, **(step["mended"] if one["name"] == step["item"] else {})}
             for one in entry["information_items"]]  # fmt: skip
    _act(step["by"], "package_patch", id=entry["id"], information_items=items)


def _form(
    form: DataDict, day: date, files: list[str], named: list[str]
) -> DataDict:
    """A form filled in; where it names no columns, each of the open ones is ticked."""
    columns = form.get("columns", named)
    asked = {"columns": dict.fromkeys(files, columns)} if columns else {}
    return {"purpose": form["purpose"], **_period(form, day, "period"), **asked}


def _period(days: dict[str, int], day: date, name: str) -> dict[str, str]:
    return {
        f"{name}_from": (day + timedelta(days=days["first"])).isoformat(),
        f"{name}_until": (day + timedelta(days=days["last"])).isoformat(),
    }


def _terms() -> str:
    from ..cases.terms import terms_of_use

    return terms_of_use()[0].version


def _act(who: str, action: str, **data: object) -> Any:
    user = model.User.by_name(who)
    return tk.get_action(action)(Context(user=who, auth_user_obj=user), data)

"""The demo's applications: told in ``cases.yaml``, carried out by the actions, each on its day."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
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
    cases = story["cases"]
    steps = [(one["ago"], key, one) for key, case in cases.items() for one in case["steps"]]
    ids: dict[str, str] = {}
    try:
        now.move(today - timedelta(days=max(steps, key=lambda item: item[0])[0]))
        for name, identity in story["identities"].items():
            _act(name, "govdata_identity_update", **identity)
        for ago, key, step in sorted(steps, key=lambda item: -item[0]):
            day = today - timedelta(days=ago)
            now.move(day)
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
        named = open_names(entry["information_items"])
        form = {**forms[case["by"]], "resources": files, **_form(step["form"], day, files, named)}
        if step["do"] == "submit":
            form |= {"terms_version": _terms(), "commitment": True}
        wanted = {"kind": "open_application", "dataset_id": entry["id"], "form": form}
        made = _act(step["by"], "govdata_case_create", submit=step["do"] == "submit", **wanted)
        return made["id"]
    fields = dict(step.get("fields", {}))
    if step.get("files"):
        fields["grant_resources"] = files
        fields["grant_columns"] = {files[0]: step["columns"]}
        fields |= _period(step["period"], day, "valid")
    _act(step["by"], "govdata_case_act", id=case_id, command=step["do"], fields=fields)
    return case_id


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

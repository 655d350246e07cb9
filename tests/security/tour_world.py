"""A portal with a canary in each thing that is somebody's own: cases, emergencies, entries."""
from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from leak_world import entry

from ckanext.govdata import now
from tests.cases.conftest import World, call, district, make_user, site
from tests.snapshots import restored

SECRET = r"kanarie[-\w]*|canary[-_](?:private|draft|deleted|withdrawn|non_open)[-_]\w+"
LINK = "https://intern.example.org/kanarie-address?key=kanarie-key"


@dataclass
class Tour:
    """Identifiers of everything, by kind; tokens of who asks and has no right to any of it."""

    ids: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    """Tokens of those whose it is: the citizen, his department's officer."""


def tour() -> Tour:
    """Everything made through the actions that people use."""
    world = World(*restored("cases", district))
    department = world.department
    found = Tour()
    _cases(world, found)
    _emergency(world, found)
    _entries(department, found)
    _tasks(found)
    make_user("stranger")
    other = factories.Organization(level="county", region="340822", title="怀宁县水利局")
    tk.get_action("organization_member_create")(
        site(), {"id": other["id"], "username": "stranger", "role": "admin"})
    found.tokens = {"": "", **{
        name: factories.APIToken(user=name)["token"] for name in ("other", "stranger")}}
    found.owners = {
        name: factories.APIToken(user=name)["token"] for name in ("citizen", "officer")}
    found.ids |= {"department": department["name"], "user": "citizen", "authority": "authority"}
    return found


def _cases(world: World, found: Tour) -> None:
    said = {
        "purpose": "kanarie-purpose 研究公交线路与客流之间的关系",
        "contact_name": "kanarie-contact",
        "security_measures": "kanarie-measures 数据只保存在本单位的服务器上",
    }
    refused = world.apply(**said)
    world.act("officer", refused["id"], "accept")
    world.act("officer", refused["id"], "propose", proposal="refuse", note="kanarie-note 拟定")
    draft = call("citizen", "govdata_case_create", kind="open_application",
                 dataset_id=world.entry["id"], form=world.supplied(**said), submit=False)
    found.ids |= {"case": refused["id"], "begun": draft["id"],
                  "conditional": world.entry["name"],
                  "resource": world.entry["resources"][0]["id"]}


def _emergency(world: World, found: Tour) -> None:
    asked = {
        "title": "瑶海区洪涝灾害", "kind": "natural_disaster", "subtype": "flood_drought",
        "level": "II", "regions": ["340102"], "organization": world.department["name"],
        "basis": "瑶海区防汛抗旱应急预案", "contact": "0551-64490000", "rhythm": 60,
        "text": "水位超过警戒水位。",
        "threshold": "harm_likely", "duty": "区防汛抗旱指挥部成员单位。",
    }
    event = call("head", "govdata_emergency_declare", **asked)["name"]
    call("head", "govdata_emergency_publish", id=event, package=world.entry["id"], url=LINK,
         override={"bans": ["conditional"], "reason": "群众转移急需，经区长批准开放。"})
    call("head", "govdata_emergency_end", id=event, text="险情解除，应急响应终止。")
    drill = call("head", "govdata_emergency_declare",
                 **{**asked, "title": "kanarie-drill 演练", "drill": True})["name"]
    found.ids |= {"event": event, "drill": drill}


def _entries(department: dict[str, Any], found: Tour) -> None:
    for attribute in ("private", "draft", "deleted", "withdrawn", "non_open"):
        made = entry(department, attribute)
        found.ids |= {attribute: made.id, f"{attribute}-file": made.resources[1]}
        if attribute == "private":
            found.ids |= {"name": made.name, "view": made.views[0], "table": "alias_private"}
        if attribute in ("draft", "deleted"):
            tk.get_action("package_patch")(site(), {"id": made.id, "state": attribute})
        if attribute == "withdrawn":  # past CKAN: the index lags
            named = sa.update(model.Package).where(model.Package.id == made.id)
            model.Session.execute(named.values(private=True, title="canary-withdrawn-retitled"))
            model.Session.commit()


def _tasks(found: Tour) -> None:
    """What a loader says of files whose data is not open."""
    for kind in ("resource", "private-file", "non_open-file"):
        row = model.TaskStatus(
            entity_id=found.ids[kind], entity_type="resource", task_type="loader", key="load",
            value=json.dumps({"row": "kanarie-value"}), error="kanarie-error", state="error",
            last_updated=now.now() - timedelta(minutes=1))
        model.Session.add(row)
        model.Session.commit()
        found.ids[f"task-{kind}"] = row.id


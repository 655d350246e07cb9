"""The tour's portal with what only people who take part have: grant, letter, file, sheet, links."""
from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
import psycopg2
import requests
from ckan import model
from ckan.lib.jobs import get_all_queues
from tour_world import tour
from werkzeug.datastructures import FileStorage

from ckanext.govdata import now
from ckanext.govdata.access.use_log import USED
from ckanext.govdata.cases.time import calendar_feed
from ckanext.govdata.catalogue.imports import uploads
from ckanext.govdata.catalogue.index import writer
from ckanext.govdata.forms import attachments
from ckanext.govdata.subscriptions import mail_links
from ckanext.govdata.subscriptions import model as subscriptions
from tests.cases.conftest import World, call, make_entry, site


@dataclass
class Portal:
    """``words``: what stands for an argument or parameter: ``/dataset id`` or ``id``."""

    words: dict[str, list[str]]

    def of(self, rule: str, name: str) -> list[str]:
        """Words for this name in that rule."""
        first = re.match(r"/[\w-]*", rule)
        return self.words.get(f"{first and first[0]} {name}", self.words.get(name, ["1"]))

    def query(self, rule: str, names: list[str], word: str = "") -> str:
        """These parameters, each with the first word that fits, or all with that kind of word."""
        given = {name: self.of(rule, word or name)[0] for name in names}
        return f"?{urlencode(given)}" if given else ""

    def addresses(self, rule: Any) -> list[str]:
        """A rule's addresses: every word once in its place."""
        names = re.findall(r"<(?:[^>:]+:)?(\w+)>", rule.rule)
        lists = [self.of(rule.rule, name) for name in names]
        found = []
        for number in range(max(map(len, lists), default=1)):
            address = rule.rule
            for listed in lists:
                address = re.sub(r"<[^>]+>", listed[number % len(listed)], address, count=1)
            found.append(address)
        return found


def portal(application: Any) -> Portal:
    """Everything made through the actions that people use, nothing of it open to everybody."""
    ids = tour().ids
    department = tk.get_action("organization_show")(site(), {"id": ids["department"]})
    world = World(department, {}, make_entry(department["id"]))
    granted, table = _granted(world)
    draft = ids["begun"]
    user_id = model.User.by_name("officer").id
    file_id = _attached(draft)
    upload = FileStorage(io.BytesIO("标题\n一\n".encode()), "目录.csv")
    with application.test_request_context("/"):
        import_id = uploads.start(user_id, upload, {})
    key = calendar_feed.new_secret(model.Session, user_id)
    model.Session.commit()
    writer.drain()
    entries = [ids[kind] for kind in ("conditional", "private", "draft", "deleted")]
    places = [ids["department"]]
    return Portal(
        {
            "/dataset id": entries,
            "/organization id": places,
            "/group id": places,
            "/user id": ["citizen", "officer"],
            "/feeds id": places,
            "dataset": entries,
            "case_id": [ids["case"], draft, granted["case_id"]],
            "attachment_id": [file_id],
            "number": ["1", "2"],
            "import_id": [import_id],
            "grant_id": [granted["id"]],
            "resource_id": [table, ids["resource"], ids["private-file"]],
            "view_id": [ids["view"]],
            "hook_id": [_hook()],
            "/cases name": ["who", "what", "terms"],
            "/rules name": ["yaohai"],
            "name": [ids["event"], ids["drill"]],
            "code": ["340102"],
            "lang": ["en"],
            "token": [
                mail_links.token(mail_links.CONFIRM, "1"),
                mail_links.token(mail_links.UNSUBSCRIBE, "1"),
            ],
            "ending": ["csv", "json"],
            "key": [key],
            "ver": ["2", "3"],
            "page": ["2"],
            "q": ["公交"],
            "format": ["json"],
            "organization": places,
        }
    )


def _granted(world: World) -> tuple[dict[str, Any], str]:
    table = world.entry["resources"][0]["id"]
    tk.get_action("datastore_create")(site(), {
        "resource_id": table, "force": True,
        "fields": [{"id": "线路名称", "type": "text"}, {"id": "客流量", "type": "int"}],
        "records": [{"线路名称": "1路", "客流量": 1}]})
    today = now.today()
    case = world.apply(
        period_from=today.isoformat(), period_until=(today + timedelta(days=100)).isoformat())
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "propose", proposal="approve", note="拟同意")
    world.act("head", case["id"], "approve")
    [line] = call("citizen", "govdata_grant_list")
    grant = call("citizen", "govdata_grant_show", id=line["id"])
    return {**grant, "case_id": case["id"]}, table


def _attached(case_id: str) -> str:
    file = FileStorage(io.BytesIO(b"%PDF-1.4 licence"), "执照.pdf")
    citizen = model.User.by_name("citizen").id
    [found] = attachments.keep(model.Session, case_id, citizen, [file], "files")
    model.Session.commit()
    return found


def _hook() -> str:
    model.Session.execute(subscriptions.hook.insert().values(
        id="hook-1", user_id=model.User.by_name("citizen").id, event_id="", region="340102",
        secret=b"x", created=now.now(), failures=0, busy_until=now.now()))
    model.Session.commit()
    return "hook-1"


def standing(config: Any) -> dict[str, Any]:
    """How everything that is kept stands: tables, index, queues, files.

    A table by its number of rows and the newest transaction that wrote one that is there; of the
    ledger what does not tell that data was taken. Styles and scripts that CKAN packs are left out.
    """
    found: dict[str, Any] = {}
    for name in ("sqlalchemy.url", "ckan.datastore.write_url"):
        connection = psycopg2.connect(config[name])
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for (table,) in cursor.fetchall():
                query = f'SELECT count(*), max(xmin::text::bigint) FROM "{table}"'
                cursor.execute(query)
                found[table] = cursor.fetchone()
                if table == "govdata_ledger":
                    cursor.execute(f"{query} WHERE action NOT IN %s", [USED])
                    found["the ledger"] = cursor.fetchone()
        connection.close()
    asked = {"q": "*:*", "fl": "id,_version_", "rows": "1000", "sort": "id asc"}
    index = requests.get(f"{config['solr_url']}/select", params=asked, timeout=30).json()
    found["the index"] = [(one["id"], one["_version_"]) for one in index["response"]["docs"]]
    found["the queues"] = {queue.name: queue.count for queue in get_all_queues()}
    root = Path(config["ckan.storage_path"])
    found["the files"] = {str(path.relative_to(root)): path.stat().st_mtime_ns
                          for path in root.rglob("*")
                          if path.is_file() and "webassets" not in path.parts}
    return found

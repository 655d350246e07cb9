"""Those who write, each at his own things; whatever they are told is in the journal."""
from __future__ import annotations

import itertools
import random
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from .client import Client, key
from .journal import Act, Fate, Journal

ENTRY = {
    "notes": "混沌试验的数据。", "domain": "transport", "update_period": "yearly",
    "share_type": "unconditional", "open_attribute": "unconditional", "data_formats": ["csv"],
    "information_items": [{"name": one, "type": "C", "opened": True} for one in ("线路", *"abc")],
}
ROWS = 5
"""Of an import."""
BATCH = 40
"""Of what is put into a table at once."""
TABLE = "站点,时间,水位\n" + "".join(f"站点{n},2026-07-01T12:00,9.{n:02}\n" for n in range(20))
AGAIN = 0.2
"""How often an acknowledged act is asked again under its key."""


@dataclass
class World:
    """Who acts, and what there is."""

    url: str
    journal: Journal
    made: dict[str, Any]
    names: list[str] = field(default_factory=list)
    """Entries that somebody wrote: for the readers."""
    addresses: dict[str, str] = field(default_factory=dict)
    """Where the files of entries are, by entry."""

    def client(self, who: str = "") -> Client:
        """One who asks as this person; as a stranger where nobody is named."""
        return Client(self.url, self.journal, self.made["tokens"][who] if who else "")


class Writer(ABC):
    """One of them: ``begin`` is what there must be before he goes on with ``turn`` for ever."""

    name = "writer"

    def __init__(self, world: World, number: int) -> None:
        self.world, self.number = world, number
        self.serial = itertools.count(1)

    @abstractmethod
    def turn(self, dice: random.Random, stop: threading.Event) -> None:
        """Do one thing, or a few that belong together."""

    def began(self, act: Act) -> Act:
        return self.world.journal.began(act)

    def maybe_again(
        self, dice: random.Random, act: Act, client: Client, action: str, data: dict[str, Any]
    ) -> None:
        """He clicks twice."""
        if act.fate is Fate.DONE and dice.random() < AGAIN:
            client.act(act, action, data)


class EntryWriter(Writer):
    """Makes entries, changes them, hides them, shows them again, deletes them."""

    name = "entries"

    def __init__(self, world: World, number: int) -> None:
        super().__init__(world, number)
        self.mine: list[tuple[str, bool]] = []
        """Names and whether public, of those whose fate is known."""

    def turn(self, dice: random.Random, stop: threading.Event) -> None:
        if len(self.mine) < 3 or dice.random() < 0.25:
            self._create(dice)
            return
        name, public = self.mine.pop(dice.randrange(len(self.mine)))
        if dice.random() < 0.15:
            self._delete(name)
            return
        becomes = dice.random() < 0.6 if public else dice.random() < 0.4
        act = self._act(name, becomes)
        change = {"id": name, "title": f"混沌 {act.text}", "private": not becomes}
        self._kept(self.world.client("officer").act(act, "package_patch", change))

    def _act(self, name: str, public: bool) -> Act:
        text = f"{name}-v{next(self.serial)}"
        return self.began(Act("entry", name, text, public=public))

    def _create(self, dice: random.Random) -> None:
        name = f"chaosw{self.number}n{next(self.serial)}"
        act = self._act(name, dice.random() < 0.8)
        entry = {**ENTRY, "name": name, "title": f"混沌 {act.text}", "private": not act.public,
                 "owner_org": self.world.made["department"]}
        self.world.names.append(name)
        self._kept(self.world.client("officer").act(act, "package_create", entry))

    def _delete(self, name: str) -> None:
        last = [one.text for one in self.world.journal.acts if one.thing == name][-1]
        act = self.began(Act("entry", name, last, public=False))
        self.world.client("officer").act(act, "package_delete", {"id": name})

    def _kept(self, act: Act) -> None:
        """An entry whose last act may still be under way is left alone for good."""
        if act.fate is Fate.DONE:
            self.mine.append((act.thing, act.public))


class FileWriter(Writer):
    """Replaces a file again and again, and puts batches of rows into a table."""

    name = "files"

    def __init__(self, world: World, number: int) -> None:
        super().__init__(world, number)
        self.file = self.table = ""

    def turn(self, dice: random.Random, stop: threading.Event) -> None:
        client = self.world.client("officer")
        if not self.file and not self._begin(client):
            return
        if dice.random() < 0.5:
            self._replace(dice, client)
        else:
            self._batch(client)

    def _begin(self, client: Client) -> bool:
        """An entry with a file and a table; it is known by its name, whoever made it."""
        name = f"chaosfiles{self.number}x{next(self.serial)}"
        resources = [{"name": one, "url": one, "format": "CSV"} for one in ("a.csv", "b.csv")]
        act = self.began(Act("entry", name, f"{name}-v1"))
        entry = {**ENTRY, "name": name, "title": f"混沌 {act.text}", "resources": resources,
                 "owner_org": self.world.made["department"]}
        if client.act(act, "package_create", entry).fate is not Fate.DONE:
            return False
        self.file, self.table = (one["id"] for one in act.answer["resources"])
        address = f"/dataset/{name}/resource/{self.file}/download/a.csv"
        self.world.addresses[self.file] = address
        return True

    def _replace(self, dice: random.Random, client: Client) -> None:
        line = f"混沌,{self.file},{next(self.serial)}\n".encode()
        content = b"a,b,c\n" + line * dice.randrange(200, 20_000)
        act = self.began(Act("file", self.file, sha256(content).hexdigest()))
        change = {"id": self.file, "url": "a.csv"}
        if client.act(act, "resource_patch", change, ("a.csv", content)).fate is Fate.UNKNOWN:
            self.file = ""  # it may still be under way, and what comes after it too

    def _batch(self, client: Client) -> None:
        number = next(self.serial)
        act = self.began(Act("table", self.table, f"{self.table}-{number}", count=BATCH))
        records = [{"batch": act.text, "row": row} for row in range(BATCH)]
        fields = [{"id": "batch", "type": "text"}, {"id": "row", "type": "int"}]
        table = {"resource_id": self.table, "force": True, "fields": fields, "records": records}
        client.act(act, "datastore_create", table)


class Applicant(Writer):
    """Applies for data; officer and head carry it through to its end."""

    name = "cases"

    def turn(self, dice: random.Random, stop: threading.Event) -> None:
        made = self.world.made
        who = f"applicant{self.number % 2}"
        text = f"chaos-application-{self.number}-{next(self.serial)}"
        act = self.began(Act("case", who, text, key=key(dice.getrandbits(128))))
        data = {"kind": "open_application", "dataset_id": made["entry"], "submit": True,
                "form": self._form(text)}
        client = self.world.client(who)
        client.surely(act, "govdata_case_create", data, stop)
        self.maybe_again(dice, act, client, "govdata_case_create", data)
        if act.fate is Fate.DONE:
            self._carry_through(act.answer["id"], dice, stop)

    def _carry_through(self, case: str, dice: random.Random, stop: threading.Event) -> None:
        reason = "所申请的数据涉及第三方商业秘密，经征求意见权利人不同意公开。"
        refusal = {"reason": reason, "basis": ["yaohai:第十七条"]}
        grants = dice.random() < 0.6
        steps: list[tuple[str, str, dict[str, Any]]] = [
            ("officer", "accept", {}),
            ("officer", "propose", {"proposal": "approve" if grants else "refuse", "note": "可以"}),
            ("head", "approve", {}) if grants else ("head", "refuse", refusal),
        ]
        for who, command, fields in steps:
            text = f"{case}:{command}"
            act = self.began(Act("command", case, text, key=key(dice.getrandbits(128))))
            data = {"id": case, "command": command, "fields": fields}
            client = self.world.client(who)
            client.surely(act, "govdata_case_act", data, stop)
            self.maybe_again(dice, act, client, "govdata_case_act", data)
            if act.fate is not Fate.DONE:
                return

    def _form(self, purpose: str) -> dict[str, Any]:
        made, first = self.world.made, date.today() + timedelta(days=30)  # noqa: DTZ011
        return {
            "contact_name": "王小明", "contact_phone": "0551-62620000", "scenario": "research",
            "purpose": f"研究瑶海区公交线路与客流之间的关系 {purpose}",
            "resources": [made["resource"]], "columns": {made["resource"]: ["线路名称", "客流量"]},
            "period_from": first.isoformat(), "delivery": "download",
            "period_until": (first + timedelta(days=300)).isoformat(),
            "security_measures": "数据只保存在本单位的服务器上",
            "terms_version": made["terms"], "commitment": True,
        }


class Publisher(Writer):
    """Declares an emergency and publishes version after version."""

    name = "emergencies"

    def __init__(self, world: World, number: int) -> None:
        super().__init__(world, number)
        self.event = f"chaos-flood-{number}"
        self.declared: Act | None = None
        self.published: list[Act] = []

    def turn(self, dice: random.Random, stop: threading.Event) -> None:
        if self.declared is None or self.declared.fate is not Fate.DONE:
            self._declare(dice, stop)
            return
        text = f"chaos-update-{self.number}-{next(self.serial)}."
        data: dict[str, Any] = {"id": self.event, "table": TABLE, "note": text}
        if any(act.fate is Fate.DONE for act in self.published):
            data["dataset"] = "water"
        else:
            data |= {"create": {"title": "河道水位"}, "name": "water", "time_column": "时间",
                     "place_column": "站点", "figures": []}
        act = self.began(Act("publication", self.event, text, key=key(dice.getrandbits(128))))
        self.published.append(act)
        client = self.world.client("head")
        client.surely(act, "govdata_emergency_publish", data, stop)
        self.maybe_again(dice, act, client, "govdata_emergency_publish", data)

    def _declare(self, dice: random.Random, stop: threading.Event) -> None:
        """Once; where he does not know what came of it, he asks again under the same key."""
        if self.declared and self.declared.again and self.declared.fate is Fate.UNKNOWN:
            self.declared.again()
            return
        data = {"name": self.event, "title": f"洪涝 {self.event}", "kind": "natural_disaster",
                "level": "II", "regions": ["340102"], "organization": "chaos-department",
                "basis": "防汛应急预案", "rhythm": 60, "threshold": "harm_likely",
                "duty": "防汛指挥部成员单位"}
        act = Act("declaration", self.event, self.event, key=key(dice.getrandbits(128)))
        self.declared = self.began(act)
        self.world.client("head").surely(act, "govdata_emergency_declare", data, stop)


class Importer(Writer):
    """Sends sheets: all of their rows, or none."""

    name = "imports"

    def turn(self, dice: random.Random, stop: threading.Event) -> None:
        text = f"chaosimport{self.number}n{next(self.serial)}"
        act = self.began(Act("import", text, text, count=ROWS, key=key(dice.getrandbits(128))))
        rows = [
            {"id": f"{text}-{n}", "title": f"混沌导入 {text} 第{n}行", "category": "城建住房",
             "open_type": "无条件开放", "frequency": "每年", "formats": ["csv"]}
            for n in range(ROWS)
        ]
        data = {"rows": rows, "organization": self.world.made["department"]}
        client = self.world.client("officer")
        client.surely(act, "govdata_catalogue_import", data, stop)
        self.maybe_again(dice, act, client, "govdata_catalogue_import", data)


def crew(world: World) -> list[Writer]:
    """All of them."""
    kinds: Iterable[Callable[[World, int], Writer]] = (
        EntryWriter, EntryWriter, FileWriter, Applicant, Applicant, Publisher, Importer)
    return [kind(world, number) for number, kind in enumerate(kinds)]

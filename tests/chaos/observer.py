"""Looks into every store of the portal, past the portal itself."""
from __future__ import annotations

import hashlib
import json
import re
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import psycopg2
import requests

from ckanext.govdata.stack import mail_server, solr

from .checks import Letter, Version
from .place import Place
from .readers import TEXT

COUNTED = {
    "case": "SELECT substring(fields FROM 'chaos-application-\\d+-\\d+') FROM govdata_case_event"
            " WHERE name = 'submitted'",
    "command": "SELECT case_id || ':' || command FROM govdata_case_event WHERE name <> 'submitted'",
    "grant": "SELECT case_id || ':approve' FROM govdata_grant",
    "publication": "SELECT note FROM govdata_emergency_version",
    "declaration": "SELECT name FROM govdata_emergency_event",
    "import": "SELECT substring(title FROM 'chaosimport\\d+n\\d+') FROM package"
              " WHERE state = 'active' AND title LIKE '%chaosimport%'",
}
"""What is there of each kind of act, a row each."""
DONE = """
SELECT 'case', case_id, 'case_' || name, number::text FROM govdata_case_event
UNION ALL SELECT 'emergency', event_id, 'emergency_' || act, number::text FROM govdata_emergency_act
"""
TOLD = """
SELECT object_type, object_id, action, content::jsonb -> 'facts' ->> 'number' FROM govdata_ledger
WHERE object_type IN ('case', 'emergency') AND content::jsonb -> 'facts' ? 'number'
"""
ROWS = """
SELECT p.id, p.name, p.title, p.notes, p.private, p.state,
       to_char(p.metadata_modified, 'YYYY-MM-DD"T"HH24:MI:SS.MS'), g.name,
       (SELECT count(*) FROM resource r WHERE r.package_id = p.id AND r.state = 'active')
FROM package p LEFT JOIN "group" g ON g.id = p.owner_org WHERE p.state <> 'deleted'
"""
FIELDS = "id,name,title,notes,capacity,state,metadata_modified,organization,res_name"
SAID = """
SELECT name, title, private, state, extract(epoch FROM pg_xact_commit_timestamp(xmin)), transaction
FROM chaos.entry_said ORDER BY id
"""
NAMED = """
SELECT resource_id, digest, extract(epoch FROM pg_xact_commit_timestamp(xmin))
FROM chaos.file_named ORDER BY 3, id
"""
NOTES = """
SELECT note, extract(epoch FROM pg_xact_commit_timestamp(xmin)) FROM govdata_emergency_version
ORDER BY 2
"""
POSTED = """
SELECT key, kind, sent IS NOT NULL, extract(epoch FROM next_try), problem FROM govdata_outbox
"""
NUMBERED = {
    "references": "SELECT 'KF', substring(reference FROM '\\d+$')::int FROM govdata_case"
                  " WHERE reference IS NOT NULL",
    "events": "SELECT case_id, number FROM govdata_case_event",
    "acts": "SELECT event_id, number FROM govdata_emergency_act",
    "versions": "SELECT event_id || dataset, number FROM govdata_emergency_version",
    "ledger": "SELECT 'ledger', number FROM govdata_ledger",
}
DAMAGED = """
SELECT event_id || ' ' || number FROM govdata_emergency_version
WHERE encode(sha256(content), 'hex') <> digest
"""


@dataclass
class Observer:
    """Asks the stores; what has been hashed once and did not change is not read again."""

    place: Place
    _digests: dict[tuple[str, int, float], str] = field(default_factory=dict)

    def rows(self, query: str, database: str = "ckan") -> list[tuple[Any, ...]]:
        """What the database says."""
        with self.place.witness.asked(database) as cursor:
            cursor.execute(query)
            return cursor.fetchall()

    def entries(self) -> dict[str, list[Version]]:
        """What was committed of each entry, in the order of the commits."""
        last: dict[int, tuple[str, Version]] = {}
        for name, title, private, state, at, transaction in self.rows(SAID):
            text = TEXT.search(title or "")
            if text and text[1] == name:
                public = not private and state == "active"
                last[transaction] = (name, Version(text[0], public, float(at)))
        found: dict[str, list[Version]] = defaultdict(list)
        for name, version in sorted(last.values(), key=lambda pair: pair[1].at):
            found[name].append(version)
        return found

    def files_named(self) -> dict[str, list[Version]]:
        """Which content each file was said to have, in the order of the commits."""
        found: dict[str, list[Version]] = defaultdict(list)
        for resource, digest, at in self.rows(NAMED):
            found[resource].append(Version(digest, True, float(at)))
        return found

    def notes(self) -> list[Version]:
        """What was published of emergencies."""
        return [Version(note, True, float(at)) for note, at in self.rows(NOTES)]

    def counts(self, kind: str) -> Counter[str]:
        """How many rows there are of each act of that kind."""
        return Counter(text for (text,) in self.rows(COUNTED[kind]) if text)

    def batches(self, tables: set[str]) -> Counter[str]:
        """How many rows of each batch there are in these tables of the DataStore."""
        found: Counter[str] = Counter()
        for table in tables:
            try:
                query = f'SELECT batch, count(*) FROM "{table}" GROUP BY batch'
                found.update(dict(self.rows(query, "datastore")))
            except psycopg2.errors.UndefinedTable:
                continue
        return found

    def documents(self) -> dict[str, tuple[object, ...]]:
        """What the index says of each entry, in the order of ``ROWS``."""
        asked = {"q": "*:*", "fq": "entity_type:package", "rows": 100_000, "fl": FIELDS}
        address = f"{solr.url(self.place.home)}/select"
        answer = requests.get(address, {**asked, "wt": "json"}, timeout=30)
        return {one["id"]: _document(one) for one in answer.json()["response"]["docs"]}

    def entry_rows(self) -> dict[str, tuple[object, ...]]:
        """What the database says of each entry that belongs into the index."""
        return {row[0]: (*row[1:3], row[3] or "", *row[4:]) for row in self.rows(ROWS)}

    def waiting(self) -> list[str]:
        """The entries in the search outbox."""
        return [one for (one,) in self.rows("SELECT package_id FROM govdata_search_outbox")]

    def files(self) -> tuple[dict[str, str], dict[str, str]]:
        """The files that rows name with their digests; the digests of those on the disk."""
        storage = self.place.home.path / "storage" / "resources"
        named = {
            str(storage / one[:3] / one[3:6] / f"{one[6:]}~{digest}"): digest
            for one, digest in self.rows(
                "SELECT s.resource_id, s.digest FROM govdata_stored_file s"
                " JOIN resource r ON r.id = s.resource_id")
        }
        there = {path: self._digest(Path(path)) for path in named if Path(path).exists()}
        return named, there

    def _digest(self, path: Path) -> str:
        told = path.stat()
        known = (str(path), told.st_size, told.st_mtime)
        if known not in self._digests:
            self._digests[known] = hashlib.sha256(path.read_bytes()).hexdigest()
        return self._digests[known]

    def posted(self) -> list[Letter]:
        """The letters in the outbox; those that had nobody to go to are none."""
        return [
            Letter(f"<{key.replace(':', '.')}@govdata>", sent, float(due))
            for key, kind, sent, due, problem in self.rows(POSTED)
            if kind in ("mail", "digest") and not (sent and problem)
        ]

    def stuck(self) -> list[str]:
        """What else waits in outboxes and has been due for minutes."""
        late = time.time() - 240
        found = [
            f"{kind} {key}" for key, kind, sent, due, _ in self.rows(POSTED)
            if kind not in ("mail", "digest") and not sent and float(due) < late
        ]
        changes = self.rows("SELECT id, at FROM govdata_change")
        old = datetime.fromtimestamp(late, timezone.utc)
        return found + [f"change {number}" for number, at in changes if at < old]

    def came(self) -> Counter[str]:
        """The letters that arrived, by id."""
        found = mail_server.letters(self.place.home)
        return Counter(str(letter["Message-ID"]).strip() for letter in found)

    def numbered(self, name: str) -> dict[str, list[int]]:
        """Numbers that are given one after the other, by what they are numbers of."""
        found: dict[str, list[int]] = defaultdict(list)
        for thing, number in self.rows(NUMBERED[name]):
            found[thing].append(number)
        return found


def _document(told: dict[str, Any]) -> tuple[object, ...]:
    modified = re.sub(r"Z$", "", told.get("metadata_modified", ""))
    whole, _, part = modified.partition(".")
    return (
        told.get("name"), told.get("title"), told.get("notes", ""),
        told.get("capacity") == "private", told.get("state"), f"{whole}.{part or 0:0<3}"[:23],
        told.get("organization"), len(told.get("res_name", ())),
    )


def as_json(value: object) -> str:
    """For what is kept."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)

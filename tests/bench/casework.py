"""What is measured of cases and grants: submitting and deciding over HTTP, contested decisions,
the sweep, the gate, and a granted table; each gives rows of the bench's table.

Figures are of this machine and of whatever else runs on it: every row keeps the load, and where
processor time says more than the wall's, there is a row for it.
"""
from __future__ import annotations

import itertools
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import requests

from ckanext.govdata.stack import postgres
from tests.portals import PROGRAMS, Portal, environ

from .measures import Row

CLIENTS = 16
CASES = 320
"""Applications that are submitted, and decided, one after the other by each client."""
ROUNDS = 1_000
"""Half of them two decisions on one case at once, half two submissions of one draft."""
OPEN = 200_000
"""Open cases of the sweep."""
LETTERS = 2_000
PAPERS = 50
"""Letters that are drawn as PDF."""
ROWS = 1_200_000
"""Rows of the granted table."""
REASON = {
    "reason": "所申请的数据涉及第三方商业秘密，经征求意见权利人不同意公开。",
    "basis": ["yaohai:第十五条"],
}


class World:
    """A district with a department, an entry, and as many applicants as there are clients."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.made = inside(portal, "people.py", str(CLIENTS))
        self._own = threading.local()
        self._asked = itertools.count(1)  # the same application is handed in once

    def post(self, who: str, action: str, **data: Any) -> requests.Response:
        """An action as this person; each thread keeps a connection of its own."""
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
        return self._own.session.post(
            f"{self.portal.url}/api/3/action/{action}",
            data=json.dumps(data),
            headers={
                "Authorization": self.made["tokens"][who], "Content-Type": "application/json"
            },
            timeout=120,
        )

    def act(self, who: str, case_id: str, command: str, **fields: Any) -> requests.Response:
        """A command as this person."""
        return self.post(who, "govdata_case_act", id=case_id, command=command, fields=fields)

    def application(self, number: int, submit: bool = True) -> str:
        """A new application of the client with this number; the id of the case."""
        form = self.form()
        if not submit:  # terms are accepted when it is handed in
            del form["terms_version"], form["commitment"]
        answer = self.post(
            f"applicant{number % CLIENTS}", "govdata_case_create", kind="open_application",
            dataset_id=self.made["entry"], form=form, submit=submit,
        )
        return done(answer)["id"]

    def form(self) -> dict[str, Any]:
        """What an applicant fills in."""
        first = date.today() + timedelta(days=30)  # noqa: DTZ011
        return {
            "contact_name": "王小明", "contact_phone": "0551-62620000", "scenario": "research",
            "purpose": f"研究瑶海区公交线路与客流之间的关系，第{next(self._asked)}项",
            "resources": [self.made["resource"]],
            "columns": {self.made["resource"]: ["线路名称", "客流量"]},
            "period_from": first.isoformat(), "delivery": "download",
            "period_until": (first + timedelta(days=300)).isoformat(),
            "security_measures": "数据只保存在本单位的服务器上",
            "terms_version": self.made["terms"], "commitment": True,
        }

    def query(self, statement: str) -> Any:
        """One value of the portal's database."""
        return sql(self.portal, statement)


def casework(portal: Portal) -> list[Row]:
    """Submitting and deciding with 16 clients, and 1,000 rounds in which two want the same."""
    world = World(portal)
    world.application(0)
    cases, submitting = together(portal, world.application, range(CASES))
    accepted, _ = together(portal, accepting(world), cases)
    _, deciding = together(
        portal, lambda case: done(world.act("head0", case, "approve")), accepted
    )
    double = contested(world)
    return [
        Row("submit, 16 clients", None, submitting["rate"], "≥ 50", "/s", "higher"),
        Row("submit, processor time", None, submitting["cpu"], "", "ms"),
        Row("decide, 16 clients", None, deciding["rate"], "≥ 50", "/s", "higher"),
        Row("decide, processor time", None, deciding["cpu"], "", "ms"),
        Row("double decisions, 1,000 rounds", None, double, "0", ""),
    ]


def done(answer: requests.Response) -> dict[str, Any]:
    """The result; raises with what the portal says where there is none."""
    if not answer.ok:
        raise RuntimeError(answer.text[:1000])
    return answer.json()["result"]


def accepting(world: World) -> Callable[[str], str]:
    """Accept as complete, by the officer; the head decides in one step in this portal."""

    def accept(case_id: str) -> str:
        done(world.act("officer", case_id, "accept"))
        return case_id

    return accept


def contested(world: World) -> float:
    """Rounds in which both were told yes, or in which the database holds two of what is one."""
    half = ROUNDS // 2
    with ThreadPoolExecutor(CLIENTS) as pool:
        cases = list(pool.map(accepting(world), pool.map(world.application, range(half))))
        drafts = list(pool.map(lambda n: world.application(n, submit=False), range(half)))
    double = 0

    def race(first: Callable[[], Any], second: Callable[[], Any]) -> None:
        nonlocal double
        gate = threading.Barrier(2)
        found: list[int] = []

        def run(one: Callable[[], Any]) -> None:
            gate.wait()
            found.append(one().status_code)

        threads = [threading.Thread(target=run, args=[one]) for one in (first, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if sorted(found) != [200, 409]:
            double += 1

    def decide(case: str) -> None:
        race(
            lambda: world.act("head0", case, "approve"),
            lambda: world.act("head1", case, "refuse", **REASON),
        )

    def submit(numbered: tuple[int, str]) -> None:
        number, case = numbered
        who, form = f"applicant{number % CLIENTS}", world.form()
        race(*[lambda: world.act(who, case, "submit", **form)] * 2)

    with ThreadPoolExecutor(CLIENTS // 2) as pool:
        list(pool.map(decide, cases))
        list(pool.map(submit, enumerate(drafts)))
    several = world.query(
        "SELECT count(*) FROM (SELECT case_id FROM govdata_case_event WHERE decision IS NOT NULL"
        " GROUP BY case_id HAVING count(*) > 1 UNION ALL SELECT case_id FROM govdata_grant"
        " GROUP BY case_id HAVING count(*) > 1 UNION ALL SELECT case_id FROM govdata_case_event"
        " WHERE name = 'submitted' GROUP BY case_id HAVING count(*) > 1) several"
    )
    missing = world.query("SELECT count(*) - max(last) FROM govdata_counter c, govdata_case k"
                          " WHERE k.reference IS NOT NULL")
    return float(double + several + abs(missing))


def sweep(portal: Portal) -> list[Row]:
    """The sweep over 200,000 open cases: a day's, again with nothing to do, and after a week."""
    found = inside(portal, "crowd.py", str(OPEN))
    rows: list[Row] = []
    for name, one in found.items():
        load = one["load"]  # when that sweep ended
        seconds = Row(f"sweep, 200,000 open: {name}", None, one["seconds"], "≤ 10", "s", load=load)
        rows += [seconds, Row("  processor time", None, one["cpu"], "", "s", load=load)]
    return rows


def gate(portal: Portal) -> list[Row]:
    """What asking the gate adds to a request of somebody with a thousand grants."""
    found = inside(portal, "gate.py", "1000")
    return [
        Row(f"gate, 1,000 grants: {name}", None, milliseconds, "≤ 2", "ms")
        for name, milliseconds in found.items()
    ]


def letters(portal: Portal) -> list[Row]:
    """How many letters go out in a minute, to a mail server on this machine."""
    found = inside(portal, "letters.py", str(LETTERS))
    rate = found["sent"] / found["seconds"] * 60
    spent = found["cpu"] / found["sent"] * 1000
    return [
        Row("letters", None, rate, "≥ 2,000", "/min", "higher"),
        Row("  processor time of a letter", None, spent, "", "ms"),
    ]


def papers(portal: Portal) -> list[Row]:
    """How long a letter takes to be drawn as PDF: the middle one, and what it computed."""
    found = inside(portal, "papers.py", str(PAPERS))
    wall, cpu = (statistics.median(found[name]) * 1000 for name in ("wall", "cpu"))
    return [
        Row("letter as PDF", None, wall, "≤ 400", "ms"),
        Row("  processor time of a letter as PDF", None, cpu, "", "ms"),
    ]


def granted_table(portal: Portal) -> list[Row]:
    """A granted table as CSV over HTTP: rows a second, and the server's memory above idle."""
    made = inside(portal, "table.py", str(ROWS))
    requests.get(portal.url, timeout=60)
    idle = memory(portal, "VmRSS")
    for worker in workers(portal):
        Path(f"/proc/{worker}/clear_refs").write_text("5")  # the peak counts from here
    began, size, lines = time.perf_counter(), 0, 0
    with requests.get(
        portal.url + made["path"], headers={"Authorization": made["token"]}, stream=True,
        timeout=300,
    ) as answer:
        answer.raise_for_status()
        for chunk in answer.iter_content(1 << 20):
            size += len(chunk)
            lines += chunk.count(b"\n")
    seconds = time.perf_counter() - began
    assert lines == ROWS + 1, lines
    above = max(peak - idle[worker] for worker, peak in memory(portal, "VmHWM").items())
    return [
        Row("granted table, 1.2 million rows", None, ROWS / seconds, "≥ 100,000", "/s", "higher"),
        Row("granted table, MB", None, size / 1e6, "", "MB"),
        Row("granted table, memory", None, above, "≤ 64", "MiB"),
    ]


def load_table(portal: Portal) -> list[Row]:
    """A file of a million rows and ten columns: until it is a table, its index of words after
    that, and the memory of the job."""
    made = inside(portal, "load_table.py", "1000000")
    return [
        Row("file to table, 1 million rows", None, made["seconds"], "≤ 45", "s"),
        Row("file to table, rows", None, 1_000_000 / made["seconds"], "", "/s", "higher"),
        Row("file to table, index of words", None, made["words"], "", "s"),
        Row("file to table, memory", None, made["memory"], "≤ 300", "MiB"),
        Row("file to table, memory above idle", None, made["more"], "", "MiB"),
    ]


def together(
    portal: Portal, work: Callable[[Any], Any], items: Iterable[Any]
) -> tuple[list[Any], dict[str, float]]:
    """All of it by 16 clients at once; how many a second, and processor milliseconds for each."""
    listed = list(items)
    used, began = processor(portal), time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        found = list(pool.map(work, listed))
    seconds = time.perf_counter() - began
    print(f"  {len(listed) / seconds:.1f}/s", file=sys.stderr, flush=True)  # noqa: T201
    spent = (processor(portal) - used) * 1000 / len(listed)
    return found, {"rate": len(listed) / seconds, "cpu": spent}


def inside(portal: Portal, script: str, *words: str) -> Any:
    """What a script of this folder (or of another, by its path) prints, run in a process of the
    portal."""
    command = [str(PROGRAMS / "python"), str(Path(__file__).parent / script), *words]
    done = subprocess.run(
        command, env=environ(portal), capture_output=True, text=True, timeout=1800, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout.strip().splitlines()[-1])


def sql(portal: Portal, statement: str) -> Any:
    """One value of the portal's database."""
    import psycopg2

    name = portal.ini.stem
    with psycopg2.connect(postgres.url(portal.home, "ckan", name)) as connection:
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor.fetchone()[0]


def workers(portal: Portal) -> list[int]:
    """The processes that answer requests."""
    return _below(portal.process)


def processor(portal: Portal) -> float:
    """Seconds of processor time that the portal's workers and the database have used."""
    server = postgres.process_id(portal.home)
    found = [*workers(portal), *(_below(server) if server else [])]
    return sum(_used(process) for process in found)


def memory(portal: Portal, what: str) -> dict[int, float]:
    """MiB of each worker: now (``VmRSS``) or at most since it was reset (``VmHWM``)."""
    return {worker: _memory(worker, what) for worker in workers(portal)}


def _memory(process: int, what: str) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1024
    return 0.0


def _below(process: int) -> list[int]:
    found = [process]
    try:
        for task in list(Path(f"/proc/{process}/task").iterdir()):
            for child in (task / "children").read_text().split():
                found += _below(int(child))
    except OSError:  # it has ended meanwhile
        pass
    return found


def _used(process: int) -> float:
    """Its own time and that of its children that have ended: connections come and go."""
    try:
        words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, words[11:15])) / os.sysconf("SC_CLK_TCK")

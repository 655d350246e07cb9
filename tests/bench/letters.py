"""``letters.py COUNT``: send so many letters to the mail server of the stack's kind; seconds."""
from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from inside import answer, person

from ckanext.govdata.notices import mail_delivery
from ckanext.govdata.notices.notice import Telling, tell
from ckanext.govdata.stack import mail_server, ports, processes
from ckanext.govdata.stack.home import Home

READERS = 20


def main() -> dict[str, Any]:
    """How many were sent in one run of the job, in how many seconds, of which it computed."""
    readers = [person(f"letters-{number:02}") for number in range(READERS)]
    facts = {"reference": "KF-1", "due": "2026-12-04"}
    told = [Telling(f"letters:{n}", readers[n % READERS], "reminder", "case", facts)
            for n in range(int(sys.argv[1]))]
    tell(model.Session, told)
    model.Session.commit()
    with TemporaryDirectory() as folder:
        home = Home.open(Path(folder))
        port = next(filter(ports.is_free, range(21_000, 30_000)))
        home.state.ports = {**ports.FIRST, "mail": port}
        with subprocess.Popen(mail_server.command(home), cwd=folder) as server:
            try:
                processes.wait(lambda: not mail_server.complaint(home), 30)
                place = f"127.0.0.1:{home.port('mail')}"
                tk.config.update({"smtp.server": place, "smtp.starttls": False,
                                  "smtp.mail_from": "portal@example.invalid"})
                began, used = time.perf_counter(), time.process_time()
                sent = mail_delivery.deliver()["sent"]
                seconds, cpu = time.perf_counter() - began, time.process_time() - used
                return {"sent": sent, "seconds": seconds, "cpu": cpu}
            finally:
                server.terminate()


if __name__ == "__main__":
    answer(main)

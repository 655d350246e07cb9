"""The installation page is carried out as it stands, beside the files of Debian's own packages."""
from __future__ import annotations

import shutil
import threading
import time
import urllib.error
import urllib.request
from email.message import Message
from http.server import ThreadingHTTPServer

import pytest

from tests.packaging.debian_nginx import DebianNginx, commands, folder_of_all, needed
from tests.packaging.test_nginx import Upstream
from tests.ports import free_port


@pytest.fixture
def folder():
    with folder_of_all() as made:
        yield made


@pytest.fixture
def machine(folder):
    """A Debian with nginx installed, and something that listens where CKAN would."""
    needed()
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    made = DebianNginx(folder / "root", upstream.server_port)
    yield made, upstream
    upstream.shutdown()
    upstream.server_close()


def fetch(address: str, process, log) -> tuple[int, Message, str]:
    """Status, headers and text, as soon as nginx answers."""
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline


def test_debians_own_files_are_what_is_tried(machine) -> None:
    """What stood in the way: they compress already, have a default server, and no cache folder."""
    found, _upstream = machine
    main = (found.root / "etc/nginx/nginx.conf").read_text("utf-8")
    assert "\tgzip on;" in main
    assert "conf.d/*.conf" in main
    site = (found.root / "etc/nginx/sites-enabled/default").read_text("utf-8")
    assert f"listen {found.ports['80']} default_server" in site
    assert not (found.root / "var/cache/nginx").exists()


def test_step_10_is_accepted_and_serves(machine) -> None:
    found, _upstream = machine
    said = found.set_up()
    assert "[warn]" not in said.replace('the "user" directive', "") or "super-user" in said
    assert "[emerg]" not in said
    with found.running() as (address, process, log):
        status, headers, text = fetch(f"{address}/about", process, log)
        assert (status, headers["X-Cache"]) == (200, "MISS")
        assert text.startswith("/about 1 127.0.0.1")
        assert "nginx/" not in headers["Server"]
        assert fetch(f"{address}/about", process, log)[1]["X-Cache"] == "HIT"


def test_step_10_is_harmless_twice(machine) -> None:
    found, _upstream = machine
    found.set_up()
    found.set_up()


@pytest.mark.parametrize("away", [False, True], ids=["served", "CKAN is away"])
def test_no_log_holds_a_query_string(machine, folder, away: bool) -> None:
    """Not the log of requests, nor what nginx says of errors, where it quotes the request."""
    found, _upstream = machine
    if away:
        found = DebianNginx(folder / "away", free_port())
    found.set_up()
    with found.running() as (address, process, log):
        asked = f"{address}/datastore/dump/x?token=SECRET"
        assert fetch(asked, process, log)[0] == (502 if away else 200)
        limited = {fetch(f"{address}/z?token=SECRET", process, log)[0] for _ in range(200)}
        assert 429 in limited
    written = found.logs()
    assert "/datastore/dump/x" in written
    assert "SECRET" not in written + log.read_text()


def test_what_the_page_installs_exists_and_goes_where_it_is_looked_for() -> None:
    named = [word for line in commands(10) for word in line.split() if word.startswith("config/")]
    assert len(named) == 4
    assert shutil.which("install")

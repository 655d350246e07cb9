"""nginx, the real one, in front of a small upstream: caching, limits, headers.

With the machine's nginx, else with the one that ``make nginx`` fetched; skips where neither is.
"""
from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.packaging import debian_nginx
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "config" / "deploy" / "nginx"
NGINX = debian_nginx.program()
pytestmark = pytest.mark.skipif(NGINX is None, reason="there is no nginx: make nginx")

served: Counter[str] = Counter()
slow = threading.Event()
"""Until when slow answers wait."""


class Upstream(BaseHTTPRequestHandler):
    """Answers as CKAN would, as far as caching is concerned."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        served[self.path] += 1
        body = f"{self.path} {served[self.path]} {self.headers['X-Forwarded-For']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        private = "private" in self.path
        self.send_header("Cache-Control", "private" if private else "public, max-age=60")
        if "cookie" in self.path:
            self.send_header("Set-Cookie", "ckan=secret")
        self.end_headers()
        if "slow" in self.path:
            slow.wait(20)
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *args: object) -> None:
        """Quiet."""


def lay_out(folder: Path, upstream: int, tls: bool = False) -> dict[str, int]:
    """The files where docker-compose.yml mounts them, with ports and cache of the test's own."""
    ports = {"8080": free_port(), "8081": free_port(), "8443": free_port()}
    (folder / "govdata" / "tls").mkdir(parents=True)
    (folder / "cache").mkdir()
    targets = {
        "nginx.conf": "nginx.conf",
        "govdata.conf": "govdata/govdata.conf",
        "portal.conf": "govdata/portal.conf",
        "upstream-local.conf": "govdata/upstream.conf",
        "log-local.conf": "govdata/log.conf",
    }
    if tls:
        targets["https.server.conf.example"] = "govdata/tls/https.server.conf"
        targets["redirect.plain.conf.example"] = "govdata/tls/redirect.plain.conf"
    for source, target in targets.items():
        text = (CONFIG / source).read_text("utf-8")
        for port, free in ports.items():
            text = text.replace(f"listen {port}", f"listen 127.0.0.1:{free}")
            text = text.replace(f"listen 127.0.0.1:{port}", f"listen 127.0.0.1:{free}")
        text = text.replace("127.0.0.1:5000", f"127.0.0.1:{upstream}")
        text = text.replace("/var/cache/nginx/govdata", str(folder / "cache"))
        text = text.replace("/var/log/nginx", str(folder))
        text = text.replace("/tmp/nginx.pid", str(folder / "nginx.pid"))
        if target == "nginx.conf":
            text = debian_nginx.with_temporary_folders(text, folder / "temporary")
        (folder / target).write_text(text, "utf-8")
    shutil.copy(debian_nginx.mime_types(), folder / "mime.types")
    return ports


def command(folder: Path, *more: str) -> list[str]:
    assert NGINX
    return [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"),
            "-e", str(folder / "error.log"), *more]


@pytest.fixture(scope="module")
def portal():
    with debian_nginx.folder_of_all() as folder:
        yield from served_from(folder)


def served_from(folder: Path):
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    ports = lay_out(folder, upstream.server_port)
    if os.geteuid() == 0:  # the workers drop to "nobody", who must reach the cache
        shutil.chown(folder / "cache", "nobody")
    process = subprocess.Popen(command(folder, "-g", "daemon off;"),
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while True:
        try:
            fetch(f"http://127.0.0.1:{ports['8081']}/nginx-health")
            break
        except OSError:
            assert process.poll() is None, (folder / "error.log").read_text()
            assert time.monotonic() < deadline
    yield f"http://127.0.0.1:{ports['8080']}"
    process.terminate()
    process.wait(10)
    upstream.shutdown()


def fetch(url: str, data: bytes | None = None, **headers: str):
    """Status, headers and text, whatever the status."""
    request = urllib.request.Request(
        url, data, {name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


@pytest.mark.parametrize("tls", [False, True])
def test_configuration_is_accepted(tmp_path: Path, tls: bool) -> None:
    lay_out(tmp_path, 5000, tls)
    if tls:
        made = subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test",
             "-keyout", str(tmp_path / "govdata/tls/privkey.pem"),
             "-out", str(tmp_path / "govdata/tls/fullchain.pem")], capture_output=True)
        if made.returncode:
            pytest.skip("openssl is not installed")
    tried = subprocess.run(command(tmp_path, "-t"), capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr
    assert "[warn]" not in tried.stderr.replace("the \"user\" directive", "")


def test_an_anonymous_public_page_is_fetched_once(portal: str) -> None:
    first, second = fetch(f"{portal}/about"), fetch(f"{portal}/about")
    assert first[2] == second[2]
    assert second[1]["X-Cache"] == "HIT"


@pytest.mark.parametrize("headers", [
    {"Cookie": "ckan=abc"},
    {"Cookie": "anything=at-all"},
    {"Authorization": "token"},
    {"X_CKAN_API_Key": "token"},
])
def test_a_personal_request_neither_reads_nor_fills_the_cache(portal: str, headers) -> None:
    url = f"{portal}/personal-{hash(str(headers))}"
    own = fetch(url, **headers)[2]
    anonymous = fetch(url)[2]
    again = fetch(url, **headers)[2]
    assert len({own, anonymous, again}) == 3


@pytest.mark.parametrize("path", [
    "/private-page", "/sets-cookie", "/user/login",
    "/dataset/a/resource/b/download/c.csv", "/zh_Hans_CN/dataset/a/resource/b/download/c.csv",
    "/dataset/a/data/b/download/csv", "/zh_Hans_CN/dataset/a/data/b/download/xlsx",
    "/datastore/dump/b", "/file/download/x", "/uploads/group/x.png", "/govdata/cases",
])
def test_what_must_never_be_kept_is_not(portal: str, path: str) -> None:
    assert fetch(portal + path)[2] != fetch(portal + path)[2]


@pytest.mark.parametrize("path", [
    "/emergency", "/emergency/flood", "/emergency/flood.json", "/en/emergency/flood",
])
def test_an_emergency_is_kept_for_a_second(portal: str, path: str) -> None:
    first, second = fetch(portal + path), fetch(portal + path)
    assert first[2] == second[2]
    assert fetch(portal + path, Cookie="ckan=abc")[2] != first[2]


@pytest.mark.parametrize("path", [
    "/emergency/flood/data/a.csv", "/en/emergency/flood/data/a.json",
    "/emergency/flood/data/a.csv?at=2026-07-01T14:00:00",
])
def test_the_data_of_an_emergency_is_fetched_where_it_is_counted(portal: str, path: str) -> None:
    before = served[path]
    for _ in range(3):
        assert fetch(portal + path)[0] == 200
    assert served[path] == before + 3


def test_one_address_takes_a_few_tables_at_once(portal: str) -> None:
    slow.clear()
    address = f"{portal}/zh_Hans_CN/dataset/a/data/b/download/csv?slow="
    with ThreadPoolExecutor(4) as readers:
        begun = [readers.submit(fetch, f"{address}{turn}") for turn in range(4)]
        deadline = time.monotonic() + 10
        while sum("slow" in path for path in served) < 4:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        refused = fetch(f"{address}5")
        other = fetch(f"{portal}/dataset/a/resource/b/download/c.csv")
        slow.set()
    assert (refused[0], refused[1]["Retry-After"]) == (429, "60")
    assert other[0] == 200
    assert {one.result()[0] for one in begun} == {200}


def test_a_stream_is_not_kept(portal: str) -> None:
    address = f"{portal}/emergency/flood/stream"
    assert fetch(address)[2] != fetch(address)[2]


def test_assets_are_kept_for_everyone(portal: str) -> None:
    first = fetch(f"{portal}/webassets/govdata/abc_main.css", Cookie="ckan=abc")
    second = fetch(f"{portal}/webassets/govdata/abc_main.css")
    assert first[2] == second[2]
    assert "max-age=2592000" in second[1]["Cache-Control"]


@pytest.mark.parametrize("path", [
    "/dataset/?q={}", "/zh_Hans_CN/dataset?q={}", "/api/3/action/package_search?q={}"])
def test_anonymous_search_is_limited_and_says_when_to_come_back(portal: str, path: str) -> None:
    answers = [fetch(portal + path.format(turn)) for turn in range(45)]
    refused = [answer for answer in answers if answer[0] == 429]
    assert refused
    assert all(answer[1]["Retry-After"] == "60" for answer in refused)
    assert "请求过于频繁" in refused[0][2]


def test_signed_in_search_is_not_slowed_here(portal: str) -> None:
    statuses = {fetch(f"{portal}/dataset/?q=s{turn}", Cookie="ckan=abc")[0] for turn in range(45)}
    assert statuses == {200}


def test_passwords_cannot_be_tried_quickly(portal: str) -> None:
    statuses = [fetch(f"{portal}/user/login", b"login=a&password=b")[0] for _ in range(20)]
    assert statuses[0] == 200
    assert 429 in statuses


def test_an_upload_over_the_limit_is_refused_before_ckan_reads_it(portal: str) -> None:
    served.clear()
    with socket.create_connection(tuple(portal[7:].split(":"))) as client:  # type: ignore[arg-type]
        client.sendall(b"POST /dataset/new HTTP/1.1\r\nHost: x\r\n"
                       b"Content-Length: 220200961\r\n\r\n")
        assert b" 413 " in client.recv(200)
    assert not served


def test_the_callers_address_cannot_be_forged(portal: str) -> None:
    """The last hop is what nginx saw; CKAN trusts that one only."""
    text = fetch(f"{portal}/forged", X_Forwarded_For="6.6.6.6")[2]
    assert text.endswith("127.0.0.1")


def test_nginx_does_not_tell_its_version(portal: str) -> None:
    assert fetch(f"{portal}/about")[1]["Server"] == "nginx"


def test_a_session_of_tests_that_begins_meanwhile_disturbs_nothing(portal: str) -> None:
    """It closes the folder above all sessions' to others, nginx's workers among them."""
    test = f"{__file__}::test_uses_a_temporary_folder"
    begun = [sys.executable, "-m", "pytest", "-q", "-p", "no:ckan", "-p", "no:cacheprovider",
             "--rootdir", "/", "-c", os.devnull, test]
    said = subprocess.run(begun, capture_output=True, text=True, check=False, cwd=ROOT)
    assert said.returncode == 0, said.stdout
    assert fetch(f"{portal}/never-asked-before")[0] == 200
    assert fetch(f"{portal}/never-asked-before")[1]["X-Cache"] == "HIT"


def test_uses_a_temporary_folder(tmp_path: Path) -> None:
    assert tmp_path.exists()

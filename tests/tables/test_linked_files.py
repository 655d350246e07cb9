"""A linked file becomes a table where the operator names its host, and else nowhere is asked."""
from __future__ import annotations

import errno
import http.server
import io
import socket
import threading
from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from table_world import CSV, in_database, make, show, site, table
from test_offered import is_offered, page

from ckanext.govdata.access import source
from ckanext.govdata.tables import follow, load_rows
from tests.sheets import books

NAME, OTHER = "data.department.example", "other.department.example"
REAL = socket.getaddrinfo
HTML = b"<!DOCTYPE html><html><body>404</body></html>"


class Host(http.server.BaseHTTPRequestHandler):
    """Answers what a test has laid out, and notes what it was asked for."""

    files: dict[str, bytes] = {}
    asked: list[str] = []

    def do_GET(self) -> None:
        host, path = self.headers["Host"].partition(":")[0], self.path
        self.asked.append(f"{host}{path}")
        content = self.files.get(path.partition("?")[0], b"")
        onward = content.decode() if content.startswith(b"http") else ""
        self.send_response(302 if onward else 200 if content else 404)
        if onward:
            self.send_header("Location", onward.encode().decode("latin-1"))
        cut = "broken" in path
        self.send_header("Content-Length", str(len(content) + 100 * cut))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def host(monkeypatch, at_once, ckan_config) -> Iterator[str]:
    """A server of the department, inside the own network; its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def named(name: Any, port: Any, *more: Any, **given: Any) -> Any:
        if name not in (NAME, OTHER):
            return REAL(name, port, *more, **given)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", named)
    monkeypatch.setattr(Host, "files", {"/a.csv": CSV.encode()})
    monkeypatch.setattr(Host, "asked", [])
    monkeypatch.setitem(ckan_config, "ckanext.govdata.access.source_hosts", [NAME, OTHER])
    monkeypatch.setitem(ckan_config, "ckanext.govdata.tables.linked_hosts",
                        [f"{NAME}:{server.server_port}"])
    yield f"http://{NAME}:{server.server_port}"
    server.shutdown()
    server.server_close()


def link(entry: dict[str, Any], url: str, called: str = "CSV") -> str:
    return tk.get_action("resource_create")(site(), {
        "package_id": entry["id"], "name": "表", "url": url, "format": called})["id"]


@pytest.mark.parametrize("attribute", ["unconditional", "conditional"])
@pytest.mark.parametrize("path", ["/a.csv", "/a.csv?key=1", "/%E8%A1%A8.csv", "/export"])
def test_a_linked_file_becomes_a_table(host: str, attribute: str, path: str) -> None:
    Host.files |= {"/%E8%A1%A8.csv": CSV.encode(), "/export": CSV.encode()}
    file = link(make(attribute), host + path)
    assert (show(file)["state"], len(table(file))) == ("loaded", 2)
    assert show(file)["filename"] == {"/a.csv?key=1": "a.csv", "/%E8%A1%A8.csv": "表.csv"}.get(
        path, path[1:])


@pytest.mark.parametrize("sign", ["%00", "%01", "%0A", "%1B", "%7F", "%C2%85"])
def test_signs_that_nobody_reads_are_not_in_its_name(host: str, sign: str) -> None:
    Host.files[f"/a{sign}.csv"] = CSV.encode()
    file = link(make(), f"{host}/a{sign}.csv")
    assert (show(file)["state"], show(file)["filename"]) == ("loaded", "a.csv")


@pytest.mark.parametrize("kind", books.KINDS)
def test_a_linked_workbook_too(host: str, kind: str, tmp_path) -> None:
    book = books.write(tmp_path / f"a.{kind}", [
        [("线路名称", "General"), ("客流量", "General")], [("1路", "General"), (7, "General")]])
    Host.files[f"/a.{kind}"] = book.read_bytes()
    assert table(link(make(), f"{host}/a.{kind}", kind)) == [["1路", 7]]


def test_by_itself_nobody_is_asked(host: str, monkeypatch, ckan_config) -> None:
    monkeypatch.setitem(ckan_config, "ckanext.govdata.tables.linked_hosts", [])
    file = link(make(), f"{host}/a.csv")
    assert follow.look_for_missed() == ""
    assert (show(file)["state"], Host.asked) == ("none", [])


@pytest.mark.parametrize("url", [
    "http://{other}/a.csv", "http://169.254.169.254/a.csv", "http://localhost:{port}/a.csv",
    "http://{name}.evil.example/a.csv", "http://{name}@{other}/a.csv", "ftp://{name}/a.csv",
])
def test_nor_another_host(app, host: str, url: str) -> None:
    port = host.rpartition(":")[2]
    entry = make()
    address = url.format(other=f"{OTHER}:{port}", port=port, name=NAME)
    try:
        file = link(entry, address)
    except tk.ValidationError:
        return  # no address that an entry may have
    assert follow.look_for_missed() == ""
    assert (show(file)["state"], Host.asked) == ("none", [])
    body = page(app, entry, file)
    assert not is_offered(body, file)
    assert ("begin with http or https" if url.startswith("ftp")
            else "host whose files do not become tables") in body


@pytest.mark.parametrize(("url", "hosts", "listed"), [
    ("https://a.cn/x", ["a.cn"], True), ("http://A.cn:80/x", ["a.cn"], True),
    ("https://a.cn:80/x", ["a.cn"], False), ("http://a.cn:5432/x", ["a.cn"], False),
    ("http://a.cn:8080/x", ["a.cn:8080"], True), ("http://a.cn/x", ["a.cn:8080"], False),
    ("https://a.cn/x", ["a.cn:443"], True), ("ftp://a.cn/x", ["a.cn"], False),
    ("http://a.cn:99999/x", ["a.cn"], False), ("http://:80/x", [":80", ""], False),
])
def test_a_host_is_named_with_its_port_where_that_is_unusual(
    url: str, hosts: list[str], listed: bool
) -> None:
    assert source.is_listed(url, hosts) is listed


@pytest.mark.parametrize(("onward", "code"), [
    ("{host}/a.csv", ""), ("http://{other}/a.csv", "link_elsewhere"),
    ("http://127.0.0.1:{port}/a.csv", "link_elsewhere"),
    ("http://[::1]:{port}/a.csv", "link_elsewhere"), ("{host}/on.csv", "link_dead"),
    ("http://[::1", "link_elsewhere"), ("http://{other}:99999/a.csv", "link_elsewhere"),
    ("{host}/表 一.csv", ""),
])
def test_redirects_are_judged_anew(host: str, onward: str, code: str) -> None:
    Host.files["/%E8%A1%A8%20%E4%B8%80.csv"] = CSV.encode()
    port = host.rpartition(":")[2]
    Host.files["/on.csv"] = onward.format(host=host, port=port, other=f"{OTHER}:{port}").encode()
    file = link(make(), f"{host}/on.csv")
    assert show(file)["code"] == code
    assert {one.partition("/")[0] for one in Host.asked} == {NAME}


@pytest.mark.parametrize(("path", "content", "code", "words"), [
    ("/a.csv", HTML, "sheet.other_kind", "web page (HTML)"),
    ("/a.csv", b"", "link_status", "404"),
    ("/broken.csv", CSV.encode(), "link_dead", "broke off"),
    ("/a.csv", CSV.encode() * 40_000, "sheet.too_large", "1 MiB"),
])
def test_a_link_that_fails_is_told_and_the_old_table_stays(
        app, host: str, ckan_config, monkeypatch, path: str, content: bytes, code: str, words: str
) -> None:
    monkeypatch.setitem(ckan_config, "ckanext.govdata.tables.size", 1)
    Host.files[path] = CSV.encode()
    entry = make()
    if path == "/broken.csv":
        file = link(entry, f"{host}/a.csv")
        known = tk.get_action("resource_show")(site(), {"id": file})
        tk.get_action("resource_update")(site(), {**known, "url": host + path})
    else:
        file = link(entry, host + path)
        Host.files[path] = content
        tk.get_action("govdata_table_load")(site(), {"resource_id": file})
    told = show(file)
    assert (told["state"], told["code"]) == ("failed", code)
    assert words in told["message"]
    assert len(table(file)) == 2
    assert is_offered(page(app, entry, file), file)


def test_our_own_full_disk_is_not_the_servers_fault(host: str, monkeypatch) -> None:
    class Full(io.BytesIO):
        def write(self, _piece: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    download = source.download
    monkeypatch.setattr(
        source, "download", lambda url, _out, *more: download(url, Full(), *more))
    file = link(make(), f"{host}/a.csv")
    assert (show(file)["state"], show(file)["code"]) == ("failed", "own_disk")
    assert "its own disk" in show(file)["message"]


def test_a_server_that_is_away_is_told(host: str, monkeypatch, ckan_config) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and listens to nobody
        listed = [f"{NAME}:{taken.getsockname()[1]}"]
        monkeypatch.setitem(ckan_config, "ckanext.govdata.tables.linked_hosts", listed)
        file = link(make(), f"http://{NAME}:{taken.getsockname()[1]}/a.csv")
    assert (show(file)["state"], show(file)["code"]) == ("failed", "link_dead")


def test_what_stands_there_now_is_fetched_again_where_somebody_wants_it(app, host: str) -> None:
    entry = make()
    file = link(entry, f"{host}/a.csv")
    Host.files["/a.csv"] += "3路,1,王五\n".encode()
    assert follow.look_for_missed() == ""
    assert len(table(file)) == 2
    body = page(app, entry, file)
    assert "Fetch it again" in body
    tk.get_action("govdata_table_load")(site(), {"resource_id": file})
    assert len(table(file)) == 3


@pytest.mark.parametrize("change", ["another", "unlisted", "closed", "upload"])
def test_a_link_that_is_another_has_no_table_of_the_old_one(
        host: str, monkeypatch, ckan_config, change: str) -> None:
    entry = make()
    file = link(entry, f"{host}/a.csv")
    known = tk.get_action("resource_show")(site(), {"id": file})
    if change == "another":
        Host.files["/b.csv"] = "线路名称\n新\n".encode()
        tk.get_action("resource_update")(site(), {**known, "url": f"{host}/b.csv"})
        assert table(file) == [["新"]]
        return
    if change == "unlisted":
        monkeypatch.setitem(ckan_config, "ckanext.govdata.tables.linked_hosts", [OTHER])
    elif change == "closed":
        tk.get_action("package_patch")(site(), {
            "id": entry["id"], "open_attribute": "non_open", "resources": [],
            "open_basis": "《中华人民共和国政府信息公开条例》第十四条"})
    else:
        tk.get_action("resource_update")(site(), {
            **known, "url": f"http://{OTHER}/a.html", "format": "HTML"})
    assert follow.look_for_missed() == ""
    assert in_database(ckan_config) == set()
    assert load_rows.find(model.Session, file) is None

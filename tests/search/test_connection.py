"""Solr is asked by one connection a thread, which stays open and is made anew when it is gone."""
from __future__ import annotations

import socketserver
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from ckan.lib.search import common, index, query

from ckanext.govdata.search import connection

ANSWER = b'{"response": {"docs": [], "numFound": 7}}'


class Impatient(socketserver.StreamRequestHandler):
    """A server that promises to keep a connection and closes it after one answer."""

    def handle(self) -> None:
        self.server.connections += 1  # type: ignore[attr-defined]
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
        self.wfile.write(b"Content-Length: %d\r\nConnection: keep-alive\r\n\r\n" % len(ANSWER))
        self.wfile.write(ANSWER)


@pytest.fixture
def impatient(ckan_config, monkeypatch):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Impatient) as server:
        server.connections = 0  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/solr/x"
        monkeypatch.setitem(ckan_config, "solr_url", address)
        yield server
        server.shutdown()


def test_ckan_asks_by_the_same_connection_everywhere():
    made = [module.make_connection().session for module in (common, index, query)]
    assert made[0] is made[1] is made[2] is connection.session()


def test_another_thread_has_its_own():
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(connection.session).result() is not connection.session()


def test_a_connection_that_solr_closed_is_made_anew(impatient):
    asked = [common.make_connection().search("*:*").hits for _ in range(3)]
    assert asked == [7, 7, 7]
    assert impatient.connections == 3

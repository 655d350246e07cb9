"""A webhook's server, well-behaved or not."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Listener(http.server.BaseHTTPRequestHandler):
    """Keeps what it is told; ``server.mode`` says how it behaves."""

    protocol_version = "HTTP/1.0"
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        message = json.loads(body)
        with self.server.lock:
            self.server.heard.append((self.path, dict(self.headers), body, message))
        mode = self.server.mode
        if mode == "hang":
            self.server.let_go.wait(60)
            return
        if mode == "drip":
            self._drip()
            return
        self.send_response({"away": 302, "broken": 500, "gone": 410}.get(mode, 200))
        if mode == "away":
            self.send_header("Location", self.server.elsewhere)
        self.end_headers()
        word = str(message["data"].get("challenge") or "")
        answers = {"wrong": "no", "json": json.dumps({"challenge": word}), "long": "x" * 10**6}
        self.wfile.write(answers.get(mode, word).encode())

    def _drip(self) -> None:
        """A byte now and then, so that no single wait is long."""
        for byte in b"HTTP/1.0 200 OK\r\n" + b"X: y\r\n" * 1000:
            if self.server.let_go.is_set():
                return
            try:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    def do_GET(self) -> None:
        self.server.heard.append((self.path, dict(self.headers), b"", {}))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Quiet."""


class Server(http.server.ThreadingHTTPServer):
    """``mode``: ``good``, ``json``, ``wrong``, ``broken``, ``gone``, ``away``, ``hang``,
    ``drip``, ``long``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Listener)
        self.mode, self.elsewhere = "good", ""
        self.heard: list[tuple[str, dict[str, str], bytes, dict[str, Any]]] = []
        self.lock, self.let_go = threading.Lock(), threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hung up has hung up."""

    def url(self, path: str = "/hook") -> str:
        """As its owner would give it."""
        return f"http://127.0.0.1:{self.server_port}{path}"

    def told(self, kind: str = "") -> list[dict[str, Any]]:
        """The messages of a kind, as they came; all but the challenges where none is given."""
        return [
            message
            for *_, message in self.heard
            if (message.get("type") == kind if kind else message.get("type") != "emergency.verify")
        ]


@contextmanager
def listening() -> Iterator[Server]:
    """A server for as long as it is wanted."""
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.let_go.set()
        server.shutdown()

"""A receiver of webhooks to try them with: ``python webhook_receiver.py [PORT]``, standard library.

It asks for the secret that the portal showed, checks each message's signature (Standard Webhooks),
gives back the word of ``emergency.verify`` and prints what comes.
"""
from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

OLDEST = 300
"""Seconds after which a message is somebody's copy."""
SECRET = b""


class Receiver(BaseHTTPRequestHandler):
    """Answers 200 to the portal's messages and 401 to everything else."""

    def do_POST(self) -> None:
        """Judge a message, print it, answer."""
        body = self.rfile.read(int(self.headers["content-length"]))
        if not self.is_signed(body):
            return self.answer(401, "not signed with this secret")
        message = json.loads(body)
        print(json.dumps(message, ensure_ascii=False, indent=1), flush=True)  # noqa: T201
        return self.answer(200, message["data"].get("challenge", ""))

    def is_signed(self, body: bytes) -> bool:
        """Whether the portal has signed this body, in the last minutes."""
        key, instant = self.headers["webhook-id"] or "", self.headers["webhook-timestamp"] or ""
        if not instant.isdecimal() or abs(time.time() - int(instant)) > OLDEST:
            return False
        mine = hmac.digest(SECRET, f"{key}.{instant}.".encode() + body, hashlib.sha256)
        wanted = "v1," + base64.b64encode(mine).decode()
        given = (self.headers["webhook-signature"] or "").split()
        return any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given)

    def answer(self, status: int, text: str) -> None:
        """A short answer."""
        self.send_response(status)
        self.send_header("content-length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 9000
    SECRET = base64.b64decode(input("secret (whsec_…): ").strip().removeprefix("whsec_"))
    with HTTPServer(("127.0.0.1", port), Receiver) as server:
        print(f"http://127.0.0.1:{server.server_port}/", flush=True)  # noqa: T201
        server.serve_forever()

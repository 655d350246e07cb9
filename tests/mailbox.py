"""A mail server that keeps the letters it takes, or refuses them; for tests."""

from __future__ import annotations

import email
import re
import socketserver
import threading
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default

import pytest


class Conversation(socketserver.StreamRequestHandler):
    """Enough of SMTP to take letters, or to refuse them."""

    server: Mailbox

    def handle(self) -> None:
        self.server.calls += 1
        if self.server.silent:
            self.rfile.read()  # until the other side has had enough
            return
        taken = 0
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline():
            word = line.split()[0].upper().decode() if line.split() else ""
            if word == "DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.take(b"".join(lines))
                taken += 1
            if word == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            if word == "MAIL" and self.server.breaks:
                return
            self.wfile.write(self._answer(word, line))
            if taken and taken == self.server.closes_after:
                return

    def _answer(self, word: str, line: bytes) -> bytes:
        if word == "MAIL" and self.server.refuses:
            return b"451 later\r\n"
        known = not self.server.knows_nobody and not any(
            one.encode() in line for one in self.server.unknown)
        if word == "RCPT" and not known:
            return b"550 " + line.split(b":", 1)[1].strip() + b" is nobody here\r\n"
        return b"250 ok\r\n"


class Mailbox(socketserver.ThreadingTCPServer):
    """``letters`` as they came, in how many ``calls``.

    ``refuses`` sends all away, ``knows_nobody`` each recipient, ``unknown`` are those it knows not;
    ``closes_after`` is how many letters it takes in one call, ``breaks`` ends the call when a
    letter is begun, ``silent`` takes the call and says nothing. ``at_letter`` is called as each
    comes, before it is answered.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.letters: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.refuses = self.knows_nobody = self.silent = self.breaks = False
        self.unknown: list[str] = []
        self.closes_after = 0
        self.at_letter: Callable[[EmailMessage], object] = lambda letter: None
        self.calls = 0

    @property
    def place(self) -> str:
        """What ``smtp.server`` is set to."""
        return f"127.0.0.1:{self.server_address[1]}"

    def take(self, content: bytes) -> None:
        self.raw.append(content)
        letter = email.message_from_bytes(content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.at_letter(letter)

    def to(self, address: str) -> list[EmailMessage]:
        """The letters to an address, as they came."""
        return [one for one in self.letters if address in str(one["To"])]


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """A mail server for as long as it is wanted."""
    with Mailbox() as found:
        threading.Thread(target=found.serve_forever, daemon=True).start()
        yield found
        found.shutdown()


@contextmanager
def portal_mailbox(
    ckan_config: MutableMapping[str, object], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Mailbox]:
    """The one to which the portal hands its letters."""
    with mailbox() as found:
        monkeypatch.setitem(ckan_config, "smtp.server", found.place)
        monkeypatch.setitem(ckan_config, "smtp.starttls", False)
        monkeypatch.setitem(ckan_config, "smtp.mail_from", "portal@example.invalid")
        yield found


def links(letter: EmailMessage) -> list[str]:
    """The addresses that stand in a letter."""
    return re.findall(r"https?://\S+", letter.get_content())

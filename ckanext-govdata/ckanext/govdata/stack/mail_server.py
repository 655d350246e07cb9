"""Where the letters of a portal that is tried out arrive: a Maildir of this machine, read by
``make mail``. No letter leaves the machine."""
from __future__ import annotations

import mailbox
import re
import smtplib
import sys
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

from .home import Home

SHOWN = 10
"""Letters that are printed, the newest last."""
TIMEOUT = 3


def folder(home: Home) -> Path:
    """The Maildir."""
    return home.path / "mail"


def command(home: Home) -> list[str]:
    """What to execute in the home."""
    place = f"127.0.0.1:{home.port('mail')}"
    keep = ("-c", "aiosmtpd.handlers.Mailbox", str(folder(home)))
    return [sys.executable, "-m", "aiosmtpd", "-n", "-l", place, *keep]


def complaint(home: Home) -> str:
    """Why it takes no letters, or nothing."""
    place = f"127.0.0.1:{home.port('mail')}"
    try:
        with smtplib.SMTP(place, timeout=TIMEOUT) as server:
            server.noop()
    except (OSError, smtplib.SMTPException):
        return f"nothing takes letters at {place}"
    return ""


def letters(home: Home) -> list[EmailMessage]:
    """All letters, the oldest first."""
    if not folder(home).is_dir():
        return []
    box = mailbox.Maildir(folder(home), create=False)
    raw = [box.get_bytes(key) for key in sorted(box.keys(), key=_arrived)]
    parser = BytesParser(EmailMessage, policy=default)
    return [parser.parsebytes(one) for one in raw]


def _arrived(key: str) -> tuple[int, ...]:
    """Maildir's names begin with second, microsecond, process and number: ``1.M2P3Q4.host``."""
    return tuple(map(int, re.findall(r"\d+", key)[:4]))


def shown(letter: EmailMessage) -> str:
    """To whom, when, about what, and its plain text."""
    body = letter.get_body(("plain", "html"))
    text = str(body.get_content()).strip() if body else ""
    head = "\n".join(f"{name}: {letter[name] or ''}" for name in ("To", "Date", "Subject"))
    return f"{head}\n\n{text}\n"

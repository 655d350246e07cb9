"""Mail over TLS whose certificate is checked (CVE-2026-41132).

CKAN 2.12.0 calls ``starttls()`` without a verifying context, so anyone on the way can read
the password and the letter. The options are CKAN's own ``smtp.*``; certificates are checked
against the system's authorities (or those named in ``SSL_CERT_FILE``).
"""
from __future__ import annotations

import mimetypes
import re
import smtplib
import ssl
from collections.abc import Iterable, Mapping
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import localtime
from typing import Protocol, TypeAlias
from urllib.parse import urlsplit

import ckan
from ckan.lib.mailer import MailerException

from .. import settings

SECONDS = 10
"""How long a mail server may take over each step."""
WHOLE = {"list-unsubscribe", "message-id"}
LETTERS = 50
"""Letters of one conversation; servers cut off those who say more."""


OK = 250
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

Attachment: TypeAlias = "tuple[str, SupportsRead] | tuple[str, SupportsRead, str]"
"""A file of a letter: its name, what it is read from, its type."""


class SupportsRead(Protocol):
    """What a file's content is read from."""

    def read(self) -> str | bytes:
        """All of it."""
        ...


class _Whole(EmailPolicy):
    """Python would encode a long address in a header, and no mail program would know it again."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() in WHOLE:
            return f"{name}: {value}{self.linesep}"
        return super().fold(name, value)


def compose(
    name: str, address: str, subject: str, body: str, body_html: str | None = None,
    headers: Mapping[str, str] | None = None, attachments: Iterable[Attachment] | None = None,
) -> EmailMessage:
    """The letter; a line break in an address is a ``ValueError``, in a name or subject a blank."""
    letter = EmailMessage(policy=_Whole())
    letter.set_content(body, cte="base64")
    if body_html:
        letter.add_alternative(body_html, subtype="html", cte="base64")
    letter["Subject"] = _as_typed(str(subject))
    letter["From"] = Address(_as_typed(settings.site_title()), addr_spec=settings.smtp().sender)
    letter["To"] = Address(_as_typed(name), addr_spec=address)
    letter["Date"] = localtime()
    for header, value in (headers or {}).items():
        del letter[header]
        letter[header] = value
    if settings.smtp().reply_to and not letter["Reply-To"]:
        letter["Reply-to"] = settings.smtp().reply_to
    if not settings.is_on("ckan.hide_version"):
        letter["X-Mailer"] = f"CKAN {ckan.__version__}"
    for file_name, content, *kind in attachments or ():
        attach(letter, file_name, content.read(), kind[0] if kind else None)
    return letter


def _as_typed(text: str) -> str:
    """A text for a header: whatever somebody typed into a title or a name stays that text. A text
    that reads as an encoded word (``=?utf-8?q?…?=``) would be decoded, with the line breaks in it.
    """
    plain = " ".join(_CONTROLS.sub(" ", text).split())
    return plain.replace("=?", "=\u200b?")


def attach(letter: EmailMessage, name: str, content: str | bytes, kind: str | None) -> None:
    """Add a file; its type is guessed by its name when it is not given."""
    data = content.encode() if isinstance(content, str) else content
    guessed = kind or mimetypes.guess_type(name)[0] or "application/octet-stream"
    main, _, sub = guessed.partition("/")
    letter.add_attachment(data, maintype=main, subtype=sub, filename=name)


class LineBroken(MailerException):
    """Nobody answers, or not any more: whoever has more letters tries again later.

    ``midway``: while a letter was handed over, which may have been its fault. ``brief`` says why
    without a word of the server's, in which an address may stand.
    """

    def __init__(self, problem: Exception, midway: bool) -> None:
        code = getattr(problem, "smtp_code", "") or getattr(problem, "strerror", None) or ""
        self.brief = f"{type(problem).__name__} {code}".strip()
        self.midway = midway
        super().__init__(f"{type(problem).__name__}: {problem}")


class Line:
    """A conversation with the mail server for many letters, begun anew where the server ended it.

    It is asked before each letter whether it is there still, so that none is lost or sent twice
    because a server closes after so many.
    """

    def __init__(self) -> None:
        self._server: smtplib.SMTP | None = None
        self._sent = 0

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    def send(self, letter: EmailMessage) -> None:
        """Hand the letter to the mail server.

        ``MailerException`` says why this one was refused, :class:`LineBroken` that no letter can be
        sent now.
        """
        try:
            server = self._standing() or self._call()
        except (OSError, ValueError, smtplib.SMTPException) as problem:
            self._drop()
            raise LineBroken(problem, midway=False) from problem
        self._hand_over(server, letter)
        self._sent += 1
        if self._sent >= LETTERS:
            self._hang_up()

    def _hand_over(self, server: smtplib.SMTP, letter: EmailMessage) -> None:
        to = [address.addr_spec for address in letter["To"].addresses]
        try:
            server.sendmail(settings.smtp().sender, to, letter.as_string())
        except (OSError, smtplib.SMTPException) as problem:
            refused = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)
            if isinstance(problem, refused) and server.sock is not None:
                raise MailerException(f"{type(problem).__name__}: {problem}") from problem
            self._drop()
            raise LineBroken(problem, midway=True) from problem

    def _standing(self) -> smtplib.SMTP | None:
        """The line that was there, with nothing left of an earlier letter, if it still is."""
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self._server.rset()[0] == OK:
                    return self._server
            self._drop()
        return None

    def _call(self) -> smtplib.SMTP:
        smtp = settings.smtp()
        where = urlsplit(smtp.server if "://" in smtp.server else f"smtp://{smtp.server}")
        if not where.hostname:
            raise smtplib.SMTPException("SMTP server hostname is not configured")
        server = self._server = smtplib.SMTP(where.hostname, where.port or 0, None, SECONDS)
        server.ehlo()
        if smtp.starttls:
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if smtp.user:
            server.login(smtp.user, smtp.password)
        return server

    def _hang_up(self) -> None:
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.quit()
        self._drop()

    def _drop(self) -> None:
        """Without a word, which a server that does not answer would not hear."""
        server, self._server, self._sent = self._server, None, 0
        if server is not None:
            server.close()


def send(letter: EmailMessage) -> None:
    """Hand one letter to the mail server; ``MailerException`` says why that failed."""
    with Line() as line:
        line.send(letter)

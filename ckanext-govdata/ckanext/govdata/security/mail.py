"""Mail over TLS whose certificate is checked (CVE-2026-41132).

CKAN 2.12.0 calls ``starttls()`` without a verifying context, so anyone on the way can read
the password and the letter. The options are CKAN's own ``smtp.*``; certificates are checked
against the system's authorities (or those named in ``SSL_CERT_FILE``).
"""
from __future__ import annotations

import mimetypes
import smtplib
import ssl
from collections.abc import Iterable
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formataddr, localtime
from typing import Any
from urllib.parse import urlsplit

import ckan
from ckan.lib.mailer import MailerException

from .. import settings

SECONDS = 30
"""How long a mail server may take over each step."""


def compose(
    name: str, address: str, subject: str, body: str, body_html: str | None = None,
    headers: dict[str, Any] | None = None, attachments: Iterable[tuple[Any, ...]] | None = None,
) -> EmailMessage:
    """The letter; a line break in a name, address or subject is a ``ValueError``."""
    letter = EmailMessage()
    letter.set_content(body, cte="base64")
    if body_html:
        letter.add_alternative(body_html, subtype="html", cte="base64")
    letter["Subject"] = str(subject)
    letter["From"] = formataddr((settings.site_title(), settings.smtp().sender))
    letter["To"] = formataddr((name, address))
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


def attach(letter: EmailMessage, name: str, content: str | bytes, kind: str | None) -> None:
    """Add a file; its type is guessed by its name when it is not given."""
    data = content.encode() if isinstance(content, str) else content
    guessed = kind or mimetypes.guess_type(name)[0] or "application/octet-stream"
    main, _, sub = guessed.partition("/")
    letter.add_attachment(data, maintype=main, subtype=sub, filename=name)


def send(letter: EmailMessage) -> None:
    """Hand the letter to the mail server; ``MailerException`` says why that failed."""
    smtp = settings.smtp()
    where = urlsplit(smtp.server if "://" in smtp.server else f"smtp://{smtp.server}")
    if not where.hostname:
        raise MailerException("SMTP server hostname is not configured")
    try:
        server = smtplib.SMTP(where.hostname, where.port or 0, None, SECONDS)
        try:
            server.ehlo()
            if smtp.starttls:
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            if smtp.user:
                server.login(smtp.user, smtp.password)
            to = [address.addr_spec for address in letter["To"].addresses]
            server.sendmail(smtp.sender, to, letter.as_string())
        finally:
            with suppress(smtplib.SMTPException):
                server.quit()
    except (OSError, smtplib.SMTPException) as problem:
        raise MailerException(f"{type(problem).__name__}: {problem}") from problem

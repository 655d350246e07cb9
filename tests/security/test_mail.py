"""Mail goes over TLS to a server whose certificate was checked (CVE-2026-41132): a real one."""
from __future__ import annotations

import email
import shutil
import socketserver
import ssl
import subprocess
import threading
from email.policy import default
from io import StringIO

import pytest
from ckan.lib import mailer

pytestmark = pytest.mark.usefixtures("loaded_plugins")


class Conversation(socketserver.StreamRequestHandler):
    """Enough of SMTP for one letter: EHLO, STARTTLS, MAIL, RCPT, DATA."""

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
        self.wfile.flush()

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline():
            word = line.split()[0].upper().decode() if line.split() else ""
            self.server.heard.append(word)
            if word == "EHLO":
                self.say("250-test")
                self.say("250 STARTTLS" if self.server.context else "250 HELP")
            elif word == "STARTTLS":
                self.say("220 go ahead")
                try:
                    self.request = self.server.context.wrap_socket(self.request, server_side=True)
                except OSError:
                    return
                self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb")
            elif word == "DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.letters.append(email.message_from_bytes(b"".join(lines),
                                                                    policy=default))
                self.say("250 taken")
            else:
                self.say("221 bye" if word == "QUIT" else "250 ok")
                if word == "QUIT":
                    return


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True)
    return folder


@pytest.fixture
def server(certificate, ckan_config):
    """A mail server with a certificate of its own making."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as running:
        running.context, running.heard, running.letters = context, [], []
        threading.Thread(target=running.serve_forever, daemon=True).start()
        ckan_config["smtp.server"] = f"localhost:{running.server_address[1]}"
        ckan_config["smtp.starttls"] = True
        ckan_config["smtp.mail_from"] = "portal@example.gov.cn"
        yield running
        running.shutdown()


def send(**more) -> None:
    mailer.mail_recipient("王 小明", "reader@example.com", "办件已受理", "正文：一切正常", **more)


def test_a_server_with_a_forged_certificate_gets_nothing(server) -> None:
    with pytest.raises(mailer.MailerException, match="CERTIFICATE_VERIFY_FAILED"):
        send()
    assert not server.letters
    assert "MAIL" not in server.heard


def test_a_trusted_server_gets_the_letter_whole(server, certificate, monkeypatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    send(body_html="<p>一切正常</p>", headers={"Reply-To": "desk@example.gov.cn"},
         attachments=[("清单.csv", StringIO("a,b\n"), "text/csv")])
    (letter,) = server.letters
    assert server.heard.index("STARTTLS") < server.heard.index("MAIL")
    assert letter["To"] == "王 小明 <reader@example.com>"
    assert letter["Subject"] == "办件已受理"
    assert letter["Reply-To"] == "desk@example.gov.cn"
    assert "portal@example.gov.cn" in letter["From"]
    assert letter.get_body(("plain",)).get_content().strip() == "正文：一切正常"
    (attachment,) = letter.iter_attachments()
    assert attachment.get_filename() == "清单.csv"


def test_a_server_that_cannot_do_tls_gets_nothing(server) -> None:
    server.context = None
    with pytest.raises(mailer.MailerException, match="STARTTLS"):
        send()
    assert not server.letters


def test_a_header_cannot_be_smuggled_in(server, certificate, monkeypatch) -> None:
    """A title with a line break stops no letter either: it is one line of text."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    mailer.mail_recipient("x", "reader@example.com", "a\r\nBcc: all@example.com", "b")
    (letter,) = server.letters
    assert (letter["Subject"], letter["Bcc"]) == ("a Bcc: all@example.com", None)
    with pytest.raises(ValueError, match="CR or LF"):
        mailer.mail_recipient("x", "reader@example.com\r\nBcc: all@example.com", "a", "b")
    assert len(server.letters) == 1


def test_a_server_that_is_away_is_an_error_that_says_so(ckan_config) -> None:
    ckan_config["smtp.server"] = "127.0.0.1:1"
    with pytest.raises(mailer.MailerException, match="refused"):
        send()


def test_without_a_server_no_mail_is_sent_and_nothing_breaks(ckan_config) -> None:
    ckan_config["smtp.server"] = ""
    send()

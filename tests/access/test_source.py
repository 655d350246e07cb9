"""A department's link is fetched from where its name led when it was judged, nowhere else."""
from __future__ import annotations

import http.server
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ckanext.govdata.access import source

NAME = "data.department.example"
REAL = socket.getaddrinfo


class Names:
    """A name server under the hand of whoever attacks: another answer every time."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), 0

    def __call__(self, host: Any, port: Any, *more: Any, **named: Any) -> Any:
        if host != NAME:
            return REAL(host, port, *more, **named)
        self.asked += 1
        listed = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in listed]


@pytest.fixture
def names(monkeypatch, with_plugins):
    def given(*answers: list[str]) -> Names:
        found = Names(*answers)
        monkeypatch.setattr(socket, "getaddrinfo", found)
        return found

    return given


@pytest.fixture
def named_by_operator(monkeypatch, ckan_config):
    monkeypatch.setitem(ckan_config, "ckanext.govdata.access.source_hosts", [NAME])


class Source(http.server.BaseHTTPRequestHandler):
    """Says by which name it was asked, or sends the reader elsewhere."""

    def do_GET(self) -> None:
        self.send_response(302 if "away" in self.path else 200)
        self.send_header("Location", "http://127.0.0.1:1/admin")
        self.end_headers()
        self.wfile.write(self.headers["Host"].encode())

    def do_POST(self) -> None:
        """Take what is sent, and then perhaps all the time of the world."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        for _ in range(400 if "slow" in self.path else 0):  # twenty seconds
            try:
                self.wfile.write(b"H")
            except OSError:  # the reader has hung up
                return
            time.sleep(0.05)
        self.send_response(302 if "away" in self.path else 200)
        self.end_headers()
        self.wfile.write(body * (10_000 if "long" in self.path else 1))

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@contextmanager
def serving(certificate: Path | None = None) -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Source)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def certificate(folder: Path, name: str) -> Path:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(timezone.utc)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()))
    return file


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
    "100.64.0.1", "::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "2002:7f00:1::",
    "64:ff9b::7f00:1", "64:ff9b::a01:203", "::127.0.0.1",
    "fec0::1", "feff::1", "64:ff9b:1::7f00:1", "64:ff9b:1:ffff::5db8:d70e", "::ffff:0:127.0.0.1",
    "::ffff:0:10.1.2.3", "64:ff9b::192.168.0.1",
    "224.0.0.1", "::", "2001:0:4136:e378:8000:63bf:80ff:fffe",
])
def test_no_address_of_the_own_network(names, address: str) -> None:
    names([address])
    with pytest.raises(source.NotReachableError):
        source.addresses(NAME, 80)


@pytest.mark.parametrize("url", [
    "http://127.0.0.1/a.csv", "http://localhost/", "http://0x7f000001/", "http://2130706433/",
    "http://[::1]/", "http://[::ffff:10.0.0.1]/", "file:///etc/passwd", "gopher://x/", "ftp://x/a",
    "//x/a", "", "http://", "http://x:99999/", "http://name.invalid/", "http://\u2025/",
])
def test_nobody_is_asked(with_plugins, url: str) -> None:
    with pytest.raises(source.NotReachableError):
        source.fetch(url)


def test_one_bad_address_among_good_ones_is_enough(names) -> None:
    names(["93.184.215.14", "10.0.0.1"])
    with pytest.raises(source.NotReachableError):
        source.fetch(f"http://{NAME}/a.csv")


def test_a_public_address_is_judged_public(names) -> None:
    names(["93.184.215.14"])
    assert source.addresses(NAME, 443) == ("93.184.215.14",)


def test_a_name_is_resolved_once_and_connected_to_what_was_judged(names, named_by_operator) -> None:
    """DNS rebinding: the second answer would lead elsewhere, and is never asked for."""
    asked = names(["127.0.0.1"], ["127.0.0.9"])
    with serving() as port:
        answer = source.fetch(f"http://{NAME}:{port}/a.csv")
        assert answer.text == f"{NAME}:{port}"
    assert asked.asked == 1


def test_the_next_address_is_tried_where_one_does_not_answer(names, named_by_operator) -> None:
    names(["127.0.0.9", "127.0.0.1"])
    with serving() as port:
        assert source.fetch(f"http://{NAME}:{port}/").status_code == 200


def test_where_none_answers_that_is_said(names, named_by_operator) -> None:
    names(["127.0.0.9"])
    with pytest.raises(requests.RequestException):
        source.fetch(f"http://{NAME}:1/")


def test_a_redirect_is_not_followed(names, named_by_operator) -> None:
    names(["127.0.0.1"])
    with serving() as port:
        assert source.fetch(f"http://{NAME}:{port}/away").status_code == 302


def test_a_proxy_of_the_environment_does_not_resolve_anew(
    names, named_by_operator, monkeypatch
) -> None:
    names(["127.0.0.1"])
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with serving() as port:
        assert source.fetch(f"http://{NAME}:{port}/").status_code == 200


@pytest.mark.parametrize("written_for", [NAME, "somebody.else.example"])
def test_the_certificate_is_checked_against_the_name(
    names, named_by_operator, monkeypatch, tmp_path, written_for: str
) -> None:
    file = certificate(tmp_path, written_for)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    names(["127.0.0.1"])
    with serving(file) as port:
        url = f"https://{NAME}:{port}/"
        if written_for == NAME:
            assert source.fetch(url).status_code == 200
        else:
            with pytest.raises(requests.exceptions.SSLError):
                source.fetch(url)


def send(port: int, path: str = "/", seconds: float = 5.0, scheme: str = "http") -> source.Reply:
    return source.send(f"{scheme}://{NAME}:{port}{path}", b"news", {"X": "y"}, [NAME], seconds)


def test_what_is_sent_goes_where_the_name_led_when_it_was_judged(names) -> None:
    asked = names(["127.0.0.1"], ["127.0.0.9"])
    with serving() as port:
        assert send(port) == source.Reply(200, b"news")
    assert asked.asked == 1


def test_what_is_sent_goes_inside_only_to_whom_the_sender_names(names, named_by_operator) -> None:
    """Hosts named for fetching granted data are none to send to."""
    names(["127.0.0.1"])
    with serving() as port, pytest.raises(source.NotReachableError):
        source.send(f"http://{NAME}:{port}/", b"", {}, [], 5.0)


def test_a_redirect_of_what_is_sent_is_not_followed(names) -> None:
    names(["127.0.0.1"])
    with serving() as port:
        assert send(port, "/away").status == 302


def test_no_more_of_an_answer_is_read_than_its_beginning(names) -> None:
    names(["127.0.0.1"])
    with serving() as port:
        assert send(port, "/long").head == b"news" * (source.HEAD // 4)


def test_whoever_answers_a_byte_at_a_time_is_cut_off(names) -> None:
    names(["127.0.0.1"])
    with serving() as port, pytest.raises(requests.Timeout):
        send(port, "/slow", 0.3)


def test_whoever_does_not_answer_at_all_over_tls_is_cut_off(names) -> None:
    """He takes the connection and says nothing, so no certificate is seen either."""
    names(["127.0.0.1"])
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(requests.Timeout):
        send(silent.getsockname()[1], "/", 0.3, "https")

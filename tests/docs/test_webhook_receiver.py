"""The receiver of the documentation does what the portal expects of one."""
from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from ckanext.govdata.domain import webhook

FILE = Path(__file__).resolve().parents[2] / "ckanext-govdata" / "docs" / "webhook_receiver.py"
SECRET = webhook.secret_of(bytes(range(32)))
MESSAGE = json.dumps({"type": "emergency.verify", "data": {"challenge": "word"}}).encode()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with subprocess.Popen(
        [sys.executable, str(FILE), "0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{SECRET}\n")
        process.stdin.flush()
        yield process.stdout.readline().rpartition(" ")[2].strip()
        process.terminate()


def post(address: str, secret: str, at: int, body: bytes = MESSAGE) -> tuple[int, str]:
    headers = {
        "webhook-id": "one",
        "webhook-timestamp": str(at),
        "webhook-signature": webhook.sign(secret, "one", at, MESSAGE),
    }
    request = urllib.request.Request(address, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_it_gives_the_word_back(address: str) -> None:
    assert post(address, SECRET, int(time.time())) == (200, "word")


def test_it_refuses_another_secret_an_old_message_and_a_changed_one(address: str) -> None:
    now = int(time.time())
    other = webhook.secret_of(bytes(32))
    assert post(address, other, now)[0] == 401
    assert post(address, SECRET, now - 3600)[0] == 401
    assert post(address, SECRET, now, MESSAGE.replace(b"word", b"evil"))[0] == 401

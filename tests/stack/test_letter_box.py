"""The stack's letter box takes letters over SMTP and shows them."""
from __future__ import annotations

import os
import smtplib
import subprocess
import sys
from email.message import EmailMessage

import pytest

from ckanext.govdata.stack import mail_server, portal, ports, processes, tasks
from ckanext.govdata.stack.home import Home
from tests.ports import free_port


@pytest.fixture
def home(tmp_path):
    """A home whose letter box runs."""
    made = Home.open(tmp_path / "数据 开放")
    made.state.ports = {**ports.FIRST, "mail": free_port()}
    with subprocess.Popen(mail_server.command(made), cwd=made.path) as process:
        assert processes.wait(lambda: not mail_server.complaint(made) or process.poll(), 30)
        yield made
        process.terminate()


def send(home, subject, text):
    letter = EmailMessage()
    letter["To"], letter["From"] = "r@example.invalid", "p@example.invalid"
    letter["Subject"] = subject
    letter.set_content(text)
    with smtplib.SMTP(portal.values(home)["mail"], timeout=10) as server:
        server.send_message(letter)


def test_letters_arrive_and_are_shown_the_newest_last(home, capsys):
    for number in range(12):
        send(home, f"第{number}封", f"请打开以下页面确认：http://127.0.0.1/{number}")
    assert [one["Subject"] for one in mail_server.letters(home)] == [f"第{n}封" for n in range(12)]
    assert tasks.ALL["mail"](home, 0) == 0
    said = capsys.readouterr().out
    assert "To: r@example.invalid" in said
    assert "第1封" not in said
    assert said.index("http://127.0.0.1/2") < said.index("http://127.0.0.1/11")
    assert f"12 letters in {home.path / 'mail'}" in said


def test_without_letters_and_without_the_box(tmp_path):
    made = Home.open(tmp_path)
    made.state.ports = {**ports.FIRST, "mail": 9}
    assert mail_server.letters(made) == []
    assert mail_server.complaint(made) == "nothing takes letters at 127.0.0.1:9"


def test_who_reads_the_first_letters_only_is_not_shown_a_traceback(home):
    for _ in range(3):
        send(home, "长信", "字" * 100_000)
    command = [sys.executable, "-m", "ckanext.govdata.stack", "mail"]
    environ = {**os.environ, "GOVDATA_HOME": str(home.path)}
    more = {"env": environ, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **more) as said:
        assert said.stdout.read(10)
        said.stdout.close()
        assert said.stderr.read() == b""
        assert said.wait(30) == 0


ENDLESS = """
import sys
from ckanext.govdata.stack import __main__ as stack, tasks
tasks.ALL[sys.argv[1]] = lambda *_: [print("x" * 9999) for _ in range(99)] and 0
sys.exit(stack.main())
"""


@pytest.mark.parametrize(("command", "status"), [("status", 0), ("up", 1)])
def test_work_that_stopped_because_nobody_read_on_is_not_called_done(tmp_path, command, status):
    environ = {**os.environ, "GOVDATA_HOME": str(Home.open(tmp_path / "home").path)}
    call = [sys.executable, "-c", ENDLESS, command]
    with subprocess.Popen(call, env=environ, stdout=subprocess.PIPE) as said:
        assert said.stdout.read(10)
        said.stdout.close()
        assert said.wait(30) == status

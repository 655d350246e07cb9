"""The first start: an unsteady repository, several starts at once, questions that come early."""
from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ckanext.govdata.stack import jars, lock
from ckanext.govdata.stack.__main__ import main
from ckanext.govdata.stack.trouble import Trouble

ROOT = Path(__file__).parents[2]
CONTENT = b"PK a jar" * 50_000
JAR = jars.Jar("org.example", "tiny", "1.0", hashlib.sha256(CONTENT).hexdigest())


class Repository:
    """A Maven repository on this machine that answers as a test wants; ``asked`` are the paths."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refusals = 0
        self.content = CONTENT
        self.cut = False
        self.meeting: threading.Barrier | None = None
        repository = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                repository.answer(self)

            def log_message(self, *_words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        if request.path.endswith(".sha1"):
            request.send_error(404)
            return
        self.asked.append(request.path)
        if self.meeting and len(self.asked) <= self.meeting.parties:
            self.meeting.wait(20)
        if self.refusals:
            self.refusals -= 1
            request.send_error(503, "Come back later")
            return
        request.send_response(200)
        request.send_header("Content-Length", str(len(self.content)))
        request.end_headers()
        request.wfile.write(self.content[: len(self.content) // 2] if self.cut else self.content)


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """The only repository there is; this account keeps nothing yet; waiting costs no time."""
    made = Repository()
    monkeypatch.setattr("jgo.maven._core.DEFAULT_REMOTE_REPOS", {"central": made.address})
    monkeypatch.setenv("M2_REPO", str(tmp_path / "m2"))
    monkeypatch.setattr(jars, "locked", lambda: [JAR])
    monkeypatch.setattr("ckanext.govdata.stack.maven.FIRST_WAIT", 0.001, raising=False)
    yield made
    made.server.shutdown()
    made.server.server_close()


def kept(tmp_path: Path) -> Path:
    return tmp_path / "m2" / "org" / "example" / "tiny" / "1.0" / JAR.name


def test_a_repository_that_refuses_for_a_moment_is_asked_again(repository, tmp_path):
    repository.refusals = 3
    assert jars.bring(tmp_path / "lib") == 1
    assert (tmp_path / "lib" / JAR.name).read_bytes() == CONTENT
    assert kept(tmp_path).read_bytes() == CONTENT
    assert len(repository.asked) == 4


def test_a_repository_that_refuses_for_good_is_told_with_file_reason_and_what_to_do(
    repository, tmp_path
):
    repository.refusals = 99
    with pytest.raises(Trouble) as told:
        jars.bring(tmp_path / "lib")
    words = str(told.value)
    for part in ("tiny-1.0.jar", "org.example:tiny:1.0", "503 Come back later",
                 repository.address, "HTTPS_PROXY", "start again"):
        assert part in words, words
    assert list((tmp_path / "lib").iterdir()) == []


def test_an_answer_that_breaks_off_is_no_jar(repository, tmp_path):
    repository.cut = True
    with pytest.raises(Trouble, match=r"tiny-1\.0\.jar .*\n?.*(IncompleteRead|ConnectionError)"):
        jars.bring(tmp_path / "lib")
    assert not kept(tmp_path).exists()


def test_a_page_of_some_proxy_is_no_jar(repository, tmp_path):
    repository.content = b"<html>Please sign in</html>"
    with pytest.raises(Trouble, match="not the file that was locked"):
        jars.bring(tmp_path / "lib")
    assert not kept(tmp_path).exists()


def test_two_first_starts_of_one_account_both_succeed(repository, tmp_path):
    """Both have looked, neither found the file: the repository answers when both have asked."""
    repository.meeting = threading.Barrier(2)
    checkouts = [tmp_path / "one" / "lib", tmp_path / "two" / "lib"]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(jars.bring, checkouts)) == [1, 1]
    for lib in checkouts:
        assert [path.name for path in lib.iterdir()] == [JAR.name]
        assert (lib / JAR.name).read_bytes() == CONTENT
    assert kept(tmp_path).read_bytes() == CONTENT
    assert [path.name for path in kept(tmp_path).parent.iterdir()] == [JAR.name]


def test_what_another_program_is_still_writing_is_neither_believed_nor_cut_off(
    repository, tmp_path
):
    kept(tmp_path).parent.mkdir(parents=True)
    with kept(tmp_path).open("wb") as other:
        other.write(CONTENT[:1000])
        other.flush()
        assert jars.bring(tmp_path / "lib") == 1
        other.write(CONTENT[1000:])
    assert (tmp_path / "lib" / JAR.name).read_bytes() == CONTENT
    assert kept(tmp_path).read_bytes() == CONTENT


def test_an_account_that_may_keep_nothing_starts_all_the_same(repository, tmp_path):
    (tmp_path / "m2").write_text("a file where the folder should be")
    assert jars.bring(tmp_path / "lib") == 1


def test_the_first_jar_that_is_given_up_ends_the_others(repository, tmp_path, monkeypatch):
    many = [jars.Jar("org.example", f"tiny{n}", "1.0", JAR.digest) for n in range(60)]
    monkeypatch.setattr(jars, "locked", lambda: many)
    repository.refusals = 10**6
    with pytest.raises(Trouble):
        jars.bring(tmp_path / "lib")
    assert len(repository.asked) <= 5 * 8 + 8


# --- Questions before the first start ----------------------------------------------------------

ASKED = ["url", "ini", "test-ini", "status", "mail", "down", "purge"]


@pytest.fixture
def ask(monkeypatch, capsys):
    """Carry out a command of the stack as `make` does: its exit status, and what it said."""

    def carry_out(command: str, home: Path) -> tuple[int, str]:
        monkeypatch.setenv("GOVDATA_HOME", str(home))
        monkeypatch.setattr(sys, "argv", ["stack", command])
        status = main()
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return carry_out


@pytest.mark.parametrize("command", ASKED)
def test_before_the_first_start_a_sentence_says_so(tmp_path, command, ask):
    status, said = ask(command, tmp_path / "none")
    assert status == (0 if command in ("down", "purge") else 1)
    assert "never started here" in said
    assert not (tmp_path / "none").exists(), "who only asks makes nothing"


HALF = {"no ports": {}, "some ports": {"supervisor": 1, "postgres": 2}}


@pytest.mark.parametrize("ports", HALF.values(), ids=HALF)
@pytest.mark.parametrize("command", ASKED)
def test_after_half_a_first_start_too(tmp_path, command, ports, ask):
    home = tmp_path / "half"
    home.mkdir()
    (home / "state.json").write_text(json.dumps({"id": "x", "ports": ports, "secrets": {}}))
    status, said = ask(command, home)
    assert status == (0 if command in ("down", "purge", "mail") else 1), said
    assert said.strip()
    if status:
        assert "make up" in said


@pytest.mark.parametrize("venv", ["absent", "half"])
def test_make_says_so_before_anything_is_installed(tmp_path, venv):
    shutil.copy(ROOT / "Makefile", tmp_path)
    if venv == "half":
        (tmp_path / ".venv" / "bin").mkdir(parents=True)
        (tmp_path / ".venv" / "bin" / "python").symlink_to("/usr/bin/python3")
    for command in ASKED:
        answer = subprocess.run(
            ["make", "-s", command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert answer.returncode != 0
        assert "Not installed yet" in answer.stderr
        assert "Traceback" not in answer.stderr


def test_who_comes_second_waits_and_says_for_whom(tmp_path):
    told: list[str] = []
    heard, done = threading.Event(), threading.Event()

    def second() -> None:
        with lock.held(tmp_path / "lock", lambda words: (told.append(words), heard.set())):
            assert done.is_set()

    with ThreadPoolExecutor(1) as pool:
        with lock.held(tmp_path / "lock", told.append):
            running = pool.submit(second)
            assert heard.wait(20)
            done.set()
        running.result(20)
    assert len(told) == 1
    assert "waiting" in told[0]
    assert "process" in told[0]

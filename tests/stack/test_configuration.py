"""What is written for the parts can be read by them, wherever the checkout stands."""
from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from configparser import ConfigParser

import pytest

from ckanext.govdata.stack import portal, ports, processes, valkey
from ckanext.govdata.stack.home import Home, write_private
from ckanext.govdata.stack.parts import PARTS
from ckanext.govdata.stack.trouble import Trouble

FOLDERS = ["plain", "two words", "数据 开放", "it's; a #\"quoted\" $HOME", "ünïcode\\n"]


@pytest.fixture(params=FOLDERS)
def home(request, tmp_path):
    """A home in an awkward place, with ports."""
    made = Home.open(tmp_path / request.param)
    made.state.ports = dict(ports.FIRST)
    return made


def test_the_launcher_finds_its_way(home, tmp_path):
    """The script runs the right Python with the right home, whatever the letters."""
    python = home.path / "python"
    python.write_text('#!/bin/sh\nprintf "%s|" "$GOVDATA_HOME" "$@"\n')
    python.chmod(0o755)
    script = home.path / "run" / "part"
    script.write_text(processes.launcher(str(python), str(home.path)))
    answer = subprocess.run(
        ["sh", str(script), "web"], capture_output=True, text=True, check=True
    )
    assert answer.stdout == f"{home.path}|-m|ckanext.govdata.stack|run|web|"


def test_the_supervisor_reads_its_configuration(home, monkeypatch):
    from supervisor.options import ServerOptions

    configuration = home.path / "run" / "supervisord.conf"
    configuration.write_text(processes.configuration(home))
    monkeypatch.chdir(home.path)
    options = ServerOptions()
    options.realize(["-c", "run/supervisord.conf"])
    programs = {group.name: group.process_configs[0] for group in options.process_group_configs}
    assert set(programs) == {part.name for part in PARTS}
    assert programs["web"].command == "run/part web"
    assert programs["postgres"].stopsignal.name == "SIGINT"
    assert str(home.path) not in configuration.read_text()


def test_ckan_reads_its_ini(home):
    from ckan.cli import CKANConfigLoader

    portal.write_inis(home)
    config = CKANConfigLoader(str(home.ini)).get_config()
    assert config["ckan.storage_path"] == str(home.path / "storage")
    assert config["ckan.site_title"] == "政务数据开放平台"
    test = CKANConfigLoader(str(home.test_ini)).get_config()
    assert test["ckan.storage_path"] == str(home.path / "test-storage")
    assert test["SECRET_KEY"] == config["SECRET_KEY"]


def test_tests_never_touch_the_portal_nor_each_other(home):
    """Databases, core, queue and storage of both of the tests' processes are their own."""
    from ckan.cli import CKANConfigLoader

    portal.write_inis(home)
    mine = CKANConfigLoader(str(home.ini)).get_config()
    tests = CKANConfigLoader(str(home.test_ini)).get_config()
    second = CKANConfigLoader(str(home.second_test_ini)).get_config()
    for option in (
        "sqlalchemy.url",
        "ckan.datastore.write_url",
        "ckan.datastore.read_url",
        "solr_url",
        "ckan.redis.url",
        "ckan.storage_path",
    ):
        assert len({mine[option], tests[option], second[option]}) == 3, option
    assert mine["ckan.site_id"] != tests["ckan.site_id"]


def test_a_percent_sign_in_a_value_survives_the_ini():
    parser = ConfigParser()
    parser.read_string(portal.fill("[a]\nx = {{x}}\n", {"x": "100%(b)s %"}))
    assert parser["a"]["x"] == "100%(b)s %"


def test_a_path_that_ckan_could_not_read_is_refused(tmp_path):
    with pytest.raises(Trouble, match="percent sign"):
        Home.open(tmp_path / "100%")


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match=r"file/home cannot be written"):
        Home.open(tmp_path / "file" / "home")


def test_secrets_stay_and_are_private(tmp_path):
    first = Home.open(tmp_path / "home")
    again = Home.open(tmp_path / "home")
    assert first.state == again.state
    assert len(set(first.state.secrets.values())) == len(first.state.secrets)
    first.state.ports = dict(ports.FIRST)
    portal.write_inis(first)
    valkey.prepare(first)
    for path in ("state.json", "ckan.ini", "test.ini", "valkey/valkey.conf"):
        assert (first.path / path).stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize(
    "text",
    [
        "", '{"id": "a1", "por', "[]", '"a1"', "\0", '{"id": "a1", "posts": {}}',
        '{"id": "a1", "ports": [], "secrets": {}}', '{"id": "a1", "ports": {"web": "5000"}}',
        '{"id": 1}', '{"id": "a1", "secrets": {"demo": null}}',
    ],
)  # fmt: skip
def test_a_damaged_state_is_named_with_what_to_do_and_stays_as_it_is(tmp_path, text):
    file = tmp_path / "state.json"
    file.write_text(text)
    with pytest.raises(Trouble, match="backup") as caught:
        Home.open(tmp_path)
    assert str(caught.value).startswith(f"The file {file} is damaged.")
    assert file.read_text() == text


def test_whoever_reads_while_others_write_finds_a_whole_file(tmp_path):
    """The parts of a stack start at the same moment, each with its home."""
    file, texts = tmp_path / "state.json", [str(n) * 500_000 for n in range(4)]
    write_private(file, texts[0])
    with ThreadPoolExecutor(4) as writers:
        done = [
            writers.submit(lambda one=one: [write_private(file, one) for _ in range(5)])
            for one in texts
        ]
        while not all(one.done() for one in done):
            assert file.read_text() in texts
        for one in done:
            one.result()
    assert [one.name for one in tmp_path.iterdir()] == ["state.json"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    home = Home.open(tmp_path / "home")
    before = (home.path / "state.json").read_text()
    monkeypatch.setattr(os, "fsync", lambda _file: 1 / 0)
    home.save()  # nothing has changed, so nothing is written
    home.state.ports = dict(ports.FIRST)
    with pytest.raises(ZeroDivisionError):
        home.save()
    assert (home.path / "state.json").read_text() == before
    assert not list(home.path.glob("state.json.*"))


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a script in the place of the ``ckan`` command."""
    home = Home.open(tmp_path)
    home.state.ports = dict(ports.FIRST)
    monkeypatch.setattr(portal.sys, "executable", str(tmp_path / "python"))

    def put(script, tell=None):
        program = tmp_path / "ckan"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o700)
        return portal.ckan(home, home.ini, "x", tell=tell)

    return put


def test_how_far_a_command_is_is_passed_on_and_its_answer_given(run):
    told = []
    answer = run(
        'echo "2026-11-23 04:00:00,1 INFO [ckan.cli] Using 5" >&2; echo "entries 5" >&2;'
        'echo answer; echo "entries of 1,204: 1,000" >&2; echo "careful" >&2; echo more',
        told.append,
    )
    assert answer == "answer\nmore\n"
    assert told == ["entries 5", "entries of 1,204: 1,000"]


def test_a_command_that_fails_is_told_with_its_last_words(run):
    with pytest.raises(Trouble, match="ckan x failed") as caught:
        run("echo begun; for n in $(seq 30); do echo word $n >&2; done; exit 3")
    assert "| word 30" in str(caught.value)
    assert "| word 15" not in str(caught.value)


def test_the_cookie_is_secure_exactly_with_https(tmp_path, monkeypatch):
    home = Home.open(tmp_path)
    home.state.ports = dict(ports.FIRST)
    assert portal.values(home)["secure"] == "false"
    monkeypatch.setenv("GOVDATA_SITE_URL", "https://data.example.gov.cn/")
    assert portal.values(home)["secure"] == "true"
    assert portal.values(home)["site_url"] == "https://data.example.gov.cn"


def test_the_module_answers_a_mistake_with_words(tmp_path):
    answer = subprocess.run(
        [sys.executable, "-m", "ckanext.govdata.stack", "status"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "GOVDATA_HOME": str(tmp_path / "1%")},
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("\n✗ CKAN cannot read")
    assert "Traceback" not in answer.stderr

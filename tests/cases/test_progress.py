"""Long commands say how far they are, on standard error, and nothing of it in their answer."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace

import pytest
from ckan.cli.cli import ckan as command
from ckan.lib import search

from ckanext.govdata import progress
from ckanext.govdata.catalogue.index import writer
from tests.cases.test_sweep import run as sweep_on


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch):
    found = Terminal()
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=found))
    monkeypatch.setattr(progress, "MOVING", 0.0)
    return found


def test_on_a_terminal_one_line_moves_and_goes(terminal):
    with progress.telling() as tell:
        assert list(progress.counted("abc", "letters", tell)) == ["a", "b", "c"]
        tell("cases", 1_200_000)
        tell("x", 1)
    said = terminal.getvalue()
    assert "\rletters 3" in said
    assert "\rcases 1,200,000" in said
    assert "\n" not in said
    assert said.endswith("\rx 1            \r" + " " * 15 + "\r"), "nothing of it stays"


def test_in_a_log_short_work_says_nothing_and_long_work_a_line_now_and_then(monkeypatch, capsys):
    clock = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    with progress.telling() as tell:
        for done in range(1, 13):
            clock[0] += 1
            tell("entries", done * 1000)
    heard = capsys.readouterr()
    assert heard.err.splitlines() == ["entries 5,000", "entries 10,000"]
    assert all(map(progress.LINE.fullmatch, heard.err.splitlines()))
    assert heard.out == ""


def test_nothing_is_said_where_nothing_was_done(terminal):
    with progress.telling():
        pass
    assert terminal.getvalue() == ""


@pytest.fixture
def impatient(monkeypatch):
    """Every step is told."""
    monkeypatch.setattr(progress, "LOGGED", 0.0)


def test_the_sweep_tells_how_many_cases_it_has_seen(world, on_day, impatient, cli):
    on_day("2025-09-22")
    for _ in range(3):
        world.apply()
    answer = cli.invoke(command, ["govdata", "sweep", "--today", "2025-10-13", "--json"])
    assert answer.exit_code == 0, answer.output
    assert "cases 3" in answer.stderr
    assert json.loads(answer.stdout.splitlines()[-1])["overdue"] == 3
    assert sweep_on("2025-10-13")["overdue"] == 0


def test_an_export_tells_what_it_reads_and_writes(world, impatient, cli, tmp_path):
    file = tmp_path / "catalogue.csv"
    answer = cli.invoke(command, ["govdata", "export", str(file)])
    assert answer.exit_code == 0, answer.output
    assert "reading 1\nwriting 1\n" in answer.stderr
    assert answer.stdout.splitlines()[-1] == str(file)
    assert "公交线路客流" in file.read_text()


def test_an_index_that_is_made_anew_tells_how_far_of_how_much(world, impatient, cli):
    answer = cli.invoke(command, ["govdata", "reconcile", "--all"])
    assert answer.exit_code == 0, answer.output
    [line] = [one for one in answer.stderr.splitlines() if progress.LINE.fullmatch(one)]
    assert line == "entries of 1: 1"
    assert answer.stdout == "indexed 1\n"


def test_answers_for_programs_are_json_alone(world, cli):
    told = cli.invoke(command, ["govdata", "reconcile", "--all", "--json"])
    assert json.loads(told.stdout) == {"indexed": 1, "refused": []}
    told = cli.invoke(command, ["govdata", "search", "vectors", "--json"])
    assert set(json.loads(told.stdout)) == {"made", "waiting"}
    told = cli.invoke(command, ["govdata", "schedule", "list", "--json"])
    assert {"name", "cron", "last"} == set(json.loads(told.stdout)[0])


def test_without_the_search_server_it_is_said_in_words(world, cli, monkeypatch):
    def away():
        raise search.SearchIndexError("connection refused")

    monkeypatch.setattr(writer.common, "make_connection", away)
    told = cli.invoke(command, ["govdata", "reconcile", "--all"])
    assert told.exit_code == 1
    assert "1 entries wait, nothing is lost" in told.stderr
    assert told.exception.__class__ is SystemExit, "not a traceback"

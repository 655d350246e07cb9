"""The search's quality may not fall: judged queries against a baseline, by the command itself.

The small catalogue and its queries ship with the project: the demo's entries (Anhui portals, see
`demo/data/README.md`) and queries of ours. The larger ones stand beside a working copy, if at all.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from loading import load

from ckanext.govdata.search import evaluation, vectors
from ckanext.govdata.search.cli import search as command
from tests.search.conftest import DEMO, rows_of

DATA = Path(__file__).parent / "data"
JUDGED = DATA / "judged.jsonl"
BASELINE = json.loads((DATA / "baseline.json").read_text("utf-8"))
LARGE = Path(__file__).parents[3] / "shared" / "data"
SLACK = 0.01


@pytest.fixture
def model(request, ckan_config, monkeypatch, portal) -> bool:
    """Whether this run goes by vectors too; skipped where the model does not run."""
    monkeypatch.setitem(ckan_config, "ckanext.govdata.search.vectors", request.param)
    if request.param and not vectors.available():
        pytest.skip("the model does not run on this machine")
    return request.param


def measured(file: Path, with_model: bool) -> dict[str, float]:
    """What the command says of the whole file."""
    arguments = ["evaluate", str(file), "--json", *([] if with_model else ["--no-model"])]
    told = CliRunner().invoke(command, arguments, catch_exceptions=False)
    answer = json.loads(told.output.splitlines()[-1])
    assert answer["model"] is with_model
    return answer["scores"]["all"]


def check(name: str, scores: dict[str, float], with_model: bool) -> None:
    wanted = BASELINE[name]["model" if with_model else "words"]
    fallen = {key: scores[key] for key, floor in wanted.items() if scores[key] < floor - SLACK}
    assert not fallen, f"{name}: {fallen} under the baseline {wanted}"


@pytest.mark.parametrize("model", [False, True], indirect=True, ids=["words", "model"])
def test_quality_on_the_shipped_queries(model):
    load(rows_of(DEMO), with_vectors=model)
    check("shipped", measured(JUDGED, model), model)


@pytest.mark.slow
@pytest.mark.parametrize("model", [False, True], indirect=True, ids=["words", "model"])
def test_quality_on_the_large_catalogue(model):
    catalogue, judged = LARGE / "catalogue-dev.jsonl", LARGE / "relevance-dev.jsonl"
    if model and not os.environ.get("GOVDATA_LARGE_EVALUATION"):
        pytest.skip("its vectors take ten minutes: asked for by GOVDATA_LARGE_EVALUATION=1")
    if not catalogue.exists():
        pytest.skip("the large judged catalogue is not beside this working copy")
    load(rows_of(catalogue), with_vectors=model)
    check("large", measured(judged, model), model)


def test_misses_are_named(portal):
    load([{"id": "a", "title": "公厕信息"}, {"id": "b", "title": "完全无关"}], with_vectors=False)
    judged = [evaluation.Judged("公厕", "short", {"a": 2, "b": 2})]
    (miss,) = evaluation.missed(judged)
    assert miss["missing"] == ["b"]
    scores = evaluation.evaluate(judged)
    assert scores[""].recall == 0.5
    assert scores["short"].mrr == 1.0


def test_a_broken_file_is_named_with_its_line(portal, tmp_path):
    file = tmp_path / "judged.jsonl"
    file.write_text('{"query": "a", "relevant": {}}\n{"query": 1}\n', "utf-8")
    told = CliRunner().invoke(command, ["evaluate", str(file)])
    assert told.exit_code == 1
    assert "line 2" in told.output


def test_a_file_without_queries_is_no_measurement(portal, tmp_path):
    file = tmp_path / "judged.jsonl"
    file.write_text("\n", "utf-8")
    told = CliRunner().invoke(command, ["evaluate", str(file)])
    assert told.exit_code == 1
    assert "no query" in told.output


def test_judged_entries_that_do_not_exist_are_named(portal, tmp_path):
    load([{"id": "a", "title": "公厕信息"}], with_vectors=False)
    file = tmp_path / "judged.jsonl"
    file.write_text('{"query": "公厕", "relevant": {"a": 2, "gone": 2}}\n', "utf-8")
    arguments = ["evaluate", str(file), "--no-model", "--misses"]
    assert "gone" in CliRunner().invoke(command, arguments).output
    told = CliRunner().invoke(command, [*arguments, "--json"])
    answer = json.loads(told.output.splitlines()[-1])
    assert answer["unknown"] == ["gone"]
    assert answer["misses"] == [{"query": "公厕", "found": ["a"], "missing": ["gone"]}]


@pytest.mark.parametrize("text", ["", "[]", "x", '{"query": 1}'])
def test_an_import_of_another_file_is_refused(portal, tmp_path, text):
    file = tmp_path / "knowledge.json"
    file.write_text(text, "utf-8")
    told = CliRunner().invoke(command, ["import", str(file)])
    assert told.exit_code == 1
    assert "not a file of search export" in told.output


def test_every_shipped_query_has_its_answers_in_the_shipped_catalogue():
    names = {row["id"] for row in rows_of(DEMO)}
    for item in evaluation.read(JUDGED):
        assert set(item.relevant) <= names
        assert 2 in item.relevant.values()

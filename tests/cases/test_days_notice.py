"""The notice of holidays and working days: looked at before it is entered, entered once, told."""

from datetime import date

import ckan.model as model
import pytest
from ckan.tests.helpers import call_action

from ckanext.govdata.cases.time import days_notice
from ckanext.govdata.config_reader import BrokenFile
from ckanext.govdata.rules import in_force
from ckanext.govdata.supervision import helpers
from tests.cases.conftest import BASIS, REASON, call

NOTICE = """year: 2027
notices:
  - title: 国务院办公厅关于2027年部分节假日安排的通知（试验）
    number: 国办发明电〔2026〕9号
    days:
      new_year:
        rest: [{from: 2027-01-01, to: 2027-01-08}]
        work: [2026-12-27]
"""


@pytest.fixture
def folder(tmp_path, ckan_config, monkeypatch):
    own = tmp_path / "own"
    own.mkdir()
    monkeypatch.setitem(ckan_config, "ckanext.govdata.calendars", str(own))
    return own


@pytest.fixture
def notice(tmp_path):
    file = tmp_path / "2027.yaml"
    file.write_text(NOTICE, "utf-8")
    return file


@pytest.fixture
def waiting(world, on_day):
    """A case whose term reaches into a year without a notice, and one that does not."""
    on_day("2026-12-21")
    early = world.prepared("other")
    world.act("head", early["id"], "refuse", reason=REASON, basis=BASIS)
    on_day("2026-12-28")
    case = world.apply()
    assert case["provisional"]
    return case


def test_a_preview_names_what_moves_and_writes_nothing(waiting, folder, notice):
    before = waiting["due"]
    [moved] = days_notice.preview(model.Session, notice)
    assert (moved.reference, moved.before) == (waiting["reference"], date.fromisoformat(before))
    assert moved.after > moved.before
    shown = call("citizen", "govdata_case_show", id=waiting["id"])
    assert (shown["due"], shown["provisional"]) == (before, True)
    assert not list(folder.iterdir())


def test_entering_moves_tells_and_is_in_the_ledger(waiting, folder, notice):
    [moved] = days_notice.preview(model.Session, notice)
    assert days_notice.enter(model.Session, notice).counts["recounted"] == 1
    assert (folder / "2027.yaml").read_text("utf-8") == NOTICE
    assert not in_force.calendar().works(date(2027, 1, 5)), "it counts at once"
    shown = call("citizen", "govdata_case_show", id=waiting["id"])
    assert (shown["due"], shown["provisional"]) == (moved.after.isoformat(), False)
    for who in ("citizen", "officer"):
        told = call(who, "govdata_notice_list")["results"]
        assert moved.after.isoformat() in next(
            one["words"] for one in told if one["kind"] == "recounted"
        )
    ledger = call_action("govdata_ledger_list", {"ignore_auth": True}, action="days_notice_entered")
    assert [one["facts"]["file"] for one in ledger["results"]] == ["2027.yaml"]
    assert helpers.govdata_ledger_event("days_notice_entered")
    assert days_notice.enter(model.Session, notice).counts["recounted"] == 0, "entered again"


@pytest.mark.parametrize(("old", "new"), [
    ("2027-01-08}", "2026-12-08}"), ("2026-12-27", "2026-12-28"), ("year: 2027", "year: 2026"),
    ("notices:", "notice:"),
])  # fmt: skip
def test_a_broken_file_is_refused_with_its_line_and_nothing_is_entered(
    waiting, folder, notice, old, new
):
    notice.write_text(NOTICE.replace(old, new), "utf-8")
    with pytest.raises(BrokenFile, match=r"2027\.yaml:"):
        days_notice.enter(model.Session, notice)
    assert not list(folder.iterdir())
    assert call("citizen", "govdata_case_show", id=waiting["id"])["due"] == waiting["due"]


def test_a_broken_file_that_somebody_puts_there_changes_nothing_and_is_told(waiting, folder):
    in_force.calendar()
    (folder / "2027.yaml").write_text("year: [", "utf-8")
    assert in_force.calendar().works(date(2026, 12, 28))
    assert any("is not read" in one for one in days_notice.warnings(model.Session))


def test_the_applicant_reads_that_his_day_may_move(waiting, browse):
    page = browse("citizen", f"/zh_Hans_CN/cases/{waiting['id']}")
    assert "放假调休安排尚未公布" in page.select_one(".gd-case-clock").text


def test_the_operator_hears_of_days_that_wait_for_a_notice(waiting):
    [told] = days_notice.warnings(model.Session)
    assert "1 open cases" in told
    assert "2027" in told


def test_without_a_place_for_it_nothing_is_entered(waiting, notice):
    with pytest.raises(days_notice.NoPlace):
        days_notice.enter(model.Session, notice)

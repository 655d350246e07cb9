"""Broken files: the start stops, and every problem names its file and line."""

from datetime import date
from pathlib import Path

import pytest

from ckanext.govdata.config_reader import BrokenFile
from ckanext.govdata.rules.rule_files import check_rules, load_calendar, load_rulebook

WHOLE = """\
id: hefei
name: {zh_Hans_CN: 合肥市, zh_Hant_TW: 合肥市, en: Hefei}
level: city
region: "3401"
extends: anhui
document: {zh_Hans_CN: 办法, zh_Hant_TW: 辦法, en: Measures}
in_force: {from: 2022-01-01, until: 2030-01-01, article: 第九条}
terms:
  share_application.decide:
    working_days: 6
    from: received
    on_lapse: violation
    article: 第三条
"""
YEAR = """\
year: 2027
notices:
  - title: 国务院办公厅关于2027年部分节假日安排的通知
    days:
      new_year:
        rest: [{from: 2027-01-01, to: 2027-01-03}]
        work: [2026-12-27]
"""


@pytest.fixture
def jurisdictions(tmp_path):
    def write(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
        return str(tmp_path)

    return write


calendars = jurisdictions


def problems(load, directory):
    with pytest.raises(BrokenFile) as caught:
        load(directory)
    return [str(problem).replace(f"{directory}/", "") for problem in caught.value.flaws]


class TestOverlay:
    def test_an_operator_adds_a_city_without_touching_the_package(self, jurisdictions):
        rules = load_rulebook(jurisdictions(hefei=WHOLE))
        ruling = rules.term("hefei", "share_application.decide", date(2026, 5, 6))
        assert (ruling.source.id, ruling.term.days) == ("hefei", 6)
        assert (
            rules.term("hefei", "correction_review.decide", date(2026, 5, 6)).source.id == "anhui"
        )

    def test_an_operator_fills_in_the_national_level_and_it_prevails(self, jurisdictions):
        packaged = Path(__file__).parents[2] / "config" / "jurisdictions" / "national.yaml"
        text = packaged.read_text("utf-8") + WHOLE[WHOLE.index("terms:") :]
        rules = load_rulebook(jurisdictions(national=text))
        ruling = rules.term("yaohai", "share_application.decide", date(2026, 5, 6))
        assert (ruling.source.id, ruling.term.days) == ("national", 6)

    def test_a_new_version_of_a_lapsing_text_stands_beside_the_old(self, jurisdictions):
        text = WHOLE.replace("hefei", "yaohai").replace(
            "{from: 2022-01-01, until: 2030-01-01, article: 第九条}", "{from: 2027-02-08}"
        )
        rules = load_rulebook(jurisdictions(**{"yaohai-2027": text}))
        name = "share_application.decide"
        assert rules.term("yaohai", name, date(2027, 2, 7)).term.days == 5
        assert rules.term("yaohai", name, date(2027, 2, 8)).term.days == 6

    def test_a_notice_that_comes_ends_the_provisional_year(self, calendars):
        calendar = load_calendar(calendars(**{"2027": YEAR}))
        assert not calendar.day(date(2027, 3, 1)).provisional
        assert calendar.works(date(2026, 12, 27))
        assert calendar.day(date(2028, 3, 1)).provisional

    def test_an_operators_file_of_a_year_takes_the_place_of_the_notices_we_know(self, calendars):
        text = YEAR.replace("2026-12-27", "2025-12-27").replace("2027", "2026")
        calendar = load_calendar(calendars(**{"2026": text}))
        assert calendar.works(date(2025, 12, 27))
        assert calendar.works(date(2026, 10, 1)), "neither another notice nor the statute adds days"

    def test_a_directory_that_is_not_there(self):
        with pytest.raises(BrokenFile, match="/nowhere:1: this directory"):
            load_rulebook("/nowhere")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("level: city", "level: town", 3, "'town' is not one of: national, province"),
        ("region:", "regoin:", 4, "unknown key 'regoin'"),
        ("extends: anhui", "extends: atlantis", 5, "extends 'atlantis', which no file defines"),
        ("en: Measures}", "en: ''}", 6, "a text is wanted here, not nothing"),
        (", en: Measures}", "}", 6, "'en' is missing"),
        ("from: 2022-01-01", "from: 2022-02-30", 7, "2022-02-30: day is out of range"),
        ("from: 2022-01-01", "from: soon", 7, "not 'soon'"),
        ("until: 2030-01-01", "until: 2020-01-01", 7, "ends (2020-01-01) before it begins"),
        (", article: 第九条", "", 7, "'article' is missing: which one ends it?"),
        ("share_application.decide:", "share:", 9, "'share' is not a term"),
        ("working_days: 6", "working_days: six", 10, "a whole number of at least 1"),
        ("working_days: 6", "working_days: 0", 10, "a whole number of at least 1"),
        ("working_days: 6", "weeks: 6", 10, "unknown key 'weeks'"),
        ("working_days: 6", "quote: x", 9, "one unit is wanted: working_days or calendar_days"),
        ("from: received", "from: yesterday", 11, "'yesterday' is not one of: received"),
        ("on_lapse: violation", "on_lapse: joy", 12, "'joy' is not one of"),
        ("    article: 第三条\n", "", 9, "'article' is missing"),
        ("on_lapse: violation", "from: received", 12, "key 'from' stands twice"),
        ("  share_application", "\tshare_application", 9, "cannot start any token"),
        ("terms:", "terms: [", 10, "expected"),
        ("id: hefei", "id: Hefei City", 1, "is not a code"),
        ("in_force:", "prevails: perhaps\nin_force:", 7, "true or false is wanted"),
        ("in_force:", "requires: {joy: {}}\nin_force:", 7, "unknown key 'joy'"),
        ("in_force:", "requires: {refusal: {}}\nin_force:", 7, "'article' is missing"),
        ("in_force:", "requires: [refusal]\nin_force:", 7, "a mapping is wanted here, not a list"),
    ],
)
def test_a_broken_jurisdiction_names_its_line(jurisdictions, old, new, line, words):
    assert old in WHOLE
    found = problems(load_rulebook, jurisdictions(hefei=WHOLE.replace(old, new, 1)))
    assert any(one.startswith(f"hefei.yaml:{line}: ") and words in one for one in found), found


def test_a_circle_names_both_files(jurisdictions):
    other = WHOLE.replace("id: hefei", "id: chaohu").replace("anhui", "hefei")
    directory = jurisdictions(
        hefei=WHOLE.replace("extends: anhui", "extends: chaohu"), chaohu=other
    )
    assert problems(load_rulebook, directory) == [
        "chaohu.yaml:5: extends 'hefei', which leads back to 'chaohu'",
        "hefei.yaml:5: extends 'chaohu', which leads back to 'hefei'",
    ]


def test_two_versions_at_once(jurisdictions):
    directory = jurisdictions(hefei=WHOLE, hefei2=WHOLE)
    [problem] = problems(load_rulebook, directory)
    assert "two versions of 'hefei' are in force at once" in problem


def test_an_extension_only_of_a_decision(jurisdictions):
    extension = "    extension: {working_days: 3, consent_of: head, once: true}\n"
    text = WHOLE.replace(".decide", ".check") + extension
    [problem] = problems(load_rulebook, jurisdictions(hefei=text))
    assert problem == "hefei.yaml:14: only a clock 'decide' can be extended"


def test_an_extension_counts_in_the_unit_of_its_term(jurisdictions):
    text = WHOLE + "    extension: {calendar_days: 3, consent_of: head, once: true}\n"
    found = problems(load_rulebook, jurisdictions(hefei=text))
    assert any("unknown key 'calendar_days'" in problem for problem in found)


def test_a_rung_of_the_ladder_looks_one_way(jurisdictions):
    text = WHOLE + "requires:\n  reminders:\n    article: 第一条\n    ladder: [{to: [head]}]\n"
    [problem] = problems(load_rulebook, jurisdictions(hefei=text))
    assert problem.startswith("hefei.yaml:17: one of working_days_before or days_after")


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_an_empty_file(jurisdictions, text):
    assert problems(load_rulebook, jurisdictions(hefei=text)) == ["hefei.yaml:1: the file is empty"]


def test_a_file_that_is_not_utf8(jurisdictions, tmp_path):
    (tmp_path / "hefei.yaml").write_bytes("名称: 合肥".encode("gb18030"))
    [problem] = problems(load_rulebook, str(tmp_path))
    assert problem.startswith("hefei.yaml:1: is not UTF-8")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("year: 2027", "year: 2028", 1, "the file of 2028 is named 2027.yaml"),
        ("year: 2027", "year: next", 1, "a whole number"),
        ("new_year:", "christmas:", 5, "unknown key 'christmas'"),
        ("to: 2027-01-03", "to: 2027-01-32", 6, "2027-01-32: day is out of range"),
        ("to: 2027-01-03", "to: 2026-12-31", 6, "is not a holiday"),
        ("from: 2027-01-01", "from: 2025-01-01", 6, "is not a holiday"),
        ("[2026-12-27]", "[2026-12-28]", 7, "is a weekday already"),
        ("[2026-12-27]", "[2027-01-08]", 7, "2027-01-08 is a weekday already"),
        ("[2026-12-27]", "[2028-01-01]", 7, "is not in 2027"),
        ("[2026-12-27]", "[2027-01-02]", 7, "stands twice in this notice"),
        ("    days:", "    dates:", 4, "unknown key 'dates'"),
    ],
)
def test_a_broken_calendar_names_its_line(calendars, old, new, line, words):
    assert old in YEAR
    found = problems(load_calendar, calendars(**{"2027": YEAR.replace(old, new, 1)}))
    assert any(one.startswith(f"2027.yaml:{line}: ") and words in one for one in found), found


def test_everything_wrong_is_said_at_once(jurisdictions):
    directory = jurisdictions(hefei=WHOLE.replace("city", "town").replace("regi", "rigi"))
    with pytest.raises(BrokenFile) as caught:
        check_rules(directory, "/nowhere")
    words = str(caught.value)
    assert words.count("\n") == 3
    assert "hefei.yaml:3: 'town'" in words
    assert "hefei.yaml:4: unknown key 'rigion'" in words
    assert "this directory of calendars does not exist" in words

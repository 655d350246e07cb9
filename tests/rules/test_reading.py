"""Broken files: the start stops, and every problem names its file and line."""

from datetime import date

import pytest

from ckanext.govdata.config_reader import BrokenFile
from ckanext.govdata.rules.rule_files import check_rules, load_calendar, load_rulebook

WHOLE = """\
id: hefei
name: {zh_Hans_CN: 合肥市, zh_Hant_TW: 合肥市, en: Hefei}
level: city
region: "3401"
extends: anhui
rank: normative_document
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
        assert (ruling.source.id, ruling.term.amount) == ("hefei", 6)
        assert (
            rules.term("hefei", "correction_review.decide", date(2026, 5, 6)).source.id == "anhui"
        )

    def test_an_operator_enters_an_unread_text_and_what_it_sets_binds(self, jurisdictions):
        rules = load_rulebook(jurisdictions(hefei=WHOLE))
        before = load_rulebook().term("yaohai", "share_application.decide", date(2027, 3, 1))
        after = rules.term("yaohai", "share_application.decide", date(2027, 3, 1))
        assert (before.source.id, after.source.id) == ("anhui", "hefei")

    def test_a_new_version_of_a_lapsing_text_stands_beside_the_old(self, jurisdictions):
        text = WHOLE.replace("hefei", "yaohai").replace(
            "{from: 2022-01-01, until: 2030-01-01, article: 第九条}", "{from: 2027-02-08}"
        )
        rules = load_rulebook(jurisdictions(**{"yaohai-2027": text}))
        name = "share_application.decide"
        assert rules.term("yaohai", name, date(2027, 2, 7)).term.amount == 5
        assert rules.term("yaohai", name, date(2027, 2, 8)).term.amount == 6

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
        ("en: Measures}", "en: ''}", 7, "a text is wanted here, not nothing"),
        (", en: Measures}", "}", 7, "'en' is missing"),
        ("from: 2022-01-01", "from: 2022-02-30", 8, "2022-02-30: day is out of range"),
        ("from: 2022-01-01", "from: soon", 8, "not 'soon'"),
        ("until: 2030-01-01", "until: 2020-01-01", 8, "ends (2020-01-01) before it begins"),
        (", article: 第九条", "", 8, "'article' is missing: which one ends it?"),
        ("share_application.decide:", "share:", 10, "'share' is not a term"),
        ("working_days: 6", "working_days: six", 11, "a whole number of at least 1"),
        ("working_days: 6", "working_days: 0", 11, "a whole number of at least 1"),
        ("working_days: 6", "weeks: 6", 11, "unknown key 'weeks'"),
        ("working_days: 6", "quote: x", 10, "one unit is wanted: working_days or calendar_days"),
        ("from: received", "from: yesterday", 12, "'yesterday' is not one of: received"),
        ("on_lapse: violation", "on_lapse: joy", 13, "'joy' is not one of"),
        ("    article: 第三条\n", "", 10, "'article' is missing"),
        ("on_lapse: violation", "from: received", 13, "key 'from' stands twice"),
        ("  share_application", "\tshare_application", 10, "cannot start any token"),
        ("terms:", "terms: [", 11, "expected"),
        ("id: hefei", "id: Hefei City", 1, "is not a code"),
        ("in_force:", "place: perhaps\nin_force:", 8, "true or false is wanted"),
        ("rank: normative_document", "rank: decree", 6, "'decree' is not one of: law, admin"),
        ("rank: normative_document", "rank: portal", 6, "the rank of the portal's own rules alone"),
        ("rank: normative_document", "rank: local_regulation", 5, "which is of a lower rank"),
        ("rank: normative_document\n", "", 1, "'rank' is missing"),
        ("in_force:", "text_at_hand: false\nin_force:", 10, "the text is not at hand"),
        ("until: 2030-01-01", "by_rule: {years: 5}, until: 2030-01-01", 8, "has it by no rule"),
        ("until: 2030-01-01", "by_rule: {years: 5}", 8, "'title' is missing"),
        ("working_days: 6", "working_days: 6\n    months: 6", 10, "one unit is wanted"),
        ("from: received", "askers: [citizen]\n    from: received", 12, "'citizen' is not one of"),
        ("from: received", "askers: [portal]\n    from: received", 12, "'portal' is not one of"),
        ("from: received", "askers: [person]\n    from: received", 12, "name both or neither"),
        ("from: received", "share_types: [some]\n    from: received", 12, "'some' is not one of"),
        ("from: received", "outer_limit: true\n    from: received", 12, "only a law or an admin"),
        (
            "from: received",
            "extension: [{working_days: 1}, {working_days: 2}]\n    from: received",
            12,
            "a mapping is wanted here, not a list",
        ),
        ("application.decide:", "application.extend:", 10, "is an extension"),
        ("in_force:", "requires: {joy: {}}\nin_force:", 8, "unknown key 'joy'"),
        ("in_force:", "requires: {refusal: {}}\nin_force:", 8, "'article' is missing"),
        ("in_force:", "requires: [refusal]\nin_force:", 8, "a mapping is wanted here, not a list"),
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


def test_two_numbers_for_the_same_asker_and_share_type(jurisdictions):
    one = "{working_days: 6, from: received, on_lapse: violation, article: 第三条"
    numbers = f"""terms:
  share_application.decide:
    - {one}, share_types: [conditional]}}
    - {one}, share_types: [unconditional]}}
    - {one}, askers: [department], share_types: [conditional, non_shared]}}
"""
    text = WHOLE[: WHOLE.index("terms:")] + numbers
    [problem] = problems(load_rulebook, jurisdictions(hefei=text))
    assert problem.startswith("hefei.yaml:13: another number of this term is for the same")


def test_a_place_without_a_text_sets_nothing(jurisdictions):
    text = WHOLE.replace("document: {zh_Hans_CN: 办法, zh_Hant_TW: 辦法, en: Measures}\n", "")
    found = problems(load_rulebook, jurisdictions(hefei=text))
    assert [one.partition(" ")[0] for one in found] == [
        "hefei.yaml:6:", "hefei.yaml:7:", "hefei.yaml:8:",
    ]  # fmt: skip
    assert all("there is no 'document'" in one for one in found)


@pytest.mark.parametrize("clock", ["decide", "check"])
def test_any_term_can_be_extended(jurisdictions, clock):
    extension = "    extension: {working_days: 3, consent_of: head, once: true}\n"
    text = WHOLE.replace(".decide", f".{clock}") + extension
    name = "share_application." + {"decide": "extend", "check": "check_extend"}[clock]
    ruling = load_rulebook(jurisdictions(hefei=text)).term("hefei", name, date(2026, 5, 6))
    assert (ruling.source.id, ruling.term.amount) == ("hefei", 3)


def test_an_extension_counts_in_the_unit_of_its_term(jurisdictions):
    text = WHOLE + "    extension: {calendar_days: 3, consent_of: head, once: true}\n"
    found = problems(load_rulebook, jurisdictions(hefei=text))
    assert any("unknown key 'calendar_days'" in problem for problem in found)


def test_a_rung_of_the_ladder_looks_one_way(jurisdictions):
    text = WHOLE + "requires:\n  reminders:\n    article: 第一条\n    ladder: [{to: [head]}]\n"
    [problem] = problems(load_rulebook, jurisdictions(hefei=text))
    assert problem.startswith("hefei.yaml:18: one of working_days_before or days_after")


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

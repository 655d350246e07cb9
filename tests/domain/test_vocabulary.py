"""What people write instead of a code, and vocabularies that are broken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ckanext.govdata import vocabularies
from ckanext.govdata.config_reader import BrokenFile
from ckanext.govdata.domain.vocabulary import How

# The words of real portals, counted over 27 of them: every one must find its code.
FREQUENCIES = {
    "每年": "yearly",
    "年": "yearly",
    "按年更新": "yearly",
    "按年": "yearly",
    "‘每年’": "yearly",
    "其他": "other",
    "自定义": "other",
    "实时": "real_time",
    "即時": "real_time",
    "每月": "monthly",
    "每日": "daily",
    "每天": "daily",
    "每半年": "half_yearly",
    "季度": "quarterly",
    "每季度": "quarterly",
    "每季": "quarterly",
    "每两年": "biennial",
    "每周": "weekly",
    "每週": "weekly",
    "不定期": "irregular",
    "不定期更新": "irregular",
    "不定時": "irregular",
    "REAL_TIME": "real_time",
    "every_day": "daily",
    "5": "quarterly",
    "9": "other",
}
OPEN = {
    "无条件开放": "unconditional",
    "有条件开放": "conditional",
    "无": "unconditional",
    "无条件": "unconditional",
    "普通公开，简单注册用户可下载": "unconditional",
    "普通公开,简单注册用户可下载": "unconditional",
    "依申请开放": "conditional",
    "不予开放": "non_open",
    "無條件開放": "unconditional",
    "NON_OPEN": "non_open",
}


@pytest.mark.parametrize(("written", "code"), FREQUENCIES.items())
def test_update_periods(written: str, code: str):
    match = vocabularies.vocabulary("update_periods").find(written)
    assert match is not None
    assert (match.code, match.written) == (code, written)
    assert match.how is not How.FALLBACK


@pytest.mark.parametrize(("written", "code"), OPEN.items())
def test_open_attributes(written: str, code: str):
    match = vocabularies.vocabulary("open_attributes").find(written)
    assert match is not None
    assert match.code == code


@pytest.mark.parametrize("written", ["无条件共享", "牲畜饲养", "", "  "])
def test_words_that_are_no_open_attribute(written: str):
    """Shared between departments is not open to the public: nobody guesses."""
    assert vocabularies.vocabulary("open_attributes").find(written) is None


def test_an_unknown_domain_becomes_other_and_says_so():
    match = vocabularies.vocabulary("domains").find("牲畜饲养")
    assert match is not None
    assert (match.code, match.how) == ("other", How.FALLBACK)


@pytest.mark.parametrize("name", sorted(vocabularies.every()))
def test_every_word_finds_its_own_term(name: str):
    vocabulary = vocabularies.vocabulary(name)
    for term in vocabulary.terms:
        for word in (term.code, *term.label.values(), *term.synonyms):
            match = vocabulary.find(word)
            assert match is not None
            assert match.code == term.code, word
        assert vocabulary.label(term.code, "en") == term.label["en"]
        assert vocabulary.label(term.code, "fr") == term.label["zh_Hans_CN"]
    assert vocabulary.label("no such code", "en") == "no such code"


GOOD = """\
name: {zh_Hans_CN: 甲, zh_Hant_TW: 甲, en: A}
values:
  - {code: a, label: {zh_Hans_CN: 甲, zh_Hant_TW: 甲, en: A}, synonyms: [阿]}
  - {code: b, label: {zh_Hans_CN: 乙, zh_Hant_TW: 乙, en: B}, synonyms: []}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("en: A}\nvalues", "fr: A}\nvalues", 1, "'en' is missing"),
        ("code: b", "code: 1", 4, "write it in quotes"),
        ("code: b", "code: a", 4, "stands twice"),
        ("synonyms: []", "synonyms: [阿]", 4, "means both 'a' and 'b'"),
        ("synonyms: []", "synonyms: [1]", 4, "write it in quotes"),
        ("synonyms: []", "synonyms: x", 4, "a list is wanted"),
        ("values:", "fallback: c\nvalues:", 2, "not one of the codes"),
        ("values:", "terms:", 1, "'values' is missing"),
        ("zh_Hant_TW: 乙, ", "", 4, "'zh_Hant_TW' is missing"),
    ],
)
def test_a_broken_vocabulary_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, message: str
):
    source = tmp_path / "x.yaml"
    source.write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(BrokenFile, match=message) as caught:
        vocabularies.load(source)
    [flaw] = [flaw for flaw in caught.value.flaws if re.search(message, flaw.message)]
    assert (Path(flaw.file).name, flaw.line) == ("x.yaml", line)


def test_divisions():
    places = vocabularies.divisions()
    assert places.full_name("340822") == "安徽省安庆市怀宁县"
    assert [p.code for p in places.ancestors("411523")] == ["41", "4115", "411523"]
    assert places.full_name("000000") == "000000"
    assert len([p for p in places.by_code.values() if p.level == "province"]) == 34
    assert {p.code for p in places.children("34")} >= {"3401", "3408"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("35x,福建,province,", "is not digits"),
        ("350,福建,province,", "must have 2 digits"),
        ("35,福建,state,", "unknown level"),
        ("35,,province,", "has no name"),
        ("3501,福州,city,34", "does not begin with its parent"),
        ("3501,福州,city,35", "stands before its parent"),
        ("34,又,province,", "stands twice"),
    ],
)
def test_a_broken_division_is_named_with_its_line(tmp_path: Path, row: str, message: str):
    source = tmp_path / "d.csv"
    source.write_text(f"code,name,level,parent_code\n34,安徽省,province,\n{row}\n", "utf-8")
    with pytest.raises(BrokenFile, match=message) as caught:
        vocabularies.load_divisions(source)
    assert [flaw.line for flaw in caught.value.flaws] == [3]


@pytest.mark.parametrize(
    ("written", "code"),
    [("WPS表格", "xlsx"), ("wps电子表格", "xlsx"), ("WPS", "doc"), ("电子表格", "xlsx")],
)
def test_a_wps_table_is_a_spreadsheet_and_no_document(written, code):
    match = vocabularies.vocabulary("formats").find(written)
    assert match is not None
    assert match.code == code

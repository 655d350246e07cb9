"""Names of files that leave the portal."""
from __future__ import annotations

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from ckanext.govdata.domain import file_name


@pytest.mark.parametrize(("written", "kept"), [
    ("2023年人口数据（一）.csv", "2023年人口数据（一）.csv"),
    ("C:\\用户\\桌面\\清单.xlsx", "清单.xlsx"),
    ("../../etc/passwd", "passwd"),
    ("报告\u202excod.exe", "报告xcod.exe"),
    ("a\r\nb.csv", "a b.csv"),
    ("a\u200b\ufeffb.csv", "ab.csv"),
    ('a"b;c.csv', "a_b_c.csv"),
    ("   . .csv", ".csv"),
    (".htaccess", ".htaccess"),
    ("..年报.csv", "年报.csv"),
    ("长" * 300 + ".xlsx", "长" * 115 + ".xlsx"),
])
def test_a_name_is_cleaned(written: str, kept: str) -> None:
    assert file_name.clean(written) == kept


def test_a_header_is_ascii_and_says_the_whole_name() -> None:
    said = file_name.disposition("2023年人口（一）.csv", "people")
    assert said == (
        "attachment; filename=\"people.csv\"; "
        "filename*=UTF-8''2023%E5%B9%B4%E4%BA%BA%E5%8F%A3%EF%BC%88%E4%B8%80%EF%BC%89.csv"
    )
    said = file_name.disposition("a.csv")
    assert said == "attachment; filename=\"a.csv\"; filename*=UTF-8''a.csv"


def test_a_name_of_ascii_letters_stays_as_ckan_makes_it() -> None:
    assert file_name.munged("My File.CSV", "my-file.csv") == "my-file.csv"
    assert file_name.munged("%E8%A1%A8.csv", "e8a1a8.csv") == "表.csv"


@pytest.mark.parametrize(("kept", "title", "given"), [
    ("2023.csv", "2023年人口数据（一）.csv", "2023年人口数据（一）.csv"),
    ("2023.csv", "2023年人口数据（一）", "2023年人口数据（一）.csv"),
    ("gdp-.csv", "GDP统计 最终版", "GDP统计 最终版.csv"),
    ("-2024-q1.xlsx", "瑶海区2024年Q1.XLSX", "瑶海区2024年Q1.xlsx"),
    ("2023.csv", "镇街人口", "镇街人口_2023.csv"),
    ("01.csv", "2023年人口数据（01）", "2023年人口数据（01）.csv"),
    ("--3-.csv", "附表/续", "附表_续_3.csv"),
    ("population.csv", "人口数据", "population.csv"),
    ("bus-2023.csv", "公交2023", "bus-2023.csv"),
    ("2023.csv", "Population 2023", "2023.csv"),
    ("2023.csv", "", "2023.csv"),
    ("2023年人口.csv", "人口数据", "2023年人口.csv"),
    ("2023.csv", "公交\u202e\r\n2023", "公交 2023.csv"),
])
def test_a_name_that_was_cut_is_recalled_by_the_title(kept, title, given):
    assert file_name.recalled(kept, title) == given


@given_any(st.text(min_size=1), st.sampled_from((".csv", ".xlsx", "")))
def test_what_is_recalled_is_a_clean_name(title, ending):
    name = file_name.recalled(f"2023{ending}", title)
    assert name
    assert name == file_name.clean(name)
    assert name.endswith(ending)

"""What may not be opened is found in headings, cells and words (Anhui 35: 禁止开放的，不得开放)."""

from __future__ import annotations

import pytest

from ckanext.govdata.domain.prohibition import (
    Ban,
    blocking,
    card_number,
    findings,
    id_number,
)
from ckanext.govdata.domain.sheet import Sheet, number, totals

BANS = (
    Ban("id_number", headings=("身份证号",), check="id_number"),
    Ban("phone", override=True, headings=("手机",), pattern=r"(?<!\d)1[3-9]\d{9}(?!\d)"),
    Ban("state_secret", words=("机密★",)),
    Ban("card_number", check="card_number"),
)
ID = "11010519491231002X"


def sheet(*rows: tuple[str, ...], columns=("站点", "水位")) -> Sheet:
    return Sheet(columns, rows)


def found(table: Sheet | None = None, attribute="unconditional", **texts: str):
    return {f.ban: f.places for f in findings(BANS, attribute, texts, table)}


def test_clean_data_passes():
    assert found(sheet(("巢湖", "9.80"), ("长临河", "9.75")), title="水位") == {}


@pytest.mark.parametrize(
    ("cell", "ban"),
    [
        (f"王某{ID}", "id_number"),
        ("联系 13805510000", "phone"),
        ("机密★一年", "state_secret"),
        ("4111111111111111", "card_number"),
    ],
)
def test_a_cell_that_may_not_be_opened_is_named_by_column_and_row(cell, ban):
    assert found(sheet(("巢湖", "9.80"), ("长临河", cell))) == {ban: ("水位:2",)}


def test_a_heading_counts_as_much_as_a_value():
    table = sheet(("", ""), columns=("患者 身份证号", "手机"))
    assert found(table) == {"id_number": ("患者 身份证号",), "phone": ("手机",)}


def test_words_beside_the_table_are_read_too():
    assert found(None, title="防汛", note="咨询 13805510000") == {"phone": ("note",)}


@pytest.mark.parametrize(
    "text",
    ["110105194912310021", "20260701120000123456789", "340102000000000000", "1380551000", "A" + ID],
)
def test_numbers_that_only_look_alike_pass(text):
    assert found(sheet((text, "1"))) == {}


def test_sums_decide():
    assert id_number(ID)
    assert not id_number("110105194912310020")
    assert card_number("4111111111111111")
    assert not card_number("4111111111111112")


def test_the_attribute_of_the_entry_counts():
    assert found(attribute="non_open") == {"non_open": ("open_attribute",)}
    assert found(attribute="conditional") == {"conditional": ("open_attribute",)}


def test_an_override_lifts_only_what_the_law_leaves_to_a_named_person():
    table = sheet((ID, "13805510000"))
    every = findings(BANS, "non_open", {}, table)
    left = blocking(every, ["phone", "id_number", "non_open"])
    assert {f.ban for f in left} == {"id_number", "non_open"}


def test_no_finding_repeats_the_value():
    table = sheet((ID, "13805510000"))
    said = repr(findings(BANS, "unconditional", {"note": ID}, table))
    assert ID not in said
    assert "13805510000" not in said


def test_totals_are_of_the_newest_rows_only():
    table = Sheet(
        ("日期", "市", "确诊"),
        (
            ("2020-02-01", "合肥市", "5"),
            ("2020-02-02", "合肥市", "7"),
            ("2020-02-02", "信阳市", "1,002"),
            ("2020-02-02", "亳州市", ""),
        ),
    )
    assert totals(table, "日期", ["确诊", "市", "无此列"]) == {"确诊": 1009}
    assert totals(table, "", ["确诊"]) == {"确诊": 1014}


def test_codes_are_no_numbers():
    assert number("0551") is None
    assert number("-3.5") == -3.5
    assert number("0.5") == 0.5
    assert number("12 人") is None

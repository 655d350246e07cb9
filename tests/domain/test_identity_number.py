"""Identity numbers by GB 11643 alone, credit codes by GB 32100, and the other papers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from ckanext.govdata import vocabularies
from ckanext.govdata.domain import identity_number as numbers
from ckanext.govdata.domain.identity_number import BadNumber

TODAY = date(2026, 11, 28)
COUNTIES = sorted(code for code in vocabularies.divisions().by_code if len(code) == 6)
GONE = ["340102", "340104", "340822", "411523", "512221", "510202", "422801", "440184", "320502",
        "310226", "120221", "132821", "652101", "469003", "810000", "820000", "830000", "710000"]
"""Codes of counties as they were, some gone for decades, and of residence permits."""


def whole(body: str) -> str:
    """With the check digit, by another's arithmetic than ours."""
    return body + mod_11_2.calc_check_digit(body)


def fault(check, text: str) -> str:
    with pytest.raises(BadNumber) as caught:
        check(text, TODAY)
    return caught.value.fault


@pytest.mark.parametrize("year", [1900, 1949, 1980, 1999, 2012, 2026])
def test_every_county_of_every_time(year: int):
    assert len(COUNTIES) > 15
    for code in [*COUNTIES, *GONE, *(f"{p}0000" for p in numbers.PROVINCES)]:
        number = whole(f"{code}{year}0228123")
        assert numbers.citizen(number, TODAY) == number


def test_the_examiners_own():
    assert numbers.citizen("340102 19800101 1231", TODAY) == "340102198001011231"


@pytest.mark.parametrize(
    "written",
    ["11010519491231002X", "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ",
     "110105 19491231 002X", "110105-19491231-002x", "110105–19491231—002X",
     "\u3000110105　19491231\u00a0002X\n"],
)
def test_as_people_write_it(written: str):
    assert numbers.citizen(written, TODAY) == "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "form"), ("123", "form"), ("X" * 5000, "form"), ("11010519491231002XX", "form"),
        ("1101051949123100２Y", "form"),
        ("٣٤٠١٠٢١٩٨٠٠١٠١١٢٣١", "form"), ("110105194X1231002X", "form"),
        (whole("26010519491231002"), "province"), (whole("00010519491231002"), "province"),
        (whole("88010519491231002"), "province"), (whole("11010519491331002"), "date"),
        (whole("11010520230229002"), "date"), (whole("11010518490101002"), "date"),
        (whole("11010520261129002"), "date"), (whole("11010500000101002"), "date"),
        ("110105194912310021", "check"), ("110105491231002", "old"), ("110105 491231 002", "old"),
        ("USA110078110001", "foreign"), (whole("91184019800101123"), "foreign"),
    ],
)
def test_what_is_none(text: str, said: str):
    assert fault(numbers.citizen, text) == said


def test_born_today_and_on_a_leap_day():
    for day in ("20261128", "20240229", "18500101"):
        assert numbers.citizen(whole(f"340102{day}001"), TODAY)


@given(st.dates(date(1850, 1, 1), TODAY), st.sampled_from(sorted(numbers.PROVINCES)),
       st.integers(0, 9999), st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_found(day, province, place, serial, where, more):
    body = f"{province}{place:04}{day:%Y%m%d}{serial:03}"
    number = numbers.citizen(whole(body), TODAY)
    assert mod_11_2.is_valid(number)
    digit = "X" if number[where] == "X" else number[where]
    other = str(more - 1) if digit == "X" else str((int(digit) + more) % 10)
    with pytest.raises(BadNumber):
        numbers.citizen(number[:where] + other + number[where + 1:], TODAY)


@given(st.text(max_size=25))
def test_no_text_is_a_surprise(text: str):
    for check in numbers.DOCUMENTS.values():
        try:
            check(text, TODAY)
        except BadNumber:
            continue


def test_the_foreigners_card_new_and_old():
    for country in ("840", "392", "643"):
        for province in ("11", "31", "34", "65"):
            number = whole(f"9{province}{country}19790315001")
            assert numbers.permanent_resident(number.lower(), TODAY) == number
    assert numbers.permanent_resident("usa 1100 781100 01", TODAY) == "USA110078110001"
    check = numbers.permanent_resident
    assert fault(check, whole("99984019790315001")) == "province"
    assert fault(check, whole("93484019791315001")) == "date"
    assert fault(check, "11010519491231002X") == "citizen"
    assert fault(check, "US1110078110001") == "form"
    body = "93484019790315001"
    assert fault(check, body + ("1" if whole(body)[-1] != "1" else "2")) == "check"


@pytest.mark.parametrize(
    ("check", "text", "kept"),
    [
        (numbers.passport, "c01x 0006h", "C01X0006H"),
        (numbers.passport, "Ｅ12345678", "E12345678"),
        (numbers.hong_kong_macao_permit, "h 1234 5678", "H12345678"),
        (numbers.hong_kong_macao_permit, "M1234567801", "M12345678"),
        (numbers.taiwan_permit, "12345678", "12345678"),
        (numbers.taiwan_permit, "1234567890（B）", "1234567890"),
    ],
)
def test_other_papers(check, text: str, kept: str):
    assert check(text, TODAY) == kept


@pytest.mark.parametrize(
    ("check", "text"),
    [(numbers.passport, "ABCDEFGH"), (numbers.passport, "A1"), (numbers.passport, "A1<B2C3D"),
     (numbers.hong_kong_macao_permit, "T12345678"), (numbers.hong_kong_macao_permit, "H1234567"),
     (numbers.taiwan_permit, "123456789"), (numbers.taiwan_permit, "H12345678")],
)
def test_other_papers_that_are_none(check, text: str):
    assert fault(check, text) == "form"


@pytest.mark.parametrize("first", ["91", "52", "12", "N2", "Y1", "A1", "54", "13"])
def test_credit_codes_of_everybody_who_gives_them(first: str):
    body = f"{first}340822MA2N0U7A1"
    number = body + uscc.calc_check_digit(body)
    assert numbers.credit_code(f" {number[:9].lower()}-{number[9:]}") == number
    assert numbers.is_credit_code(number)
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    assert not numbers.is_credit_code(wrong)


@pytest.mark.parametrize("text", ["91110000600037341", "9111000060003734IL", "91ABCDEF600037341L"])
def test_no_credit_codes(text: str):
    assert not numbers.is_credit_code(text)


def test_a_day_to_come_is_no_day_unless_nobody_asks():
    number = whole(f"340102{TODAY + timedelta(1):%Y%m%d}001")
    assert numbers.is_citizen(number)
    assert not numbers.is_citizen(number, TODAY)

"""What may not be opened is found in headings, cells and words (Anhui 35: 禁止开放的，不得开放)."""

from __future__ import annotations

import time

import pytest

from ckanext.govdata.domain.personal_numbers import card_number, id_number
from ckanext.govdata.domain.prohibition import Ban, blocking, findings
from ckanext.govdata.domain.sheet import FigureUnclear, Sheet, number, totals

BANS = (
    Ban("id_number", headings=("身份证号",), check="id_number"),
    Ban("phone", override=True, headings=("手机",), check="mobile_number"),
    Ban("old_id_number", override=True, check="old_id_number"),
    Ban("state_secret", words=("机密★",)),
    Ban("card_number", check="card_number"),
    Ban("document", override=True, check="document_number"),
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
    ["110105194912310021", "20260701120000123456789", "340102000000000000", "1380551000", ID + "0"],
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
    assert totals(table, "日期", ["确诊", "无此列"]) == {"确诊": 1009}
    with pytest.raises(FigureUnclear):  # a key figure of names was passed over in silence
        totals(table, "日期", ["市"])
    assert totals(table, "", ["确诊"]) == {"确诊": 1014}


def test_codes_are_no_numbers():
    assert number("0551") is None
    assert number("-3.5") == -3.5
    assert number("0.5") == 0.5
    assert number("12 人") is None


MOBILE = "13900000001"
VARIANTS = [
    ("id_number", ID), ("id_number", ID.lower()),
    ("id_number", "１１０１０５１９４９１２３１００２Ｘ"),
    ("id_number", "110105 19491231 002X"), ("id_number", "110105-19491231-002x"),
    ("id_number", "1101 0519 4912 3100 2X"), ("id_number", "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X"),
    ("id_number", "110105\u00a019491231\u00a0002X"), ("id_number", "110105\u200b19491231002X"),
    ("id_number", "110105\n19491231002X"), ("id_number", "110105.19491231.002X"),
    ("id_number", f"王某（{ID}）男"), ("id_number", f"身份证号:{ID},电话"),
    ("id_number", f"ID{ID}"),
    ("id_number", f"王某{ID}住高河镇"), ("id_number", "一一零一零五一九四九一二三一零零二X"),
    ("id_number", "440524188001010014"), ("id_number", "810000199408230021"),
    ("id_number", "11010519491231002\ufeffX"), ("id_number", "110105–19491231–002X"),
    ("id_number", "934840197903150017"), ("id_number", "934840 19790315 0017"),
    ("old_id_number", "110105491231002"), ("old_id_number", "110105 491231 002"),
    ("phone", MOBILE), ("phone", "139 0000 0001"), ("phone", "139-0000-0001"),
    ("phone", "+8613900000001"), ("phone", "+86 139 0000 0001"), ("phone", "008613900000001"),
    ("phone", "(86)13900000001"), ("phone", "86-139-0000-0001"), ("phone", "139.0000.0001"),
    ("phone", "１３９０００００００１"), ("phone", "139\u00a00000\u00a00001"),
    ("phone", "139\u200b0000\u200b0001"), ("phone", "1390000\n0001"), ("phone", "13900000001转2"),
    ("phone", "联系人王某139-00000001"), ("phone", "013900000001"),
    ("phone", "1 3 9 0 0 0 0 0 0 0 1"),
    ("phone", "一三九零零零零零零零一"), ("phone", "①③⑨⓪⓪⓪⓪⓪⓪⓪①"),
    ("phone", "Tel13900000001"),
    ("id_number", "11010519491231002×"), ("id_number", "11010519491231002Х"),
    ("id_number", "110105 19491231 002 ×"), ("id_number", "110105/19491231/002X"),
    ("id_number", "110105,19491231,002X"), ("id_number", "壹壹零壹零伍壹玖肆玖壹贰叁壹零零贰X"),
    ("phone", "(+86)13900000001"), ("phone", "+86（139）00000001"), ("phone", "139/0000/0001"),
    ("phone", "139|0000|0001"), ("phone", "1390 000 0001"), ("phone", "139 00 00 00 01"),
    ("phone", "13 900 000 001"), ("phone", "139٠٠٠٠٠٠٠١"), ("phone", "𝟏𝟑𝟗𝟎𝟎𝟎𝟎𝟎𝟎𝟎𝟏"),
    ("phone", "幺三九零零零零零零零幺"), ("phone", "＋８６－１３９－００００－０００１"),
    ("phone", "139\t0000\t0001"), ("phone", "13900000001、13900000002"),
    ("phone", "00 86 139 0000 0001"), ("phone", "139*0000*0001"),
    ("id_number", "820000199408230023"),
    ("id_number", "830000199408230025"),
    ("id_number", f"{ID}{MOBILE}"), ("id_number", f"440524188001010014{MOBILE}"),
    ("phone", f"{MOBILE}13900000002"), ("phone", f"{MOBILE}13900000002{MOBILE}"),
    ("phone", f"{MOBILE}{ID}"), ("phone", f"a{MOBILE}b"), ("phone", f"电话tel{MOBILE}wang"),
    ("id_number", "11010519491231002*"), ("id_number", "110105 19491231 002＊"),
    ("phone", f"{MOBILE}*"), ("phone", "139    0000    0001"), ("phone", "139000000 01"),
    ("phone", "13900000 001"), ("phone", "1,390,000,0001"), ("phone", "139<br>0000<br/>0001"),
    ("id_number", "110105<br>19491231002X"), ("id_number", "110105&nbsp;19491231&nbsp;002X"),
    ("document", "E12345678"), ("document", "护照EA1234567"), ("document", "ｇ12345678"),
    ("document", "A123456789"), ("document", "身分證A123456789，"),
    ("card_number", "4111 1111 1111 1111"), ("card_number", "6222-0212-3456-7890-128"),
    ("card_number", "６２２２０２１２３４５６７８９０１２８"),
]  # fmt: skip


@pytest.mark.parametrize(("ban", "written"), VARIANTS)
@pytest.mark.parametrize("place", ["cell", "note", "heading"])
def test_a_persons_number_is_found_in_every_writing(ban, written, place):
    if place == "cell":
        answer = found(sheet(("巢湖", written)))
    elif place == "note":
        answer = found(note=f"请联系{written}。")
    else:
        answer = found(sheet(("1", "2"), columns=("站点", written)))
    assert ban in answer


@pytest.mark.parametrize(
    "text",
    [
        "0551-62620000",
        "(0551)62620000",
        "400-800-8820",
        "2026-07-01 10:00:00",
        "20260701100000",
        "3340000822/000001",
        "340102001001",
        "91340100MA2NUB3X4K",
        "117.28344, 31.86157",
        "131.12345678",
        "131.1234567",
        "1,390,000,000.01",
        "13.9 15.2 18.8 16.4",
        "1350 1420 1900",
        "2019-2020 1500-1800",
        "340102000000000000",
        "13-14-15-16-17-18",
        "ISBN 9787112345678",
        "皖A12345",
        "2026年7月1日8时30分",
        "110105194902301234",
        "600519",
        "12345678901234567890",
        "9dcd5e440524188001010014f7",
        "https://data.example.cn/page/4111111111111111.html",
        "131,1500,1200",
        "131、1500、1200",
        "135,000,000.01",
        "4111,1111,1111,1111",
        "1101,0519,4912,3100,21",
        "2026/07/01/08/30/00/001",
        "(1) 1390 (2) 1400",
        "117.28344,31.86157,117.28355,31.86211,117.28399,31.86251",
        "5×3×2",
        "GB/T 11643-1999",
        "ZJ-20260701-0001",
        "119.5/31.2/139.00",
        "A123456780",
        "D202305011",
        "F1234567",
        "E123456789",
        "1,390,000,000",
        "100*",
        "2026070112000012345678901",
        "2211334455667788990011",
        "100    200    300",
    ],
)
def test_offices_dates_and_amounts_pass(text):
    assert found(sheet((text, "1")), note=text) == {}


def test_a_column_of_codes_of_that_length_is_for_a_head_to_answer():
    """Codes of place, day and serial number have the form; every eleventh has the sum too."""
    codes = [f"34010220230512{number:04}" for number in range(200)]
    assert any(id_number(one) for one in codes)
    every = findings(BANS, None, {}, sheet(*((one, "1") for one in codes)))
    assert {(f.ban, f.override) for f in every} == {("id_number", True)}
    people = sheet(*(((ID, "1"),) * 20))
    assert not findings(BANS, None, {}, people)[0].override


def id_of(number: int) -> str:
    """A number of that form whose sum is right."""
    digits = f"34010219900101{number:03}"
    return next(digits + last for last in "0123456789X" if id_number(digits + last))


@pytest.mark.parametrize(("real", "made_up", "heading"), [
    (20, 40, "编号"), (12, 30, "编号"), (300, 5000, "编号"), (20, 400, "人员编号"),
    (20, 400, "证件号"), (5, 200, "户主代码"), (1, 200, "Person No"),
])  # fmt: skip
def test_numbers_of_people_among_made_up_ones_are_nobodys_codes(real, made_up, heading):
    padding = [f"34010220230512{number:04}" for number in range(made_up)]
    wrong = [one for one in padding if not id_number(one)]
    cells = [*map(id_of, range(real)), *wrong]
    [one] = findings(BANS, None, {}, sheet(*((cell, "1") for cell in cells),
                                           columns=(heading, "数")))  # fmt: skip
    assert (one.ban, one.override) == ("id_number", False)


def test_figures_cost_next_to_nothing_and_hide_nobody():
    """An event waits while its table is looked through."""
    rows = [tuple(f"{n}.{m:02}" for m in range(20)) for n in range(10_000)]
    rows[7_777] = (*rows[7_777][:19], "13800138000")
    sheet = Sheet(tuple(f"站点{m}" for m in range(20)), tuple(rows))
    begin = time.process_time()
    found = findings(BANS, "unconditional", {}, sheet)
    assert time.process_time() - begin < 1
    assert [(one.ban, one.places) for one in found] == [("phone", ("站点19:7778",))]


def test_a_column_of_codes_costs_a_part_of_what_texts_cost():
    """An identity number's length alone makes no cell suspicious; a person among them is found."""
    codes = [f"340102202313{number:06}" for number in range(20_000)]
    spent: dict[str, float] = {}
    for between in ("", " "):
        rows = [(f"{one[:6]}{between}{one[6:]}", "1") for one in codes]
        rows[7_777] = (ID, "1")
        begin = time.process_time()
        every = findings(BANS, None, {}, Sheet(("证件编码", "数"), tuple(rows)))
        spent[between] = time.process_time() - begin
        assert [(one.ban, one.places) for one in every] == [("id_number", ("证件编码:7778",))]
    assert spent[""] * 2 < spent[" "]

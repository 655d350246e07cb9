"""Chinese words inside cells are found, in each way in which CKAN's tables are searched."""
from __future__ import annotations

import random
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from table_world import make, show, site, upload

from ckanext.govdata.tables import datastore_table, follow, word_search
from tests.tables.conftest import Standing

ROWS = {
    1: ("合肥市瑶海区人民政府办公室", "312路公交车", "A座5楼"),
    2: ("安徽省芜湖市镜湖区", "G312国道", "bus station"),
    3: ("水", "〇一二", "𠮷野家"),
    4: ("长江中下游，合作化南路", "12号线（在建）", "PM2.5监测"),
}
CSV = "地址,线路,备注\n" + "".join(f"{','.join(row)}\n" for row in ROWS.values())


def loaded() -> str:
    return upload(make(information_items=[]), CSV)


@pytest.fixture
def file(standing: Standing) -> str:
    return standing("words", lambda: [loaded()])[0]


def found(file: str, **asked: Any) -> list[int]:
    answer = tk.get_action("datastore_search")(
        {"user": ""}, {"resource_id": file, "sort": "_id", **asked})
    assert answer["total"] == len(answer["records"])
    return [row["_id"] for row in answer["records"]]


@pytest.mark.parametrize(("words", "rows"), [
    ("合肥", [1]), ("肥市", [1]), ("瑶海区", [1]), ("人民政府", [1]), ("办公室", [1]),
    ("室", [1]), ("市", [1, 2]), ("水", [3]), ("合", [1, 4]), ("路", [1, 4]), ("区", [1, 2]),
    ("镜湖 bus", [2]), ("芜湖 station G312", [2]), ("312路", [1]), ("公交 312", [1]),
    ("12号线", [4]), ("A座", [1]), ("南路", [4]), ("合作化南路", [4]), ("游合", []),
    ("下游，南路", [4]), ("12号线（在建）", [4]),
    ("二", [3]), ("〇一", [3]), ("𠮷野", [3]), ("𠮷", [3]), ("PM2.5监测", [4]), ("在建", [4]),
    ("合肥市瑶海区人民政府办公室", [1]), ("合芜", []), ("政府 芜湖", []), ("bus", [2]),
    ("合肥' 芜", []), ("合肥 | 芜湖", []), ("海 & (", [1]), ("\\", []), ("水:*", [3]),
])
def test_words_are_found_in_cells(file: str, words: str, rows: list[int]) -> None:
    assert found(file, q=words) == rows
    assert found(file, full_text=words) == rows


@pytest.mark.parametrize(("expression", "rows"), [
    ("合肥", [1]), ("合肥 | 芜湖", [1, 2]), ("公交:* & 瑶海", [1]), ("!合肥 & 市", [2]),
    ("(镜湖 | 南路) & !bus", [4]), ("!瑶海区", [2, 3, 4]), ("!镜湖区 & !南路", [1, 3]),
    ("!(人民政府 | 中下游)", [2, 3]), ("!办公室:*", [2, 3, 4]), ("!水", [1, 2, 4]),
    ("'合肥市瑶海区人民政府办公室'", [1]), ("bus <-> station", [2]),
])
def test_and_by_expressions(file: str, expression: str, rows: list[int]) -> None:
    assert found(file, q=expression, plain=False) == rows


@pytest.mark.parametrize(("asked", "rows"), [
    ({"地址": "合肥"}, [1]), ({"地址": "公交"}, []), ({"线路": "公交"}, [1]),
    ({"地址": "市", "线路": "国道"}, [2]), ({"线路": "312路"}, [1]), ({"备注": "station"}, [2]),
    ({"备注": "监测 PM2.5"}, [4]), ({"地址": "100%_市"}, []),
])
def test_and_in_one_column(file: str, asked: dict[str, str], rows: list[int]) -> None:
    assert found(file, q=asked) == rows


@pytest.mark.usefixtures("at_once")
def test_while_words_are_prepared_nobody_is_told_that_there_are_none(monkeypatch) -> None:
    """Readers have the table at once, and search it when the next look has made what is missing."""
    monkeypatch.setattr(word_search, "FILLED", 3)
    with monkeypatch.context() as patch:
        patch.setattr(datastore_table, "index_words", lambda _file: None)
        file = upload(make(information_items=[]), CSV)
    tk.get_action("datastore_upsert")(site(), {
        "resource_id": file, "force": True, "method": "insert", "records": [{"地址": "花山"}]})
    for asked in ({"q": "合肥"}, {"full_text": "bus"}, {"q": {"线路": "公交"}}):
        with pytest.raises(tk.ValidationError, match="being prepared"):
            found(file, **asked)
    assert found(file, filters={"线路": "312路公交车"}) == [1]
    model.Session.rollback()
    assert follow.look_for_missed() == ""
    assert [found(file, q=q) for q in ("合肥", "花山", "12号线")] == [[1], [5], [4]]


@pytest.mark.usefixtures("at_once")
def test_rows_that_a_program_adds_and_changes_are_found_too() -> None:
    file = loaded()
    tk.get_action("datastore_upsert")(site(), {
        "resource_id": file, "force": True, "method": "insert",
        "records": [{"地址": "马鞍山市花山区", "线路": "", "备注": ""}]})
    assert found(file, q="花山") == [5]


@pytest.mark.usefixtures("at_once")
def test_a_table_that_a_program_wrote_answers_as_before() -> None:
    made = tk.get_action("datastore_create")(site(), {
        "resource": {"package_id": make(information_items=[])["id"]}, "force": True,
        "records": [{"甲": "合肥市 bus"}, {"甲": "芜湖市"}]})["resource_id"]
    assert [found(made, q=q) for q in ("合肥市", "bus", "芜湖市")] == [[1], [1], [2]]


@pytest.mark.usefixtures("at_once")
def test_the_longest_rows_go_in() -> None:
    """PostgreSQL refuses a row of more than a mebibyte of words."""
    pick = random.Random(1)
    signs = [chr(n) for n in range(0x3400, 0x9FFF)]
    cells = ["".join(pick.choices(signs, k=32_000)) for _ in range(4)]
    file = upload(make(information_items=[]), f"甲,乙,丙,丁\n{','.join(cells)}\n")
    assert show(file)["state"] == "loaded"
    assert found(file, q=cells[0][700:705]) == [1]

"""Tables of an event that somebody made to fill the memory, or to be a file without an end."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path

import pytest
import xlwt
from werkzeug.datastructures import FileStorage

from ckanext.govdata.emergency.publication import materials


def refused(**data: object) -> tuple[str, dict[str, str]]:
    with pytest.raises(materials.Unusable) as error:
        materials.read(data)
    refusal = error.value.refusal
    return refusal.code, dict(refusal.facts or {})


def test_objects_with_a_key_each() -> None:
    begin = time.process_time()
    assert refused(rows=[{f"k{n}": n} for n in range(5_000)])[0] == "too_many_columns"
    assert refused(rows=[{f"k{n}": n} for n in range(30_000)])[0] == "table_too_wide"
    assert refused(rows=[{"a": n} for n in range(50_001)])[0] == "too_many_rows"
    wide = [dict.fromkeys(map(str, range(500)), 1), *[{"0": 1}] * 20_000]
    code, facts = refused(rows=wide)
    assert (code, facts["rows"], facts["columns"]) == ("table_too_wide", "20001", "500")
    assert time.process_time() - begin < 20


def test_pasted_tables_of_endless_headings() -> None:
    heads = ",".join(map(str, range(50_000)))
    assert refused(table=heads + "\n1,2\n")[0] == "too_many_columns"
    heads = ",".join(map(str, range(500)))
    assert refused(table=heads + "\n1,2" * 20_000)[0] == "table_too_wide"


@pytest.mark.parametrize("way", ["rows", "table", "csv", "json"])
def test_cells_without_an_end(way: str) -> None:
    long = "长" * 32_768
    given: dict[str, object]
    if way == "rows":
        given = {"rows": [{"a": long}]}
    elif way == "table":
        given = {"table": f"a,b\n1,{long}"}
    else:
        text = f"a,b\n1,{long}" if way == "csv" else json.dumps([{"a": long}], ensure_ascii=False)
        given = {"upload": FileStorage(io.BytesIO(text.encode()), filename=f"a.{way}")}
    code, facts = refused(**given)
    assert code == "table_unread"
    assert "32767" in facts["why"].replace(",", "")


def test_one_text_in_many_cells_of_an_old_workbook(tmp_path: Path) -> None:
    made = xlwt.Workbook()
    sheet = made.add_sheet("a")
    sheet.write(0, 0, "站点")
    for row in range(1, 1000):
        sheet.write(row, 0, "长" * 30_000)
    made.save(str(tmp_path / "a.xls"))
    content = (tmp_path / "a.xls").read_bytes()
    assert len(content) < 2**18
    upload = FileStorage(io.BytesIO(content), filename="a.xls")
    assert refused(upload=upload) == ("too_large", {"most": "20"})

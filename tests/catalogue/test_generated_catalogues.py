"""Catalogue sheets that hypothesis makes up: nothing that stands in one is lost without a word.

Headings in either script, in any order, with 必填 and line breaks; days, periods, lists, types in
many ways of writing; columns that nobody knows; captions, totals and signatures; hidden rows; xlsx
and CSV in five encodings. Each cell is what its generator says, or refused, or told of.

``GOVDATA_SHEETS`` is the number of sheets (by default a few; a long run has 50,000).
"""

from __future__ import annotations

import csv
import datetime
import io
import os
import tempfile
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import opencc
import openpyxl
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ckanext.govdata.catalogue.imports import cell_faults, readers
from ckanext.govdata.domain import body_rows, headings, records, row_groups

EXAMPLES = int(os.environ.get("GOVDATA_SHEETS", "60"))
HANT = opencc.OpenCC("s2t").convert
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "big5hkscs"]
Cell = tuple[object, object]
"""What is written, and what shall be kept."""

names = st.text("学校医院公园道路水电气信息名录统计情况表甲乙丙丁", min_size=2, max_size=12)
days = st.dates(datetime.date(2001, 1, 1), datetime.date(2079, 12, 31))


def _day(day: datetime.date, form: int) -> Cell:
    roc = day.year - 1911
    forms: list[object] = [
        day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        f"民国{roc}年{day.month}月{day.day}日", f"{day.year}-{day.month}-{day.day} 08:30",
        str((day - datetime.date(1899, 12, 30)).days), f"{day:%Y.%m.%d}",
        f"{day:%Y-%m-%d}（星期一）",
    ]  # fmt: skip
    return forms[form % len(forms)], day.isoformat()


def _month(day: datetime.date, form: int) -> Cell:
    forms = [f"{day.year}年{day.month}月", f"{day:%Y%m}", f"{day:%Y-%m}"]
    return forms[form % 3], f"{day:%Y-%m}-01"


def _listed(items: list[str], form: int) -> Cell:
    forms = ["、".join(items), "，".join(items), "\n".join(items), ";".join(items),
             "\t".join(items),
             " ".join(f"{n}、{item}" for n, item in enumerate(items, 1)),
             "".join(f"({n}){item}" for n, item in enumerate(items, 1))]  # fmt: skip
    return forms[form % len(forms)], list(dict.fromkeys(items))


item_names = st.one_of(
    names, st.builds("{}（{}、{}）".format, names, names, names),
    st.builds("{}({})".format, names, names)
)
forms = st.integers(0, 8)
FIELDS: dict[str, tuple[list[str], st.SearchStrategy[Cell]]] = {
    "notes": (["信息资源摘要", "资源描述", "内容简介"],
              st.builds(lambda a, b: (f"{a}。{b}", f"{a}。{b}"), names, names)),
    "issued": (["发布日期", "首次发布时间", "上架日期"],
               st.one_of(st.builds(_day, days, forms), st.builds(_month, days, forms))),
    "update_period": (["更新周期", "更新频率"], st.sampled_from([
        ("每年", "yearly"), ("2次/年", "half_yearly"), ("每3个月", "quarterly"),
        ("每周一次", "weekly"),
        ("按月更新", "monthly"), ("每天", "daily"), ("不定期", "irregular"),
        ("每年4次", "quarterly")])),
    "data_formats": (["信息资源格式", "数据格式"], st.sampled_from([
        ("XLS/CSV", ["xls", "csv"]), ("json、xml", ["json", "xml"]), ("电子表格(xls)", ["xls"]),
        ("csv文件", ["csv"]), ("API接口", ["api"])])),
    "open_attribute": (["开放属性", "开放类型"], st.sampled_from([
        ("无条件开放", "unconditional"), ("有条件开放", "conditional"), ("不予公开", "non_open"),
        ("部分开放", None), ("随便", None)])),
    "information_items": (["信息项", "主要字段"],
                          st.builds(_listed, st.lists(item_names, min_size=1, max_size=5), forms)),
}  # fmt: skip
UNKNOWN = ["浏览量", "收录期间", "计费说明", "编码", "字典", "口径", "涉及系统"]
FOOTERS = [["合计", "3项"], ["注：由各科室汇总"], ["填表人：王", "", "审核人：李"],
           ["", "以上共3项"]]  # fmt: skip


@dataclass
class Made:
    """A sheet that was made up, with what shall be kept of it."""

    head: list[str]
    wanted: dict[int, dict[str, object]]
    rows: list[list[object]]
    footers: set[int] = field(default_factory=set[int])
    hidden: set[int] = field(default_factory=set[int])


@st.composite
def sheets(draw: st.DrawFn) -> Made:
    chosen = draw(st.lists(st.sampled_from(list(FIELDS)), unique=True, min_size=3))
    others = draw(st.lists(st.sampled_from(UNKNOWN), unique=True, max_size=3))
    order = draw(st.permutations(["title", *chosen, *others]))
    headings = {name: draw(st.sampled_from(FIELDS[name][0])) for name in chosen}
    headings |= {"title": draw(st.sampled_from(["信息资源名称", "标题", "数据集名称"]))}
    decorated = draw(st.sampled_from(
        ["{}", "{}（必填）", "{}\n（选填）", " {} ", "【国】{}", "*{}"]))
    head = [decorated.format(headings[one]) if one in headings else one for one in order]
    caption = [["某县政务数据目录"], ["填报说明：请逐项填写"]][: draw(st.integers(0, 2))]
    made = Made(head, {}, [*caption, head])
    for title in draw(st.lists(names, unique=True, min_size=1, max_size=5)):
        cells: dict[str, Cell] = {"title": (title, title)}
        cells |= {name: draw(FIELDS[name][1]) for name in chosen}
        cells |= {name: (draw(names), None) for name in others}
        made.rows.append([cells[name][0] for name in order])
        kept = {name: cells[name][1] for name in ("title", *chosen)}
        columns = {name: cells[name][0] for name in others}
        made.wanted[len(made.rows)] = {**kept, "imported_columns": columns}
        if draw(st.integers(0, 4)) == 0:
            made.hidden.add(len(made.rows))
    for footer in draw(st.lists(st.sampled_from(FOOTERS), max_size=2)):
        made.rows.append(list(footer))
        made.footers.add(len(made.rows))
    return made


def _xlsx(made: Made, path: Path) -> None:
    book = openpyxl.Workbook()
    for row in made.rows:
        book.active.append(row)
    for row in made.hidden:
        book.active.row_dimensions[row].hidden = True
    book.save(path)


def _csv(made: Made, path: Path, encoding: str, traditional: bool) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(made.rows)
    written = HANT(text.getvalue()) if traditional else text.getvalue()
    try:
        path.write_bytes(written.encode(encoding))
    except UnicodeEncodeError:
        assume(False)


def _read(path: Path) -> tuple[list[records.Reading], list[body_rows.NoEntry], set[int]]:
    """The entries, the rows that were passed over, and those that are refused as hidden."""
    (table,) = readers.tables(path)
    first = [row for _, row in islice(table.rows, readers.HEAD_ROWS)]
    head = headings.find_head(first, readers.heading_rules(), readers.value_rules().knows)
    assert head is not None, first
    reader = records.RecordReader(
        head, readers.heading_rules(), readers.value_rules(), table.epoch)
    passed: list[body_rows.NoEntry] = []
    body = islice(iter(table.rows), head.row + head.depth, None)
    found = row_groups.records(body, head, readers.heading_rules(), passed.append)
    faults = cell_faults.by_row(table, head)
    hidden = {row for row, cells in faults.items() if any(c[1] == "hidden_row" for c in cells)}
    return [reader.read(one) for one in found], passed, hidden


def _check(made: Made, path: Path, folded: bool = False) -> None:
    seen, passed, hidden = _read(path)
    assert [one.row for one in passed] == sorted(made.footers)
    assert hidden == made.hidden
    assert [one.record.row for one in seen] == list(made.wanted)
    for one, wanted in zip(seen, made.wanted.values(), strict=True):
        refused = {cell.field for cell in one.unread}
        for name, value in wanted.items():
            _check_cell(one.entry, name, value, refused, folded)


def _check_cell(
    entry: dict[str, Any], name: str, value: object, refused: set[str], folded: bool
) -> None:
    say = (lambda told: readers.fold()(str(told))) if folded else str
    if value is None:  # a word that is none of the column's: refused, never left out
        assert refused == {"open_type"}
    elif name == "information_items":
        assert [say(item["name"]) for item in entry[name]] == [say(one) for one in value]
    elif name == "imported_columns":
        kept = entry.get(name, {})
        assert {say(key): say(text) for key, text in kept.items()} == {
            say(key): say(text) for key, text in value.items()}
    else:
        assert say(entry[name]) == say(value), (name, entry[name], value)


plain = settings(max_examples=EXAMPLES, deadline=None,
                 suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@plain
@given(sheets())
def test_nothing_of_a_workbook_is_lost_without_a_word(made):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        _xlsx(made, path)
        _check(made, path)


@plain
@given(sheets(), st.sampled_from(ENCODINGS))
def test_nothing_of_a_csv_is_lost_without_a_word(made, encoding):
    made.hidden.clear()
    traditional = encoding == "big5hkscs"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        _csv(made, path, encoding, traditional)
        _check(made, path, folded=traditional)

"""What goes out in the national layout comes back unchanged."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from catalogue_sheets import act, row, sheet, with_head
from ckan.types import Context

from ckanext.govdata.catalogue.exports import exporter
from ckanext.govdata.catalogue.imports import marked_sheet, readers

ENTRIES = [
    {
        "id": "water", "title": "水价信息", "notes": "居民\n用水，\"价格\"", "publisher": "合肥市发展和改革委员会",  # noqa: E501
        "category": "城建住房", "keywords": ["水价", "民生"], "share_type": "有条件共享",
        "share_conditions": "须申请", "share_mode": "查询接口", "share_basis": "《办法》第二十二条",
        "open_type": "有条件开放", "open_conditions": "须签订协议", "open_basis": "《办法》第三十六条",  # noqa: E501
        "frequency": "每年", "formats": ["xls", "csv"], "issued": "2022-11-09", "data_grade": "一般",  # noqa: E501
        "sensitivity": "2", "related_entries": "water-2\n3340000001/000009", "base_database": "人口",  # noqa: E501
        "url": "https://data.example.cn/?id=1&b=2", "浏览量": "17", "开放主题": "价格",
        "information_items": [
            {"name": "地址", "type": "C", "length": "200", "sensitive": True, "opened": False},
            {"name": "单价", "type": "N", "key": True, "description": "=元/吨"},
        ],
        "application_materials": [{"name": "营业执照", "required": True}],
    },
    {"id": "risky", "title": "=HYPERLINK(\"http://x\")", "notes": "+1", "publisher": "合肥市发展和改革委员会",  # noqa: E501
     "备注": "@SUM(A1)", "frequency": "牲畜饲养"},
]  # fmt: skip


@pytest.fixture
def catalogue(fgw, run):
    answer = run(ENTRIES)
    assert answer["created"] == 2, answer["rejected"]
    return {name: act("package_show", id=name) for name in ("water", "risky")}


def written(kind: str, path, **selection):
    context = Context(ignore_auth=True, user=act("get_site_user")["name"])
    with path.open("wb") as file:
        exporter.write(context, exporter.Selection(**selection), kind, file)
    return path


@pytest.mark.parametrize("kind", ["xlsx", "csv", "json"])
def test_the_round_trip_changes_nothing(tmp_path, catalogue, run, kind):
    answer = run(written(kind, tmp_path / f"a.{kind}"))
    assert answer["rejected"] == []
    assert (answer["created"], answer["updated"], answer["unchanged"]) == (0, 0, 2)
    assert {name: act("package_show", id=name) for name in catalogue} == catalogue


@pytest.mark.parametrize("kind", ["xlsx", "csv", "json"])
def test_an_empty_portal_gets_everything_back(tmp_path, catalogue, run, kind):
    path = written(kind, tmp_path / f"a.{kind}")
    for name in catalogue:
        act("dataset_purge", id=name)
    assert run(path)["created"] == 2
    # Kept columns are the department's own: no export has them (K03), a dump of the database does.
    own = {"id", "metadata_created", "metadata_modified", "imported_columns"}
    for name, before in catalogue.items():
        after = act("package_show", id=name)
        assert _plain(after, own) == _plain(before, own)


def _plain(entry, own):
    return {
        k: sorted(t["name"] for t in v) if k == "tags" else v
        for k, v in entry.items()
        if k not in own
    }


def test_nothing_runs_in_a_spreadsheet(tmp_path, catalogue):
    text = written("csv", tmp_path / "a.csv").read_text("utf-8-sig")
    cells = {cell for line in csv.reader(io.StringIO(text)) for cell in line}
    assert '\'=HYPERLINK("http://x")' in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    book = openpyxl.load_workbook(written("xlsx", tmp_path / "a.xlsx"))
    assert not [c for line in book.active.iter_rows() for c in line if c.data_type == "f"]


def test_the_layout_is_the_national_one(tmp_path, catalogue):
    book = openpyxl.load_workbook(written("xlsx", tmp_path / "a.xlsx"))
    upper, lower = ([c.value for c in line] for line in book.active.iter_rows(max_row=2))
    at = lower.index("信息项名称")
    assert upper[at] == "信息项信息"
    assert "信息资源名称" in upper
    assert "浏览量" not in upper  # nobody looked through it (K03)
    _, head = with_head(readers.tables(tmp_path / "a.xlsx"))
    assert head.depth == 2


def test_a_selection(tmp_path, fgw, catalogue):
    act(
        "organization_create",
        name="other",
        title="合肥市教育局",
        level="city",
        region="3401",
        role="department",
    )
    path = written("json", tmp_path / "a.json", organization="other")
    assert path.read_text("utf-8") == "[\n]\n"
    assert '"water"' in written("json", tmp_path / "b.json", organization=fgw["name"]).read_text(
        "utf-8"
    )


def test_the_marked_sheet_shows_no_more_than_the_sheet(tmp_path):
    path = sheet(tmp_path / "a.xlsx", [row(1), row(2), row(3)])
    made = openpyxl.load_workbook(path)
    made.active.column_dimensions["G"].hidden = True
    made.active.row_dimensions[3].hidden = True
    made.save(path)
    with (tmp_path / "marked.xlsx").open("wb") as file:
        marked_sheet.write(path, [], file)
    [found] = list(readers.tables(tmp_path / "marked.xlsx"))
    [was] = list(readers.tables(path))
    assert list(found.rows) == list(was.rows)
    assert [column for column in range(1, 30) if found.hidden.column(column)] == [7]
    assert [number for number, _cells in found.rows if found.hidden.row(number)] == [3]


def test_the_marked_sheet(tmp_path, fgw, run):
    path = sheet(
        tmp_path / "a.xlsx", [row(1), row(2, 发布日期="2022-02-30"), row(3, 开放属性="大概")]
    )
    answer = run(path)
    with (tmp_path / "marked.xlsx").open("wb") as file:
        marked_sheet.write(path, answer["rejected"], file)
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    marked = {c.coordinate: c for line in book.active.iter_rows() for c in line if c.comment}
    assert set(marked) == {"I3", "E4"}
    assert marked["I3"].value == "2022-02-30"
    assert "2022-02-30" in marked["I3"].comment.text
    assert marked["I3"].fill.fgColor.rgb.endswith("FFC7CE")
    mended = book.active
    mended["I3"], mended["E4"] = "2022-02-28", "无条件开放"
    book.save(tmp_path / "mended.xlsx")
    assert run(tmp_path / "mended.xlsx")["created"] == 3

"""A table as text: what swallows rows, never ends or changes its encoding is refused with the line
(K15)."""

from __future__ import annotations

import pytest

from ckanext.govdata.sheets.csv_rows import MAX_LINE, read_rows
from ckanext.govdata.sheets.refused_files import Unreadable
from tests.sheets.books import refused, rows

HEAD = "名称,单位,摘要,领域,属性\n"
ROWS = [
    "甲,教育局,摘要甲,教育,开放\n", "乙,水务局,摘要乙,水利,开放\n", "丙,卫健委,摘要丙,卫生,开放\n",
]  # fmt: skip


def text(*changed: tuple[int, str, str]) -> str:
    lines = [HEAD, *ROWS]
    for at, old, new in changed:
        lines[at] = lines[at].replace(old, new, 1)
    return "".join(lines)


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ([(1, "摘要甲", '"摘要甲')], 2), ([(2, "乙", '"乙')], 3), ([(3, "开放", '"开放')], 4),
        ([(1, "摘要甲", '"摘要甲'), (3, "摘要丙", '摘要丙"')], 2),
        ([(1, "摘要甲", '"摘要甲'), (2, "摘要乙", '摘要乙"')], 2),
        ([(1, "教育局", '"教育局'), (2, "水利", '水利"')], 2),
        ([(1, "甲", '"甲'), (3, "开放", '开放"')], 2), ([(0, "摘要", '"摘要')], 1),
        ([(1, ",教育,开放", ',"x'), (2, ",水利,开放", ',"x')], 2),
    ],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_quotation_mark_that_swallows_rows_is_refused_with_its_line(
    tmp_path, changed, line, delimiter, end
):
    written = text(*changed).replace(",", delimiter).replace("\n", end)
    (tmp_path / "a.csv").write_bytes(written.encode())
    error = refused(tmp_path / "a.csv")
    assert (error.code, error.detail["line"]) == ("quote_open", line)


@pytest.mark.parametrize(
    "cell",
    ['"两行\n摘要"', '"他说""好"""', '"有,逗号"', '一个"引号', '"一、甲，\n二、乙；\n三、丙"',
     '"a,b\nc"', '"a\nb,c"', '""'],
)  # fmt: skip
def test_cells_of_several_lines_and_with_marks_are_read(tmp_path, cell):
    (tmp_path / "a.csv").write_text(text((2, "摘要乙", cell)), "utf-8")
    found = rows(tmp_path / "a.csv")
    assert len(found) == 4
    assert [row[0] for row in found] == ["名称", "甲", "乙", "丙"]


def test_codes_that_are_kept_from_becoming_numbers_are_read():
    written = 'a,b,c\n="00307","=""00308""",=1+1\n'
    assert list(read_rows(written.splitlines(keepends=True), ","))[1] == ["00307", "00308", "=1+1"]


def test_a_line_without_end_is_refused_before_it_is_whole(tmp_path):
    """Whatever stands in it: text, or a million small cells."""
    for cell in ("水", "水,"):
        (tmp_path / "a.csv").write_text(HEAD + cell * (MAX_LINE + 10), "utf-8")
        error = refused(tmp_path / "a.csv")
        assert error.code == "line_too_long"
        assert error.detail["line"] == 2


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("utf-8", "gb18030", "two_encodings"), ("gb18030", "utf-8", "two_encodings"),
        ("utf-8-sig", "gb18030", "encoding"), ("utf-8", "utf-8", ""), ("gb18030", "gb18030", ""),
    ],
)
def test_two_encodings_in_one_file_are_refused_with_the_line(tmp_path, first, second, code):
    content = (HEAD + ROWS[0]).encode(first) + "".join(ROWS[1:]).encode(second)
    (tmp_path / "a.csv").write_bytes(content)
    if not code:
        assert len(rows(tmp_path / "a.csv")) == 4
        return
    error = refused(tmp_path / "a.csv")
    assert (error.code, error.detail["line"]) == (code, 3)


def test_a_line_of_few_signs_is_not_taken_for_another_encoding(tmp_path):
    """联通 in GB 18030 is UTF-8, too."""
    (tmp_path / "a.csv").write_bytes((HEAD + ROWS[0] + "联通,x,x,x,x\n").encode("gb18030"))
    assert len(rows(tmp_path / "a.csv")) == 3


def test_marks_that_end_nothing_are_told_at_the_first_of_them():
    with pytest.raises(Unreadable) as caught:
        list(read_rows(iter(['a,b,c\n', 'd,"e,f\n', 'g,h,i\n']), ","))
    assert (caught.value.code, caught.value.detail) == ("quote_open", {"line": 2})


@pytest.mark.parametrize(
    "written",
    [
        '名称,说明\n企业,"企业名录\n人口,"常住人口\n学校,名录\n',
        '名称,说明\n企业,"企业名录\n人口,常住人口"\n学校,名录\n',
        '名称,说明\n"企业,企业名录\n人口,"常住人口\n学校,名录\n',
        'a,b,c,d\nc10,c11,"c12,c13\nc20,"c21,c22,c23\nc30,c31,c32,c33\n',
        'a,b,c\nc10,"c11,c12\nc20,c21,"c22\n',
        'a,b,c\nc10,"c11,c12\nc20,"c21,c22\nc30,c31,c32\n',
    ],
)
def test_a_mark_closed_by_a_stray_one_swallows_no_row_of_a_narrow_or_widened_table(written):
    with pytest.raises(Unreadable) as caught:
        list(read_rows(written.splitlines(keepends=True), ","))
    assert (caught.value.code, caught.value.detail) == ("quote_open", {"line": 2})


@pytest.mark.parametrize(
    "cell",
    ['"两行\n说明"', '"甲，\n乙，丙"', '"他说""好""\n再说"', '"有,逗号"'],
)  # fmt: skip
def test_a_table_of_two_columns_has_cells_of_several_lines(cell):
    lines = f"名称,说明\n企业,{cell}\n学校,名录\n".splitlines(keepends=True)
    assert [row[0] for row in read_rows(lines, ",")] == ["名称", "企业", "学校"]


def test_a_sign_that_separates_records_ends_nothing():
    lines = ["a,b\n", "\x1e\n", "c,d\n"]
    assert list(read_rows(lines, ",")) == [["a", "b"], ["\x1e"], ["c", "d"]]


def test_a_null_character_is_refused_with_its_line():
    with pytest.raises(Unreadable) as caught:
        list(read_rows(["a,b\n", "c\0,d\n"], ","))
    assert (caught.value.code, caught.value.detail) == ("broken_line", {"line": 2})


def test_a_broken_byte_is_told_in_its_line_whatever_the_encoding(tmp_path):
    content = (HEAD + "".join(ROWS)).encode("gb18030").split(b"\n")
    content[2] = content[2][:3] + b"\xff\xff" + content[2][3:]
    (tmp_path / "a.csv").write_bytes(b"\n".join(content))
    error = refused(tmp_path / "a.csv")
    assert (error.code, error.detail["line"]) == ("encoding", 3)


@pytest.mark.parametrize("text", ['{"a": 1, "b": 2, "a": 3}\n', '[{"b": 1},{"a": 1, "a": 1}]'])
def test_a_key_that_stands_twice_in_an_object_is_refused(tmp_path, text):
    (tmp_path / "a.json").write_text(text, "utf-8")
    error = refused(tmp_path / "a.json")
    assert (error.code, error.detail["key"]) == ("key_twice", "a")

"""A small published table: its columns, rows, and the totals that readers watch."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from . import moments
from .division import NOWHERE, Divisions
from .figure_units import Figure, are_levels, are_mixed
from .moments import SHOWN, Unclear

_NUMBER = re.compile(r"[+-]?(\d{1,3}([, ]\d{3})+|\d+)(\.\d+)?")
_CODE = re.compile(r"0\d+")
_MARK = re.compile("[0-9０-９.]\\s*[①-⓿❶-➓¹²³⁰-⁹₀-₉¼-¾⅐-⅞㈠-㊰]")
"""A small or circled figure behind a number: a note, which must not become a digit of it."""
LONGEST_FIGURE = 60
"""Characters of a cell with a figure; what is longer says more than one."""
MOST_BELOW = 500
"""Rows below one that are looked at for its parts."""
_SCALED = re.compile(
    r"(?P<number>[+-]?\d(?:[\d, ]*\d)?(?:\.\d+)?)\s*(?P<scale>万亿|萬億|[万萬亿億千百])?\s*"
    r"(?P<unit>[A-Za-zμ°]{1,3}[23]?(?:/[A-Za-z]{1,3}3?)?|[^\d\s,.+-]{0,8})"
)
_SCALE = {"": 1, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8,
          "万亿": 10**12, "萬億": 10**12}  # fmt: skip
_ABOUT = re.compile(
    r"[余餘多约約近超逾~～≈?？几幾数數来來估未待至到]|左右|上下|以上|以下|以内|以內|以外|大概|不足"
)
"""What makes a number of a text one that is only near, or not certain."""
_LATIN = frozenset(("m", "km", "mm", "cm", "m2", "km2", "m3", "m3/s", "kg", "g", "t", "kw", "kwh",
                    "mw", "l", "ml", "h", "min", "s", "mg/l", "°c", "%", "‰", "km/h", "m/s",
                    "μg/m3", "ug/m3", "mm/h", "hpa", "db", "kpa", "mpa", "kv", "mwh"))  # fmt: skip
"""Units in Latin letters; other letters beside digits are a slip (3OO) or a code."""
_UNIT = re.compile(
    r"(?:[人名位户戶次起件处處座间間栋棟幢台臺辆輛艘架头頭只隻羽条條根棵株亩畝吨噸升元天日秒个個家所村镇鎮乡鄉"
    r"县縣市区區级級度场場批项項顶頂床张張套箱瓶袋盒车車趟班组組支队隊例宗块塊面口眼孔段片里米克年月周时時角分]"
    r"|人次|户次|班次|车次|公顷|公頃|平方米|平方公尺|平方公里|立方米|立方公尺|公里|千米|公尺|厘米|公分|毫米|毫升"
    r"|公斤|千克|美元|小时|小時|分钟|分鐘|人口|摄氏度|千瓦|千瓦时|毫克|微克|海里|节|节点|航班|列)"
    r"(?:[/每](?:[人户天日月年次秒亩升]|小时|小時|分钟|公顷|平方米|立方米|平方公里|千人|万人))?"
)
"""Units in Chinese; other words behind a number say more than that."""
_NOTHING = frozenset(
    ("", "-", "--", "—", "——", "–", "/", "\\", "…", "……", "*", "无", "無", "暂无", "暫無", "n/a",
     "na", "nan", "null", "none")
)  # fmt: skip
"""What says that there is no figure."""
_SUM = ("(?:合计|合計|总计|總計|小计|小計|共计|共計|总和|總和|总数|總數|汇总|匯總|累计|累計|合共"
        "|总共|總共|一共|总人数|總人數|总户数|總戶數)"
        "(?:数|數|值|人数|人數|户数|戶數|人|情况|情況)?")  # fmt: skip
_TOTAL = re.compile(
    rf"{_SUM}|(?:grand|sub-?)?totals?|sum|∑|Σ|其中.{{0,12}}|#[\u3400-\u9fff].{{0,12}}"
    rf"|(?:{_SUM}|共|总|總)\d{{1,4}}个?[省市县縣区區镇鎮乡鄉村街家户戶人处處座站点點项項条].{{0,3}}",
    re.IGNORECASE,
)
"""A row of this word anywhere sums others, or tells a part of one."""
_LABEL = re.compile(
    rf".{{1,12}}{_SUM}|总|總|总体|總體|全部|全体|全體|overall|all"
    r"|全[省市区區县縣镇鎮乡鄉村国國部州盟旗域院校社](?:区|區|境|域|情况|情況|[共总總](?:计|計|数|數|量)?)?|全街道"
    r"|[内內]|[内內]?含.{0,6}(?:学生|學生|儿童|兒童|老人|[妇婦]女|人员|人員|[人者员員户戶])"
    r"|共|汇总表|匯總表|总量|總量|总额|總額|总和|總和"
    r"|(?:最[大小高低]|平均|中位)[值数數]?|均[值数數]|极值|極值|average|mean|max|min"
    r"|[较較比与與].{1,6}?(?:增加|减少|減少|增减|增減|变化|變化|增长|增長|下降|上升|相比).{0,4}"
    r"|(?:环比|環比|同比).{0,6}|(?:上期|本期新增|(?:去年|上年)(?:同期)?)[数數值]?|昨日|前日"
    r"|(?:占比|佔比|比重|比例|百分比).{0,4}|(?:增|降|涨|跌)幅|增减[量数]?|增減[量數]?|变化[率量]",
    re.IGNORECASE,
)
"""A row whose name is this does too, or is no sum at all but no part of one either."""


@dataclass(frozen=True)
class Sheet:
    """Cells as texts; every row is as long as ``columns``."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def number(cell: str) -> float | None:
    """The cell as a number, or ``None``; a code with a leading nought is no number.

    Full-width digits, separators of thousands and 万 are read: 1.2万 is 12000.
    """
    found = _quantity(cell)
    return found.value if found and not found.unit else None


def quantity(cell: str) -> float | None:
    """The cell's figure, also with a unit behind it: 300人 is 300."""
    found = _quantity(cell)
    return found.value if found else None


def _quantity(cell: str) -> Figure | None:
    """The figure; nothing for what only nears a number (约300, 300余), or has a mark (300①)."""
    if len(cell.strip()) > LONGEST_FIGURE:
        return None
    text = unicodedata.normalize("NFKC", cell.strip()).replace("−", "-")
    text = re.sub(r"\s+", " ", text).strip()
    found = _SCALED.fullmatch(text)
    if not found or _ABOUT.search(text) or _MARK.search(cell):
        return None
    written = found["number"].strip()
    if not _NUMBER.fullmatch(written) or _CODE.fullmatch(written):
        return None
    unit = found["unit"].strip()
    if unit and unit.lower() not in _LATIN and not _UNIT.fullmatch(unit):
        return None
    plain = float(written.replace(",", "").replace(" ", ""))
    scale = _SCALE[found["scale"] or ""]
    return Figure(round(plain * scale, 6) if scale > 1 else plain, unit, scale > 1)


def _says_nothing(cell: str) -> bool:
    return unicodedata.normalize("NFKC", cell).strip().lower() in _NOTHING


def is_total(row: Sequence[str]) -> bool:
    """Whether the row sums others, or tells a part of one (其中): adding it would count twice.

    Words that may be a value as well (全县, 各县汇总) count only in its name: the texts before its
    first figure.
    """
    named = False
    is_name = True
    for cell in row:
        text = _bare_word(cell)
        if not text:
            continue
        if _says_total(text, is_name) or (is_name and _says_total(_in_brackets(cell), False)):
            return True
        figure = _quantity(cell) is not None or moments.read(cell) is not None
        named = named or not figure
        is_name = is_name and not (figure and named)
    return False


def _says_total(text: str, is_name: bool) -> bool:
    """Whether the words, or one of them (合计/Total), say a sum; of a name also 全县."""
    return any(
        _TOTAL.fullmatch(part) or (is_name and _LABEL.fullmatch(part))
        for part in (text, *re.split(r"[/、|]", text)) if part
    )  # fmt: skip


def _in_brackets(cell: str) -> str:
    """What stands in brackets behind a name: 滁州市（合计）."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell))
    found = re.search(r"[^(\[【][(\[【]([^()\[\]【】]{1,12})[)\]】]$", text)
    return found[1] if found else ""


def _bare_word(cell: str) -> str:
    """The cell without blanks, brackets and what stands behind a colon."""
    text = re.sub(r"[\s*]+", "", unicodedata.normalize("NFKC", cell))
    end = max(map(text.rfind, ")]】")) + 1  # behind it no bracket is worth a search
    plain = re.sub(r"[(\[【].*?[)\]】]", "", text[:end]) + text[end:]
    return (plain or re.sub(r"[()\[\]【】]", "", text)).partition(":")[0]


def without_totals(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """The rows that are no sums of others; all of them where there are only sums."""
    every = tuple(rows)
    return tuple(row for row in every if not is_total(row)) or every


def latest_rows(
    sheet: Sheet, time_column: str, figures: Sequence[str] = ()
) -> tuple[tuple[str, ...], ...]:
    """The rows of the newest time, without sums; all rows where no column tells the time.

    Raises :class:`~.moments.Unclear` where the newest cannot be told; rows are counted from 1.
    ``figures`` are no names.
    """
    if time_column not in sheet.columns:
        return without_totals(sheet.rows)
    index = sheet.columns.index(time_column)
    dated = [
        row for row, cells in enumerate(sheet.rows)
        if not (is_total(cells) and moments.read(cells[index]) is None)
    ]  # fmt: skip
    named = [place for place in _naming(sheet, figures) if place != index]
    names = [tuple(sheet.rows[row][place].strip() for place in named) for row in dated]
    try:
        newest = moments.newest([sheet.rows[row][index] for row in dated], names)
    except Unclear as error:
        raise Unclear(error.code, [dated[row - 1] + 1 for row in error.rows]) from None
    found = [dated[row] for row in newest]
    _refuse_other_clocks(sheet, index, found)
    return without_totals(sheet.rows[row] for row in found)


def _naming(sheet: Sheet, figures: Sequence[str]) -> list[int]:
    """The columns that tell whose figures a row gives: texts that are no remarks; without such,
    whatever is no figure."""
    places = [
        place for place, name in enumerate(sheet.columns)
        if name not in figures and not _REMARK.search(name)
    ]  # fmt: skip
    texts = [place for place in places if any(_is_name(row[place]) for row in sheet.rows)]
    return texts or places


_REMARK = re.compile(
    r"备注|備註|说明|說明|注释|註|报次|報次|批次|报告期|续报|初报|更正|^(?:报送)?状态$"
)
_REPORT = re.compile(
    r"(?:[初续續终終快补補日速]|更正|修正|核定|第?[\d一二三四五六七八九十]+)[报報次期]?"
)
"""What tells one report of a place from another of it, not one place from another."""


def _refuse_twice(
    sheet: Sheet, time: str, figures: Sequence[str], rows: Sequence[tuple[str, ...]]
) -> None:
    """A name that stands twice in the newest rows would be added twice: a first and a second
    report."""
    named = [place for place in _naming(sheet, figures) if sheet.columns[place] != time]
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        name = tuple(_place_of(row[place]) for place in named)
        at = sheet.rows.index(row) + 1
        if name in seen:
            raise Unclear("name_twice", sorted({seen[name], at}))
        seen[name] = at


def _place_of(cell: str) -> str:
    """The name without blanks and without which report it is: 甲县（更正） and 甲 县 are 甲县."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell))
    word = _in_brackets(text)
    bare = text[: -len(word) - 2] if word and _REPORT.fullmatch(word) else text
    return "" if _REPORT.fullmatch(bare) else bare


def _refuse_other_clocks(sheet: Sheet, time: int, rows: Sequence[int]) -> None:
    """A name that stands twice in the newest rows, at different hours of another column, would be
    added twice: the day stands in one column and the hour in another."""
    others = [place for place in range(len(sheet.columns)) if place != time]
    first = sheet.rows[rows[0]] if rows else ()
    clocks = [place for place in others if first and _is_clock(first[place])]
    names = [place for place in others if first and _is_name(first[place])]
    if not clocks or not names:
        return
    seen: dict[str, list[str]] = {}
    for row in rows:
        cells = sheet.rows[row]
        at = [cells[place] for place in clocks]
        if seen.setdefault(cells[names[0]], at) != at:
            raise Unclear("time_split", [row + 1])


def _is_clock(cell: str) -> bool:
    read = moments.read(cell)
    return read is not None and not read.day


def _is_name(cell: str) -> bool:
    return bool(cell.strip()) and moments.read(cell) is None and _quantity(cell) is None


def totals(
    sheet: Sheet, time_column: str, figures: Sequence[str], places: Divisions = NOWHERE
) -> Mapping[str, float]:
    """The sum of each figure over the newest rows; a column without any number has none.

    Raises :class:`FigureUnclear` or :class:`~.moments.Unclear` rather than leave a cell out.
    """
    wanted = [name for name in figures if name in sheet.columns]
    if not wanted:
        return {}
    rows = latest_rows(sheet, time_column, wanted)
    if len(rows) > 1 and all(is_total(row) for row in rows):
        raise OnlySums("totals_only", [sheet.rows.index(row) + 1 for row in rows])
    found: dict[str, float] = {}
    for name in wanted:
        values = _values(sheet, name, rows)
        if values:
            found[name] = _sum(values)
        _refuse_hidden_sum(sheet, name, rows, places)
    if time_column in sheet.columns:
        _refuse_twice(sheet, time_column, wanted, rows)
    return found


def _sum(values: Iterable[float]) -> float:
    """Added as written: 0.1 and 0.2 are 0.3."""
    return float(sum(Decimal(repr(value)) for value in values))


def _refuse_hidden_sum(
    sheet: Sheet, name: str, rows: Sequence[tuple[str, ...]], places: Divisions
) -> None:
    """A row that is as much as the others together, and is called otherwise than they, may be their
    sum (滁州市 beside its districts), and so may one whose place contains another one's. A row 合计
    of all tells that it is none.
    """
    index = sheet.columns.index(name)
    values = [quantity(row[index]) or 0.0 for row in rows]
    whole = _sum(values)
    said = (quantity(row[index]) for row in sheet.rows if is_total(row))
    if not whole or whole in said:
        return
    names = [next((cell.strip() for cell in row if _is_name(cell)), "") for row in rows]
    around = _around(names, places)
    for place, value in enumerate(values):
        below = _below(names, place)
        parts = [values[at] for at in below if values[at]]
        if len(parts) > 1 and value == _sum(parts):
            raise Unclear("row_sums", [sheet.rows.index(rows[place]) + 1])
        others = {other[-1:] for at, other in enumerate(names) if at != place}
        apart = names[place][-1:] not in others or (
            len(rows) > 3 and place in (0, len(rows) - 1) and value >= 100)
        if names[place] in around or (
            len(rows) > 2 and apart and _sum((value, value)) == whole
        ):  # fmt: skip
            raise Unclear("row_sums", [sheet.rows.index(rows[place]) + 1])


def _below(names: Sequence[str], place: int) -> range:
    """The rows below one that are called otherwise than it: the villages of a town."""
    end = min(len(names), place + 1 + MOST_BELOW)
    same = (at for at in range(place + 1, end) if names[at][-1:] == names[place][-1:])
    return range(place + 1, next(same, end))


def _around(names: Sequence[str], places: Divisions) -> set[str]:
    """Those of the names whose place contains that of another one."""
    codes: dict[str, list[str]] = {name: [] for name in names}
    for code, place in places.by_code.items():
        if place.name in codes:
            codes[place.name].append(code)
    every = [(name, code) for name, found in codes.items() for code in found]
    return {
        name for name, code in every
        if any(other != name and inner.startswith(code) for other, inner in every)
    }  # fmt: skip


class OnlySums(Unclear):
    """The newest rows are sums only: which of them counts cannot be told."""


@dataclass(eq=False)
class FigureUnclear(Exception):
    """Cells of a figure that are no numbers: ``cells`` as (row from 1, text)."""

    column: str
    cells: Sequence[tuple[int, str]]


def _values(sheet: Sheet, name: str, rows: Sequence[tuple[str, ...]]) -> list[float]:
    index = sheet.columns.index(name)
    read = [(row, _quantity(row[index])) for row in rows if not _says_nothing(row[index])]
    figures = [found for _row, found in read if found]
    mixed = are_mixed(figures, name)
    added = len(read) > 1 and are_levels(figures, name)
    wrong = [row for row, found in read if found is None or mixed or added]
    if wrong:
        shown = tuple((sheet.rows.index(row) + 1, row[index]) for row in wrong[:SHOWN])
        raise FigureUnclear(name, shown)
    return [found.value for found in figures]

"""An import takes cells as the spreadsheet shows them, or refuses them by row and column (K19)."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from catalogue_sheets import HEAD, row

DAY = HEAD.index("发布日期")


def sent(path: Path, column: int, value: Any, code: str) -> Path:
    """A sheet of two rows, the second with this value in this format."""
    book = openpyxl.Workbook()
    for cells in [[*HEAD, "备查号"], [*row(1), "甲-1"], [*row(2), "甲-2"]]:
        book.active.append(cells)
    cell = book.active.cell(3, column + 1)
    cell.value, cell.number_format = value, code
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("value", "code", "day"),
    [
        (datetime.date(2023, 5, 1), 'yyyy"年"m"月"d"日"', "2023-05-01"),
        (datetime.date(2023, 5, 20), 'yyyy"年"m"月"', "2023-05-01"),
        (datetime.date(2023, 5, 20), "yyyy-mm", "2023-05-01"),
        (datetime.datetime(2023, 5, 1, 23, 59), "yyyy/m/d h:mm", "2023-05-01"),  # noqa: DTZ001
        (2023.1, "0.00", "2023-10-01"), (20230501, "0", "2023-05-01"),
        (45047, "General", "2023-05-01"),
        (45047, "m/d/yy", "2023-05-01"),
    ],
)  # fmt: skip
def test_days_as_they_are_shown(tmp_path, fgw, run, value, code, day):
    from test_importing import show

    answer = run(sent(tmp_path / "a.xlsx", DAY, value, code))
    assert (answer["created"], answer["rejected"]) == (2, [])
    assert show("水价信息2")["issued"] == day


@pytest.mark.parametrize(
    ("value", "code"), [(340102199001010017, "0"), (6.5, ";;;"), (12, "[DBNum2]0"), (-1, "h:mm")]
)
def test_what_is_not_sure_is_refused_by_row_and_column(tmp_path, fgw, run, value, code):
    answer = run(sent(tmp_path / "a.xlsx", len(HEAD), value, code))
    assert [(one["row"], one["column"], one["code"]) for one in answer["rejected"]] == [
        (3, "备查号", "shown_otherwise")
    ]
    assert answer["created"] == 0

"""What an import learns of a sheet as a whole: in one walk, with the departments read once."""

from __future__ import annotations

import openpyxl
import pytest
from catalogue_sheets import HEAD, row, sheet

from ckanext.govdata.catalogue.imports import found_sheets, providers
from ckanext.govdata.departments import tree


def test_a_sheet_is_walked_twice_when_it_is_looked_through(tmp_path, fgw, run, monkeypatch):
    """Once to learn what its rows share, once to judge them; the departments are read once."""
    walks, asked = [], []
    rows, every = found_sheets.FoundSheet.rows, tree.every

    def walked(found):
        for place, one in enumerate(rows(found)):
            if place == found_sheets.readers.HEAD_ROWS:
                walks.append(found.table.name)
            yield one

    monkeypatch.setattr(found_sheets.FoundSheet, "rows", walked)
    monkeypatch.setattr(providers.tree, "every", lambda: asked.append(1) or every())
    answer = run(sheet(tmp_path / "a.xlsx", [row(n) for n in range(1, 90)]), dry_run=True)
    assert answer["rows"] == 89
    assert len(walks) == 2
    assert len(asked) == 1


@pytest.mark.parametrize("hidden", [True, False])
def test_hidden_columns_are_named_though_nobody_looks_for_them(tmp_path, fgw, run, hidden):
    path = sheet(tmp_path / "a.xlsx", [row(n) for n in range(1, 90)])
    book = openpyxl.load_workbook(path)
    book.active.column_dimensions["L"].hidden = hidden
    book.save(path)
    answer = run(path, dry_run=True)
    assert answer["sheets"][0]["hidden_columns"] == (["L"] if hidden else [])


def test_of_two_columns_alike_that_one_is_not_shown_which_tells_of_people(tmp_path, fgw, run):
    rows = [[*row(n), "甲说", "乙说"] for n in range(1, 90)]
    rows[80][-1] = "13900000001"
    answer = run(sheet(tmp_path / "a.xlsx", rows, [*HEAD, "说法", "说法"]), dry_run=True)
    shown = {one["key"]: one["samples"] for one in answer["sheets"][0]["columns"]}
    assert (shown["说法"], shown["说法#2"]) == (["甲说"], [])

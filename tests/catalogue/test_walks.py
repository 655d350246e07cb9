"""What an import reads once: the departments of the portal, each sheet as a whole."""

from __future__ import annotations

import openpyxl
import pytest
from catalogue_sheets import row, sheet

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

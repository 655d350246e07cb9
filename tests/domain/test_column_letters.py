"""Columns are called as a spreadsheet calls them, also those that none has."""

from __future__ import annotations

import pytest

from ckanext.govdata.domain.column_letters import letters


@pytest.mark.parametrize(
    ("column", "called"),
    [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (702, "ZZ"), (703, "AAA"),
     (16_384, "XFD"), (18_278, "ZZZ"), (18_279, "AAAA"), (475_254, "ZZZZ"), (475_255, "AAAAA")],
)  # fmt: skip
def test_columns_are_called_as_in_a_spreadsheet(column: int, called: str) -> None:
    assert letters(column) == called


def test_no_two_columns_are_called_alike() -> None:
    assert len({letters(column) for column in range(1, 20_000)}) == 19_999

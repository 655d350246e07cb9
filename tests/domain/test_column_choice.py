"""What an officer says that columns are: known by heading, refused by column, in any order."""

from __future__ import annotations

import pytest

from ckanext.govdata.domain import column_choice
from ckanext.govdata.domain.column_choice import LEFT_OUT, OTHER
from ckanext.govdata.domain.headings import Column, FieldRule, Head, HeadingRules


def rule(name: str, item: bool = False) -> FieldRule:
    return FieldRule(name, name, frozenset(), frozenset(), (), item=item)


FOLDED = str.maketrans("稱備註單資", "称备注单资")
RULES = HeadingRules(
    (rule("title"), rule("notes"), rule("publisher"), rule("item_name", True),
     rule("item_type", True)),
    (), frozenset(), lambda text: text.translate(FOLDED),
)  # fmt: skip


def head(**columns: str | None) -> Head:
    return Head(0, 1, tuple(Column(n, name, field)
                            for n, (name, field) in enumerate(columns.items())), 0)  # fmt: skip


SHEET = head(**{"名称": "title", "备 注": None, "提供单位（全称）": "publisher", "备注": None})


def test_columns_of_one_heading_are_told_apart() -> None:
    assert list(column_choice.keyed(SHEET.columns, RULES.fold)) == [
        "名称", "备注", "提供单位全称", "备注#2",
    ]  # fmt: skip


def test_a_set_of_headings_has_no_order_and_no_script() -> None:
    other = head(**{"備註": None, "名稱": None, "備 註": None, "提供單位（全称）": None})
    sets = {column_choice.heading_set(column_choice.keyed(one.columns, RULES.fold))
            for one in (SHEET, other)}  # fmt: skip
    assert len(sets) == 1
    more = column_choice.keyed((*SHEET.columns, Column(4, "电话", None)), RULES.fold)
    assert column_choice.heading_set(more) not in sets


def test_choices_change_what_they_name_and_nothing_else() -> None:
    used = column_choice.applied({"备注": "notes", "备注#2": LEFT_OUT}, SHEET, RULES.fold)
    assert [(c.index, c.field) for c in used.columns] == [(0, "title"), (1, "notes"),
                                                          (2, "publisher")]  # fmt: skip
    nothing = column_choice.applied({"提供单位全称": OTHER}, SHEET, RULES.fold)
    assert nothing.columns[2].field is None
    assert column_choice.applied({}, SHEET, RULES.fold) == SHEET


@pytest.mark.parametrize(("choices", "codes"), [
    ({}, []),
    ({"备注": "notes", "备注#2": LEFT_OUT}, []),
    ({"备注": "notes", "备注#2": "notes"}, ["field_twice"]),
    ({"备注": "title"}, ["field_twice"]),
    ({"名称": OTHER}, ["title_unmapped"]),
    ({"名称": LEFT_OUT, "备注": "title"}, []),
    ({"备注": "item_type"}, ["item_name_unmapped"]),
    ({"备注": "item_type", "备注#2": "item_name"}, []),
    ({"备注#3": "notes"}, ["no_such_column"]),
    ({"备注": "price"}, ["no_such_field"]),
    ({"名称": "publisher"}, ["field_twice", "title_unmapped"]),
    ({"a": "b", "名称": LEFT_OUT}, ["no_such_column", "no_such_field", "title_unmapped"]),
])  # fmt: skip
def test_what_stands_against_choices(choices, codes) -> None:
    assert [one.code for one in column_choice.faults(choices, SHEET, RULES)] == codes


def test_the_fault_names_the_column_that_has_the_field() -> None:
    [fault] = column_choice.faults({"备注": "publisher"}, SHEET, RULES)
    assert {fault.key, fault.other} == {"提供单位全称", "备 注"}

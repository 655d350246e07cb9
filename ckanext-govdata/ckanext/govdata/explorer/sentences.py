"""What pages and actions say of questions to tables."""

from __future__ import annotations

from collections.abc import Iterable

import ckan.plugins.toolkit as tk

from ..domain.explorer.column import Kind
from ..domain.explorer.picture import Look, Measure
from ..domain.explorer.question import Condition, Test
from ..domain.refusal import Refusal
from ..forms import refusals
from ..speech import phrases
from .table_rows import LongAnswerError, UnansweredError, UnfitError

REFUSALS: refusals.Sentences = {
    "no_columns": lambda: tk._("The table has no column that may be read."),
    "unknown_parameter": lambda: tk._("'{value}' asks nothing of a table."),
    "unknown_column": lambda: tk._("The table has no column named '{value}'."),
    "words_too_long": lambda: tk._("At most {most} characters can be searched for."),
    "too_many_conditions": lambda: tk._("At most {most} conditions at once."),
    "too_many_orders": lambda: tk._("Rows can be sorted by at most {most} columns."),
    "too_many_chosen": lambda: tk._("At most {most} columns can be chosen at once."),
    "too_many_values": lambda: tk._("At most {most} values can be chosen from one column."),
    "value_too_long": lambda: tk._("At most {most} characters can be compared."),
    "wrong_test": lambda: tk._("The values of this column cannot be asked so."),
    "wrong_count": lambda: tk._("A condition takes one value; one that is empty or filled none."),
    "asked_twice": lambda: tk._("This column has two conditions that cannot both hold."),
    "no_switch": lambda: tk._("Only 1 can stand here, not '{value}'."),
    "no_number": lambda: tk._("'{value}' is no number such as 12.5."),
    "no_day": lambda: tk._("'{value}' is no day, month or year such as 2026-05-01, 2026-05, 2026."),
    "no_moment": lambda: tk._("'{value}' is no time such as 2026-05-01 08:30."),
    "no_flag": lambda: tk._("'{value}' is neither yes nor no."),
    "unknown_choice": lambda: tk._("'{value}' is none of the choices."),
    "no_column_named": lambda: tk._("A column is wanted."),
    "wrong_kind": lambda: tk._("'{value}' cannot be drawn so: other values are wanted."),
    "upside_down": lambda: tk._("'{first}' comes after '{last}': no row can lie between."),
}


def by_field(refused: Iterable[Refusal]) -> dict[str, list[str]]:
    """What is wrong with a question, in sentences, by parameter or column."""
    found: dict[str, list[str]] = {}
    for one in refused:
        found.setdefault(one.field or "query", []).append(refusals.sentence(one))
    return found


def condition(asked: Condition, title: str, kind: Kind) -> str:
    """A condition in words."""
    values = tk._(", ").join(value_of(kind, one) for one in asked.values)
    days = kind in (Kind.DAY, Kind.MOMENT)
    said = {
        Test.EQUALS: lambda: tk._("{column} is {value}"),
        Test.ONE_OF: lambda: tk._("{column} is one of {value}"),
        Test.CONTAINS: lambda: tk._("{column} contains {value}"),
        Test.FROM: lambda: (tk._("{column} not before {value}") if days
                            else tk._("{column} from {value}")),
        Test.UNTIL: lambda: (tk._("{column} not after {value}") if days
                             else tk._("{column} up to {value}")),
        Test.EMPTY: lambda: tk._("{column} is empty"),
        Test.FILLED: lambda: tk._("{column} is not empty"),
    }[asked.test]()
    return said.format(column=phrases.in_script(title), value=values)


def value_of(kind: Kind, value: object) -> str:
    """A value as readers see it; of yes and no in words."""
    if kind is Kind.FLAG:
        return {"true": tk._("Yes"), "false": tk._("No")}.get(str(value), str(value))
    return str(value)


def kind(of: Kind) -> str:
    """What the values of a column are."""
    return {
        Kind.TEXT: tk._("Plain text"), Kind.NUMBER: tk._("Numbers"), Kind.DAY: tk._("Date"),
        Kind.MOMENT: tk._("Date and time"), Kind.FLAG: tk._("Yes or no"),
    }[of]  # fmt: skip


def look(of: Look) -> str:
    """What a picture is drawn as."""
    return {
        Look.BARS: tk._("Bars"), Look.TIMES: tk._("Course over time"),
        Look.HISTOGRAM: tk._("Distribution"), Look.DOTS: tk._("Two figures"),
        Look.MAP: tk._("Map"),
    }[of]  # fmt: skip


def measured(of: Measure, column: str) -> str:
    """What is said of rows that stand together; ``column`` is the one with the figures."""
    return {
        Measure.COUNT: tk._("Number of rows"), Measure.SUM: tk._("Sum of {column}"),
        Measure.MEAN: tk._("Average of {column}"), Measure.LEAST: tk._("Least {column}"),
        Measure.MOST: tk._("Greatest {column}"),
    }[of].format(column=column)  # fmt: skip


def unanswered(error: UnansweredError) -> str:
    """Why the database did not answer, and what may be done."""
    if isinstance(error, LongAnswerError):
        return tk._("These rows are too long to be handed out together. Ask for fewer rows a page "
                    "or fewer columns.")
    if isinstance(error, UnfitError):
        return tk._("The table has values of which this cannot be worked out. Ask for less: leave "
                    "out what is very large, or choose another column.")
    return tk._("This takes too long to answer. Ask for less: add a condition, take a sort or a "
                "search off, or download the table.")

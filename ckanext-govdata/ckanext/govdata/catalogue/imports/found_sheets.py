"""The sheets of a file: which are read, and which are passed over, by name and reason.

Every sheet that shows itself and whose headings are those of a catalogue is read; a hidden one
never. What a spreadsheet does not show of a sheet's columns is passed over too. The officer may
choose among the sheets and what each column is taken for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from ...domain import column_choice, other_tables
from ...domain.column_choice import ChoiceFault, Choices
from ...domain.column_letters import letters
from ...domain.heading_notes import plain
from ...domain.headings import Head, HeadingRules
from ...domain.personal_columns import kinds
from ...domain.text import visible_cell
from ...sheets.personal_headings import personal_words
from ...sheets.refused_files import Unreadable
from ...sheets.tables import Row, Table
from . import readers
from .kept_headings import NOTHING_KEPT, KeptChoices

HIDDEN, EMPTY, NOT_RECOGNISED, FEW_HEADINGS, NOT_CHOSEN = (
    "hidden", "empty", "not_recognised", "few_headings", "not_chosen",
)  # fmt: skip
SAMPLES = 3
"""Different values of a column that are shown beside its heading."""
LONGEST_SAMPLE = 40


@dataclass(frozen=True)
class PassedOver:
    """A sheet that is not read: ``why`` is one of the codes above; ``rows`` have something in
    them; ``pickable``: it has headings, so the officer may have it read all the same."""

    name: str
    why: str
    rows: int
    pickable: bool = False


@dataclass(frozen=True)
class FoundSheet:
    """A sheet that is read. ``seen`` are all of its columns as they were recognised, ``head`` is
    what they are taken for; ``choices`` made the difference, ``kept`` says whose settings they
    are."""

    table: Table
    seen: Head
    head: Head
    choices: Choices = field(default_factory=dict[str, str])
    kept: KeptChoices = NOTHING_KEPT

    @property
    def first_row(self) -> int:
        """How many rows stand above the sheet's body."""
        return self.head.row + self.head.depth

    def width(self) -> int:
        """How many cells a row of text may have: as its headings, or as most rows have where what
        they have more is empty; 0 for a table of another kind."""
        if not self.table.as_text:
            return 0
        first = [cells for _number, cells in islice(iter(self.table.rows), readers.HEAD_ROWS)]
        headed = max(len(cells) for cells in first[self.seen.row : self.first_row])
        lengths = Counter(
            max(len(cells), headed) for cells in first[self.first_row :]
            if not any(cell.strip() for cell in cells[headed:])
        )  # fmt: skip
        usual, count = max(lengths.items(), key=lambda one: one[1], default=(headed, 0))
        return usual if 2 * count > lengths.total() else headed

    def rows(self) -> Iterator[Row]:
        """The rows of the body."""
        return islice(iter(self.table.rows), self.first_row, None)

    def samples(self) -> dict[int, list[str]]:
        """Some values of each column, by its place from 0: none that a spreadsheet does not show,
        and none of people."""
        found: dict[int, list[str]] = {column.index: [] for column in self.seen.columns}
        over = personal_words().over
        told = [column.index for column in self.seen.columns if not over(column.heading)]
        for number, cells in islice(self.rows(), readers.HEAD_ROWS):
            for index in () if self.table.hidden.row(number) else told:
                value = cells[index].strip() if index < len(cells) else ""
                values, shown = found[index], value[:LONGEST_SAMPLE]
                if len(values) < SAMPLES and shown and shown not in values and not kinds(value):
                    values.append(shown)
        return found

    def without_heading(self) -> list[int]:
        """Columns that hold values below no heading, by their place from 0: they are not read."""
        headed = {column.index for column in self.seen.columns}
        filled: set[int] = set()
        for _number, cells in islice(self.rows(), readers.HEAD_ROWS):
            filled |= {index for index, cell in enumerate(cells) if cell.strip()}
        return sorted(filled - headed)

    def hidden_columns(self) -> list[int]:
        """Columns with values that a spreadsheet does not show, by their place from 0, as far as
        the rows were gone through."""
        rows = self.table.rows
        return sorted(rows.veiled) if isinstance(rows, ShownRows) else []


@dataclass(frozen=True)
class FoundFile:
    """All sheets of a file."""

    sheets: tuple[FoundSheet, ...]
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True)
class AskedSheets:
    """What the officer asked for: the sheets (by name; none: as they are found), and by sheet what
    each column is taken for. ``kept`` finds settings that a department keeps for headings,
    ``is_of`` says whether all rows (name, code and place of their department) are that one's."""

    sheets: Collection[str] = ()
    headings: Mapping[str, Choices] = field(default_factory=dict[str, "dict[str, str]"])
    kept: Callable[[Collection[str]], KeptChoices] = lambda _keys: NOTHING_KEPT
    is_of: Callable[[str, Iterable[tuple[str, str, str]]], bool] = lambda _id, _rows: True


class WrongChoices(Exception):
    """What was chosen does not fit the file: by the name of the sheet, what is wrong."""

    def __init__(self, faults: Mapping[str, Sequence[ChoiceFault]]) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


def find(tables: Iterable[Table], asked: AskedSheets) -> FoundFile:
    """The sheets that are read, and the others. Raises :class:`Unreadable` where none can be, and
    :class:`WrongChoices`."""
    passed: list[PassedOver] = []
    headed: list[tuple[Table, Head]] = []
    names: list[str] = []
    items: tuple[str, list[str]] | None = None
    for table in tables:
        names.append(table.name)
        visible = replace(table, rows=ShownRows(table)) if table.hidden.columns else table
        head = readers.head_of(visible)
        if head is None:
            passed.append(_without_head(table))
            items = items or _only_items(table)
        else:
            headed.append((visible, head))
    if not headed:
        if items:
            raise Unreadable("items_only", sheet=items[0], headings="、".join(items[1]))
        raise Unreadable("no_headings")
    _insist(names, headed, asked)
    chosen = set(asked.sheets) or _plain_catalogues(headed)
    for table, head in headed:
        if table.name not in chosen:
            why = NOT_CHOSEN if asked.sheets else FEW_HEADINGS
            passed.append(PassedOver(table.name, why, _filled(table) - head.depth, True))
    for table, head in headed:
        if table.name in chosen:
            _refuse_neighbour(table, head)
    order = {name: place for place, name in enumerate(names)}
    passed.sort(key=lambda one: order[one.name])
    read = [_sheet(table, head, asked) for table, head in headed if table.name in chosen]
    return FoundFile(tuple(read), tuple(passed))


def _without_head(table: Table) -> PassedOver:
    rows = _filled(table)
    if table.hidden.sheet:
        return PassedOver(table.name, HIDDEN, rows)
    return PassedOver(table.name, NOT_RECOGNISED if rows else EMPTY, rows)


def _only_items(table: Table) -> tuple[str, list[str]] | None:
    """The sheet's name and its headings, where they are those of items only."""
    if table.hidden.sheet:
        return None
    found = other_tables.item_headings(readers.first_rows(table), readers.heading_rules())
    return (table.name, found) if found else None


def _refuse_neighbour(table: Table, head: Head) -> None:
    """A second table beside the first would give its cells to the first one's entries."""
    place = other_tables.beside(head, readers.first_rows(table), readers.heading_rules())
    if place is not None:
        raise Unreadable("two_tables", sheet=table.name, column=letters(place + 1))


def _filled(table: Table) -> int:
    return sum(1 for _number, cells in table.rows if any(cells))


def _plain_catalogues(headed: Sequence[tuple[Table, Head]]) -> set[str]:
    """The sheets that are as plainly catalogues as the best one: not a list of words (代码, 名称,
    说明) beside it, which has a title and a description too."""
    best = max((head for _table, head in headed), key=lambda head: head.score)
    least = best.score - abs(best.score) / 2  # of a sheet of 300 columns it is below nought
    return {
        table.name
        for table, head in headed
        if 2 * len(head.by_field) >= len(best.by_field) and head.score >= least
    }


def _insist(names: Sequence[str], headed: Sequence[tuple[Table, Head]], asked: AskedSheets) -> None:
    """Whoever names a sheet means one that can be read."""
    wanted = {*asked.sheets, *asked.headings}
    readable = {table.name for table, _head in headed}
    wrong = {
        name: [ChoiceFault("no_such_sheet" if name not in names else "sheet_unreadable")]
        for name in sorted(wanted - readable)
    }
    if wrong:
        raise WrongChoices(wrong)


def _sheet(table: Table, head: Head, asked: AskedSheets) -> FoundSheet:
    rules = readers.heading_rules()
    if table.name in asked.headings:
        wanted = {
            _key(key, rules): choice for key, choice in asked.headings[table.name].items()
        }
        if wrong := column_choice.faults(wanted, head, rules):
            raise WrongChoices({table.name: wrong})
        return FoundSheet(table, head, column_choice.applied(wanted, head, rules.fold), wanted)
    kept = asked.kept(column_choice.keyed(head.columns, rules.fold))
    if not kept.choices or column_choice.faults(kept.choices, head, rules):
        return FoundSheet(table, head, head, {}, kept)
    used = column_choice.applied(kept.choices, head, rules.fold)
    if not asked.is_of(kept.organization, _departments_of(table, used)):
        return FoundSheet(table, head, head, {}, replace(kept, choices={}, others=True))
    return FoundSheet(table, head, used, kept.choices, kept)


def _departments_of(table: Table, head: Head) -> Iterator[tuple[str, str, str]]:
    """What each row says of its department."""
    columns = [head.by_field.get(name) for name in ("publisher", "publisher_code", "place")]
    for _number, cells in islice(iter(table.rows), head.row + head.depth, None):
        name, code, place = (
            visible_cell(cells[one.index]) if one and one.index < len(cells) else ""
            for one in columns
        )
        yield name, code, place


def _key(heading: str, rules: HeadingRules) -> str:
    """The key of a column of which a program wrote the heading."""
    return plain(heading, rules.fold)


class ShownRows:
    """The rows of a table with nothing in columns that a spreadsheet does not show; ``veiled`` are
    those of them, from 0, in which something was met."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._hidden = [column - 1 for column in sorted(table.hidden.column_numbers)]
        self.veiled: set[int] = set()

    def __iter__(self) -> Iterator[Row]:
        for number, cells in self._table.rows:
            shown = list(cells)
            for place in self._hidden:
                if place >= len(shown):
                    break
                if shown[place].strip():
                    self.veiled.add(place)
                shown[place] = ""
            yield number, shown

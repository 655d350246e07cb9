"""Refusals of emergency publication in the reader's words, each with the article that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import ckan.plugins.toolkit as tk

from .. import now, vocabularies
from ..domain.locales import SIMPLIFIED
from ..domain.prohibition import Finding
from ..domain.refusal import Refusal
from ..forms import refusals
from ..rules import in_force
from ..speech import language, phrases
from ..speech.script import fold
from ..speech.when import when
from .answers import FindingAnswer
from .publication import bans

MOST_NAMED = 20
"""So many parts of a workbook are named; of more it is said how many."""
CLAUSES = {
    "kind_unknown": "emergency_types",
    "region_outside": "emergency_types",
    "handler_without_place": "emergency_types",
    "not_allowed": "emergency_types",
    "rhythm": "emergency_rhythm",
    "columns_changed": "emergency_types",
    "total_fell": "emergency_types",
    "prohibited": "opening_principle",
    "unclear": "opening_principle",
    "duty_unsaid": "emergency_types",
    "basis_unreal": "emergency_types",
    "consent_missing": "reclassification",
}
"""The clause of ``config/jurisdictions`` that gives a refusal its article."""


def invalid(found: Iterable[Refusal], jurisdiction: str = "") -> tk.ValidationError:
    """All that is wrong, by field; ``reasons`` has codes and articles for programs."""
    cited = [
        replace(one, article=one.article or article_of(one.code, jurisdiction)) for one in found
    ]
    return refusals.invalid(cited, lambda one: say(one, one.article))


def article_of(code: str, jurisdiction: str) -> str:
    """Document and article of the rule that a refusal rests on, such as 办法 第三十五条."""
    clause = CLAUSES.get(code)
    return clause_article(clause, jurisdiction) if clause else ""


def clause_article(clause: str, jurisdiction: str) -> str:
    """Document and article of a clause as it binds today; the portal's own rule says so."""
    ruling = in_force.rulebook().clause(jurisdiction or "portal", clause, now.today())
    if isinstance(ruling, Refusal):
        return ""
    document = phrases.label(ruling.source.document)
    article = phrases.article(ruling.clause.article) if ruling.clause.article else ""
    return f"{document} {article}".strip()


def say(refusal: Refusal, article: str = "") -> str:
    """One refusal as a sentence, with its article in brackets."""
    readable = READABLE.get(refusal.code)
    facts = {"value": refusal.value, **refusal.facts}
    named = {name: readable(facts[name]) for name in SHOWN & facts.keys()} if readable else {}
    if refusal.code in BANNED:
        named["what"] = f"{ban_label(refusal.value)} ({refusal.facts['places']})"
    return refusals.sentence(refusal, article, named)


def finding(found: Finding, jurisdiction: str) -> FindingAnswer:
    """A finding as the check tells it."""
    refusal = found.refusal()
    return {
        "ban": found.ban,
        "label": ban_label(found.ban),
        "override": found.override,
        "places": list(found.places),
        "message": say(refusal, article_of(refusal.code, jurisdiction)),
    }


def ban_label(code: str) -> str:
    """What a ban is called, in the reader's language."""
    return phrases.label(bans.bans().labels.get(code, {SIMPLIFIED: code, "en": code}))


BANNED = {"prohibited", "unclear"}
"""Refusals whose value is a ban."""


def _place(code: str) -> str:
    """A place as people call it, with its code."""
    place = vocabularies.divisions().get(code)
    return f"{fold(place.name, language.spoken())} {code}" if place else code


SHOWN = {"value", "started", "place"}
READABLE: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(
        ("start_ahead", "end_ahead", "end_before_start", "ended"),
        when,
    ),
    "region_outside": _place,
}
"""What programs are given as codes and instants, as people write it."""
REFUSALS: refusals.Sentences = {
    "kind_unknown": lambda: tk._("'{value}' is none of the four kinds of emergency."),
    "subtype_unknown": lambda: tk._("'{value}' is no sub-kind of this kind of emergency."),
    "state_unknown": lambda: tk._("'{value}' is no state of an event: running or ended."),
    "order_unknown": lambda: tk._("'{value}' is no order: newest or gravest."),
    "level_unknown": lambda: tk._("'{value}' is no level: I, II, III or IV."),
    "region_unknown": lambda: tk._("'{value}' is no division code that this portal knows."),
    "region_outside": lambda: tk._(
        "Region {value} is not within {place}, the place of the body that handles the event."
    ),
    "handler_unknown": lambda: tk._("'{value}' is no department of this portal."),
    "handler_without_place": lambda: tk._("The handling body has no region."),
    "start_ahead": lambda: tk._("The event would begin in the future: {value}."),
    "end_ahead": lambda: tk._("The event would end in the future: {value}."),
    "end_before_start": lambda: tk._("The end {value} is before the start {started}."),
    "ended": lambda: tk._("The event ended on {value}; nothing can be changed any more."),
    "rhythm": lambda: tk._("A rhythm is between {least} and {most} minutes, not {value}."),
    "rhythm_number": lambda: tk._("'{value}' is no number of minutes."),
    "running_already": lambda: tk._(
        "'{value}' was declared already and is running; publish or change it there."
    ),
    "duty_unsaid": lambda: tk._(
        "Say in at least {least} characters why this body handles the event: only the government "
        "and the departments that handle it open data for it."
    ),
    "basis_unreal": lambda: tk._(
        "'{value}' is no basis: name a plan, an article of a text with its title or a numbered "
        "decision on which data is opened for this event."
    ),
    "consent_missing": lambda: tk._(
        "Trade secrets are opened only with the consent of their right holder: say who consented, "
        "on which day, and in which document."
    ),
    "consent_day": lambda: tk._("'{value}' is not a day up to today on which somebody consented."),
    "name_taken": lambda: tk._("An event named '{value}' is there already."),
    "unchanged": lambda: tk._("Nothing would change."),
    "dataset_unknown": lambda: tk._("The event has no dataset named '{value}'."),
    "entry_unknown": lambda: tk._("There is no entry '{value}' that you may publish."),
    "nothing_given": lambda: tk._(
        "Give a file, a pasted table, rows, or the address of an interface."
    ),
    "one_unread_file": lambda: tk._(
        "Files that cannot be looked through are published one at a time, so that who answers has "
        "looked at it. These are several: {files}."
    ),
    "table_empty": lambda: tk._("The table has no rows."),
    "table_ragged": lambda: tk._("Row {row} has {cells} cells, but the headings are {columns}."),
    "quote_open": lambda: tk._(
        "A quotation mark that opens in row {row} is not closed; look for one too many."
    ),
    "encodings_two": lambda: tk._(
        "From line {value} on the text is in another encoding than before; save the whole file as "
        "UTF-8."
    ),
    "heading_twice": lambda: tk._("The heading '{value}' stands twice."),
    "heading_empty": lambda: tk._("Column {value} has no heading."),
    "too_many_rows": lambda: tk._("The table has more than {most} rows; give it as a file."),
    "too_many_columns": lambda: tk._("The table has more than {most} columns."),
    "table_too_wide": lambda: tk._(
        "The table has {rows} rows and {columns} columns; at most {most} cells are read."
    ),
    "table_unread": lambda: tk._("The table cannot be read: {why}"),
    "too_large": lambda: tk._("The file is too large: at most {most} MiB."),
    "workbook": lambda: tk._("The workbook cannot be read: {why}"),
    "sheets_several": lambda: tk._(
        "The workbook has several sheets: {names}. Say which one is meant, or keep only that one."
    ),
    "sheet_unknown": lambda: tk._("The workbook has no visible sheet called '{value}'."),
    "hidden_sheets": lambda: tk._(
        "The workbook has hidden sheets: {what}. Show or delete them, or choose to leave what is "
        "hidden out."
    ),
    "hidden_rows": lambda: tk._(
        "Sheet '{value}' has hidden rows: {what}. Show or delete them, or choose to leave what is "
        "hidden out."
    ),
    "hidden_columns": lambda: tk._(
        "Sheet '{value}' has hidden columns: {what}. Show or delete them, or choose to leave what "
        "is hidden out."
    ),
    "cells_merged": lambda: tk._(
        "Sheet '{value}' has merged cells: {cells}. Each row needs its own value: unmerge and fill."
    ),
    "cells_formula_without_value": lambda: tk._(
        "Sheet '{value}' has formulas without a stored value: {cells}. Replace them by values."
    ),
    "cells_cell_error": lambda: tk._("Sheet '{value}' has cells with errors: {cells}."),
    "cells_shown_otherwise": lambda: tk._(
        "In sheet '{value}' these cells show something else than what is stored, or digits were "
        "lost: {cells}. Write them as text, just as they are to be read."
    ),
    "cells_struck_out": lambda: tk._(
        "In sheet '{value}' these cells are struck out: {cells}. Delete them, or take the line "
        "away if they are meant."
    ),
    "cells_unseen": lambda: tk._(
        "In sheet '{value}' nobody sees what stands in these cells: {cells}. Their letters have "
        "the colour of their ground, or are too small. Show them if they are meant, or delete them."
    ),
    "encoding": lambda: tk._(
        "The text is neither UTF-8 nor GB 18030 (first bad byte at {value}); "
        "save the file as UTF-8."
    ),
    "address": lambda: tk._("'{value}' is no address that begins with http:// or https://."),
    "column_unknown": lambda: tk._("The table has no column '{value}'."),
    "time_unread": lambda: tk._(
        "Which row is the newest cannot be told: rows {rows} of '{value}' name no time that can be "
        "read. Write such as 2026-07-01 10:00 or 7月1日10时."
    ),
    "time_mixed": lambda: tk._(
        "Which row is the newest cannot be told: rows {rows} of '{value}' name their time in "
        "another way than the others (with a year or hour, or without). Write all alike."
    ),
    "time_turn": lambda: tk._(
        "Which row is the newest cannot be told: the times of '{value}' run over the turn of a "
        "year or a day without naming it (rows {rows}). Write the whole date."
    ),
    "time_split": lambda: tk._(
        "Which row is the newest cannot be told: '{value}' tells the day and another column the "
        "hour (rows {rows}). Write both into one column."
    ),
    "name_twice": lambda: tk._(
        "Rows {rows} are of the same time of '{value}' and the same name: which of them counts "
        "cannot be told. Keep one of them, or write their times."
    ),
    "row_sums": lambda: tk._(
        "Row {rows} may sum other newest rows: it is as much as they are together, or its place "
        "contains theirs. If it is a sum, call it 合计; if not, add a row 合计 with the sum of all."
    ),
    "totals_only": lambda: tk._(
        "The newest rows are sums only (rows {rows}); which of them counts cannot be told."
    ),
    "figure_unclear": lambda: tk._(
        "'{value}' is a key figure, and these rows have no number that can be added: {cells}. "
        "Write plain numbers in one unit, or leave the cell empty; temperatures, shares and levels "
        "of several places make no sum: name another key figure."
    ),
    "columns_changed": lambda: tk._("The columns changed ({value}): say why in the change note."),
    "total_fell": lambda: tk._(
        "The total of '{value}' falls from {before} to {after}: say why in the change note."
    ),
    "overtaken": lambda: tk._(
        "Somebody else has updated this dataset meanwhile: you saw version {value}, the latest "
        "is {latest}. Look at it, then publish again."
    ),
    "not_allowed": lambda: tk._(
        "Only the body that handles the event and its government may do this; declaring, grading, "
        "overriding and ending are decided by a head."
    ),
    "prohibited": lambda: tk._("This may not be opened: {what}."),
    "unclear": lambda: tk._(
        "This needs a named decision before it is opened: {what}. "
        "A head gives the override with its reason."
    ),
    "entry": lambda: "{said}",
    "override_reason": lambda: tk._("An override needs a reason of at least {least} characters."),
}


def left_out(parts: Mapping[str, list[str]]) -> str:
    """What of a workbook was not published, for the officer who chose so."""
    said = {"sheets": tk._("sheets {names}"), "rows": tk._("rows {names}"),
            "columns": tk._("columns {names}")}
    listed = [said[name].format(names=_some(parts[name])) for name in said if name in parts]
    return tk._("Left out, as you chose: {what}.").format(what="; ".join(listed))


def _some(names: list[str]) -> str:
    return "、".join(names[:MOST_NAMED]) + (f" … ({len(names)})" if len(names) > MOST_NAMED else "")

FORMS_AT = {
    "/publish": ("emergency_dataset",),
    "/change": ("emergency_change",),
    "/end": ("emergency_end",),
    "/emergency-desk/": ("emergency_event",),
}
"""The forms that stand at an address, for what is kept of them; the first that fits."""

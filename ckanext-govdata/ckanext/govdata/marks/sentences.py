"""Why something cannot be marked, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

import ckan.plugins.toolkit as tk

REFUSALS: dict[str, Callable[[], str]] = {
    "mark_no_object": lambda: tk._("What is marked is named by resource_id, row and column."),
    "mark_unknown_part": lambda: tk._("A mark has no part '{value}'."),
    "mark_no_text": lambda: tk._("'{part}' of a mark is a text, a row an object of texts."),
    "mark_row_shape": lambda: tk._(
        "A row is named by the values of its key: an object of at most {most} texts."
    ),
    "mark_no_file": lambda: tk._("This entry has no file '{value}' that you can read."),
    "mark_no_table": lambda: tk._(
        "You can read no table there, so no row of it can be marked. Mark the file or the entry, "
        "and say in words what is wrong."
    ),
    "mark_no_column": lambda: tk._(
        "There is no column '{value}' that you can read here. Mark the file or the entry, and say "
        "in words what is wrong."
    ),
    "mark_row_key": lambda: tk._("A row of this table is named by: {key}."),
    "mark_other_version": lambda: tk._(
        "The file has been replaced since you looked at it. Look at it again, and mark the row if "
        "it is still wrong."
    ),
    "mark_row_gone": lambda: tk._(
        "There is no such row in the file any more. Look at it again, or mark the file and say in "
        "words what is wrong."
    ),
    "mark_own_department": lambda: tk._(
        "You work for the department that provides this data: mend it in the entry itself. What a "
        "citizen tells you at the counter you record for him."
    ),
    "marks_of_entry": lambda: tk._(
        "{had} of your marks on this entry are under way; at most {most} may be. Wait for an "
        "answer, or put what belongs together into one."
    ),
    "marks_at_all": lambda: tk._(
        "{had} of your marks are under way; at most {most} may be. Wait for an answer, or put "
        "what belongs together into one."
    ),
    "mark_not_mended": lambda: tk._(
        "What was marked still reads as it did. Put up the mended data first, or answer that it is "
        "kept, with reason and basis."
    ),
}

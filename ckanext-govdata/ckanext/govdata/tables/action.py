"""Actions: have a file's table loaded, and be told how it is."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ..access import gate
from . import follow, load_rows, obstacles, sentences
from .answers import TableAnswer


def govdata_table_load(context: Context, data_dict: DataDict) -> TableAnswer:
    """Make the table of an uploaded or linked file anew, also one that a program made.

    A table of these very bytes is left as it is, and one that is being loaded too; a linked file
    is fetched again. Refused, with the reason, where no table can be made of the file.

    :param resource_id: of the file

    Answers as ``govdata_table_show``.
    """
    resource_id = str(tk.get_or_bust(data_dict, "resource_id"))
    tk.check_access("govdata_table_load", context, {"resource_id": resource_id})
    if obstacle := obstacles.of_file(resource_id):
        raise tk.ValidationError({"resource_id": [sentences.say_obstacle(obstacle)]})
    files = load_rows.wanted(model.Session, load_rows.OF_FILE, file=resource_id)
    row, file = load_rows.find(model.Session, resource_id), files[0]
    if follow.needs_load(file, row):
        user = gate.reader_of(context)
        follow.begin(file, user.id if user else "")
    else:
        follow.mend_mark(file)
    return sentences.answer(resource_id, load_rows.find(model.Session, resource_id))


@tk.side_effect_free
def govdata_table_show(context: Context, data_dict: DataDict) -> TableAnswer:
    """How the table of a file is, with what was found in it; for its department.

    :param resource_id: of the file
    """
    resource_id = str(tk.get_or_bust(data_dict, "resource_id"))
    tk.check_access("govdata_table_show", context, {"resource_id": resource_id})
    row = load_rows.find(model.Session, resource_id)
    return sentences.answer(resource_id, row and load_rows.seen(model.Session, row))

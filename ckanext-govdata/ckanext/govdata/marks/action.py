"""The action on marks: what of an entry is under review."""

from __future__ import annotations

from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from . import open_marks
from .answers import MarkListAnswer


@tk.side_effect_free
def govdata_mark_list(context: Context, data_dict: DataDict) -> MarkListAnswer:
    """What of an entry is under review, of that what the present user may read.

    Each datum once: ``grain`` (``entry``, ``item``, ``file``, ``column``, ``row`` or ``cell``),
    ``resource_id``, ``row`` (its key) and ``column`` where they apply, ``since`` and ``due``
    (days), and ``count``, how many have marked it.

    :param dataset_id: name or id of the entry
    """
    tk.check_access("govdata_mark_list", context, data_dict)
    reader = cast("dict[str, Any]", context)
    asked = Context(user=reader.get("user", ""), auth_user_obj=reader.get("auth_user_obj"))
    entry = tk.get_action("package_show")(asked, {"id": str(data_dict.get("dataset_id") or "")})
    found = [one.as_answer() for one in open_marks.of_entry(reader, entry)]
    return MarkListAnswer(count=len(found), results=found)

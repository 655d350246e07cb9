"""What must be written together with an entry, in its transaction."""
from __future__ import annotations

from collections.abc import Mapping

import ckan.plugins.toolkit as tk
from ckan import model

from ...domain.catalogue import Problem
from ...domain.text import Fault
from . import codes, problem_sentences


def entry_written(pkg_dict: Mapping[str, object]) -> None:
    """Keep the entry's catalogue code; raises ``ValidationError`` when another entry has it.

    The validator has looked already; this is for the two officers who save the same code in the
    same second.
    """
    code = pkg_dict.get("catalogue_code")
    if not code:
        return
    try:
        codes.register({str(pkg_dict["id"]): str(code)})
    except codes.CodeTakenError as error:
        model.Session.rollback()
        problem = Problem("catalogue_code", Fault.TAKEN, error.code)
        raise tk.ValidationError({"catalogue_code": [problem_sentences.say(problem)]}) from error

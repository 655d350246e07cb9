"""What must hold before a mark is received or answered: checks that procedures name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import ckan.model as model

from .. import settings
from ..access import gate
from ..domain.decision import Examined
from ..domain.mark import is_mended
from ..domain.refusal import Refusal
from . import datum, mark_rows
from .pointer import found_again, reader_of


def datum_there(asked: Examined) -> Iterator[Refusal]:
    """What is marked is still there for whoever marks it; a row may be gone since."""
    found = found_again(reader_of(asked.row), asked.row)
    if isinstance(found, Refusal):
        yield found


def other_department(asked: Examined) -> Iterator[Refusal]:
    """Who works for the department that provides the data mends it himself, and marks nothing."""
    user = model.User.get(asked.row.applicant_id)
    if user is not None and gate.provides(user, asked.row.organization_id):
        yield Refusal("mark_own_department", "dataset_id", asked.row.package_id or "")


def few_marks(asked: Examined) -> Iterator[Refusal]:
    """A person has not too many marks under way, on this entry or at all."""
    of_entry, at_all = mark_rows.under_way(model.Session, asked.row)
    for had, most, code in (
        (of_entry, settings.marks_per_entry(), "marks_of_entry"),
        (at_all, settings.marks_per_person(), "marks_at_all"),
    ):
        if most and had >= most:
            yield Refusal(code, "dataset_id", facts={"had": str(had), "most": str(most)})


def mended(asked: Examined) -> Iterator[Refusal]:
    """The datum reads otherwise than when it was marked; else it was not corrected."""
    if not reads_otherwise(asked.row.id):
        yield Refusal("mark_not_mended", "command", asked.command.name)


def reads_otherwise(case_id: str) -> bool:
    """Whether what a case points at has changed since; so has what it does not point at."""
    kept = mark_rows.of_case(model.Session, case_id)
    if kept is None:
        return True
    compared = list(json.loads(kept.seen.value)) if kept.seen.value else list(kept.mark.row)
    then, today = kept.seen, datum.seen(kept.mark, compared)
    if kept.mark.file and then.version == datum.unkeyed_version_of(kept.mark.file):
        then = replace(then, version=today.version)
    return is_mended(kept.mark.grain, then, today)

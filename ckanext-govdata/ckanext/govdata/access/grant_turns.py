"""What a head says who revokes a grant, suspends it or lifts that, checked."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import DataDict

from .. import now
from ..domain import form
from ..domain.field_base import Choices
from ..domain.field_part import FieldPart
from ..domain.refusal import Refusal
from ..forms import form_reader, refusals
from ..parameters import flag
from ..speech.when import day_written
from . import sentences
from .model import GrantRow

REASON = 10
"""Least number of characters of the reason for which a grant is ended."""
LONGEST = 4000
"""Characters of a reason at most."""
BASIS = 1000
"""Characters of a basis at most."""


def turn_of(row: GrantRow, asked: DataDict) -> str:
    """What becomes of the grant: ``revoked``, ``suspended`` or ``lifted``; raises
    ``ValidationError`` where it is so already, and after its last day."""
    lift = flag(asked, "lift")
    how = "lifted" if lift else "suspended" if flag(asked, "suspend") else "revoked"
    wrong = ""
    if row.revoked:
        wrong = tk._("This grant was revoked already.")
    elif row.valid_until < now.today():
        until = day_written(row.valid_until.isoformat())
        wrong = tk._("This grant ended on {until}: nothing is left to end, suspend or lift.")
        wrong = wrong.format(until=until)
    elif how == "suspended" and row.suspended:
        wrong = tk._("This grant is suspended already.")
    elif how == "lifted" and not row.suspended:
        wrong = tk._("This grant is not suspended: there is nothing to lift.")
    if wrong:
        raise tk.ValidationError({"id": [wrong]})
    return how


def check_given(hindered: str) -> None:
    """Raises ``ValidationError`` where the entry stands against lifting a suspension, by the code
    of why: who reads a lifted grant is promised the data."""
    if hindered:
        why = sentences.ended(f"entry:{hindered}")
        sentence = tk._("The suspension cannot be lifted yet: {why}").format(why=why)
        raise tk.ValidationError({"id": [sentence]})


def reason_of(asked: DataDict) -> str:
    """The reason; raises ``ValidationError`` where it says too little or too much."""
    reason = str(asked.get("reason") or "").strip()
    if len(reason) < REASON:
        sentence = tk._("At least {least} characters that say something.")
        raise tk.ValidationError({"reason": [sentence.format(least=REASON)]})
    if len(reason) > LONGEST:
        raise refusals.invalid([Refusal("too_long", "reason", facts={"most": str(LONGEST)})])
    return reason


def heard_of(asked: DataDict) -> dict[FieldPart, str]:
    """The record of a hearing that was not held on the portal: its day, how it was held and what
    the holder said; empty where there is none. Raises ``ValidationError`` where one of them is
    wrong or missing beside the others."""
    declared = form_reader.declared("grant_end")
    fields = [declared[part.value] for part in HEARING]
    sent = {one.name: asked[one.name] for one in fields if asked.get(one.name)}
    cleaned, problems = form.clean(fields, sent, Choices(now.today()))
    if not problems and cleaned:
        absent = (one.name for one in fields if one.name not in cleaned)
        problems = tuple(Refusal("missing", name) for name in absent)
    if problems:
        raise refusals.invalid(problems)
    return {part: str(cleaned[part.value]) for part in HEARING if cleaned}


HEARING = (FieldPart.HEARD_ON, FieldPart.HEARD_BY, FieldPart.HEARD)
"""What a record of a hearing says, under the names of the fields of the form."""


def new_facts_of(asked: DataDict) -> dict[FieldPart, str]:
    """What is new since an earlier suspension; empty where nothing is said. Raises
    ``ValidationError`` where it is wrong."""
    field = form_reader.declared("grant_end")[FieldPart.NEW_FACTS.value]
    sent = {field.name: asked[field.name]} if asked.get(field.name) else {}
    cleaned, problems = form.clean([field], sent, Choices(now.today()))
    if problems:
        raise refusals.invalid(problems)
    return {FieldPart.NEW_FACTS: str(cleaned[field.name])} if field.name in cleaned else {}


def basis_of(asked: DataDict) -> list[str]:
    """The basis, line by line; raises ``ValidationError`` where it is too much. Whether it carries
    what is done the case judges (``cases/case_of_grant.py``)."""
    written = str(asked.get("basis") or "").strip()
    if len(written) > BASIS:
        facts = {"most": str(BASIS)}
        raise refusals.invalid([Refusal("too_long", "basis", facts=facts)])
    return [line.strip() for line in written.splitlines() if line.strip()]

"""What a head says who revokes a grant, suspends it or lifts that, checked."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import DataDict

from ..domain.refusal import Refusal
from ..forms import refusals
from ..parameters import flag
from .model import GrantRow

REASON = 10
"""Least number of characters of the reason for which a grant is ended."""
BASIS = 1000
"""Characters of a basis at most."""


def turn_of(row: GrantRow, asked: DataDict) -> str:
    """What becomes of the grant: ``revoked``, ``suspended`` or ``lifted``; raises
    ``ValidationError`` where it is so already."""
    lift = flag(asked, "lift")
    how = "lifted" if lift else "suspended" if flag(asked, "suspend") else "revoked"
    wrong = ""
    if row.revoked:
        wrong = tk._("This grant was revoked already.")
    elif how == "suspended" and row.suspended:
        wrong = tk._("This grant is suspended already.")
    elif how == "lifted" and not row.suspended:
        wrong = tk._("This grant is not suspended: there is nothing to lift.")
    if wrong:
        raise tk.ValidationError({"id": [wrong]})
    return how


def reason_of(asked: DataDict) -> str:
    """The reason; raises ``ValidationError`` where it says too little."""
    reason = str(asked.get("reason") or "").strip()
    if len(reason) < REASON:
        sentence = tk._("At least {least} characters that say something.")
        raise tk.ValidationError({"reason": [sentence.format(least=REASON)]})
    return reason


def basis_of(asked: DataDict) -> list[str]:
    """The basis, line by line; raises ``ValidationError`` where it is too much. Whether it carries
    what is done the case judges (``cases/case_of_grant.py``)."""
    written = str(asked.get("basis") or "").strip()
    if len(written) > BASIS:
        facts = {"most": str(BASIS)}
        raise refusals.invalid([Refusal("too_long", "basis", facts=facts)])
    return [line.strip() for line in written.splitlines() if line.strip()]

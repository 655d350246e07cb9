"""The gate 数据之门: who may read an entry's data, and why not (Yaohai 15–17, Xin 24, 33).

One predicate for every path. What is not stated to be open is not open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from . import grant
from .refusal import Refusal

OPEN = "unconditional"
CONDITIONAL = "conditional"


class Way(str, Enum):
    """By what somebody may read."""

    OPEN = "open"
    PROVIDER = "provider"
    OPERATOR = "operator"
    GRANT = "grant"


@dataclass(frozen=True)
class Reader:
    """Who asks: nobody known without ``user``; ``provider`` is the entry's own department."""

    user: str = ""
    provider: bool = False
    operator: bool = False


@dataclass(frozen=True)
class Permitted:
    """What may be read; no columns named means all of them, no limit all rows."""

    way: Way
    grant: str = ""
    columns: tuple[str, ...] = ()
    row_limit: int | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is left out, so that the file itself may be handed over."""
        return not self.columns and self.row_limit is None


def is_open(attribute: str | None) -> bool:
    """Whether anybody may read the data; an attribute that is missing or unknown says no."""
    return attribute == OPEN


def judge(
    attribute: str | None,
    reader: Reader,
    resource: str,
    grants: Iterable[grant.Grant],
    today: date,
    basis: str = "",
) -> Permitted | Refusal:
    """Whether the reader may read the resource today.

    ``basis`` is the entry's own basis for not being open; the refusal repeats it. Grants count
    while the entry is open on conditions, so closing an entry ends all reading at once.
    """
    if is_open(attribute):
        return Permitted(Way.OPEN)
    if reader.operator or reader.provider:
        return Permitted(Way.PROVIDER if reader.provider else Way.OPERATOR)
    if attribute != CONDITIONAL:
        code = "data_not_open" if attribute else "attribute_missing"
        return Refusal(code, "open_attribute", attribute or "", basis)
    if not reader.user:
        return Refusal("sign_in_and_apply", "open_attribute", CONDITIONAL, basis)
    answer = grant.allows(grants, reader.user, resource, today)
    if isinstance(answer, Refusal):
        return replace(answer, article=basis)
    return Permitted(Way.GRANT, answer.grant, answer.columns, answer.row_limit)

"""The gate 数据之门: who may read an entry's data now, and why not (Yaohai 15–17, Xin 24, 33).

One predicate for every path, asked at the moment of use and again while a long answer is on its
way. What is not stated to be open is not open, and what is not there any more is nobody's.
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
    """Who asks: nobody known without ``user``; ``provider`` is the entry's own department.

    ``insider`` may see the entry while it is not public, as a member of its department may.
    """

    user: str = ""
    provider: bool = False
    operator: bool = False
    insider: bool = False


@dataclass(frozen=True)
class Subject:
    """What is read, as it is now: a file and the entry to which it belongs.

    ``there`` says that the entry is neither deleted nor a draft, ``file_there`` the same of the
    file. ``provider`` is the id of the department that provides the entry now, empty where that
    department is gone. ``basis`` is the entry's own basis for not being open; a refusal repeats it.
    """

    attribute: str | None
    entry: str = ""
    provider: str = ""
    there: bool = True
    private: bool = False
    file_there: bool = True
    basis: str = ""


@dataclass(frozen=True)
class Permitted:
    """What may be read: these columns, by their folded names (:func:`items.folded`); ``None`` is
    the file as a whole. No limit is all rows.
    """

    way: Way
    grant: str = ""
    columns: tuple[str, ...] | None = None
    row_limit: int | None = None
    undivided: bool = False
    """The file is given as it is, while a table of it is given by its columns only: under a grant
    where the entry declares no items, and of entries that are open to everybody."""

    @property
    def whole(self) -> bool:
        """Whether nothing is left out, so that the file itself may be handed over."""
        return self.columns is None and self.row_limit is None


def is_open(attribute: object) -> bool:
    """Whether anybody may read the data; an attribute that is missing or unknown says no."""
    return attribute == OPEN


def is_public(subject: Subject) -> bool:
    """Whether everybody may know of the entry."""
    return subject.there and not subject.private


def judge(
    subject: Subject,
    reader: Reader,
    resource: str,
    grants: Iterable[grant.Grant],
    today: date,
) -> Permitted | Refusal:
    """Whether the reader may read the resource today.

    Grants count while the entry is public and open on conditions, and while the department that
    answers for them provides it: withdrawing, closing or moving an entry ends all reading at once.
    """
    own = reader.operator or reader.provider
    if not subject.file_there:
        return Refusal("no_such_resource", "resource", resource)
    if not (is_public(subject) or own or (subject.there and reader.insider)):
        return Refusal("entry_withdrawn", "resource", resource)
    if is_open(subject.attribute):
        return Permitted(Way.OPEN)
    if own:
        return Permitted(Way.PROVIDER if reader.provider else Way.OPERATOR)
    refusal = ungranted(subject)
    if refusal:
        return refusal
    if not reader.user:
        return Refusal("sign_in_and_apply", "open_attribute", CONDITIONAL, subject.basis)
    answer = grant.allows(of_subject(grants, subject), reader.user, resource, today)
    if isinstance(answer, Refusal):
        return replace(answer, article=subject.basis)
    return Permitted(Way.GRANT, answer.grant, answer.columns, answer.row_limit)


def ungranted(subject: Subject) -> Refusal | None:
    """Why an entry's data can be given to nobody by a grant now: what reading under a grant,
    applying for one and deciding on one have in common."""
    if not is_public(subject):
        return Refusal("entry_withdrawn", "entry", subject.entry)
    if subject.attribute != CONDITIONAL:
        value = subject.attribute or ""
        code = "data_not_open" if value else "attribute_missing"
        code = "open_to_all" if is_open(value) else code
        return Refusal(code, "open_attribute", value, subject.basis)
    if not subject.provider:
        return Refusal("provider_gone", "entry", subject.entry)
    return None


def of_subject(grants: Iterable[grant.Grant], subject: Subject) -> list[grant.Grant]:
    """The grants of this very entry; what another department gave waits for the present one."""
    return [
        one if one.provider == subject.provider else replace(one, moved=True)
        for one in grants
        if one.entry == subject.entry
    ]

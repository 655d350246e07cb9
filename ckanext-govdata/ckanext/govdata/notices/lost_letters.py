"""A letter to a user that was given up is told on pages, not by mail: to himself, whose address
takes none, and to whoever answers for the cases that it told of.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ckan import model

from .. import slices
from ..database import Session
from ..security import vault
from .model import NoticeRow
from .notice import Telling, gathered, note


class Unreached(NamedTuple):
    """A case whose applicant takes no letters, and one of those who answer for it."""

    case_id: str
    user_id: str
    reference: str


def tell(session: Session, told: Sequence[NoticeRow]) -> None:
    """Say it once for each address and case; ``told`` is what stood in the letter.

    Slices name those who answer for cases in their module ``answerable``: ``unreached(session,
    user_id, case_ids)`` gives :class:`Unreached`.
    """
    user = model.User.get(told[0].user_id) if told else None
    if user is None or not user.is_active or not user.email:
        return
    address = vault.digest(f"mail address {user.email}")[:16]
    own = {"account": user.name}
    said = [Telling(f"no_mail:{user.id}:{address}", user.id, "no_mail", None, own)]
    cases = sorted({one.case_id for one in told if one.case_id})
    for find in slices.registered("answerable").values():
        said += [
            Telling(f"unreached:{one.case_id}:{address}:{one.user_id}", one.user_id, "unreached",
                    one.case_id, {"reference": one.reference})
            for one in find(session, user.id, cases)
        ]
    note(session, gathered(said))

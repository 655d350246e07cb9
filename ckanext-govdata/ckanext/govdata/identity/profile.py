"""Encrypt, mask, keep and look up identities. Public to other slices."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from flask import g, has_request_context
from sqlalchemy.dialects.postgresql import insert

from .. import now
from ..database import Session
from ..domain.seal import CONTACT, NAME, masked
from ..security import vault
from .model import identity, of_case

KINDS = ("person", "firm", "organisation")
"""Natural person, legal person, organisation without legal personality (Yaohai 17)."""
KNOWN = "govdata_identities"


@dataclass(frozen=True)
class Profile:
    """An identity as anybody may see it: never in clear.

    ``held``: another account had the number before, so nothing is given to this one under it.
    """

    user_id: str
    kind: str
    document: str
    masked_name: str
    masked_number: str
    held: bool = False


@dataclass(frozen=True)
class StatedIdentity:
    """A checked identity in clear, on its way to be kept.

    ``document`` is one of :data:`..domain.identity_number.DOCUMENTS`, ``country`` (ISO 3166, three
    letters) is said of passports alone.
    """

    kind: str
    document: str
    name: str
    number: str
    country: str = ""

    @property
    def digest(self) -> str:
        """What is alike for the same paper alone; other papers may have the same digits."""
        if self.document in ("identity_card", "credit_code"):
            return vault.digest(self.number)
        return vault.digest(f"{self.document}:{self.country}:{self.number}")

    @property
    def text(self) -> str:
        """What is encrypted."""
        country = {"country": self.country} if self.country else {}
        return json.dumps({"name": self.name, "number": self.number, **country})


def find(session: Session, user_id: str) -> Profile | None:
    """Who the user says he is now, masked; asked once a request.

    Who applied in a case is asked of :func:`with_case`.
    """
    known = _known()
    if user_id not in known:
        row = session.execute(FOUND, {"user": user_id}).first()
        known[user_id] = Profile(*row) if row else None
    return known[user_id]


def is_known(session: Session, user_id: str) -> bool:
    """Whether a user has said who he is, and no other account had the number before."""
    found = find(session, user_id)
    return found is not None and not found.held


SHOWN = ("user_id", "kind", "document", "masked_name", "masked_number")
FOUND = sa.select(*(identity.c[name] for name in SHOWN), identity.c.held).where(
    identity.c.user_id == sa.bindparam("user")
)


def _known() -> dict[str, Profile | None]:
    """What this request has asked already."""
    if not has_request_context():
        return {}
    if KNOWN not in g:
        setattr(g, KNOWN, {})
    return getattr(g, KNOWN)


def save(session: Session, user_id: str, said: StatedIdentity) -> tuple[Profile, str]:
    """Keep an identity, encrypted, in place of the one before.

    Gives also the id of the account that had the number before, if one has: then this is held.
    Accounts that give one number at once take turns, and do the same work with or without another.
    """
    instant, digest = now.now(), said.digest
    session.execute(TURN, {"digest": digest})
    before = session.scalar(BEFORE, {"digest": digest, "user": user_id}) or ""
    values = {
        "kind": said.kind,
        "document": said.document,
        "secret": vault.seal(said.text),
        "masked_name": masked(said.name),
        "masked_number": mask_number(said.number),
        "number_digest": digest,
        "held": bool(before),
        "modified": instant,
    }
    statement = insert(identity).values(user_id=user_id, created=instant, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))
    _known().pop(user_id, None)
    shown = (values["masked_name"], values["masked_number"])
    return Profile(user_id, said.kind, said.document, *shown, bool(before)), before


TURN = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:digest, 7))")
BEFORE = sa.select(identity.c.user_id).where(
    identity.c.number_digest == sa.bindparam("digest"),
    identity.c.user_id != sa.bindparam("user"),
    sa.not_(identity.c.held),
)


def release(session: Session, user_id: str) -> bool:
    """The account has no identity any more, so that its number is free; whether it had one.

    What stands with its cases stays.
    """
    gone = sa.delete(identity).where(identity.c.user_id == user_id).returning(identity.c.user_id)
    _known().pop(user_id, None)
    return session.execute(gone).first() is not None


def held(session: Session) -> list[tuple[str, str]]:
    """Accounts whose number another had before, and that other; ids, oldest first."""
    first = identity.alias()
    query = (
        sa.select(identity.c.user_id, first.c.user_id)
        .outerjoin(first, sa.and_(
            first.c.number_digest == identity.c.number_digest, sa.not_(first.c.held)))
        .where(identity.c.held)
        .order_by(identity.c.created, identity.c.user_id)
    )
    return [(row[0], row[1] or "") for row in session.execute(query)]


def keep_with(session: Session, case_id: str, user_id: str) -> bool:
    """Keep who the applicant is with the case that he hands in.

    ``False`` where he never said, or what he said is held; :func:`find` tells which.
    """
    values = {"case": case_id, "user": user_id, "at": now.now()}
    return session.execute(KEEP, values).first() is not None


_KEPT = (*SHOWN, "secret", "number_digest")
_COPY = insert(of_case).from_select(
    ["case_id", "at", *_KEPT],
    sa.select(
        sa.bindparam("case", type_=sa.Text),
        sa.bindparam("at", type_=sa.DateTime(timezone=True)),
        *(identity.c[name] for name in _KEPT),
    ).where(identity.c.user_id == sa.bindparam("user"), sa.not_(identity.c.held)),
)
KEEP = _COPY.on_conflict_do_update(
    index_elements=["case_id"], set_={name: _COPY.excluded[name] for name in ("at", *_KEPT)}
).returning(of_case.c.case_id)


def keep_represented(
    session: Session, case_id: str, user_id: str, sealed: Mapping[str, str]
) -> None:
    """Keep with a case who stands behind it without an account: name and contact, encrypted.

    ``user_id`` is who applies for him. He gave no number, so nobody is found to be the same person.
    """
    text = json.dumps({"name": sealed.get(NAME, ""), "number": sealed.get(CONTACT, "")})
    values = {
        "case_id": case_id,
        "user_id": user_id,
        "kind": KINDS[0],
        "document": "",
        "secret": vault.seal(text),
        "masked_name": masked(sealed.get(NAME, "")),
        "masked_number": "",
        "number_digest": vault.digest(f"case:{case_id}"),
        "at": now.now(),
    }
    session.execute(insert(of_case).values(**values))


def represents(session: Session, case_id: str, sealed: Mapping[str, str]) -> bool:
    """Whether a case was written down for somebody of this name who is reached in the same way."""
    said, now_said = reveal_with_case(session, case_id), (sealed.get(NAME), sealed.get(CONTACT))
    return (said["name"], said["number"]) == now_said


def with_case(session: Session, case_id: str) -> Profile | None:
    """Who the applicant was when he handed the case in, masked."""
    row = session.execute(WITH_CASE, {"case": case_id}).first()
    return Profile(*row) if row else None


WITH_CASE = sa.select(*(of_case.c[name] for name in SHOWN)).where(
    of_case.c.case_id == sa.bindparam("case")
)


def mask_number(number: str) -> str:
    """The first three and the last two characters, and stars between; of short ones fewer."""
    ahead = 3 if len(number) > 12 else 1
    return number[:ahead] + "*" * (len(number) - ahead - 2) + number[-2:]


def reveal(session: Session, user_id: str) -> dict[str, str]:
    """Name and number in clear: for the change of keys, and for their bearer himself."""
    secret: bytes = session.scalars(
        sa.select(identity.c.secret).where(identity.c.user_id == user_id)
    ).one()
    return json.loads(vault.unseal(secret))


def digest_of(session: Session, user_id: str) -> str:
    """The digest of the account's number."""
    query = sa.select(identity.c.number_digest).where(identity.c.user_id == user_id)
    return session.scalar(query) or ""


def reveal_with_case(session: Session, case_id: str) -> dict[str, str]:
    """The same of who handed a case in: his own copy of a letter names him."""
    secret: bytes = session.scalars(
        sa.select(of_case.c.secret).where(of_case.c.case_id == case_id)
    ).one()
    return json.loads(vault.unseal(secret))

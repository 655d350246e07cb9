"""Actions: show and keep one's own identity; what the operator does where a number is held."""

from __future__ import annotations

import logging
import re

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict
from redis import RedisError

from .. import now, slices
from ..domain.identity_number import DOCUMENTS, OF_PERSONS, BadNumber
from ..ledger import book
from ..security import counters
from ..security.callers import signed_in
from ..transaction import transaction
from . import profile, sentences
from .answers import HeldNumber, MaskedIdentity, OwnIdentity, ReleasedAccount
from .profile import StatedIdentity

log = logging.getLogger(__name__)

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069<>]")
CHANGES = 10
"""How often a day an account may say who it is: nobody tries numbers out."""
DAY = 86_400
REASON = 10
"""Least number of characters of a reason."""


@tk.side_effect_free
def govdata_identity_show(context: Context, data_dict: DataDict) -> OwnIdentity:
    """One's own identity, masked; empty if there is none.

    ``bound`` lists in words the cases and grants for whose length it cannot be changed.
    """
    tk.check_access("govdata_identity_show", context, data_dict)
    user = signed_in(context)
    found = profile.find(model.Session, user.id)
    return {**_shown(found), "bound": _bound(user.id)} if found else {}


def govdata_identity_update(context: Context, data_dict: DataDict) -> MaskedIdentity:
    """Keep one's own identity; refused while a case is open or a grant stands.

    :param kind: ``person``, ``firm`` or ``organisation``
    :param name: as on the paper or licence
    :param document: of a person: ``identity_card`` (the default; also residence permits of Hong
        Kong, Macao and Taiwan), ``permanent_residence``, ``hong_kong_macao_permit``,
        ``taiwan_permit`` or ``passport``
    :param country: of a passport: ISO 3166, two letters
    :param number: of the paper; of firms and organisations the unified social credit code
    """
    tk.check_access("govdata_identity_update", context, data_dict)
    said = _checked(data_dict)
    user, session = signed_in(context), model.Session
    bound = _bound(user.id)
    if bound:
        return _unchanged(user.id, said, bound)
    _count(user.id)
    with transaction(context):
        kept, before = profile.save(session, user.id, said)
        facts = {"kind": said.kind, "document": said.document}
        entries = [book.LedgerEntry("identity_kept", "user", user.id, user.id, facts)]
        if before:
            entries.append(
                book.LedgerEntry("identity_held", "user", user.id, "", {"before": before})
            )
        book.write(session, entries)
        return _shown(kept)


def govdata_identity_release(context: Context, data_dict: DataDict) -> ReleasedAccount:
    """Take an account's identity away, so that its number can be another account's.

    For a person who lost an account, or whose number a stranger gave: the operator has seen the
    papers. Cases and grants keep who it was then.

    :param id: name of the account
    :param reason: at least ten characters, for the ledger
    """
    tk.check_access("govdata_identity_release", context, data_dict)
    reason = " ".join(str(data_dict.get("reason") or "").split())
    if len(reason) < REASON:
        wanted = tk._("At least {least} characters that say something.").format(least=REASON)
        raise tk.ValidationError({"reason": [wanted]})
    user = model.User.get(str(data_dict.get("id") or ""))
    with transaction(context) as session:
        if user is None or not profile.release(session, user.id):
            message = tk._("There is no account of this name with an identity.")
            raise tk.ValidationError({"id": [message]})
        actor = getattr(context.get("auth_user_obj"), "id", "")
        book.write(
            session,
            [book.LedgerEntry("identity_released", "user", user.id, actor, {"reason": reason})],
        )
        return {"id": user.id, "name": user.name}


@tk.side_effect_free
def govdata_identity_held_list(
    context: Context, data_dict: DataDict
) -> list[HeldNumber]:
    """Accounts that gave a number which another account had before, with that account."""
    tk.check_access("govdata_identity_held_list", context, data_dict)
    pairs = profile.held(model.Session)
    ids = {one for pair in pairs for one in pair if one}
    query = model.Session.query(model.User.id, model.User.name).filter(model.User.id.in_(ids))
    names = {str(row[0]): str(row[1]) for row in (query if ids else ())}
    return [
        {"account": names.get(one, one), "before": names.get(other, other)} for one, other in pairs
    ]


def _bound(user_id: str) -> list[str]:
    """In words, what stands on this identity: each slice names its own (``accounts``)."""
    found = [getattr(one, "bound", None) for one in slices.modules("accounts")]
    return [line for bound in found if bound for line in bound(model.Session, user_id)]


def _unchanged(user_id: str, said: StatedIdentity, bound: list[str]) -> MaskedIdentity:
    """The identity as it is, where the same was said once more; anything else is refused."""
    found = profile.find(model.Session, user_id)
    if found and profile.digest_of(model.Session, user_id) == said.digest:
        same = profile.reveal(model.Session, user_id)["name"] == said.name
        if same and found.kind == said.kind:
            return _shown(found)
    message = tk._(
        "Your identity stays as it is while these rest on it: {what}. It can be changed afterwards."
    )
    raise tk.ValidationError({"identity": [message.format(what="; ".join(bound))]})


def _count(user_id: str) -> None:
    """At most so many changes a day; without Valkey nobody is counted."""
    try:
        count, _left = counters.add("identity", user_id, DAY)
    except RedisError:
        log.exception("Valkey does not answer: changes of identities are not counted")
        return
    if count > CHANGES:
        message = tk._("Your identity was changed too often today. Please try again tomorrow.")
        raise tk.ValidationError({"identity": [message]})


def _checked(data: DataDict) -> StatedIdentity:
    errors: DataDict = {}
    asked = ("kind", "name", "number", "document", "country")
    kind, name, number, document, country = (str(data.get(key) or "").strip() for key in asked)
    if kind not in profile.KINDS:
        errors["kind"] = [tk._("Choose what you are.")]
    if not 2 <= len(name) <= 100 or CONTROL.search(name):
        errors["name"] = [tk._("The name must have 2 to 100 ordinary characters.")]
    document, country = document if kind == "person" else "credit_code", country.upper()
    document = document or "identity_card"
    if document not in (OF_PERSONS if kind == "person" else ("credit_code",)):
        errors["document"] = [tk._("Choose one of the papers.")]
        raise tk.ValidationError(errors)
    if document != "passport":
        country = ""
    elif country not in sentences.COUNTRIES:
        errors["country"] = [tk._("Choose the country that gave the passport.")]
    try:
        number = DOCUMENTS[document](number[:40], now.today())
    except BadNumber as bad:
        errors["number"] = [sentences.bad_number(document, bad.fault)]
    if errors:
        raise tk.ValidationError(errors)
    return StatedIdentity(kind, document, name, number, country)


def _shown(found: profile.Profile) -> MaskedIdentity:
    return {
        "kind": found.kind,
        "document": found.document,
        "name": found.masked_name,
        "number": found.masked_number,
    }

"""Identities in words: papers, countries, what is wrong with a number. Public to other slices."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from babel import Locale, UnknownLocaleError

from ..database import Session
from ..domain import identity_number as numbers
from . import profile

NO_COUNTRIES = frozenset(("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "HK", "MO", "TW")) | frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "IC", "TA")
)
"""Codes that stand for no state; people of Hong Kong, Macao and Taiwan have own permits. The last
ones ISO 3166 keeps free for islands of states, which not every language names."""

COUNTRIES = frozenset(
    code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha()
) - NO_COUNTRIES
"""ISO 3166, two letters."""


def choices() -> dict[str, dict[str, str]]:
    """What the form of an identity (``schemas/forms/identity.yaml``) offers."""
    return {
        "identity_kinds": kinds(),
        "identity_documents": documents(),
        "identity_countries": countries(),
    }


def kinds() -> dict[str, str]:
    """What an applicant can be."""
    return {
        "person": tk._("Natural person"),
        "firm": tk._("Firm or other legal person"),
        "organisation": tk._("Other organisation"),
    }


def documents() -> dict[str, str]:
    """Papers by which a person says who he is."""
    return {
        "identity_card": tk._(
            "Identity card, or residence permit of Hong Kong, Macao or Taiwan residents"
        ),
        "permanent_residence": tk._("Foreigner's permanent residence card"),
        "hong_kong_macao_permit": tk._("Mainland travel permit for Hong Kong and Macao residents"),
        "taiwan_permit": tk._("Mainland travel permit for Taiwan residents"),
        "passport": tk._("Passport"),
    }


def countries() -> dict[str, str]:
    """States by their code, named in the reader's language; China first."""
    try:
        names: Any = Locale.parse(tk.h.lang()).territories
    except (UnknownLocaleError, ValueError):
        names = Locale("en").territories
    named = {code: str(names.get(code, code)) for code in COUNTRIES}
    return dict(sorted(named.items(), key=lambda item: (item[0] != "CN", item[1])))


def bad_number(document: str, fault: str) -> str:
    """What is wrong with a number of this paper, and what would be right."""
    said = {
        numbers.PROVINCE: tk._("The first digits of the number stand for no province."),
        numbers.DATE: tk._("The number has no day of birth in it, or one that has not come yet."),
        numbers.CHECK: tk._(
            "The number does not fit its last character, by which slips are found:"
            " please compare it with the paper."
        ),
        numbers.OLD: tk._(
            "Numbers of 15 digits went out of use in 2013: please give the one of 18 characters."
        ),
        numbers.FOREIGN: tk._(
            "This looks like a foreigner's permanent residence card: please choose that paper."
        ),
        numbers.CITIZEN: tk._("This looks like an identity card: please choose that paper."),
    }.get(fault)
    return said or _form(document)


def _form(document: str) -> str:
    return {
        "identity_card": tk._(
            "This is not an identity-card number of 18 characters, the last one perhaps X."
        ),
        "permanent_residence": tk._(
            "The card's number has 18 digits of which the first is 9; on older cards three letters"
            " and 12 digits."
        ),
        "hong_kong_macao_permit": tk._("The permit's number is H or M and eight digits."),
        "taiwan_permit": tk._("The permit's number has eight digits, on older ones ten."),
        "passport": tk._("A passport's number has 5 to 12 letters and digits."),
        "credit_code": tk._(
            "This is not a unified social credit code: 18 characters are checked."
        ),
    }[document]


def unknown(session: Session, user_id: str) -> str:
    """Why nothing is received from a user of whom it is not known who he is.

    That another account has the number is not said: the words do for other reasons too.
    """
    if profile.find(session, user_id) is None:
        return tk._("First say who you are: an identity is needed.")
    return tk._(
        "Your identity could not be confirmed. Please go with your papers to the operator of the"
        " portal, who can help."
    )

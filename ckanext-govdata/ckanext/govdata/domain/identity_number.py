"""Numbers by which persons and organisations are known: their form, date and check digit.

A number keeps the code of the county in which it was first given, also where that county was
renamed, merged or moved long ago, so no list of counties and no year of theirs is asked: GB 11643
knows a code, a date, a serial number and a check digit. Nothing here is stricter than the
standards, and nothing knows whether a number was ever given to anybody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from operator import mul

PROVINCES = frozenset(
    map(str, [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55),
              *range(61, 66), 71, 81, 82, 83])
)
"""First two digits of a code by GB/T 2260. 81, 82 and 83 are also those of the residence permits of
people from Hong Kong, Macao and Taiwan (State Council, Order 2018-26, article 4: 810000 …)."""
EARLIEST = 1850
"""Nobody who is alive was born before; the standard itself names no first year."""
SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212]")
_MOD_11_2 = tuple(2**power % 11 for power in range(17, 0, -1))
_MOD_31_3 = tuple(3**power % 31 for power in range(17))
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Characters of GB 32100, by their value: no I, O, S, V, Z."""

FORM, PROVINCE, DATE, CHECK, OLD, FOREIGN, CITIZEN = (
    "form", "province", "date", "check", "old", "foreign", "citizen",
)  # fmt: skip
"""What may be wrong: see :class:`BadNumber`."""


class BadNumber(ValueError):
    """A number that cannot be one of its kind; ``fault`` says why.

    ``form`` length or characters; ``province`` no such first digits; ``date`` no day, or not come
    yet; ``check`` check digit; ``old`` 15 digits, out of use since 2013; ``foreign`` and
    ``citizen``: a number of the other kind of card.
    """

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


def plain(text: str) -> str:
    """The number as it is kept: half width, capitals, without spaces and dashes."""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_digit(body: str) -> str:
    """The eighteenth character to 17 digits: ISO 7064 MOD 11-2, as GB 11643 has it."""
    total = sum(map(mul, map(int, body), _MOD_11_2))  # asked of whole columns of codes
    return "10X98765432"[total % 11]


def credit_check(body: str) -> str:
    """The eighteenth character to 17 of a unified social credit code: GB 32100, MOD 31-3."""
    total = sum(_CREDIT.index(c) * w for c, w in zip(body, _MOD_31_3, strict=True))
    return _CREDIT[-total % 31]


def citizen(text: str, today: date) -> str:
    """Identity card (GB 11643), or residence permit of Hong Kong, Macao, Taiwan: 18 characters.

    Gives it in its plain form; raises :class:`BadNumber`.
    """
    number = plain(text)
    if re.fullmatch(r"\d{15}", number, re.ASCII):
        raise BadNumber(OLD)
    if re.fullmatch(r"9\d{16}[\dX]|[A-Z]{3}\d{12}", number, re.ASCII):
        raise BadNumber(FOREIGN)
    return _eighteen(number, number[:2], today)


def permanent_resident(text: str, today: date) -> str:
    """The foreigner's permanent residence card: 18 digits that begin with 9, or of old 15.

    New (December 2023): 9, province, country in three digits, day of birth, serial, check digit.
    Old: country in three letters and twelve digits; their meaning is not checked.
    """
    number = plain(text)
    if re.fullmatch(r"[A-Z]{3}\d{12}", number, re.ASCII):
        return number
    if re.fullmatch(r"[1-8]\d{16}[\dX]", number, re.ASCII):
        raise BadNumber(CITIZEN)
    if not number.startswith("9"):
        raise BadNumber(FORM)
    return _eighteen(number, number[1:3], today)


def _eighteen(number: str, province: str, today: date) -> str:
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise BadNumber(FORM)
    if province not in PROVINCES:
        raise BadNumber(PROVINCE)
    if not _is_day(number[6:14], today):
        raise BadNumber(DATE)
    if check_digit(number[:17]) != number[17]:
        raise BadNumber(CHECK)
    return number


def _is_day(digits: str, today: date) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return day.year >= EARLIEST and day <= today


def passport(text: str, _today: date) -> str:
    """A passport's number: ICAO 9303 leaves it to the country, at most nine letters and digits.

    Some countries print more than fits in the machine-readable zone, so up to twelve are taken.
    """
    return _formed(text, r"(?=.*[0-9])[A-Z0-9]{5,12}")


def hong_kong_macao_permit(text: str, _today: date) -> str:
    """Travel permit to the mainland of people from Hong Kong (H) or Macao (M): eight digits.

    Older cards print two digits more, the number of the issue: they are not the person's and go.
    """
    return _formed(text, r"[HM]\d{8}(\d{2})?")[:9]


def taiwan_permit(text: str, _today: date) -> str:
    """Travel permit to the mainland of people from Taiwan: eight digits, of old ten.

    The number of the issue that old ones print behind it in brackets is not the person's and goes.
    """
    return _formed(text, r"(\d{8}|\d{10})(\([0-9A-Z]{1,2}\))?").partition("(")[0]


def credit_code(text: str, _today: date | None = None) -> str:
    """Unified social credit code (GB 32100): 18 characters, of which the last is checked.

    The first two (who registers, what it is) may be letters, as N2 of village cooperatives.
    """
    number = _formed(text, rf"[{_CREDIT}]{{2}}\d{{6}}[{_CREDIT}]{{10}}")
    if credit_check(number[:17]) != number[17]:
        raise BadNumber(CHECK)
    return number


def _formed(text: str, pattern: str) -> str:
    number = plain(text)
    if not re.fullmatch(pattern, number, re.ASCII):
        raise BadNumber(FORM)
    return number


DOCUMENTS: Mapping[str, Callable[[str, date], str]] = {
    "identity_card": citizen,
    "permanent_residence": permanent_resident,
    "hong_kong_macao_permit": hong_kong_macao_permit,
    "taiwan_permit": taiwan_permit,
    "passport": passport,
    "credit_code": credit_code,
}
"""Papers by which somebody may say who he is, with the check of their numbers."""
OF_PERSONS = tuple(name for name in DOCUMENTS if name != "credit_code")


def is_citizen(text: str, today: date | None = None) -> bool:
    """Whether a text is an identity number; without ``today`` days to come count too.

    For looking through tables: what is found may be written in any way that people write.
    """
    try:
        citizen(text, today or date.max)
    except BadNumber:
        return False
    return True


def is_credit_code(text: str) -> bool:
    """Whether a text is a unified social credit code."""
    try:
        credit_code(text)
    except BadNumber:
        return False
    return True

"""The types of fields: one class for each says how it is declared, asked, read, kept in a draft,
checked and shown.

A new type is a class here, with its name in :data:`TYPES`, and the macro that asks for it in
``templates/govdata/forms/field.html``, unless one of those will do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from .articles_type import ArticlesType
from .field_base import Choices, FieldType, Sent, ShownValue, Titles
from .field_part import FieldPart
from .locales import ENGLISH, SIMPLIFIED, TRADITIONAL, Label
from .points_type import PointAnswersType, PointsType
from .procedure import Field
from .text_type import (
    EMAIL,
    LINK,
    PHONE,
    LinkType,
    LongTextType,
    PhoneType,
    PlainType,
    ReasonType,
    SuggestedType,
)
from .typed_time import read_instant, read_written_day
from .typed_value import MOST, Bad, among, is_empty, listed, names_of

YES: Label = {SIMPLIFIED: "是", TRADITIONAL: "是", ENGLISH: "Yes"}
"""What a tick says."""
GONE: Label = {SIMPLIFIED: "已不提供的文件", TRADITIONAL: "已不提供的檔案",
               ENGLISH: "a file that is no longer there"}  # fmt: skip
"""What a file is called that was chosen once, when nobody can say any more how it was called."""


class ChoiceType(FieldType):
    """One of the options that the field declares, or of the ``choices`` that its page has."""

    macro, written, options = "select", False, None

    def clean(self, item: Field, value: object, choices: Choices) -> str:
        """The option's code."""
        if not isinstance(value, str) or value not in (item.options or choices.of(item.choices)):
            raise Bad("not_a_choice", str(value))
        return value

    def shown(self, item: Field, value: Any, titles: Titles) -> tuple[ShownValue, ...]:
        """The option's words."""
        known = titles.get(item.choices, {})
        return (ShownValue(item.options.get(value) or known.get(value) or str(value)),)


class RadioType(ChoiceType):
    """The same, all of them in sight."""

    group = True
    macro = "radios"


class DayType(FieldType):
    """A day that is not absurdly far away."""

    control = "date"

    def clean(self, item: Field, value: object, choices: Choices) -> str:
        """The day as ISO 8601 writes it."""
        day = value if isinstance(value, date) else read_written_day(str(value)[:40])
        if day is None:
            raise Bad("not_a_day", str(value))
        if not choices.today.year - 10 <= day.year <= choices.today.year + 50:
            raise Bad("not_a_likely_day", day.isoformat())
        return day.isoformat()


class InstantType(FieldType):
    """An instant; one without a zone is in that of the choices."""

    control = "datetime-local"

    def clean(self, item: Field, value: object, choices: Choices) -> str:
        """The instant as ISO 8601 writes it, with its zone."""
        at = read_instant(str(value)[:40], choices.zone)
        if at is None:
            raise Bad("instant", str(value))
        return at.isoformat()


class FutureType(DayType):
    """A day from today on."""

    def clean(self, item: Field, value: object, choices: Choices) -> str:
        """The day."""
        day = super().clean(item, value, choices)
        if day < choices.today.isoformat():
            raise Bad("in_the_past", day)
        return day


class CountType(FieldType):
    """A number from 1."""

    control = "number"

    def keep(self, value: object) -> Any:
        """A number too."""
        if isinstance(value, int) and not isinstance(value, bool):
            if abs(value) > 10**12:
                raise Bad("not_a_number")
            return value
        return super().keep(value)

    def clean(self, item: Field, value: object, choices: Choices) -> int:
        """The number."""
        try:
            number = int(str(value).strip())
        except ValueError:
            raise Bad("not_a_number", str(value)) from None
        if not 0 < number <= 10**12:
            raise Bad("not_a_number", str(value))
        return number


class AcceptedType(FieldType):
    """A tick that must be there."""

    macro, written = "tick", False

    def keep(self, value: object) -> Any:
        """Also true and false."""
        return value if isinstance(value, bool) else super().keep(value)

    def clean(self, item: Field, value: object, choices: Choices) -> bool:
        """True."""
        if value is not True and str(value).lower() not in ("true", "on", "1", "yes"):
            raise Bad("missing")
        return True

    def shown(self, item: Field, value: Any, titles: Titles) -> tuple[ShownValue, ...]:
        """That it was ticked."""
        return (ShownValue(YES),)


class FlagType(AcceptedType):
    """A tick that may be there."""

    def clean(self, item: Field, value: object, choices: Choices) -> bool:
        """Whether it is."""
        written = str(value).lower()
        if written not in ("true", "on", "1", "yes", "false", "off", "0", "no"):
            raise Bad("not_a_flag", str(value))
        return written in ("true", "on", "1", "yes")


class TermsType(FieldType):
    """The version of the terms that was accepted; the page of the terms sends it."""

    macro, written = "sent_along", False
    part = FieldPart.TERMS

    def clean(self, item: Field, value: Any, choices: Choices) -> str:
        """The version, if it is the one in force."""
        if value != choices.terms_version:
            raise Bad("other_terms", version=choices.terms_version)
        return value


class OneOfType(FieldType):
    """An id that is among some choices."""

    written = False

    def __init__(self, macro: str, among: str, chosen: bool) -> None:
        self.macro, self.offers, self.chosen = macro, among, among if chosen else ""

    def clean(self, item: Field, value: object, choices: Choices) -> str:
        """The id."""
        if not isinstance(value, str) or value not in getattr(choices, self.offers):
            raise Bad("not_here", str(value))
        return value

    def shown(self, item: Field, value: Any, titles: Titles) -> tuple[ShownValue, ...]:
        """How it is called."""
        return (ShownValue(titles.get(self.offers, {}).get(value, str(value)), folds=False),)


class SeveralType(FieldType):
    """Ids that are among some choices."""

    group = True
    written = False

    def __init__(self, macro: str, among: str, part: FieldPart | None = None) -> None:
        self.macro, self.offers, self.chosen, self.part = macro, among, among, part

    def read(self, name: str, sent: Sent) -> list[str]:
        """All of the name."""
        return sent.getlist(name)

    def keep(self, value: object) -> list[str]:
        """Texts that are not longer than a file's or a column's name."""
        return names_of(value)

    def clean(self, item: Field, value: object, choices: Choices) -> list[str]:
        """The ids."""
        return among(value, getattr(choices, self.chosen))

    def shown(self, item: Field, value: Any, titles: Titles) -> tuple[ShownValue, ...]:
        """How they are called."""
        known = titles.get(self.offers, {})
        return tuple(ShownValue(known.get(one, GONE)) for one in value)


class AttachmentsType(SeveralType):
    """Files that were attached, beside the input for more of them."""

    def shown(self, item: Field, value: Any, titles: Titles) -> tuple[ShownValue, ...]:
        """The names of those that are there, which lead to them."""
        known = titles.get(self.offers, {})
        return tuple(ShownValue(known[one], file=one, folds=False) for one in value if one in known)


class ChecksType(ChoiceType):
    """Several of the options that the field declares, or of the ``choices`` that its page has."""

    group = True
    macro = "checks"

    def read(self, name: str, sent: Sent) -> list[str]:
        """All of the name."""
        return sent.getlist(name)

    def keep(self, value: object) -> list[str]:
        """A list of texts."""
        return names_of(value)

    def clean(self, item: Field, value: object, choices: Choices) -> Any:
        """The options' codes."""
        return among(value, item.options or choices.of(item.choices))

    def shown(self, item: Field, value: Any, titles: Titles) -> tuple[ShownValue, ...]:
        """The options' words."""
        found: tuple[ShownValue, ...] = ()
        for one in listed(value):
            found += super().shown(item, one, titles)
        return found


class PlacesType(ChecksType):
    """Division codes: ticked, and others with commas between (``more_<name>``)."""

    macro = "places"

    def flaw(self, item: Field) -> str:
        """Its page may offer places or none."""
        return "places are no options" if item.options else ""

    def read(self, name: str, sent: Sent) -> list[str]:
        """Those that were ticked, and the others."""
        more = re.split("[,，]", sent.get(f"more_{name}", ""))
        return [code.strip() for code in (*sent.getlist(name), *more) if code.strip()]

    def clean(self, item: Field, value: object, choices: Choices) -> Any:
        """The codes; whether they are divisions the slice knows that asks."""
        return names_of(value)


class UploadsType(FieldType):
    """Files that a page takes and keeps nowhere."""

    macro, written = "uploads", False
    several = True

    def read(self, name: str, sent: Sent) -> Any:
        """Those that have a name: an input without one sends an empty part."""
        return [one for one in sent.getlist(name) if getattr(one, "filename", "")]

    def clean(self, item: Field, value: object, choices: Choices) -> Any:
        """As they came: what is in them whoever opens them says."""
        return value


class UploadType(UploadsType):
    """One file that a page takes and keeps nowhere."""

    several = False

    def read(self, name: str, sent: Sent) -> Any:
        """The first, if there is one."""
        return next(iter(super().read(name, sent)), None)


class PeriodsType(FieldType):
    """Pairs of days, from and to."""

    group = True
    macro, written = "periods", False

    def read(self, name: str, sent: Sent) -> list[list[str]]:
        """The rows in which something stands: inputs are called ``<name>_from``, ``<name>_to``."""
        pairs = zip(sent.getlist(f"{name}_from"), sent.getlist(f"{name}_to"), strict=False)
        return [[first, last] for first, last in pairs if first or last]

    def shown(self, item: Field, value: Any, titles: Titles) -> tuple[ShownValue, ...]:
        """Each as it was written."""
        return tuple(ShownValue(f"{first} – {last}", folds=False) for first, last in value)


class ColumnsType(FieldType):
    """Columns by resource; which must be named :func:`grant_scope.unnamed` asks afterwards."""

    group = True
    macro, chosen, offers = "columns", "resources", "resources"
    part = FieldPart.ITEMS

    def read(self, name: str, sent: Sent) -> dict[str, list[str]]:
        """Inputs are called ``<name>:<resource>``."""
        prefix = f"{name}:"
        return {one[len(prefix) :]: sent.getlist(one) for one in sent if one.startswith(prefix)}

    def keep(self, value: object) -> dict[str, list[str]]:
        """Names with a list of texts for each."""
        if not isinstance(value, Mapping):
            raise Bad("not_a_table")
        table = cast("Mapping[str, Any]", value)
        if len(table) > MOST:
            raise Bad("too_many", most=MOST)
        return {name: names_of(columns) for name, columns in table.items() if not is_empty(columns)}

    def clean(self, item: Field, value: object, choices: Choices) -> dict[str, list[str]]:
        """The columns of each file that can be asked for."""
        if not isinstance(value, Mapping):
            raise Bad("not_a_list")
        found: dict[str, list[str]] = {}
        for resource, columns in cast("Mapping[str, Any]", value).items():
            if resource not in choices.resources:
                raise Bad("not_here", str(resource))
            if not is_empty(columns):
                found[resource] = among(columns, choices.resources[resource])
        return found

    def shown(self, item: Field, value: Any, titles: Titles) -> tuple[ShownValue, ...]:
        """Every column, with the file to which it belongs."""
        known = titles.get(self.offers, {})
        pairs = [(known.get(one, GONE), column) for one in value for column in value[one]]
        return tuple(ShownValue(column, of=title) for title, column in pairs)


TYPES: Mapping[str, FieldType] = {
    "text": FieldType(),
    "long_text": LongTextType(),
    "reason": ReasonType(),
    "phone": PhoneType("tel", PHONE, "not_a_telephone_number", told=False),
    "email": PlainType("email", EMAIL, "not_an_address", told=False),
    "link": LinkType("text", LINK, "not_a_link", told=True),
    "suggested": SuggestedType(),
    "choice": ChoiceType(),
    "radio": RadioType(),
    "checks": ChecksType(),
    "places": PlacesType(),
    "date": DayType(),
    "future": FutureType(),
    "instant": InstantType(),
    "count": CountType(),
    "accepted": AcceptedType(),
    "flag": FlagType(),
    "terms": TermsType(),
    "resources": SeveralType("files", "resources", FieldPart.FILES),
    "columns": ColumnsType(),
    "upload": UploadType(),
    "uploads": UploadsType(),
    "periods": PeriodsType(),
    "attachments": AttachmentsType("attachments", "attachments"),
    "colleague": OneOfType("select", "colleagues", chosen=False),
    "party_letter": OneOfType("select", "party_letters", chosen=False),
    "reference": OneOfType("hidden", "references", chosen=True),
    "articles": ArticlesType(),
    "points": PointsType(),
    "point_answers": PointAnswersType(),
}

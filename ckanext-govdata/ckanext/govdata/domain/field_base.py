"""What every type of field has: the choices, the shown value, and the class that types refine."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any, NamedTuple, Protocol

from .field_part import FieldPart
from .ground import Grounds
from .locales import Label
from .procedure import Field
from .refusal import Refusal
from .typed_value import LONGEST, Bad, words_of


@dataclass(frozen=True)
class Choices:
    """What may be chosen in this case: nothing outside of it is taken.

    ``resources`` maps each file or table that can be asked for to its columns;
    ``articles`` maps each article's id to its citation, ``grounds`` are those on which
    data may be refused, ``powers`` those by which a department has something put right;
    ``party_letters`` are the numbers of the letters to third parties that stand;
    ``reason_length`` is the least number of characters of a reason (configuration); ``points`` are
    those that were asked to be supplied; ``hindrances`` what stands
    against giving the data at all; ``fetchable`` are the files and tables that somebody who may
    have them can fetch today; ``offered`` are the choices that a page has by their names, and
    ``zone`` is that of instants that are written without one.
    """

    today: date
    resources: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    attachments: frozenset[str] = frozenset()
    colleagues: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    party_letters: frozenset[str] = frozenset()
    articles: Mapping[str, str] = field(default_factory=dict[str, str])
    grounds: Grounds | None = None
    powers: Grounds | None = None
    terms_version: str = ""
    reason_length: int = 10
    points: tuple[str, ...] = ()
    hindrances: tuple[Refusal, ...] = ()
    fetchable: frozenset[str] = frozenset()
    offered: Mapping[str, Collection[str]] = field(default_factory=dict[str, Collection[str]])
    zone: tzinfo | None = None

    def of(self, name: str) -> Collection[str]:
        """The codes that a page offers under that name."""
        return self.offered.get(name, ())


class Sent(Protocol):
    """A form that was sent: its values by name."""

    def get(self, name: str, default: str = "") -> str:
        """The first value of the name."""
        ...

    def getlist(self, name: str) -> list[str]:
        """All values of the name."""
        ...

    def __iter__(self) -> Any: ...


Titles = Mapping[str, Mapping[str, str]]
"""How what can be chosen is called: kind of choices (as in :class:`Choices`) -> id -> words."""


class ShownValue(NamedTuple):
    """A part of what was filled in, as people read it."""

    words: str | Label
    """A text, or the label of an option."""
    link: str = ""
    """The address to which the words lead."""
    file: str = ""
    """The id of the attachment that is called so."""
    of: str | Label = ""
    """What the words belong to."""
    folds: bool = True
    """A text of the portal's, shown in the reader's script; what a person typed stays as it is."""


class FieldType:
    """A text in one line; what other types do not say of themselves is as it is here."""

    macro = "line"
    """The macro of ``forms/field.html`` that asks for it."""
    control = "text"
    """The type of the input of HTML, where one input asks for it."""
    chosen = ""
    """The choices among which its ids must be, also in a draft; empty where none are meant."""
    offers = ""
    """What a page offers for it, where that is not what the field declares as ``choices``."""
    group = False
    """Whether several inputs ask for it: then the field, and not an input, has its name as id."""
    written = True
    """Whether people write it, rather than choose or tick."""
    options: bool | None = False
    """Whether its declaration has ``options``; None where ``choices`` may take their place."""

    lines = False
    """Whether each part of what was filled in is read on a line of its own."""
    part: FieldPart | None = None
    """The part that each field of this type plays; None where the field itself says it."""

    def flaw(self, item: Field) -> str:
        """What is wrong with the declaration of a field of this type; empty where nothing is."""
        if self.options is None and bool(item.options) == bool(item.choices):
            return "a choice, and only a choice, needs options, or else the choices of its page"
        if self.options is False and item.options:
            return "a choice, and only a choice, needs options"
        return ""

    def shown(self, item: Field, value: Any, titles: Titles) -> tuple[ShownValue, ...]:
        """A value that was filled in, as people read it."""
        return (ShownValue(str(value), folds=False),)

    def read(self, name: str, sent: Sent) -> Any:
        """What a sent form holds of the field."""
        return sent.get(name)

    def keep(self, value: object) -> Any:
        """What a draft may hold, right or wrong, as long as it is of its kind and not too much."""
        if not isinstance(value, str):
            raise Bad("not_text")
        if len(value) > LONGEST * 2:
            raise Bad("too_long", most=LONGEST, length=len(value))
        return value

    def clean(self, item: Field, value: object, choices: Choices) -> Any:
        """The value in its proper type; raises :class:`Bad`."""
        return words_of(item, value)

"""What may not be opened, looked for in a table and its words (Anhui 35, 36).

禁止开放的，不得开放: state secrets and data that is not open never; personal data never, except
what a named person answers for, such as the telephone number of a duty office. Words and
patterns come from ``config/emergency/prohibitions.yaml``, headings over data of people from
``config/personal_headings.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from . import person_names, personal_columns, personal_numbers
from .access import OPEN
from .heading_notes import without_notes
from .personal_columns import NO_WORDS, PersonalWords
from .refusal import Refusal
from .sheet import Sheet, quantity

NAME = "name"
"""The kind of headings over names of people."""
SHOWN = 3
"""Places named for one finding."""
CODES = 12
"""Numbers of an identity number's length from which on a column may be one of codes."""
SHARE = 0.2
"""Share of them whose sum is right up to which it is one: of codes every eleventh is right."""
LONGEST_HEADING = 30
"""Characters of a line that may be a heading."""
_HEADING = re.compile("[^。；！？]*[^\\W\\d_][^。；！？]*")
"""Some letter and no sentence's end."""
MOST_NAMES = 500
"""Rows of a column that are looked at for names."""
MOST_RIGHT = 200
"""So many numbers that may be a person's are no chance, whatever stands beside them."""
_FIGURE = re.compile(r"[+-]?(?:\d{1,10}|\d{1,5}\.\d{1,5}|\d{1,3}\.\d{1,7})%?", re.ASCII)
"""A figure of at most ten digits, which is no number of a person: the shortest has eleven."""
_LONG = re.compile(r"\d{11,30}", re.ASCII)
"""Digits that are a number of a person, or not, by themselves."""
_OFFICE_MAIL = re.compile(
    r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){0,4}gov\.(?:cn|tw|hk|mo)\b", re.IGNORECASE
)
"""Addresses of a government's offices, which are nobody's own."""
_OF_PERSONS = re.compile(r"[人者员員户戶民]|姓名|身[份分]|[证證]件|person|identity")
"""Headings below which nobody answers for such numbers as codes."""


@dataclass(frozen=True)
class Ban:
    """One kind of thing that may not be opened; ``override`` where a named person may answer."""

    code: str
    override: bool = False
    headings: tuple[str, ...] = ()
    """Ends of headings, beside those of ``personal`` whose kind is the ban's code."""
    words: tuple[str, ...] = ()
    pattern: str = ""
    check: str = ""
    consent: bool = False
    """Whether no reason will do without the right holder's consent (Anhui 36)."""
    personal: PersonalWords = field(default=NO_WORDS, compare=False)


@dataclass(frozen=True)
class Finding:
    """Something that stands against publishing: which ban, and where; no value in clear."""

    ban: str
    override: bool
    places: tuple[str, ...]

    def refusal(self, field: str = "table") -> Refusal:
        """The finding as what stands against publishing, its ban as the value."""
        code = "unclear" if self.override else "prohibited"
        return Refusal(code, field, self.ban, facts={"places": "、".join(self.places)})


def findings(
    bans: Sequence[Ban],
    attribute: str | None,
    texts: Mapping[str, str],
    sheet: Sheet | None,
    lines: Sequence[str] = (),
    known: Sequence[Finding] = (),
) -> list[Finding]:
    """All that stands against publishing: the entry's attribute, its words, its table.

    ``texts`` are words that are published with it, by what they are; ``lines`` are those of a file
    that may be headings (:func:`short_lines`), or a line of a notice such as 领取时请带身份证:
    whoever answers for the file says which. ``known`` is what was found before.
    """
    found: list[Finding] = []
    if attribute == "non_open":
        found.append(Finding("non_open", False, ("open_attribute",)))
    elif attribute == "conditional":
        found.append(Finding("conditional", True, ("open_attribute",)))
    looked = {name: _Text.of(text) for name, text in texts.items()}
    for ban in bans:
        places = [name for name, text in looked.items() if _hits(ban, text)]
        if places:
            found.append(Finding(ban.code, ban.override, tuple(places[:SHOWN])))
    for line in lines:
        over = _over(bans, line)
        found += [Finding(ban.code, True, (line,)) for ban in bans if ban.code in over]
    if sheet:
        found += [*_in_sheet(bans, sheet), *_names(bans, sheet)]
    return _merged([*found, *known])


def short_lines(text: str) -> list[str]:
    """The lines that may be headings of a table in a file, each once: no sentences."""
    lines = dict.fromkeys(line.strip() for line in text.splitlines())
    return [line for line in lines if len(line) <= LONGEST_HEADING and _HEADING.fullmatch(line)]


@dataclass(frozen=True)
class _Text:
    """A text as written, in plain characters, and the kinds of what stands in it of persons."""

    written: str
    plain: str
    numbers: frozenset[str]

    @staticmethod
    def of(text: str) -> _Text:
        plain = personal_numbers.plain(text)
        bare = _OFFICE_MAIL.sub(" ", plain) if "@" in plain else plain
        return _Text(text, plain, personal_columns.kinds(bare, known=True))


class _Suspicion:
    """Which cells of a table any ban may be about: of nearly all it is soon known that none is."""

    def __init__(self, bans: Sequence[Ban]) -> None:
        words = sorted({re.escape(word) for ban in bans for word in ban.words})
        self._words = re.compile("|".join(words) or "(?!)")
        patterns = [ban.pattern for ban in bans if ban.pattern and not ban.check]
        self._patterns = [re.compile(pattern, re.MULTILINE) for pattern in patterns]

    def texts(self, cells: Sequence[str]) -> Iterator[tuple[int, _Text]]:
        """Such cells of a column with their rows, counted from 1."""
        known = {"", *self._harmless(cells)}
        for row, cell in enumerate(cells, 1):
            if cell not in known:
                text = _Text.of(cell)
                if text.numbers or self._is_said(text):
                    yield row, text
                else:
                    known.add(cell)

    def _harmless(self, cells: Sequence[str]) -> list[str]:
        """Cells of digits alone that are no number of a person; words and patterns are asked of
        all of them together."""
        figures = [cell for cell in cells if _FIGURE.fullmatch(cell)]
        long = [cell for cell in cells if _LONG.fullmatch(cell)]
        figures += [cell for cell in long if not personal_numbers.found(cell, known=True)]
        text = "\n".join(figures)
        return [] if self._is_said(_Text(text, text, frozenset())) else figures

    def _is_said(self, text: _Text) -> bool:
        written, plain = text.written, text.plain
        if self._words.search(plain) or (written != plain and self._words.search(written)):
            return True
        return any(pattern.search(plain) for pattern in self._patterns)


def _in_sheet(bans: Sequence[Ban], sheet: Sheet) -> list[Finding]:
    """Headings, and cells as ``heading:row`` with rows counted from 1."""
    found: list[Finding] = []
    looked = _Suspicion(bans)
    places = _in_heads(bans, sheet)
    unclear: dict[str, list[str]] = {ban.code: [] for ban in bans}
    for index, name in enumerate(sheet.columns):
        cells = [row[index] for row in sheet.rows]
        said = list(looked.texts(cells))
        of_persons = _OF_PERSONS.search(personal_numbers.plain(name).lower())
        asked = not of_persons and any("id_number" in text.numbers for _row, text in said)
        coded = asked and _are_codes(cells)
        for row, text in said:
            for ban in bans:
                known = unclear if coded and ban.check == "id_number" else places
                if (
                    name not in places[ban.code]
                    and len(known[ban.code]) < SHOWN
                    and _hits(ban, text)
                ):
                    known[ban.code].append(f"{name}:{row}")
    for ban in bans:
        if places[ban.code]:
            found.append(Finding(ban.code, ban.override, tuple(places[ban.code][:SHOWN])))
        elif unclear[ban.code]:
            found.append(Finding(ban.code, True, tuple(unclear[ban.code])))
    return found


def _in_heads(bans: Sequence[Ban], sheet: Sheet) -> dict[str, list[str]]:
    """By ban the headings that say it; a column of figures holds no names: 死者 3."""
    places: dict[str, list[str]] = {ban.code: [] for ban in bans}
    for index, name in enumerate(sheet.columns):
        text = _Text.of(name)
        over = _over(bans, name)
        counts = NAME in over and _are_figures([row[index] for row in sheet.rows])
        for ban in bans:
            if (ban.code in over and not (ban.code == NAME and counts)) or _hits(ban, text):
                places[ban.code].append(name)
    return places


def _names(bans: Sequence[Ban], sheet: Sheet) -> Iterator[Finding]:
    """Columns of what reads as people's names under a heading that does not say so; it is asked."""
    for ban in bans:
        if ban.code == NAME:
            for index, heading in enumerate(sheet.columns):
                texts = [heading, *(row[index] for row in sheet.rows[:MOST_NAMES])]
                bare = "\n".join(map(_bare, texts))
                said, *names = ban.personal.fold(bare).split("\n")
                if person_names.are_names(said, names):
                    yield Finding(NAME, True, (heading,))


def _bare(text: str) -> str:
    """A text without blanks, what nobody sees and notes: 张建国（女，45岁） is 张建国."""
    return without_notes("".join(personal_numbers.plain(text).split()))


def _over(bans: Sequence[Ban], heading: str) -> set[str]:
    """The bans by whose words the heading ends."""
    found: set[str] = set()
    for words in {ban.personal for ban in bans}:
        found |= words.kinds_over(heading)
    forms = [*personal_columns.spellings(heading, bans[0].personal.fold)] if bans else []
    own = {ban.code for ban in bans if any(form.endswith(ban.headings) for form in forms)}
    return own | (found & {ban.code for ban in bans})


def _are_figures(cells: Sequence[str]) -> bool:
    said = [cell for cell in cells if cell.strip()]
    return bool(said) and all(len(cell) < 8 and quantity(cell) is not None for cell in said)


def _are_codes(cells: Sequence[str]) -> bool:
    """Whether a column holds codes of 18 digits, of which chance makes some look like a person's.

    Codes of place, day and running number have an identity number's form; a head answers for them.
    """
    numbers = [found for cell in cells if len(found := personal_numbers.bare(cell)) == 18]
    most = min(SHARE * len(numbers), MOST_RIGHT)
    right = 0
    for one in numbers if len(numbers) >= CODES else ():
        right += personal_numbers.id_number(one)
        if right > most:
            return False
    return len(numbers) >= CODES


def _merged(found: Iterable[Finding]) -> list[Finding]:
    """One finding for each ban; it may be overridden only if all of its parts may."""
    by_ban: dict[str, Finding] = {}
    for one in found:
        first = by_ban.get(one.ban)
        by_ban[one.ban] = (
            one
            if first is None
            else Finding(
                one.ban, one.override and first.override, (first.places + one.places)[:SHOWN]
            )
        )
    return list(by_ban.values())


def _hits(ban: Ban, text: _Text) -> bool:
    if any(word in text.written or word in text.plain for word in ban.words):
        return True
    if ban.check:
        return ban.check in text.numbers
    return bool(ban.pattern and re.search(ban.pattern, text.plain))


def in_words(bans: Sequence[Ban], texts: Mapping[str, str]) -> list[Refusal]:
    """What stands against words alone, by what they are; nobody overrides that.

    ``contact`` may be a duty office's mobile number, but no more than that.
    """
    return [
        one.refusal(place)
        for one in findings(bans, OPEN, texts, None)
        for place in one.places
        if place != "contact" or not one.override
    ]


def blocking(found: Iterable[Finding], overridden: Sequence[str]) -> list[Finding]:
    """What still stands against publishing after somebody answered for these bans by name."""
    named = set(overridden)
    return [one for one in found if not (one.override and one.ban in named)]

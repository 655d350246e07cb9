"""Did you mean: a run of Hanzi in which something sounds or looks like a word of the catalogue."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .sounds import Sounds, spell
from .words import UNKNOWN, Words

LONGEST = 8
PENALTY = 4.5
"""Cost of each changed character, as a natural logarithm."""
GAIN = 2.0
"""A repair must make the text this much more likely."""


@dataclass(frozen=True)
class Speller:
    """What a repair needs to know.

    ``target`` holds the words towards which we repair (the catalogue's own and the thesaurus's),
    ``sounds`` the same words by sound, ``readings`` a syllable for each character, ``shapes`` the
    characters that look like a character.
    """

    words: Words
    target: Words
    sounds: Sounds
    readings: Mapping[str, str]
    shapes: Mapping[str, str]

    def repair(self, run: str) -> str | None:
        """The likelier text, or ``None`` when the run is well written or nothing comes near."""
        if len(run) < 2:
            return None
        best: list[tuple[float, str, bool]] = [(0.0, "", False)] * (len(run) + 1)
        for start in range(len(run) - 1, -1, -1):
            best[start] = max(self._steps(run, start, best))
        weight, text, changed = best[0]
        plain = sum(self._known(word) for word in self.words.cut(run))
        return text if changed and text != run and weight > plain + GAIN else None

    def _steps(
        self, run: str, start: int, best: list[tuple[float, str, bool]]
    ) -> Iterable[tuple[float, str, bool]]:
        for end in range(start + 1, min(len(run), start + LONGEST) + 1):
            span, (weight, rest, changed) = run[start:end], best[end]
            if len(span) == 1 or span in self.words:
                yield self._known(span) + weight, span + rest, changed
            if len(span) == 1:
                continue
            for word in self._near(span):
                cost = PENALTY * _differing(span, word)
                yield self.target.weight(word) - cost + weight, word + rest, True

    def _known(self, word: str) -> float:
        return self.words.weight(word) if word in self.words else UNKNOWN

    def _near(self, span: str) -> set[str]:
        found = {
            word
            for word in self.sounds.alike(spell(span, self.readings))
            if len(word) == len(span) and _differing(span, word) <= (len(span) + 1) // 2
        }
        for place, character in enumerate(span):
            for other in self.shapes.get(character, ""):
                word = span[:place] + other + span[place + 1:]
                if word in self.target:
                    found.add(word)
        found.discard(span)
        return found


def _differing(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))

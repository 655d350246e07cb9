"""The types of fields for what is missing, point by point, and for the answer to each point."""

from __future__ import annotations

import re
from typing import Any, cast

from .field_base import Choices, FieldType, Sent, ShownValue, Titles
from .procedure import Field
from .typed_value import Bad, is_empty, names_of, words_of

NUMBERED = re.compile(
    r"^\s*(?:[（(]?[0-9一二三四五六七八九十]{1,3}[)）、．]|[0-9]{1,3}\.(?!\d)|[-*]\s|[•·①-⑳])\s*"
)
"""What people write before a point of a list."""
MOST_POINTS = 30


def points_of(value: object) -> list[str]:
    """The points of a value, one a line, without their numbers; what was kept before there were
    points is one text of lines."""
    lines = value.splitlines() if isinstance(value, str) else value
    if not isinstance(lines, list):
        raise Bad("not_a_list")
    found: list[str] = []
    for line in cast("list[Any]", lines):
        if not isinstance(line, str):
            raise Bad("not_a_list")
        words = (NUMBERED.sub("", line) if isinstance(value, str) else line).strip()
        if words:
            found.append(words)
    return found


class PointsType(FieldType):
    """Several points, one a line."""

    macro, lines = "points", True

    def keep(self, value: object) -> Any:
        """A text of lines, or a list of them."""
        return super().keep(value) if isinstance(value, str) else names_of(value)

    def clean(self, item: Field, value: object, choices: Choices) -> list[str]:
        """The points; each within the bounds of its field."""
        points = [words_of(item, one) for one in points_of(value)]
        if not points:
            raise Bad("missing")
        if len(points) > MOST_POINTS:
            raise Bad("too_many", most=MOST_POINTS)
        return points

    def shown(self, item: Field, value: Any, titles: Titles) -> tuple[ShownValue, ...]:
        """Each point."""
        return tuple(ShownValue(one, folds=False) for one in points_of(value))


class PointAnswersType(FieldType):
    """An answer to each of the ``points`` that the case has; kept with the point it answers."""

    group = True
    macro, offers, lines = "point_answers", "points", True

    def read(self, name: str, sent: Sent) -> Any:
        """Inputs have all the same name, in the order of the points."""
        return sent.getlist(name)

    def keep(self, value: object) -> Any:
        """A list of texts."""
        return names_of(value)

    def clean(self, item: Field, value: object, choices: Choices) -> list[list[str]]:
        """Pairs of point and answer; a point that is not answered is named."""
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list):
            raise Bad("not_a_list")
        answers = cast("list[Any]", value)
        found: list[list[str]] = []
        for number, point in enumerate(choices.points):
            answer = answers[number] if number < len(answers) else ""
            if is_empty(answer):
                raise Bad("point_not_answered", point, number=number + 1)
            found.append([point, words_of(item, answer)])
        if len(answers) > len(choices.points):
            raise Bad("too_many", most=len(choices.points))
        return found

    def shown(self, item: Field, value: Any, titles: Titles) -> tuple[ShownValue, ...]:
        """Each answer with its point."""
        return tuple(ShownValue(one[-1], of=one[0], folds=False) for one in value if one)

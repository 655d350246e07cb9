"""A procedure's states as SVG: who has to act in each, and by what it goes on.

States stand in rows by the number of steps that lead to them; those at which an application
merely ends stand at the side. The same declaration that decides what may be done is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from .chart.drawing import put, serialised, write
from .diagram import ways
from .procedure import Procedure, State

WIDTH, HEIGHT = 168, 56
"""Of a box, in pixels."""
ACROSS, DOWN = 232, 142
"""From one box to the next."""
MARGIN = 24


@dataclass(frozen=True)
class Box:
    """A state and the middle of its box."""

    state: State
    x: int
    y: int


def svg(procedure: Procedure, locale: str, roles: Mapping[str, str], lapses: str) -> str:
    """The picture. ``roles`` are the roles in words, ``lapses`` says that a term runs out."""
    boxes = places(procedure)
    width = max(box.x for box in boxes.values()) + WIDTH // 2 + MARGIN
    height = max(box.y for box in boxes.values()) + HEIGHT // 2 + MARGIN
    named = {"role": "img", "aria-label": procedure.label[locale], "class": "gd-diagram"}
    size = {"viewBox": f"0 0 {width} {height}", "width": str(width), "height": str(height)}
    root = Xml.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, **named})
    _tip(root, procedure.kind)
    _arrows(root, procedure, boxes, locale, lapses)
    for box in boxes.values():
        _box(root, box, locale, roles)
    return serialised(root)


def places(procedure: Procedure) -> dict[str, Box]:
    """Where each state stands."""
    rows = _rows(procedure)
    aside = {name for name in rows if _ends_aside(procedure.states[name])}
    boxes: dict[str, Box] = {}
    widest = 1
    for row in range(max(rows.values()) + 1):
        inner = [name for name in rows if rows[name] == row and name not in aside]
        widest = max(widest, len(inner))
        for column, name in enumerate(inner):
            boxes[name] = Box(procedure.states[name], _x(column), _y(row))
    taken: set[int] = set()
    for name in sorted(aside, key=lambda one: rows[one]):
        row = next(one for one in range(rows[name], 99) if one not in taken)
        taken.add(row)
        boxes[name] = Box(procedure.states[name], _x(widest), _y(row))
    return {name: boxes[name] for name in procedure.states}


def _x(column: int) -> int:
    return MARGIN + WIDTH // 2 + column * ACROSS


def _y(row: int) -> int:
    return MARGIN + HEIGHT // 2 + row * DOWN


def _ends_aside(state: State) -> bool:
    """It ends there, and nothing was decided."""
    return state.final and state.outcome is None


def _rows(procedure: Procedure) -> dict[str, int]:
    """The least number of steps to each state; an option of some jurisdictions is no shortcut, but
    to some states it is the only way."""
    rows = {procedure.initial: 0}
    for options in (False, True):
        ahead = list(rows)
        while ahead:
            name = ahead.pop(0)
            for target in _targets(procedure, name, options):
                if target not in rows:
                    rows[target] = rows[name] + 1
                    ahead.append(target)
    return rows


def _targets(procedure: Procedure, name: str, options: bool) -> Iterator[str]:
    for command in procedure.commands.values():
        extra = [state for states in command.also_from.values() for state in states]
        if command.to and name in (*command.source, *(extra if options else ())):
            yield command.to
    lapses = procedure.states[name].lapses
    if lapses:
        yield lapses.to


def _arrows(
    root: Xml.Element,
    procedure: Procedure,
    boxes: Mapping[str, Box],
    locale: str,
    lapses: str,
) -> None:
    """A curve for each way; the same words that lead to the same state are said once."""
    words: dict[tuple[str, str], list[str]] = {}
    for source, target, command in ways(procedure):
        known = procedure.commands.get(command)
        listed = words.setdefault((source, target), [])
        listed.append(known.label[locale] if known else lapses)
    said: set[tuple[str, str]] = set()
    for (source, target), labels in words.items():
        label = " / ".join(dict.fromkeys(labels))
        shown = "" if (target, label) in said else label
        said.add((target, label))
        _arrow(root, procedure.kind, _curve(boxes[source], boxes[target]), shown)


Curve = tuple[tuple[int, int, int, int], tuple[int, int, int, int]]
"""The four points of a cubic curve: across, and down."""


def _curve(source: Box, target: Box) -> Curve:
    """From border to border: downwards, back up on the left, or to the side."""
    if target.y > source.y and target.x - source.x < ACROSS:
        first, last = source.y + HEIGHT // 2, target.y - HEIGHT // 2
        bend = (last - first) // 2
        return (source.x, source.x, target.x, target.x), (first, first + bend, last - bend, last)
    if target.y < source.y:
        first, last = source.y - HEIGHT // 2, target.y + HEIGHT // 2
        bend = (first - last) // 2
        left, end = source.x - 50, target.x - 50
        return (left, left - 30, end - 30, end), (first, first - bend, last + bend, last)
    side = WIDTH // 2 if target.x > source.x else -WIDTH // 2
    first, last = source.x + side, target.x - side
    bend = (last - first) // 2
    return (first, first + bend, last - bend, last), (source.y, source.y, target.y, target.y)


def _arrow(root: Xml.Element, kind: str, curve: Curve, label: str) -> None:
    across, down = curve
    pairs = [f"{x} {y}" for x, y in zip(across, down, strict=True)]
    way = f"M{pairs[0]} C{' '.join(pairs[1:])}"
    put(root, "path", d=way, class_="gd-diagram__way", marker_end=f"url(#{kind}-tip)")
    if label:
        x, y = _point(across, 0.55), _point(down, 0.55)
        write(root, label, x, y + 4, "gd-diagram__words", "middle")


def _point(ends: tuple[int, int, int, int], t: float) -> float:
    """A point of a cubic curve."""
    p, q, r, s = ends
    u = 1 - t
    return u**3 * p + 3 * u * u * t * q + 3 * u * t * t * r + t**3 * s


def _box(root: Xml.Element, box: Box, locale: str, roles: Mapping[str, str]) -> None:
    state = box.state
    kind = "decided" if state.outcome else "ended" if state.final else "open"
    put(
        root,
        "rect",
        x=box.x - WIDTH // 2,
        y=box.y - HEIGHT // 2,
        width=WIDTH,
        height=HEIGHT,
        rx=8,
        class_=f"gd-diagram__box gd-diagram__box--{kind}",
    )
    lines = _wrapped(state.label[locale])
    holder = roles.get(state.holder.value, "") if state.holder else ""
    top = box.y + 5 - (len(lines) - 1) * 8 - (8 if holder else 0)
    for number, line in enumerate(lines):
        write(root, line, box.x, top + number * 16, "gd-diagram__name", "middle")
    if holder:
        write(root, holder, box.x, top + len(lines) * 16, "gd-diagram__holder", "middle")


def _wrapped(words: str, most: int = 22) -> list[str]:
    """One line or two; Chinese words are short enough for one."""
    if len(words) <= most or " " not in words:
        return [words]
    middle = min(
        (place for place, sign in enumerate(words) if sign == " "),
        key=lambda place: abs(place - len(words) / 2),
    )
    return [words[:middle], words[middle + 1 :]]


def _tip(root: Xml.Element, kind: str) -> None:
    more = {"viewBox": "0 0 10 10", "refX": "9", "refY": "5"}
    size = {"markerWidth": "7", "markerHeight": "7", "orient": "auto-start-reverse"}
    place = Xml.SubElement(root, "defs")
    marker = Xml.SubElement(place, "marker", {"id": f"{kind}-tip", **more, **size})
    put(marker, "path", d="M0 0 L10 5 L0 10 z", class_="gd-diagram__tip")

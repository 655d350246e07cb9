"""Read the YAML files of ``config/`` and ``schemas/`` so that an error names file and line.

Every loader reads through :func:`read` and reports through :meth:`Document.broken`; whoever
starts the portal with a broken file sees ``domains.yaml:14: …`` and not a stack trace.
"""
from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable  # Python 3.10 has it elsewhere

CONFIG = "ckanext.govdata.config"
SCHEMAS = "ckanext.govdata.schemas"

_FAST: Any = getattr(yaml, "CSafeLoader", None)
"""libyaml's reader, some eight times as fast; absent where PyYAML was built without it."""

Place = tuple[Hashable, ...]
"""Where a value stands in its document: keys and list indexes from the top, ``()`` is the whole."""


class BrokenFile(Exception):
    """A configuration file cannot be used. ``line`` counts from 1."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file = file
        self.line = line
        self.message = message


@dataclass(frozen=True)
class Document:
    """One YAML file: its data and the line on which each value stands."""

    file: str
    data: Any
    lines: Mapping[Place, int]

    def line(self, *place: Hashable) -> int:
        """The line of the value at that place, or of the nearest value around it."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return 1

    def broken(self, message: str, *place: Hashable) -> BrokenFile:
        """The error to raise about the value at that place."""
        return BrokenFile(self.file, self.line(*place), message)


def read(source: Traversable) -> Document:
    """Parse one file.

    Raises :class:`BrokenFile` when it is missing, is not UTF-8, is not YAML, or has a key twice
    (which YAML readers otherwise swallow).
    """
    return parse(_text(source), str(source))


@lru_cache(maxsize=64)
def parse(text: str, file: str) -> Document:
    """Parse text that is known as ``file`` in messages; raises :class:`BrokenFile`.

    The same text is parsed once in a process: nobody changes a document's data.
    """
    if _FAST is not None:
        try:
            return _document(_FAST, text, file)
        except (yaml.YAMLError, BrokenFile):
            pass  # what is wrong, the slower reader says with the exact line
    try:
        return _document(yaml.SafeLoader, text, file)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise BrokenFile(file, line, error.reason) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BrokenFile(file, mark.line + 1 if mark else 1, error.problem or str(error)) from error


def _document(reader: Any, text: str, file: str) -> Document:
    loader = reader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Document(file, None, {(): 1})
        lines = dict(_places(node, (), loader, file))
        return Document(file, loader.construct_document(node), lines)
    finally:
        loader.dispose()


def folder(name: str, package: str = CONFIG) -> list[Traversable]:
    """The YAML files directly in a folder of a packaged data folder, by name."""
    here = files(package) / name
    found = [item for item in here.iterdir() if item.name.endswith(".yaml")]
    return sorted(found, key=lambda item: item.name)


def file(name: str, package: str = CONFIG) -> Traversable:
    """One packaged file, such as ``vocabularies/domains.yaml``."""
    return files(package) / name


def _text(source: Traversable) -> str:
    try:
        return source.read_text("utf-8")
    except OSError as error:
        raise BrokenFile(str(source), 1, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = source.read_bytes()[: error.start].count(b"\n") + 1
        raise BrokenFile(str(source), line, "is not UTF-8") from error


def _places(
    node: yaml.Node, place: Place, loader: Any, file: str
) -> Iterator[tuple[Place, int]]:
    """Every value's place and line; a key that stands twice raises :class:`BrokenFile`."""
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        _check_scalar(node, loader, file)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _places(item, (*place, index), loader, file)
    elif isinstance(node, yaml.MappingNode):
        seen: set[Hashable] = set()
        for key_node, value_node in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = loader.construct_object(key_node, deep=True)
            line = key_node.start_mark.line + 1
            if not isinstance(key, Hashable) or key in seen:
                raise BrokenFile(file, line, f"key {key!r} stands twice")
            seen.add(key)
            yield from _places(value_node, (*place, key), loader, file)
            if isinstance(value_node, yaml.ScalarNode) or value_node.start_mark.line + 1 > line:
                yield (*place, key), line


def _check_scalar(node: yaml.ScalarNode, loader: Any, file: str) -> None:
    try:
        loader.construct_object(node)
    except ValueError as error:  # 2021-02-30
        raise BrokenFile(file, node.start_mark.line + 1, f"{node.value}: {error}") from error

"""Read the YAML files of ``config/`` and ``schemas/``: all flaws of all files at once, by line.

A loader gives :func:`checked` a file and a function that reads its top
:class:`~ckanext.govdata.domain.node.Node`; what it gets back is sound. A file that is not raises
:class:`BrokenFile`, and whoever starts the portal with broken files sees ``domains.yaml:14: …``
for every flaw and not a stack trace (:func:`gathered`).
"""
from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from .domain.node import Document, Flaw, Node, Way

if TYPE_CHECKING:
    from importlib.abc import Traversable

CONFIG = "ckanext.govdata.config"
SCHEMAS = "ckanext.govdata.schemas"

_FAST: Any = getattr(yaml, "CSafeLoader", None)
"""libyaml's reader, some eight times as fast; absent where PyYAML was built without it."""
MOST_DEEP = 50
"""A file that is nested deeper is no configuration."""

Value = TypeVar("Value")


class BrokenFile(Exception):
    """Configuration files that cannot be used; the message lists every flaw."""

    def __init__(self, flaws: Iterable[Flaw]) -> None:
        self.flaws = tuple(sorted(set(flaws)))
        lines = [str(flaw) for flaw in self.flaws]
        head = "These lines cannot be used; mend them and start again:\n  "
        super().__init__(lines[0] if len(lines) == 1 else head + "\n  ".join(lines))


def checked(source: Traversable, read: Callable[[Node], Value]) -> Value:
    """What ``read`` makes of a file; raises :class:`BrokenFile` with everything that is wrong."""
    flaws: list[Flaw] = []
    top = open_file(source, flaws)
    if top is None:
        raise BrokenFile(flaws)
    value = read(top)
    if flaws:
        raise BrokenFile(flaws)
    return value


def open_file(source: Traversable, flaws: list[Flaw]) -> Node | None:
    """The top of a file; that it cannot be read is a flaw. For who reads several together."""
    try:
        document = read(source)
    except BrokenFile as error:
        flaws.extend(error.flaws)
        return None
    if document.data is None:
        flaws.append(Flaw(document.file, 1, "the file is empty"))
        return None
    return Node(document, flaws, document.data)


def elsewhere(load: Callable[[], Value]) -> Value | None:
    """What another file declares; None where that is broken, which is told of that file."""
    try:
        return load()
    except BrokenFile:
        return None


def gathered(checks: Iterable[Callable[[], object]]) -> None:
    """Run every check; raises one :class:`BrokenFile` with the flaws that all of them found."""
    flaws: list[Flaw] = []
    for check in checks:
        try:
            check()
        except BrokenFile as error:
            flaws.extend(error.flaws)
    if flaws:
        raise BrokenFile(flaws)


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
        raise _broken(file, text.count("\n", 0, error.position) + 1, error.reason) from error
    except RecursionError as error:
        raise _broken(file, 1, "nested too deeply") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise _broken(file, line, error.problem or str(error)) from error


def _broken(file: str, line: int, message: str) -> BrokenFile:
    return BrokenFile([Flaw(file, line, message)])


def _document(reader: Any, text: str, file: str) -> Document:
    loader = reader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Document(file, None, {(): 1})
        flaws: list[Flaw] = []
        def blame(line: int, message: str) -> None:
            flaws.append(Flaw(file, line, message))

        lines = dict(_places(node, (), loader, blame))
        if flaws:
            raise BrokenFile(flaws)
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
        raise _broken(str(source), 1, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = source.read_bytes()[: error.start].count(b"\n") + 1
        raise _broken(str(source), line, "is not UTF-8") from error


def _places(
    node: yaml.Node, way: Way, loader: object, blame: Callable[[int, str], None]
) -> Iterator[tuple[Way, int]]:
    """Every value's place and line; a key that stands twice and a day that is none are blamed."""
    yield way, node.start_mark.line + 1
    if len(way) > MOST_DEEP:
        blame(node.start_mark.line + 1, "nested too deeply")
    elif isinstance(node, yaml.ScalarNode):
        _check_scalar(node, loader, blame)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _places(item, (*way, index), loader, blame)
    elif isinstance(node, yaml.MappingNode):
        seen: set[Hashable] = set()
        for key_node, value_node in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = _key(key_node, loader)
            line = key_node.start_mark.line + 1
            if key is None or key in seen:
                blame(line, f"key {key!r} stands twice" if key in seen else "this is no key")
                continue
            seen.add(key)
            yield from _places(value_node, (*way, key), loader, blame)
            if isinstance(value_node, yaml.ScalarNode) or value_node.start_mark.line + 1 > line:
                yield (*way, key), line


def _check_scalar(node: yaml.ScalarNode, loader: Any, blame: Callable[[int, str], None]) -> None:
    try:
        loader.construct_object(node)
    except ValueError as error:  # 2021-02-30
        blame(node.start_mark.line + 1, f"{node.value}: {error}")
    except (AttributeError, KeyError, TypeError):  # !!timestamp abc, !!bool abc
        blame(node.start_mark.line + 1, f"{node.value} is not what its tag {node.tag} says")


def _key(node: yaml.Node, loader: Any) -> Hashable | None:
    """A mapping's key; None for what is none, such as a list."""
    try:
        key = loader.construct_object(node, deep=True)
    except ValueError:
        return None
    return key if isinstance(key, Hashable) else None

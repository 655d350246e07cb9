"""Forms: the fields that ``schemas/forms`` declares, read from what a page sent, and in words.

Who asks something on a page declares it there (or, for a procedure, in its folder), reads it with
:func:`sent`, and shows it by the templates ``govdata/forms``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk
from werkzeug.datastructures import CombinedMultiDict, FileStorage

from .. import config_reader
from ..domain.field_base import Sent, ShownValue, Titles
from ..domain.field_declaration import read_form
from ..domain.field_type import TYPES
from ..domain.node import Flaw
from ..domain.procedure import Field
from ..speech import phrases

Fields = Mapping[str, Field]
FOLDER = "forms"
EMPTY = (None, "", [], {})


@lru_cache(maxsize=1)
def every() -> Mapping[str, Fields]:
    """The fields of every form by its name; raises ``BrokenFile`` with all flaws of all files."""
    flaws: list[Flaw] = []
    found: dict[str, Fields] = {}
    for source in config_reader.folder(FOLDER, config_reader.SCHEMAS):
        top = config_reader.open_file(source, flaws)
        if top is not None:
            found[source.name.removesuffix(".yaml")] = read_form(top)
    if flaws:
        raise config_reader.BrokenFile(flaws)
    return found


def declared(name: str) -> Fields:
    """The fields of one form, in their order."""
    return every()[name]


def sent(fields: Iterable[Field]) -> dict[str, Any]:
    """The values that the page sent by POST; what is not there is left out."""
    everything: Any = CombinedMultiDict([tk.request.form, tk.request.files])
    return read(fields, everything)


def asked(fields: Iterable[Field]) -> dict[str, Any]:
    """The values that stand in the address; what is not there is left out."""
    return read(fields, tk.request.args)


def read(fields: Iterable[Field], form: Sent) -> dict[str, Any]:
    """The values of a form that was sent; what is not there is left out."""
    found = {field.name: TYPES[field.type].read(field.sent_as, form) for field in fields}
    return {name: value for name, value in found.items() if value not in EMPTY}


def pressed(name: str) -> str | None:
    """What the button of that name says, or a single line; None where it was not sent."""
    return tk.request.form.get(name)


def everything() -> list[tuple[str, str | FileStorage]]:
    """All that the page sent, in its order, the files last."""
    files: list[tuple[str, str | FileStorage]] = [*tk.request.files.items(multi=True)]
    return [*tk.request.form.items(multi=True), *files]


def names() -> list[str]:
    """The names of all that the page sent."""
    return list(tk.request.form)


def parameters() -> CombinedMultiDict[str, str]:
    """What the address and the form say together."""
    return tk.request.values


def by_key(name: str) -> dict[str, str]:
    """What hidden inputs called ``<name>:<key>`` say, by their key."""
    sent, prefix = tk.request.form.items(), f"{name}:"
    return {key.removeprefix(prefix): value for key, value in sent if key.startswith(prefix)}


def uploads(name: str = "upload") -> list[FileStorage]:
    """The files that were sent, also those of the inputs ``<name>:<material>``."""
    sent = tk.request.files.items(multi=True)
    return [file for key, file in sent if key.partition(":")[0] == name and file.filename]


def sent_names() -> list[str]:
    """The names of the files that were sent: after a refusal they must be chosen again."""
    return [str(one.filename) for one in uploads()]


def shown(field: Field, value: object, titles: Titles) -> tuple[ShownValue, ...]:
    """What was filled in, as people read it; a value of the wrong kind as it is."""
    try:
        return TYPES[field.type].shown(field, value, titles)
    except (AttributeError, TypeError, KeyError):
        return (ShownValue(str(value), folds=False),)


def words(field: Field, value: object, titles: Titles | None = None) -> str:
    """The same in one line of text; what is read line by line has numbers in it."""
    parts = [said(one) for one in shown(field, value, titles or {})]
    if TYPES[field.type].lines and len(parts) > 1:
        ended = (one.rstrip("；;。. ") for one in parts)
        return tk._("; ").join(f"{number}. {one}" for number, one in enumerate(ended, 1))
    return tk._(", ").join(parts)


def said(one: ShownValue) -> str:
    """A part of it in the reader's language or script."""
    if not isinstance(one.words, str):
        return phrases.label(one.words)
    return phrases.in_script(one.words) if one.folds else one.words

"""What one wrote while signed out: looked at, and sent or thrown away, by oneself alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import ckan.plugins.toolkit as tk
from flask import Response

from .. import slices
from ..cases.engine import declared_procedures
from ..catalogue.entry.problem_sentences import department_label, field_label
from ..domain.field_type import TYPES
from ..domain.procedure import Field
from ..forms import form_reader
from ..security import kept_texts as kept
from ..security.headers import PRIVATE
from ..security.kept_texts import KeptText
from ..speech import phrases
from ..web import sign_in_first

SHOWN = 5_000
"""Characters of one field that the page shows; all of it is sent."""


def written() -> Response | tuple[str, int, dict[str, str]]:
    """What is kept for whoever is signed in, each with the button that sends it."""
    sign_in_first()
    user_id = tk.current_user.id
    if tk.request.method == "POST":
        kept.forget(user_id, form_reader.pressed("key") or "")
        tk.h.flash_success(tk._("Thrown away."))
        return tk.h.redirect_to("govdata_pages.written")
    found = kept.of(user_id)
    texts = [{**one, "key": key, "shown": _shown(one)} for key, one in found.items()]
    page = tk.render("govdata/pages/written.html", {"texts": texts, "sent": kept.SENT})
    return page, 200, PRIVATE


def _shown(text: KeptText) -> list[tuple[str, str]]:
    """The fields that have a name for the reader, with what he wrote in them."""
    found: dict[str, list[str]] = {}
    for name, value in text["fields"]:
        label, words = _said(name, value, text["path"])
        if label and words.strip():
            found.setdefault(label, []).append(words[:SHOWN])
    return [(label, "\n".join(values)) for label, values in found.items()]


def _said(name: str, value: str, path: str) -> tuple[str, str]:
    """What a field is called on its page, and its value in words; empty for ids of things, and for
    what only the form itself needs."""
    plain = name.partition(":")[0]
    field = next((one for one in _fields(path) if one.sent_as == plain), None)
    if field is not None:
        kind = TYPES[field.type]
        words = value if kind.written else form_reader.words(field, value)
        return (phrases.label(field.label), words) if kind.written or field.options else ("", "")
    for begins, labels in _labels():
        if begins in path and plain in labels:
            return labels[plain](), value
    of_form = department_label if "/organization/" in path else field_label
    label = of_form(plain, tk.h.lang())
    return (label, value) if label != plain else ("", "")


def _fields(path: str) -> Iterator[Field]:
    """The declared fields of the form at an address."""
    if any(f"/{begins}/" in path for begins in ("cases", "begin", "apply")):
        for procedure in declared_procedures.procedures().values():
            yield from procedure.fields.values()
    for module in slices.modules("sentences"):
        for begins, names in getattr(module, "FORMS_AT", {}).items():
            for name in names if begins in path else ():
                yield from form_reader.declared(name).values()


def _labels() -> Iterator[tuple[str, Mapping[str, Callable[[], str]]]]:
    """What slices call inputs that no form declares: part of the address, labels by name."""
    for module in slices.modules("sentences"):
        yield from getattr(module, "FORM_LABELS", {}).items()

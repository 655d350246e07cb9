"""What one wrote while signed out: looked at, and sent or thrown away, by oneself alone."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ..catalogue.messages import department_label, field_label
from ..security import written as kept
from ..security.headers import PRIVATE
from . import declared, people, wording

SHOWN = 5_000
"""Characters of one field that the page shows; all of it is sent."""


def written() -> Any:
    """What is kept for whoever is signed in, each with the button that sends it."""
    if not tk.current_user.is_authenticated:
        raise people.sign_in_first()
    user_id = tk.current_user.id
    if tk.request.method == "POST":
        kept.forget(user_id, tk.request.form.get("key", ""))
        tk.h.flash_success(tk._("Thrown away."))
        return tk.h.redirect_to("govdata_cases.written")
    found = kept.of(user_id)
    texts = [{**one, "key": key, "shown": _shown(one)} for key, one in found.items()]
    page = tk.render("govdata/cases/written.html", {"texts": texts, "sent": kept.SENT})
    return page, 200, PRIVATE


def _shown(text: dict[str, Any]) -> list[tuple[str, str]]:
    """The fields that have a name for the reader, with what he wrote in them."""
    found: dict[str, list[str]] = {}
    for name, value in text["fields"]:
        label = _label(name, text["path"])
        if label and value.strip():
            found.setdefault(label, []).append(value[:SHOWN])
    return [(label, "\n".join(values)) for label, values in found.items()]


def _label(name: str, path: str) -> str:
    """What a field is called on its page; empty for fields that only the form itself needs."""
    plain, reader = name.partition(":")[0], tk.h.lang()
    for procedure in declared.procedures().values() if "/cases/" in path else ():
        if plain in procedure.fields and procedure.fields[plain].type not in ("terms", "accepted"):
            return wording.label(procedure.fields[plain].label)
    of_form = department_label if "/organization/" in path else field_label
    label = of_form(plain, reader)
    return label if label != plain else ""

"""Helpers for templates: fields and what was filled in, addresses and numbers of a list's pages."""
from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk

from .. import pager
from ..domain.field_base import FieldType, ShownValue, Titles
from ..domain.field_type import TYPES
from ..domain.locales import Label
from ..domain.procedure import Field
from ..speech import phrases
from . import attachments, form_reader


def govdata_page_address(page: int) -> str:
    """The address of another page of the list that is shown, with its filters."""
    arguments = {**tk.request.args.to_dict(), "page": str(page)}
    return f"?{urlencode(arguments)}"


def govdata_form(name: str) -> form_reader.Fields:
    """The fields of a declared form, for one that stands on pages of several slices."""
    return form_reader.declared(name)


def govdata_words(label: Label | None) -> str:
    """A label of a declared file in the reader's language."""
    return phrases.label(label) if label else ""


def govdata_field_type(field: Field) -> FieldType:
    """The type of a field, which says how it is asked."""
    return TYPES[field.type]


def govdata_shown(field: Field, value: object, titles: Titles) -> tuple[ShownValue, ...]:
    """What was filled in, as people read it."""
    return form_reader.shown(field, value, titles)


def govdata_said(one: ShownValue) -> str:
    """A part of it in the reader's language or script."""
    return form_reader.said(one)


def govdata_page_numbers(found: pager.PageHead) -> list[int]:
    """The numbers of pages that a list offers; 0 is a gap, no number where one page is all."""
    return pager.numbers_of(found)


def govdata_is_required(material: Mapping[str, object]) -> bool:
    """Whether an entry's material must be handed in."""
    return attachments.is_required(material)


def govdata_sent_as(material: str, held: Mapping[str, attachments.AttachmentTold]) -> str:
    """The file among those of a case that is this material; empty where none is."""
    names = (file["name"] for file in held.values())
    return next((name for name in names if attachments.is_of(name, material)), "")

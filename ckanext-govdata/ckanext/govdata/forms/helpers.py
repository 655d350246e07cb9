"""Helpers for templates: the addresses and numbers of a list's pages."""
from __future__ import annotations

from urllib.parse import urlencode

import ckan.plugins.toolkit as tk

from .. import pager
from ..domain.field_type import TYPES


def govdata_page_address(page: int) -> str:
    """The address of another page of the list that is shown, with its filters."""
    arguments = {**tk.request.args.to_dict(), "page": str(page)}
    return f"?{urlencode(arguments)}"


def govdata_field_control(name: str) -> str:
    """The type of the input that asks for a field of this type."""
    return TYPES[name].control


def govdata_page_numbers(found: pager.PageHead) -> list[int]:
    """The numbers of pages that a list offers; 0 is a gap, no number where one page is all."""
    return pager.numbers_of(found)

"""CKAN's own actions that this slice chains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .api_tokens import api_token_list


def actions() -> dict[str, Callable[..., Any]]:
    """Chained actions."""
    return {"api_token_list": api_token_list}

"""CKAN's own actions that this slice chains."""

from __future__ import annotations

from ckan.types import ChainedAction

from .api_tokens import api_token_list


def actions() -> dict[str, ChainedAction]:
    """Chained actions."""
    return {"api_token_list": api_token_list}

"""What the lines are called that the effects of marks put into a letter."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def place() -> str:
    """Where the marked datum stands."""
    return tk._("What was marked")


def mended() -> str:
    """Which version has it right."""
    return tk._("Right since this version")


def review_protection() -> str:
    """What the rules say to whoever else deals with the citizen meanwhile."""
    return tk._("To every office that receives an application meanwhile")

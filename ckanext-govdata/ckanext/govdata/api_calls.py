"""What stands before the actions that the API calls: one place, for every action there is.

Actions that call each other are not concerned: what they pass on, they made themselves.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps

from ckan import logic
from ckan.types import Action, Context, DataDict
from flask import Flask

Step = Callable[[str, Context, Mapping[str, object]], DataDict]
"""Takes an action's name, context and parameters; gives the parameters that go on, or refuses."""


def pass_through(app: Flask, around: Callable[[Action], Action], *steps: Step) -> None:
    """Once an application: what the API sends an action goes through these, in their order.

    ``around`` is laid around action and steps: it hears what they raise.
    """
    # CKAN loads its views under names of its own, so the module is the one that Flask holds.
    names: DataDict = getattr(app.view_functions["api.action"], "__globals__", {})
    if names.get("get_action") is logic.get_action:
        names["get_action"] = _looking_up(logic.get_action, around, steps)


def _looking_up(
    get_action: Callable[[str], Action],
    around: Callable[[Action], Action],
    steps: tuple[Step, ...],
) -> Callable[[str], Action]:
    @wraps(get_action)
    def look_up(name: str) -> Action:
        action = get_action(name)

        @wraps(action)
        def asked(context: Context, data_dict: DataDict) -> object:
            for step in steps:
                data_dict = step(name, context, data_dict)
            return action(context, data_dict)

        return around(asked)

    return look_up

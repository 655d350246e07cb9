"""``ckan govdata``: one group, filled by the slices' own commands."""
from __future__ import annotations

from collections.abc import Callable

import ckan.model as model
import ckan.plugins.toolkit as tk
import click

from . import slices

REFUSALS = (tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound)


@click.group(short_help="The government data portal.")
def govdata() -> None:
    """Import, export, sweeps, ledger, demo and more; each with --help."""


for command in slices.listed("cli", "commands", click.Command):
    govdata.add_command(command)


def answer_in_words() -> None:
    """CKAN's own commands end in a traceback where one of our rules refuses; here in a sentence.

    Asked for whenever the commands are; done once a process.
    """
    from ckan.cli.cli import ckan  # here: it loads the application

    if isinstance(ckan.invoke, _Told):
        return
    setattr(ckan, "invoke", _Told(ckan.invoke))  # noqa: B010 - of this one command


class _Told:
    """``invoke`` of CKAN's command, with refusals in words."""

    def __init__(self, invoke: Callable[..., object]) -> None:
        self._invoke = invoke

    def __call__(self, ctx: click.Context) -> object:
        """Run the command that the context names."""
        try:
            return self._invoke(ctx)
        except REFUSALS as refused:
            model.Session.rollback()
            raise click.ClickException(_words(refused)) from None


def _words(refused: object) -> str:
    summary = getattr(refused, "error_summary", None)
    if isinstance(summary, dict) and summary:
        return "; ".join(str(one) for one in summary.values())
    return str(getattr(refused, "message", "") or refused) or tk._("There is no such thing.")

"""``ckan govdata``: one group, filled by the slices' own commands."""
from __future__ import annotations

import click

from . import slices


@click.group(short_help="The government data portal.")
def govdata() -> None:
    """Import, export, sweeps, ledger, demo and more; each with --help."""


for command in slices.listed("cli", "commands"):
    govdata.add_command(command)

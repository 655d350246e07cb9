"""``ckan govdata permissions``."""

from __future__ import annotations

import click

from . import permission_guide


@click.command()
def permissions() -> None:
    """Print who may do what in every procedure, as Markdown with diagrams."""
    click.echo(permission_guide.text(), nl=False)


commands = [permissions]

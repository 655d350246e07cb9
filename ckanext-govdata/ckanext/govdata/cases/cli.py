"""``ckan govdata sweep`` and ``permissions``."""

from __future__ import annotations

import json
from datetime import datetime

import ckan.model as model
import click

from .. import now
from . import guide
from .sweep import sweep as run


@click.command()
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Pretend that it is this day.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def sweep(today: datetime | None, as_json: bool) -> None:
    """Write what is overdue or lapsed, remind, warn of ending grants; harmless when run twice."""
    now.move(today.date() if today else None)
    try:
        counts = run(model.Session, now.today())
    finally:
        now.move(None)
    if as_json:
        click.echo(json.dumps(counts))
    else:
        for name, count in counts.items():
            click.echo(f"{name.replace('_', ' ')}: {count}")


@click.command()
def permissions() -> None:
    """Print who may do what in every procedure, as Markdown with diagrams."""
    click.echo(guide.text(), nl=False)


commands = [sweep, permissions]

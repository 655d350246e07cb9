"""``ckan govdata sweep``."""

from __future__ import annotations

import json
from datetime import datetime

import ckan.model as model
import click

from .. import now
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


commands = [sweep]

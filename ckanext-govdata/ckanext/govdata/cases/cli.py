"""``ckan govdata sweep``."""

from __future__ import annotations

import json
from datetime import datetime

import ckan.model as model
import click

from .. import now, progress
from .time.batches import described
from .time.sweep import sweep as run


@click.command()
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Pretend that it is this day.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def sweep(today: datetime | None, as_json: bool) -> None:
    """Write what is overdue or lapsed, remind, warn of ending grants; harmless when run twice.

    Cases that cannot be processed are left and named, the others go on; the exit status is 1 then.
    """
    now.move(today.date() if today else None)
    try:
        with progress.telling() as tell:
            counts, failures = run(model.Session, now.today(), tell)
    finally:
        now.move(None)
    failed = described(model.Session, failures)
    if as_json:
        click.echo(json.dumps({**counts, "failures": failed}, ensure_ascii=False))
    else:
        for name, count in counts.items():
            click.echo(f"{name.replace('_', ' ')}: {count}")
    for one in failed:
        more = ", …" if one["count"] > len(one["cases"]) else ""
        named = ", ".join(one["cases"])
        click.echo(f"not processed, {one['count']}: {named}{more}: {one['why']}", err=True)
    if failed:
        raise SystemExit(1)


commands = [sweep]

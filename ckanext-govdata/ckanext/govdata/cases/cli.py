"""``ckan govdata sweep`` and ``ckan govdata calendar``."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import ckan.model as model
import click

from .. import now, progress
from .time import days_notice
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


@click.group(short_help="The yearly notice of holidays and working days.")
def calendar() -> None:
    """The State Council's notice of working days, as a file such as 2027.yaml.

    The files of config/calendars show the form. Look first what it moves, then enter it.
    """


FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@calendar.command()
@FILE
def preview(file: Path) -> None:
    """Every open case whose due day the notice in FILE moves; nothing is written."""
    moved = days_notice.preview(model.Session, file)
    for one in moved:
        click.echo(f"{one.reference}  {one.before} -> {one.after}  {one.title}")
    click.echo(f"{len(moved)} open cases move; their applicants and officers will be told.")


@calendar.command()
@FILE
def enter(file: Path) -> None:
    """Put FILE where the portal reads calendars, and count every open case anew."""
    try:
        counts, failures = days_notice.enter(model.Session, file)
    except days_notice.NoPlace:
        raise click.ClickException(
            "name a directory for calendars of your own first: ckanext.govdata.calendars"
        ) from None
    except days_notice.NotNamedAfterItsYear:
        raise click.ClickException("the file is called after its year, such as 2027.yaml") from None
    click.echo(f"entered; {counts['recounted']} open cases were counted anew and told")
    if failures:
        raise click.ClickException(f"cases that could not be processed: {counts['broken']}")


commands = [sweep, calendar]

"""``ckan govdata emergency``."""

from __future__ import annotations

from pathlib import Path

import click

from . import alarms, event_replay


@click.group(short_help="Emergencies: replay counts, look for late data.")
def emergency() -> None:
    """Replay a file of daily counts as an event; look for late data now."""


@emergency.command("replay")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--region", required=True, help="Division code: a province or a city.")
@click.option("--organization", required=True, help="The handling body.")
@click.option("--user", required=True, help="Its head, in whose name it is done.")
@click.option("--name", required=True, help="The event's name in addresses.")
@click.option("--title", default="疫情（演示）", show_default=True)
def replay(file: Path, region: str, organization: str, user: str, name: str, title: str) -> None:
    """Publish the daily counts of FILE as an event, day by day, with the clock of those days."""
    days = event_replay.read(file, region)
    if not days:
        raise click.ClickException(f"{file.name} has no rows of {region}")
    wanted = event_replay.Replay(name, region, organization, title, user, days)
    with click.progressbar(event_replay.run(wanted), length=len(days)) as steps:
        for _step in steps:
            pass
    click.echo(f"{len(days)} days: /emergency/{name}")


@emergency.command("alarms")
def look_for_late_data() -> None:
    """Tell whoever has to know of late data; what the scheduler does every minute."""
    click.echo(f"{alarms.raise_alarms()} steps")


commands = [emergency]

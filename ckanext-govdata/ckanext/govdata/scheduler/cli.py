"""``ckan govdata schedule``."""
from __future__ import annotations

import json

import click

from . import timetable


@click.group(short_help="Jobs that run by the clock.")
def schedule() -> None:
    """List the jobs, run one now, or run them all at their times."""


@schedule.command("run")
@click.argument("name", required=False)
@click.pass_context
def run(context: click.Context, name: str | None) -> None:
    """Run job NAME once, or without a name every job at its time, for ever."""
    app = context.meta["flask_app"]
    if name is None:
        timetable.run_forever(app)
        return
    job = timetable.jobs().get(name)
    if job is None:
        raise click.ClickException(f"no job is named {name}; see `ckan govdata schedule list`")
    if not timetable.run(app, job):
        raise click.ClickException(f"{name} failed, or runs elsewhere; the log says which")


@schedule.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_jobs(as_json: bool) -> None:
    """Every job with its times and how it went last."""
    runs = timetable.last_runs()
    if as_json:
        jobs = timetable.jobs().values()
        told = [{"name": one.name, "cron": one.cron, "last": runs[one.name]} for one in jobs]
        click.echo(json.dumps(told))
        return
    for job in timetable.jobs().values():
        last = runs[job.name]
        how = "never ran" if last is None else f"{last['at']} {last['failure'] or 'ok'}"
        click.echo(f"{job.name:<32}{job.cron:<16}{how}")


commands = [schedule]

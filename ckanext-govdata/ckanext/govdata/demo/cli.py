"""``ckan govdata demo``: fill an empty portal."""
from __future__ import annotations

import json

import click

from ..domain.locales import SIMPLIFIED
from ..search import backlog
from . import cases, content, demo_accounts, emergencies


@click.group(short_help="The demo portal's data and accounts.")
def demo() -> None:
    """Real Anhui entries, real departments, one account for each role."""


@demo.command("load")
@click.option("--password", envvar="GOVDATA_DEMO_PASSWORD", help="Password of all demo accounts.")
@click.option("--json", "as_json", is_flag=True, help="Print only the counts, as JSON.")
def load_command(password: str | None, as_json: bool) -> None:
    """Load what is missing; a second run changes nothing."""
    counts = {}
    for what, step in (
        ("departments", content.load_departments),
        ("accounts", lambda: demo_accounts.load(password)),
        ("catalogue", content.load_catalogue),
        ("entries", content.load_entries),
        ("vectors", backlog.fill),
        ("cases", cases.load),
        ("emergencies", emergencies.load),
    ):
        counts[what] = step()
        if not as_json:
            click.echo(f"{what}: {counts[what]} new")
    if as_json:
        click.echo(json.dumps(counts))


@demo.command("accounts")
def accounts_command() -> None:
    """List the demo accounts and their roles."""
    for account in demo_accounts.listed():
        click.echo(f"{account['name']:20} {account['role']['en']} {account['role'][SIMPLIFIED]}")


commands = [demo]

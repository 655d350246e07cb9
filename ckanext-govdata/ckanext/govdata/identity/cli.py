"""``ckan govdata identity``: numbers that two accounts gave."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import click
from ckan.types import Context


@click.group()
def identity() -> None:
    """Numbers that two accounts gave: name them, free one."""


@identity.command()
def held() -> None:
    """Name accounts that gave a number which another account had before."""
    for one in tk.get_action("govdata_identity_held_list")(_operator(), {}):
        click.echo(f"{one['account']}: the number was given by {one['before'] or 'nobody now'}")


@identity.command()
@click.argument("account")
@click.option("--reason", required=True, help="Stands in the ledger; at least ten characters.")
def release(account: str, reason: str) -> None:
    """Take an account's identity away; its number can be given by another account."""
    try:
        tk.get_action("govdata_identity_release")(_operator(), {"id": account, "reason": reason})
    except tk.ValidationError as refused:
        words = "; ".join(refused.error_summary.values())
        raise click.ClickException(words) from None
    click.echo(f"{account} has no identity any more.")


def _operator() -> Context:
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return Context(user=str(site["name"]), ignore_auth=True)


commands = [identity]

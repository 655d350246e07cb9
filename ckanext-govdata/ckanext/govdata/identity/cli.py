"""``ckan govdata identity``: numbers that two accounts gave."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import click
from ckan.types import Context

from .. import settings
from ..security import keys


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


@identity.command("keys")
@click.option("--take-over", is_flag=True, help="Print the keys in use, to configure them.")
def show_keys(take_over: bool) -> None:
    """Say whether the keys are there with which what is kept was sealed.

    With --take-over the keys themselves are printed, as ckanext.govdata.security.keys
    (CKAN_IDENTITY_KEYS) takes them: a portal whose key is made of SECRET_KEY has its own from then
    on, and SECRET_KEY can be changed. Exit status 1 where a key is lost; nothing is printed then.
    """
    if said := keys.for_health():
        raise click.ClickException(said)
    if take_over:
        click.echo(" ".join(key.decode() for key in settings.identity_keys()))
        return
    for key in settings.identity_keys():
        click.echo(f"{keys.fingerprint(key)[:8]}: there")


def _operator() -> Context:
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return Context(user=str(site["name"]), ignore_auth=True)


commands = [identity]

"""``ckan govdata ledger verify``."""

from __future__ import annotations

import json

import ckan.model as model
import click

from .. import progress
from . import book, heads


@click.group()
def ledger() -> None:
    """The chained record of every act."""


@ledger.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(as_json: bool) -> None:
    """Recompute the chain and name the first bad entry; exit 1 if there is one."""
    with progress.telling() as tell:
        number, digest, broken = book.verify(model.Session, tell)
    rewritten = heads.rewritten(model.Session)
    answer = {
        "good": broken is None and rewritten is None,
        "entries": number,
        "head": digest,
        "broken": {"number": broken.number, "how": broken.how} if broken else None,
        "rewritten": rewritten,
    }
    if as_json:
        click.echo(json.dumps(answer))
    elif broken:
        click.echo(f"Entry {broken.number} is {broken.how}; {number} entries before it are good.")
    elif rewritten:
        click.echo(f"The head that was published for {rewritten} is not in the ledger any more.")
    else:
        click.echo(f"{number} entries, all good. Head: {digest}")
    if not answer["good"]:
        raise SystemExit(1)


commands = [ledger]

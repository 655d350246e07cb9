"""``ckan govdata ledger verify``."""

from __future__ import annotations

import json

import ckan.model as model
import click

from .. import progress
from . import book, heads

NAMED = 20
"""So many entries are named; of more it is said how many."""


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
    back = book.turned_back(model.Session)
    answer = {
        "good": broken is None and rewritten is None,
        "entries": number,
        "head": digest,
        "broken": {"number": broken.number, "how": broken.how} if broken else None,
        "rewritten": rewritten,
        "turned_back": back,
    }
    if as_json:
        click.echo(json.dumps(answer))
    elif broken:
        click.echo(f"Entry {broken.number} is {broken.how}; {number} entries before it are good.")
    elif rewritten:
        click.echo(f"The head that was published for {rewritten} is not in the ledger any more.")
    else:
        click.echo(f"{number} entries, all good. Head: {digest}")
        if back:
            some = ", ".join(map(str, back[:NAMED]))
            click.echo(f"{len(back)} bear an earlier time than the one before them: {some}")
    if not answer["good"]:
        raise SystemExit(1)


commands = [ledger]

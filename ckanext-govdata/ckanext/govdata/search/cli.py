"""``ckan govdata search``."""
from __future__ import annotations

import json
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import cast

import ckan.plugins.toolkit as tk
import click
from ckan import model
from ckan.lib.search import SearchError, SolrConnectionError

from .. import progress
from . import backlog, evaluation, live_reader, vectors

MOST_NAMED = 10
"""Unknown entries that are named."""


@click.group(short_help="Search: evaluation, knowledge, the catalogue's words.")
def search() -> None:
    """Measure the search, move its knowledge, learn the catalogue's words."""


@search.command("evaluate", short_help="Measure the search on judged queries.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Numbers as JSON.")
@click.option("--no-model", is_flag=True, help="Without vectors, as where the model does not run.")
@click.option("--misses", is_flag=True, help="Say which entries are not found for which query.")
def evaluate(file: Path, as_json: bool, no_model: bool, misses: bool) -> None:
    """Recall@10, MRR and nDCG@10 of FILE's queries, asked as an anonymous reader.

    FILE has one JSON object a line: query, type, relevant {entry's name: 2 or 1}.
    """
    try:
        judged = evaluation.read(file)
    except ValueError as error:
        raise click.ClickException(f"{file}: {error}") from error
    live_reader.learn_if_stale()
    try:
        unknown = evaluation.unknown(judged)
        with vectors.switched_off() if no_model else nullcontext():
            model_runs = vectors.available()
            rows = evaluation.as_rows(evaluation.evaluate(judged))
            missed = evaluation.missed(judged) if misses else []
    except (SearchError, SolrConnectionError) as error:
        raise click.ClickException(f"not measured: {str(error)[:200]}") from error
    if unknown:
        more = " …" if len(unknown) > MOST_NAMED else ""
        click.echo(f"{len(unknown)} judged entries are not in this catalogue and count as not"
                   f" found: {' '.join(unknown[:MOST_NAMED])}{more}", err=True)
    if as_json:
        told = {"model": model_runs, "scores": rows, "unknown": unknown}
        told |= {"misses": missed} if misses else {}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo("with the model" if model_runs else "without the model")
    click.echo(f"{'':<12}{'queries':>8}{'recall@10':>11}{'MRR':>8}{'nDCG@10':>9}")
    for kind, row in rows.items():
        click.echo(
            f"{kind:<12}{row['queries']:>8}{row['recall']:>11.3f}"
            f"{row['mrr']:>8.3f}{row['ndcg']:>9.3f}"
        )
    for miss in missed:
        click.echo(f"{miss['query']}: {' '.join(miss['missing'])}")


@search.command("learn", short_help="Learn the catalogue's words again.")
def learn() -> None:
    """Read all public titles: their words and how often. Runs by itself every few minutes."""
    click.echo(f"{live_reader.learn_if_stale(force=True) or 0} titles read")


@search.command("vectors", short_help="Make the vectors of new titles now.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def make_vectors(as_json: bool) -> None:
    """Compare new titles by meaning too. Runs by itself within seconds of a change."""
    with progress.telling() as tell:
        made = backlog.fill(partial(tell, "entries"))
    left = backlog.waiting()
    if as_json:
        click.echo(json.dumps({"made": made, "waiting": left}))
        return
    click.echo(f"{made} entries got their vector, {left} still wait")


@search.command("export", short_help="Write the knowledge as JSON.")
@click.argument("file", type=click.File("w", encoding="utf-8"), default="-")
def export_rules(file: click.utils.LazyFile) -> None:
    """All lines of knowledge with their kinds, to FILE or the screen."""
    told = tk.get_action("govdata_search_rule_export")({"ignore_auth": True}, {})
    file.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


@search.command("import", short_help="Read knowledge from JSON.")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--replace", is_flag=True, help="Take away what is not in FILE.")
def import_rules(file: click.utils.LazyFile, replace: bool) -> None:
    """Lines of knowledge as written by export; all of them or, if one is not understood, none."""
    try:
        read = json.loads(file.read())
    except ValueError as error:
        raise click.ClickException(f"not a file of search export: {error}") from error
    if not isinstance(read, dict) or "rules" not in read:
        raise click.ClickException("not a file of search export: it has no “rules”")
    try:
        told = tk.get_action("govdata_search_rule_import")(
            {"ignore_auth": True, "user": ""}, {"rules": read["rules"], "replace": replace}
        )
    except tk.ValidationError as error:
        refused = cast("list[str]", error.error_dict["rules"])
        raise click.ClickException("; ".join(refused)) from error
    model.Session.commit()
    click.echo(f"{told['added']} added, {told['removed']} taken away")


@search.command("seeds", short_help="Lines of knowledge that this version ships.")
@click.option("--merge", is_flag=True, help="Take them over; without it nothing is changed.")
def seeds(merge: bool) -> None:
    """Which lines this version ships that the portal does not have (+) and which it ships no more
    (-). What the operator changed or took away stays as he left it.
    """
    action = "govdata_search_seed_merge" if merge else "govdata_search_seed_list"
    told = tk.get_action(action)({"ignore_auth": True, "user": ""}, {})
    for sign, name in (("+", "new"), ("-", "retired")):
        for row in told[name]:
            click.echo(f"{sign} {row['kind']}: {row['line']}")
    done = "" if merge else "to be "
    click.echo(
        f"{len(told['new'])} {done}added, {len(told['retired'])} {done}taken away,"
        f" {len(told['held'])} left as the operator wants it"
    )


commands = [search]

"""The slices of the house, in their order, and what each offers to CKAN and to the others.

A slice is a package beside this file, one per thing that a person would name. A slice imports
only from those before it, and of them only the modules that they list as public; what a lower one
needs of a higher one is registered (:func:`functions`, :func:`listed`), never imported. Its inner
modules carry CKAN's own names; what is found there is offered, and a name that two slices define
stops the start.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

from ckan.exceptions import CkanConfigurationException

from .config_reader import BrokenFile, gathered


class Slice(NamedTuple):
    """A package and those of its modules (dotted, inside the package) that others may import."""

    name: str
    public: tuple[str, ...] = ()


HOUSE: tuple[Slice, ...] = (
    Slice(
        "speech",
        (
            "language",
            "phrases",
            "script",
            "when",
        ),
    ),
    Slice(
        "forms",
        (
            "asked_values",
            "attachments",
            "form_reader",
            "refusals",
        ),
    ),
    Slice(
        "sheets",
        (
            "csv_rows",
            "file_kinds",
            "file_words",
            "noted_numbers",
            "personal_headings",
            "refused_files",
            "sentences",
            "sheet_files",
            "tables",
            "text_tables",
            "xml_parser",
        ),
    ),
    Slice(
        "security",
        (
            "api_tokens",
            "bodies",
            "callers",
            "client_address",
            "counters",
            "database_connections",
            "hardening",
            "headers",
            "kept_texts",
            "keys",
            "return_address",
            "services_away",
            "smtp",
            "uncaught_errors",
            "uploaded_files",
            "vault",
        ),
    ),
    Slice(
        "ledger",
        (
            "actors",
            "auditors",
            "book",
            "heads",
            "settlement",
            "triggers",
        ),
    ),
    Slice(
        "repeats",
        (
            "first_answer",
            "keyed_actions",
            "request_key",
        ),
    ),
    Slice(
        "notices",
        (
            "lost_letters",
            "mail_delivery",
            "notice",
            "outbox",
        ),
    ),
    Slice(
        "departments",
        (
            "absences",
            "desks",
            "directory",
            "former_names",
            "members",
            "offices",
            "roles",
            "seats",
            "sentences",
            "succession",
            "tree",
        ),
    ),
    Slice(
        "identity",
        (
            "action",
            "ckan_actions",
            "mail_addresses",
            "profile",
            "resets",
            "sentences",
        ),
    ),
    Slice(
        "rules",
        (
            "answers",
            "deadline_question",
            "in_force",
            "overseers",
            "rule_kinds",
            "rule_view",
            "sentences",
        ),
    ),
    Slice(
        "access",
        (
            "columns",
            "delivery",
            "descriptions",
            "download_names",
            "existence",
            "fetchable",
            "file_ids",
            "gate",
            "grant_ends",
            "grant_figures",
            "grant_news",
            "grantable",
            "grants",
            "locations",
            "one_table",
            "operator_rights",
            "power_rules",
            "presence",
            "reports",
            "route_guard",
            "rows",
            "sentences",
            "source",
            "touched_entries",
            "use_log",
        ),
    ),
    Slice("tables", ("entry_files", "follow", "table_facts", "word_search")),
    Slice("explorer", ("table_view",)),
    Slice(
        "cases",
        (
            "answers",
            "case_figures",
            "change_warning",
            "consequences",
            "effects",
            "engine.declared_procedures",
            "engine.new_case",
            "engine.repetition",
            "entry_changes",
            "terms",
            "time.days_notice",
            "time.sweep",
            "vacancies",
        ),
    ),
    Slice("marks"),
    Slice(
        "catalogue",
        (
            "entry.bulk",
            "entry.companion_rows",
            "entry.damaged_entries",
            "entry.foreign_writes",
            "entry.judgement",
            "entry.links",
            "entry.member_pages",
            "entry.plain_datasets",
            "entry.powers",
            "entry.problem_sentences",
            "entry.public_changes",
            "entry.unknown_columns",
            "index.ckan_index",
            "index.department_entries",
            "index.entry_document",
            "index.outbox_rows",
            "index.writer",
        ),
    ),
    Slice(
        "pages",
        (
            "entry_list",
            "page_routes",
        ),
    ),
    Slice(
        "search",
        (
            "backlog",
            "connection",
            "live_reader",
            "popularity",
            "query_parameters",
            "solr_down",
            "vectors",
        ),
    ),
    Slice(
        "emergency",
        (
            "event.event_record",
            "event.event_rules",
            "event.kinds",
            "event_replay",
            "feeds.news",
            "helpers",
            "public.downloads",
            "sentences",
            "version_watch",
        ),
    ),
    Slice("subscriptions"),
    Slice("supervision"),
    Slice(
        "scheduler",
        (
            "timetable",
        ),
    ),
    Slice(
        "health",
        (
            "migrations",
            "probes",
        ),
    ),
    Slice("demo"),
    Slice(
        "front",
        (
            "application",
            "page_cache",
            "portal_outage",
        ),
    ),
    Slice("stack"),
)
"""From the ground up."""

SLICES: tuple[str, ...] = tuple(one.name for one in HOUSE if one.name not in ("front", "stack"))
"""Those that offer something to CKAN: ``front`` stands before it, ``stack`` starts it."""

PREFIX = "govdata_"
Item = TypeVar("Item")


def modules(kind: str) -> Iterator[ModuleType]:
    """Each slice's module of that kind (``action``, ``auth``, ``views``, …), if it has one."""
    for name in SLICES:
        path = f"{__package__}.{name}.{kind}"
        if find_spec(path):
            yield import_module(path)


@lru_cache
def functions(kind: str, prefix: str = PREFIX) -> dict[str, Callable[..., Any]]:
    """Public functions of that kind by name; only those defined in the module itself.

    Every page asks for some of them: the modules are searched once.
    """
    found: dict[str, Callable[..., Any]] = {}
    for module in modules(kind):
        for name, member in inspect.getmembers(module, inspect.isroutine):
            if (
                not name.startswith(prefix)
                or name.startswith("_")
                or member.__module__ != module.__name__
            ):
                continue
            if name in found:
                raise RuntimeError(f"{kind} {name} is defined by two slices")
            found[name] = member
    return found


def of_ckan(kind: str) -> dict[str, Callable[..., Any]]:
    """CKAN's own functions that slices chain, by name.

    ``kind`` is a function of a slice's module ``ckan_actions`` that gives them: ``actions`` or
    ``auth``. One that two slices chain stops the start: the second would be lost.
    """
    found: dict[str, Callable[..., Any]] = {}
    for module in modules("ckan_actions"):
        brought: dict[str, Callable[..., Any]] = getattr(module, kind, dict)()
        if twice := found.keys() & brought.keys():
            raise RuntimeError(f"CKAN's {kind} {sorted(twice)} are chained by two slices")
        found.update(brought)
    return found


@lru_cache
def registered(kind: str) -> dict[str, Callable[..., Any]]:
    """What slices register under names that declarations use, in their modules of that kind.

    Such as ``effects``: all public functions that are defined in the module itself.
    """
    return functions(kind, "")


def check() -> None:
    """Run ``check`` of each slice's ``start`` module: broken configuration stops the start.

    Raises what CKAN's commands print without a traceback, with all that is wrong with any file.
    """
    try:
        gathered([module.check for module in modules("start")])
    except BrokenFile as error:
        raise CkanConfigurationException(str(error)) from error


def listed(kind: str, attribute: str, of: type[Item]) -> list[Item]:
    """All that the slices' modules of that kind list under ``attribute``.

    What is listed and not ``of`` that class stops the start.
    """
    found: list[object] = [item for module in modules(kind) for item in getattr(module, attribute)]
    if strange := [item for item in found if not isinstance(item, of)]:
        raise TypeError(f"{kind}.{attribute} lists what is no {of.__name__}: {strange!r}")
    return [item for item in found if isinstance(item, of)]

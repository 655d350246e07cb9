"""Judge entries and departments with the pure core: the glue that forms, API and import share."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from stdnum.cn import uscc

from .. import vocabularies, yaml_files
from ..domain.catalogue import WHERE_CITED, EntryRules, Problem, Rule, check_entry
from ..domain.department import DepartmentRules
from . import departments

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

STANDARD = "standard"
"""Stands for a national standard in place of a jurisdiction: binds everywhere."""


@dataclass(frozen=True)
class RuleText:
    """A rule of ``config/entry_rules.yaml``: its words, and its article in each jurisdiction."""

    label: Mapping[str, str]
    articles: Mapping[str, str]


@lru_cache(maxsize=1)
def rule_texts() -> Mapping[str, RuleText]:
    """The rules by id; raises :class:`yaml_files.BrokenFile`."""
    return load_rule_texts(yaml_files.file("entry_rules.yaml"))


def load_rule_texts(source: Traversable) -> dict[str, RuleText]:
    """Read and check the rules' file; raises :class:`yaml_files.BrokenFile`."""
    document = yaml_files.read(source)
    written = document.data.get("rules") if isinstance(document.data, dict) else None
    if not isinstance(written, dict):
        raise document.broken("must have a mapping called rules")
    known = {rule.value for rule in Rule}
    for name, rule in written.items():
        if name not in known:
            raise document.broken(f"unknown rule {name!r}", "rules", name)
        if not isinstance(rule, dict) or not isinstance(rule.get("label"), dict):
            raise document.broken(f"{name} must have a label", "rules", name)
        lacking = [lang for lang in vocabularies.LANGUAGES if not rule["label"].get(lang)]
        if lacking:
            raise document.broken(f"label lacks {lacking[0]}", "rules", name, "label")
        for place, article in rule.get("articles", {}).items():
            if not isinstance(article, str) or not article:
                raise document.broken(
                    "an article must be text; quote digits", "rules", name, "articles", place
                )
    for name in sorted(known - set(written)):
        raise document.broken(f"rule {name!r} is missing", "rules")
    return {n: RuleText(r["label"], r.get("articles", {})) for n, r in written.items()}


@lru_cache(maxsize=64)
def entry_rules(chain: tuple[str, ...] = ()) -> EntryRules:
    """What binds an entry whose provider is under these jurisdictions, the nearest first."""
    articles: dict[str, str] = {}
    for name, text in rule_texts().items():
        place = next((p for p in (*chain, STANDARD) if p in text.articles), None)
        if place is not None:
            articles[name] = f"{place} {text.articles[place]}"
    return EntryRules(_codes(), articles)


@lru_cache(maxsize=1)
def strictest_rules() -> EntryRules:
    """Every rule of every jurisdiction: who is good by these is good anywhere."""
    return EntryRules(_codes(), {rule.value: "" for rule in WHERE_CITED})


def judge(entry: Mapping[str, Any], provider_id: str | None) -> list[Problem]:
    """All that is wrong with the entry, with the articles that bind its provider.

    The provider's jurisdictions are looked up only when there is something to cite.
    """
    if not check_entry(entry, strictest_rules()):
        return []
    return check_entry(entry, entry_rules(chain(provider_id)))


def chain(provider_id: str | None) -> tuple[str, ...]:
    """The jurisdictions that bind a department, the nearest first, one statement."""
    line = departments.ancestors(provider_id) if provider_id else []
    found = [d.jurisdiction for d in reversed(line) if d.jurisdiction]
    return tuple(dict.fromkeys(found))


def gaps(problems: Iterable[Problem]) -> list[Problem]:
    """Those that an import records and does not refuse."""
    return [problem for problem in problems if problem.gap]


@lru_cache(maxsize=1)
def department_rules() -> DepartmentRules:
    """What a department is judged by."""
    return DepartmentRules(_codes(), vocabularies.divisions(), _jurisdictions(), uscc.is_valid)


def _codes() -> dict[str, frozenset[str]]:
    return {name: frozenset(v.codes) for name, v in vocabularies.every().items()}


def _jurisdictions() -> frozenset[str]:
    try:
        sources = yaml_files.folder("jurisdictions")
    except OSError:
        return frozenset()
    ids = (yaml_files.read(source).data for source in sources)
    return frozenset(d["id"] for d in ids if isinstance(d, dict) and isinstance(d.get("id"), str))

"""The terms of use and the commitment letter, by version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from .. import yaml_files
from ..domain.procedure import LOCALES


@dataclass(frozen=True)
class Terms:
    """One version of the terms of use, by language."""

    version: str
    terms: Mapping[str, tuple[str, ...]]
    commitment: Mapping[str, str]


@lru_cache(maxsize=1)
def terms_of_use() -> tuple[Terms, ...]:
    """Every version, the one in force first; raises ``BrokenFile``."""
    document = yaml_files.read(yaml_files.file("terms/open_use.yaml", yaml_files.SCHEMAS))
    found: list[Terms] = []
    try:
        for item in document.data["versions"]:
            terms = {locale: tuple(item["terms"][locale]) for locale in LOCALES}
            words = {locale: str(item["commitment"][locale]) for locale in LOCALES}
            found.append(Terms(str(item["version"]), terms, words))
    except (KeyError, TypeError) as error:
        raise document.broken(f"{error} is missing", "versions") from error
    if not found:
        raise document.broken("no version is there", "versions")
    return tuple(found)

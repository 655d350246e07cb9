"""The procedures that the files in ``schemas/`` declare, checked when read."""

from __future__ import annotations

from functools import lru_cache

from .. import yaml_files
from ..domain import declaration
from ..domain.procedure import Procedure
from ..rules import current
from .effects import EFFECTS

OPTIONS = ("one_step",)
"""What a jurisdiction may choose about a procedure; see ``ckanext.govdata.cases.one_step``."""


@lru_cache(maxsize=1)
def procedures() -> dict[str, Procedure]:
    """Every procedure by its kind; raises ``BrokenFile`` with file and line."""
    found: dict[str, Procedure] = {}
    for source in yaml_files.folder("procedures", yaml_files.SCHEMAS):
        document = yaml_files.read(source)
        try:
            procedure = declaration.parse(
                document.data, EFFECTS, current.rulebook().term_names(), OPTIONS
            )
        except declaration.Misdeclared as error:
            raise document.broken(str(error), *error.place) from error
        found[procedure.kind] = procedure
    return found

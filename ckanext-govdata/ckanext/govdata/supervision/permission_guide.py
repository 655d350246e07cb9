"""The procedures as a page of the documentation; ``ckan govdata permissions`` prints it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..cases.engine.declared_procedures import procedures
from ..catalogue.entry import powers
from ..domain.diagram import mermaid
from ..domain.locales import SIMPLIFIED
from ..domain.permission import markdown
from ..domain.procedure import Procedure

PAGE = Path(__file__).parents[3] / "docs" / "permissions.md"
HEAD = """# Who may do what
Printed from `schemas/procedures` by `ckan govdata permissions`; a test fails when it is out of
date. Buttons, API and permission checks read the same table. A command in brackets
is open only where the jurisdiction has that option. An applicant has no other role in his own
case, and the system administrator has none at all.

**Duties are apart** (`domain/duties.py`). Of the commands marked *proposes*, *decides* and *judges*
no person gives two kinds in one case, whatever seats he has meanwhile; whoever stands in for an
absent colleague acts for both of them. Nobody acts officially in a case of his own, of his firm
(the named users of a grant of the applicant's), or of one for whom he stands in, himself or by way
of others. Where a jurisdiction has `one_step`, one person may propose and decide. Whoever let data
through in an emergency has *proposed* in its review. The `objection_body` is the data authority of
the place; against its own decision, or that of somebody above it, the nearest government above the
provider. It is never one who works for the department that decided. Where there is none, no
objection is offered and the reader is told whom to turn to.
"""

DEPARTMENTS = """
## Departments 部门
Printed from `config/powers.yaml`. *Above* a department stand the governments around it and the data
authorities of its place and of wider ones; an authority has no power over another of its place, and
nobody gives what would put a department beside or above himself. The operator (system
administrator) sets up the tree; he holds no seat in it, and nobody with a seat is operator. A place
has one authority and one government. Each change is in the ledger with who, from and to; auditors
read it.

"""


def text() -> str:
    """The page."""
    sections = [_section(one) for _kind, one in sorted(procedures().items())]
    return HEAD + "".join(sections) + DEPARTMENTS + "\n".join(powers.table()) + "\n"


def _section(procedure: Procedure) -> str:
    return "\n".join(_lines(procedure)) + "\n"


def _lines(procedure: Procedure) -> Iterator[str]:
    yield f"\n## {procedure.label['en']} {procedure.label[SIMPLIFIED]} (`{procedure.kind}`)"
    yield from markdown(procedure)
    yield ""
    yield "```mermaid"
    yield from mermaid(procedure)
    yield "```"

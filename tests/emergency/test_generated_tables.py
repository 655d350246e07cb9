"""Of any sheet an event publishes what is seen and no more, or refuses it by place (K02, K18, K19).

``GOVDATA_SHEETS`` is the number of sheets, as in ``tests/sheets/test_generated_sheets.py``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.govdata.emergency.publication.visible_table import Chosen, Unusable, seen
from tests.sheets.test_generated_sheets import EXAMPLES, sheets, write_new, write_old


@settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES <= 60, print_blob=True,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(made=sheets, old=st.booleans(), leave=st.booleans())
def test_what_is_published_is_what_is_seen(made: dict, old: bool, leave: bool) -> None:
    kind = "xls" if old else "xlsx"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{kind}"
        (write_old if old else write_new)(path, made)
        content = path.read_bytes()
    veiled = {place for place in made["cells"]
              if place[0] in made["rows"] or place[1] in made["columns"]}  # fmt: skip
    visible = sorted(made["cells"].keys() - veiled)
    rows = {row for row, _ in visible}
    expected = [[made["cells"][place][2] for place in visible if place[0] == row]
                for row in sorted(rows)]  # fmt: skip
    choice = Chosen("" if made["hidden"] else "表", leave)
    try:
        found = [[cell for cell in row if cell] for row in seen(content, kind, choice).rows]
    except Unusable as error:
        code = error.refusal.code
        told = bool(veiled) or made["hidden"]
        assert code in ("cells_merged", "table_empty") or (code.startswith("hidden_") and told)
        return
    assert leave or not (veiled or made["hidden"])
    if made["hidden"]:
        assert len(found) == 1, "the sheet beside"
        assert found[0] in (["x"], ["另一张"])
    else:
        assert [row for row in found if row] == [[cell for cell in row if cell] for row in expected]

"""What an enemy asks of a table costs little, is answered in words, and tells nothing more."""
from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from explorer_world import buses
from test_page_of_a_table import address

pytestmark = pytest.mark.usefixtures("at_once")
LARGEST = 150_000
"""Bytes of a page that says no."""


def ask(app: Any, file: str, *pairs: tuple[str, str]) -> Any:
    return app.get(f"{address(file)}?{urlencode(pairs)}", status=None, follow_redirects=False)


@pytest.mark.parametrize("pairs", [
    [(f"n{n}", "1") for n in range(1_600)],
    [(f"_n{n}", "1") for n in range(1_600)],
    [("_column", f"n{n}") for n in range(1_600)],
    [("_sort", f"n{n}") for n in range(1_600)],
    [pair for n in range(500) for pair in (("客流量__from", f"{1000 + n}"),
                                           ("客流量__until", f"{n}"))],
    [("客流量", f"{n}") for n in range(1_600)],
], ids=["conditions", "parameters", "columns", "orders", "ends", "values"])
def test_long_questions_are_refused_briefly(app, pairs: list[tuple[str, str]]) -> None:
    file = buses()
    ask(app, file)
    begun = time.process_time()
    answer = ask(app, file, *pairs)
    assert time.process_time() - begun < 2
    assert answer.status_code == 400
    assert len(answer.body) < LARGEST
    assert 1 <= len(BeautifulSoup(answer.body, "html.parser").select(".gd-wrong li")) <= 10
    with pytest.raises(tk.ValidationError) as found:
        tk.get_action("govdata_table_rows")({"user": ""}, {
            "resource_id": file, "query": urlencode(pairs[:900])})
    assert len(str(found.value.error_dict)) < 2_000

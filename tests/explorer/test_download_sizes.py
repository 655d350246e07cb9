"""Telling how large files will be costs little, whatever the table and whatever is asked."""
from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from ckan import model
from explorer_world import HEAD, buses, entry, readable

from ckanext.govdata.domain.explorer.question import Question
from ckanext.govdata.explorer import copied_rows, download_sizes
from ckanext.govdata.explorer.table_rows import TooSlowError
from tests.tables.table_world import upload

pytestmark = pytest.mark.usefixtures("at_once")
SIZE = re.compile(r"约 [\d.]+ (?:bytes|KB|KiB|B)")


def page(app: Any, file: str, query: str = "") -> str:
    name = model.Resource.get(file).package.name
    return app.get(f"/zh_Hans_CN/dataset/{name}/data/{file}{query}", status=200).body


def entry_page(app: Any, file: str) -> str:
    return app.get(f"/zh_Hans_CN/dataset/{model.Resource.get(file).package.name}", status=200).body


@pytest.fixture
def samples(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows were read each time that a table was measured."""
    counted: list[int] = []
    real = copied_rows.sample

    def sample(table: Any) -> Any:
        found = real(table)
        counted.append(len(found))
        return found

    monkeypatch.setattr(copied_rows, "sample", sample)
    return counted


def wide(count: int, length: int) -> str:
    rows = (f"{n}路,{chr(97 + n % 26) * length},{n},2026-01-01,2026-01-01 00:00:00,是,甲\n"
            for n in range(count))
    return upload(entry(), HEAD + "".join(rows))


def test_an_entrys_page_measures_nothing(app: Any, samples: list[int]) -> None:
    file = buses()
    before = entry_page(app, file)
    assert "5 行" in before
    assert not SIZE.search(before)
    assert SIZE.search(page(app, file))
    assert samples == [5]
    assert SIZE.search(entry_page(app, file)), "what is known by then is told"


def test_whatever_is_asked_a_table_is_measured_once(app: Any, samples: list[int]) -> None:
    file = buses()
    sizes = set()
    for columns in (["line"], ["line", "区"], ["区"], ["客流量", "line"], []):
        query = "&".join(f"_column={quote(one)}" for one in columns)
        found = SIZE.search(page(app, file, f"?{query}"))
        assert found
        sizes.add(found[0])
    page(app, file, f"?{quote('区')}={quote('瑶海区')}")
    assert samples == [5]
    assert len(sizes) > 1, "fewer columns make a smaller file"


def test_few_rows_are_read_and_few_bytes() -> None:
    assert len(copied_rows.sample(readable(wide(300, 1)))) == 200
    rows = copied_rows.sample(readable(wide(60, 20_000)))
    assert 5 <= len(rows) <= 13
    assert [row[0] for row in rows] == [f"{n}路" for n in range(len(rows))]


def test_a_row_that_is_too_long_is_not_read_and_the_page_goes_on(
    app: Any, samples: list[int]
) -> None:
    names = "甲乙丙丁戊己庚辛壬癸"
    items = [{"name": name, "type": "C", "opened": True} for name in names]
    row = ",".join(["一", *["x" * 32_000] * (len(names) - 1)])
    file = upload(entry(information_items=items), "\n".join([",".join(names), *[row] * 3, ""]))
    for _ in range(2):
        said = page(app, file, f"?_column={quote('甲')}")
        assert "3 行" in said
        assert not SIZE.search(said)
    assert samples == [0], "not tried again"


def test_what_cannot_be_measured_breaks_no_page(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database does not answer in time, or says what nobody thought of."""
    file = buses()

    def slow(*_: object) -> None:
        raise TooSlowError

    monkeypatch.setattr(copied_rows, "connected", slow)
    said = page(app, file)
    assert "5 行" in said
    assert not SIZE.search(said)


def test_one_reader_measures_at_a_time(app: Any, samples: list[int]) -> None:
    file = buses()
    with download_sizes._measuring:
        assert not SIZE.search(page(app, file))
    assert not samples
    assert SIZE.search(page(app, file))


def test_what_is_told_is_about_right(app: Any) -> None:
    file = wide(150, 40)
    table = readable(file)
    whole = sum(map(len, copied_rows.csv_rows(table, Question())))
    download = download_sizes.Download(table, Question(), download_sizes.NO_WORDS)
    assert abs(download_sizes.measured(table).of("csv", download, 150) / whole - 1) < 0.05

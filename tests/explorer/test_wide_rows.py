"""However long the rows of a table are, taking it keeps memory flat."""
from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import arro3.io
import pytest
import sqlalchemy as sa
from arro3.core import RecordBatch
from ckanext.datastore.backend.postgres import get_write_engine
from explorer_world import entry, readable

from ckanext.govdata.domain.explorer.question import Question
from ckanext.govdata.explorer import download_forms
from ckanext.govdata.explorer.download_words import NO_WORDS
from ckanext.govdata.explorer.row_lengths import rows_within
from tests.tables.table_world import upload

MB = 2**20


@pytest.fixture
def wide(at_once: None) -> str:
    """900 rows of 100 kB, of which nothing can be packed, after 3,000 short ones."""
    items = [{"name": name, "type": "C", "opened": True} for name in ("甲", "乙")]
    file = upload(entry(information_items=items), "甲,乙\n一,二\n")
    long = "SELECT 'long', (SELECT string_agg(md5(random()::text || m || n), '') " \
           "FROM generate_series(1, 3125) AS m) FROM generate_series(1, 900) AS n"
    with get_write_engine().begin() as connection:
        insert = f'INSERT INTO "{file}" ("甲", "乙") '
        connection.execute(sa.text(insert + "SELECT 'short', n FROM generate_series(1, 3000) n"))
        connection.execute(sa.text(insert + long))
    return file


def peak() -> int:
    """The most memory that this process has had, in bytes."""
    [line] = [one for one in Path("/proc/self/status").read_text().splitlines()
              if one.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


def resident() -> int:
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    return peak()


def test_parquet_keeps_no_more_than_a_few_rows_where_they_are_long(
    wide: str, tmp_path: Path
) -> None:
    asked = download_forms.Download(readable(wide), Question(), NO_WORDS)
    assert b"".join(download_forms.FORMS["parquet"].of_rows(asked, [["a", "b"]])), "library's room"
    idle, target = resident(), tmp_path / "a.parquet"
    with target.open("wb") as out:
        out.writelines(download_forms.FORMS["parquet"].start(asked))
    above = peak() - idle
    assert target.stat().st_size > 40 * MB
    assert above <= 64 * MB, above / MB
    assert sum(batch.num_rows for batch in read(target)) == 3901


def read(target: Path) -> Iterator[RecordBatch]:
    yield from arro3.io.read_parquet(io.BytesIO(target.read_bytes()))


@pytest.mark.parametrize(("lengths", "rows"), [
    ([], 50_000), ([(10, 10**9)], 50_000), ([(100_000, 900)], 160), ([(2**30, 1)], 1),
    ([(2**20, 1), (1000, 10**6)], 15_728), ([(2**20, 8), (1000, 3)], 50_000)])
def test_whichever_rows_come_together_they_fit(lengths: list[tuple[int, int]], rows: int) -> None:
    found = rows_within(lengths, 16_777_216 if lengths != [(100_000, 900)] else 16_000_000, 50_000)
    assert abs(found - rows) <= 1

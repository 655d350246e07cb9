"""Many entries of one kind: as those that are written one by one, whatever their ids say."""

import json
from types import SimpleNamespace

import ckan.model as model
import pytest
import sqlalchemy as sa

from ckanext.govdata import bulk_sql, now
from ckanext.govdata.ledger import book
from ckanext.govdata.ledger.model import ledger

STRANGE = [
    *("瑶海-1", 'a"quote', "back\\slash", "tab\tnew\nline\r", "{brace},comma", r"\N", "", "NULL")
]
FACTS = {"id": "not the id", "fields": 'with "quotes" and \\', "number": 2}


def contents() -> list[dict]:
    query = sa.select(ledger.c.object_id, ledger.c.content).order_by(ledger.c.number)
    return [{"object": row[0], **json.loads(row[1])} for row in model.Session.execute(query)]


@pytest.mark.parametrize("times", [1, 40], ids=["a few by a statement", "many by COPY"])
def test_the_same_of_many_things_is_as_many_entries(fresh, times):
    ids = STRANGE * times
    assert (len(ids) >= bulk_sql.MANY) == (times > 1)
    entry = book.LedgerEntry("case_overdue", "case", "", "", FACTS)
    number, digest = book.write_alike(model.Session, [(entry, ids)])
    model.Session.commit()
    assert number == len(ids)
    assert book.verify(model.Session) == (number, digest, None)
    found = contents()
    assert [one["id"] for one in found] == [one["object"] for one in found] == ids
    assert {json.dumps(one["facts"], sort_keys=True) for one in found} == {
        json.dumps(FACTS, sort_keys=True)
    }


def test_nothing_to_write_takes_no_turn_and_gives_the_head(fresh):
    book.write(model.Session, [book.LedgerEntry("tested", "thing", "1")])
    model.Session.commit()
    before = book.head(model.Session)
    assert book.write(model.Session, []) == before
    held = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
                   "AND pid = pg_backend_pid()")
    assert model.Session.scalar(held) == 0


def test_entries_after_many_are_linked_to_them(fresh):
    entry = book.LedgerEntry("case_overdue", "case", "")
    book.write_alike(model.Session, [(entry, [f"c{n}" for n in range(150)])])
    book.write(model.Session, [book.LedgerEntry("tested", "thing", "after", "u", {"n": 1})])
    model.Session.commit()
    assert book.verify(model.Session)[0] == 151
    assert book.verify(model.Session)[2] is None


def test_a_text_of_an_array_is_read_as_it_was():
    values = [*STRANGE, None]
    read = model.Session.scalar(
        sa.text("SELECT CAST(:given AS text[])"), {"given": bulk_sql.array(values)}
    )
    assert read == values
    days = model.Session.scalar(
        sa.text("SELECT CAST(:given AS date[])"), {"given": bulk_sql.array([now.today(), None])}
    )
    assert days == [now.today(), None]


def test_rows_by_column():
    rows = [{"id": "a", "n": 1}, {"id": "b", "n": None}]
    assert bulk_sql.arrays(rows) == {"id": '{"a","b"}', "n": '{"1",NULL}'}


def test_no_rows_are_no_statement():
    silent = SimpleNamespace()  # it has nothing that could be called
    bulk_sql.append_many(silent, ledger, ("number",), [])

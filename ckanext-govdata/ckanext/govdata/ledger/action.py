"""Actions: read the ledger, verify its chain, show its head."""

from __future__ import annotations

import json

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.types import Context, DataDict

from .. import database
from ..pager import read_page
from . import book, heads
from .answers import DayHead, EntryAnswer, HeadAnswer, LedgerPage, VerifyAnswer
from .model import LedgerRow, ledger

PAGE = 50


@tk.side_effect_free
def govdata_ledger_list(context: Context, data_dict: DataDict) -> LedgerPage:
    """Entries, newest first.

    :param object_type, object_id, action, actor: only entries with these
    :param page: from 1
    """
    tk.check_access("govdata_ledger_list", context, data_dict)
    query = sa.select(ledger)
    for name, column in (
        ("object_type", ledger.c.object_type),
        ("object_id", ledger.c.object_id),
        ("action", ledger.c.action),
        ("actor", ledger.c.actor_id),
    ):
        if data_dict.get(name):
            query = query.where(column == str(data_dict[name]))
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    page = read_page(data_dict, PAGE)
    part = query.order_by(ledger.c.number.desc()).limit(page.size).offset(page.offset)
    rows = database.rows(model.Session, part, LedgerRow)
    back = set(book.turned_back(model.Session, [row.number for row in rows]))
    return {**page.head(count), "results": [_entry(row, row.number in back) for row in rows]}


@tk.side_effect_free
def govdata_ledger_verify(context: Context, data_dict: DataDict) -> VerifyAnswer:
    """Recompute the chain: ``good`` or the number of the first bad entry and what is wrong.

    ``rewritten`` is the first day whose published head the ledger does not have any more;
    ``turned_back`` are entries that bear an earlier time than the one before: good, but the clock
    was not.
    """
    tk.check_access("govdata_ledger_verify", context, data_dict)
    number, digest, broken = book.verify(model.Session)
    return {
        "good": broken is None and heads.rewritten(model.Session) is None,
        "entries": number,
        "head": digest,
        "broken": {"number": broken.number, "how": broken.how} if broken else None,
        "published": heads.published(model.Session),
        "rewritten": heads.rewritten(model.Session),
        "turned_back": book.turned_back(model.Session),
    }


@tk.side_effect_free
def govdata_ledger_head(context: Context, data_dict: DataDict) -> HeadAnswer:
    """Number and digest of the last entry, for anybody to keep."""
    tk.check_access("govdata_ledger_head", context, data_dict)
    number, digest = book.head(model.Session)
    return {"number": number, "digest": digest}


@tk.side_effect_free
def govdata_ledger_day_list(context: Context, data_dict: DataDict) -> list[DayHead]:
    """The heads that were published at the end of each day, newest first.

    :param page: from 1, 50 a page
    """
    tk.check_access("govdata_ledger_day_list", context, data_dict)
    page = read_page(data_dict, PAGE)
    return heads.latest(model.Session, page.size, page.offset)


def _entry(row: LedgerRow, turned_back: bool) -> EntryAnswer:
    facts = json.loads(row.content)["facts"]
    return {
        "number": row.number,
        "at": row.at.isoformat(),
        "actor": row.actor_id,
        "action": row.action,
        "object_type": row.object_type,
        "object_id": row.object_id,
        "facts": facts,
        "digest": row.digest,
        "turned_back": turned_back,
    }

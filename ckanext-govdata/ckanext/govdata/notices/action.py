"""Actions: one's own notices, and how one wants to get them."""

from __future__ import annotations

import json

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.types import Context, DataDict
from sqlalchemy.dialects.postgresql import insert

from .. import database, now
from ..forms import refusals
from ..forms.asked_values import declared_values
from ..pager import read_page
from ..security.callers import signed_in
from ..transaction import transaction
from . import sentences
from .answers import NoticeAnswer, NoticeListAnswer, PreferenceAnswer, ReadAnswer
from .model import NoticeRow, notice, preference

PAGE = 100


@tk.side_effect_free
def govdata_notice_list(context: Context, data_dict: DataDict) -> NoticeListAnswer:
    """One's own notices, the newest first, how many are unread, and the preference.

    :param page: from 1, 100 a page
    """
    tk.check_access("govdata_notice_list", context, data_dict)
    user, session = signed_in(context), model.Session
    page, mine = read_page(data_dict, PAGE), notice.c.user_id == user.id
    newest = sa.select(notice).where(mine).order_by(notice.c.at.desc(), notice.c.key)
    part = newest.limit(page.size).offset(page.offset)
    rows = database.rows(session, part, NoticeRow)
    count = session.scalar(sa.select(sa.func.count()).select_from(notice).where(mine))
    chosen = session.execute(sa.select(preference).where(preference.c.user_id == user.id)).first()
    unread = session.scalar(sa.select(sa.func.count()).where(mine, notice.c.read.is_(None))) or 0
    return {
        "unread": unread,
        "mail": chosen.mail if chosen else "each",
        "language": chosen.language if chosen else "",
        **page.head(count or 0),
        "results": [_shown(row) for row in rows],
    }


def _shown(row: NoticeRow) -> NoticeAnswer:
    facts = json.loads(row.facts)
    return {
        "key": row.key,
        "kind": row.kind,
        "case_id": row.case_id,
        "address": sentences.address(row.kind, row.case_id, facts),
        "at": row.at.isoformat(),
        "read": row.read is not None,
        "words": sentences.sentence(row.kind, facts),
    }


def govdata_notice_read(context: Context, data_dict: DataDict) -> ReadAnswer:
    """Mark all of one's own notices as read."""
    tk.check_access("govdata_notice_read", context, data_dict)
    unread = sa.and_(notice.c.user_id == signed_in(context).id, notice.c.read.is_(None))
    with transaction(context) as session:
        done = database.touched(session, sa.update(notice).where(unread).values(read=now.now()))
    return {"read": done}


def govdata_notice_preference_update(context: Context, data_dict: DataDict) -> PreferenceAnswer:
    """How one wants to be told.

    :param mail: ``each``, ``daily`` (one digest) or ``none``
    :param language: of the mails, such as ``zh_Hans_CN``; empty is the portal's
    """
    tk.check_access("govdata_notice_preference_update", context, data_dict)
    asked, wrong = declared_values("notice_preference", data_dict)
    if wrong:
        raise refusals.invalid(wrong)
    values: PreferenceAnswer = {"mail": asked["mail"], "language": asked.get("language", "")}
    statement = insert(preference).values(user_id=signed_in(context).id, **values)
    with transaction(context) as session:
        session.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))
    return values

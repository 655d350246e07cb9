"""What follows for marks and for those who had the wrong data: effects that procedures name."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.types import Context

from ..access import use_log
from ..cases.effects import EffectContext
from ..cases.engine import repetition
from ..database import Session
from ..domain import stored_value
from ..domain.field_part import FieldPart, needs
from ..domain.items import names_of
from ..domain.mark import Mark, may_read
from ..domain.refusal import Refusal
from ..notices.notice import Telling
from ..rules import in_force
from ..rules.sentences import citation
from . import datum, mark_rows
from .checks import reads_otherwise
from .pointer import found_again, reader_of


def keep_mark(moment: EffectContext) -> None:
    """Keep what the case points at, and how it reads now."""
    found = found_again(reader_of(moment.row), moment.row)
    if isinstance(found, Refusal):  # the check has just seen it
        raise LookupError(f"{moment.row.id}: {found.code}")
    mark_rows.add(moment.session, moment.row.id, found.mark, datum.seen(found.mark, found.columns))
    everybody = found_again(Context(user="", auth_user_obj=None), moment.row)
    _name_in_letter(moment, found.mark, whole=not isinstance(everybody, Refusal))


def name_mark(moment: EffectContext) -> None:
    """Have the answer say what it is about, as far as everybody reads it today."""
    kept = mark_rows.of_case(moment.session, moment.row.id)
    if kept is None:
        return
    everybody = Context(user="", auth_user_obj=None)
    try:
        entry = tk.get_action("package_show")(Context(**everybody), {"id": kept.mark.entry})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return
    known = datum.readable(everybody, entry, kept.mark.file)
    _name_in_letter(moment, kept.mark, whole=may_read(kept.mark, known))


def _name_in_letter(moment: EffectContext, mark: Mark, *, whole: bool) -> None:
    place = datum.named(mark, whole=whole)
    if place:
        moment.letter.setdefault("also", []).append(["place", place])


def protect(moment: EffectContext) -> None:
    """Have the letter say that no office turns the citizen away meanwhile, in the words of the
    text in force that says so (Anhui 26, Xin 18); where none does it says nothing of it."""
    row = moment.row
    ruling = in_force.rulebook().clause(row.jurisdiction, PROTECTION, row.rules_day)
    if not isinstance(ruling, Refusal):
        said = f"{ruling.clause.quote}（{citation(ruling.source, ruling.clause.article)}）"
        moment.letter.setdefault("also", []).append([PROTECTION, said])


PROTECTION = "review_protection"
"""The clause of a jurisdiction that protects whoever has marked something."""


def link_mended_version(moment: EffectContext) -> None:
    """Note which version of the file or the entry has it right, and name it in the letter."""
    kept = mark_rows.of_case(moment.session, moment.row.id)
    if kept is None:
        return
    version = datum.seen(kept.mark).version
    mark_rows.mended(moment.session, moment.row.id, version)
    file = model.Resource.get(kept.mark.file) if kept.mark.file else None
    name = (file.name or file.id) if file else moment.row.package_title
    moment.letter.setdefault("also", []).append(["mended", f"{name} · {version}"])


@needs(FieldPart.ALIKE)
def answer_alike(moment: EffectContext) -> None:
    """Give the same answer to all others who have marked the same datum, each in his own case;
    not where the answer would not be true of that mark."""
    kept = mark_rows.of_case(moment.session, moment.row.id)
    procedure, fields = moment.case.procedure, moment.event.fields
    command = procedure.commands[moment.event.command]
    if kept is None or not procedure.by_part(fields).get(FieldPart.ALIKE):
        return

    asked_by = procedure.names_by_part(command)[FieldPart.ALIKE]

    def holds(case_id: str) -> bool:
        return "mended" not in command.checks or reads_otherwise(case_id)

    repetition.repeat(moment, mark_rows.alike(moment.session, kept), asked_by, holds)


def tell_receivers(moment: EffectContext) -> None:
    """Tell those who had the wrong data: who took it under a grant, and who follows the entry."""
    kept = mark_rows.of_case(moment.session, moment.row.id)
    if kept is None:
        return
    mark = kept.mark
    entry = model.Package.get(mark.entry)
    if entry is None or entry.private or entry.state != model.State.ACTIVE:
        return  # what is withdrawn is told to nobody, and there is nothing to fetch again
    items = stored_value.rows((entry.extras or {}).get("information_items"))
    column = names_of(mark.column, items) if mark.column else ()
    users = use_log.readers_of(moment.session, mark.entry, mark.file, column)
    users |= set(_followers(moment.session, mark.entry))
    facts = {"title": moment.row.package_title, "dataset": entry.name}
    moment.tellings += [
        Telling(f"{moment.row.id}:mended:{user}", user, "data_mended", None, facts)
        for user in sorted(users - {moment.row.applicant_id, moment.event.actor})
    ]


def _followers(session: Session, package_id: str) -> Iterator[str]:
    """The active users who follow an entry."""
    follow, user = model.UserFollowingDataset, model.User
    query = sa.select(user.id).join(follow, follow.follower_id == user.id)
    yield from session.scalars(
        query.where(follow.object_id == package_id, user.state == model.State.ACTIVE)
    )

"""Who locks departments, entries, cases and the ledger locks them in one order, so that nobody
waits for somebody who waits for him (decision 1622)."""

from __future__ import annotations

import ckan.model as model
import pytest
import sqlalchemy as sa

from ckanext.govdata.cases import handover
from ckanext.govdata.cases.engine import record
from ckanext.govdata.ledger import book, settlement
from tests.cases.conftest import call, world  # noqa: F401
from tests.departments.test_same_instant import Beside
from tests.departments.test_succession import staffed, succeed


def written_elsewhere(entry: str) -> None:
    """Another program writes an entry; nobody has brought that into the ledger yet."""
    with model.ensure_engine().begin() as other:
        other.execute(sa.text("UPDATE package SET private = true WHERE id = :id"), {"id": entry})


@pytest.mark.parametrize("locks", ["case", "entry"])
def test_what_other_programs_wrote_waits_for_who_is_at_work_and_not_he_for_it(
    world, app, locks  # noqa: F811
):
    """Who has a case, or writes an entry, comes to the ledger with it."""
    case = world.apply()
    written_elsewhere(world.entry["id"])
    if locks == "case":
        record.locked(model.Session, case["id"])
    else:
        note = sa.text("UPDATE package SET notes = notes WHERE id = :id")
        model.Session.execute(note, {"id": world.entry["id"]})
    rest = Beside(app, settlement.settle_rest)
    rest.until_it_waits()
    book.write(model.Session, [book.LedgerEntry("tried", "case", case["id"])])
    model.Session.commit()
    rest.end()
    model.Session.rollback()
    told = [one["kind"] for one in call("citizen", "govdata_notice_list")["results"]]
    assert "case_hindered" in told, "it was followed all the same"


def test_a_department_ends_while_what_other_programs_wrote_is_settled(
    world, app, monkeypatch  # noqa: F811
):
    """Both come to the same entries and cases, and both end; no grant is there, whose entry in the
    ledger would have put one behind the other."""
    staffed("yaohai-shehui", "瑶海区社会工作局", "chief", "clerk")
    case = world.apply()
    written_elsewhere(world.entry["id"])
    beside: list[Beside] = []
    move = handover.move

    def amid(*asked):
        if not beside:
            beside.append(Beside(app, settlement.settle_rest))
            beside[0].until_it_waits()
        return move(*asked)

    monkeypatch.setattr(handover, "move", amid)
    succeed()
    assert beside, "no case was handed over"
    beside[0].end()
    model.Session.rollback()
    shown = call("citizen", "govdata_case_show", id=case["id"])
    assert shown["organization_id"] != world.department["id"]
    left = model.Session.scalar(sa.text("SELECT count(*) FROM govdata_change"))
    assert left == 0, "what was noted is in the ledger"

"""Two officers at once: exactly one decision, one grant, one letter."""

import threading

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from tests.cases.conftest import BASIS, REASON, call

ROUNDS = 10


def count(table, case_id, more="true") -> int:
    return model.Session.scalar(
        sa.text(f"SELECT count(*) FROM {table} WHERE case_id = :id AND {more}"), {"id": case_id}
    )


def test_contested_decisions(world, app):
    """Approve and refuse start together; one wins, the other is told why not."""
    for _ in range(ROUNDS):
        case = world.prepared()
        gate = threading.Barrier(4)
        outcomes = []

        def decide(command, fields, gate=gate, case=case, outcomes=outcomes):
            with app.flask_app.app_context():
                try:
                    gate.wait()
                    world.act("head", case["id"], command, **fields)
                    outcomes.append(command)
                except tk.ValidationError as error:
                    outcomes.append(error.error_dict["reasons"][0]["code"])
                finally:
                    model.Session.remove()

        refusal = {"reason": REASON, "basis": BASIS}
        threads = [
            threading.Thread(target=decide, args=one)
            for one in (("approve", {}), ("refuse", refusal)) * 2
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        winners = [one for one in outcomes if one in ("approve", "refuse")]
        assert len(winners) == 1, outcomes
        assert outcomes.count("wrong_state") == 3
        assert count("govdata_case_event", case["id"], "decision IS NOT NULL") == 1
        assert count("govdata_grant", case["id"]) == (winners == ["approve"])
        assert count("govdata_case_letter", case["id"]) == 2, "the receipt and one decision"
    assert call("head", "govdata_case_list", desk=True)["count"] == ROUNDS


def test_numbers_given_out_at_once_have_no_gaps(world, app):
    gate, numbers = threading.Barrier(6), []

    def hand_in():
        with app.flask_app.app_context():
            gate.wait()
            numbers.append(world.apply()["reference"])
            model.Session.remove()

    threads = [threading.Thread(target=hand_in) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(int(number[-6:]) for number in numbers) == [1, 2, 3, 4, 5, 6]


def test_a_failing_effect_leaves_nothing_behind(world, monkeypatch):
    from ckanext.govdata import slices

    case = world.prepared()

    def broken(moment):
        raise RuntimeError("disk full")

    monkeypatch.setitem(slices.registered("effects"), "send_notice", broken)
    for command, fields in (("approve", {}), ("refuse", {"reason": REASON, "basis": BASIS})):
        try:
            world.act("head", case["id"], command, **fields)
        except RuntimeError:
            pass
        else:
            raise AssertionError("the failure was swallowed")
        assert count("govdata_grant", case["id"]) == 0
        assert count("govdata_case_letter", case["id"]) == 1, "the receipt"
    monkeypatch.undo()
    assert call("head", "govdata_case_show", id=case["id"])["state"] == "prepared"
    assert world.act("head", case["id"], "approve")["state"] == "approved"

"""What a submission and a decision ask of the database: more statements are noticed here first."""

import pytest

from tests.cases.conftest import BASIS, REASON, call
from tests.statements import statements


def test_a_submission(world):
    world.apply()
    with statements() as sent:
        world.apply()
    # Two of them find the user whom the test names; four are the receipt's: the issuer's contact,
    # the masked name, the letter written, and read for the answer. The entry is looked up three
    # times, as in a request, where nobody holds it from before.
    assert len(sent) <= 24, "\n".join(sent)
    writing = [one for one in sent if "INSERT INTO govdata_case " in one]
    assert len(writing) == 1, "a new case is written once, with its number"
    assert not [one for one in sent if one.startswith("UPDATE govdata_case ")]


@pytest.mark.parametrize(
    ("command", "fields", "most"),
    [("approve", {}, 27), ("refuse", {"reason": REASON, "basis": BASIS}, 29)],
)
def test_a_decision(world, command, fields, most):
    first, second = world.prepared(), world.prepared()
    world.act("head", first["id"], command, **fields)
    with statements() as sent:
        world.act("head", second["id"], command, **fields)
    # What is open today is read for the grant, and whether it can be fetched; of a refusal which
    # parts could be given. Who acts is asked again under the lock; of a refusal the tree is read
    # for the remedy that its letter names (a request keeps what it read); the letter names the
    # issuer's contact, and its number is one more than that of the case's last. Of what was
    # granted it is asked once whether the grant is suspended.
    assert len(sent) <= most, "\n".join(sent)
    turns = [number for number, one in enumerate(sent) if "pg_advisory_xact_lock" in one]
    assert turns == [len(sent) - 2], "the ledger's lock is taken last, before its own entries"


def test_reading_a_case_reads_it_once(world):
    case = world.apply()
    call("officer", "govdata_case_show", id=case["id"])
    with statements() as sent:
        call("officer", "govdata_case_show", id=case["id"])
    assert len([one for one in sent if " FROM govdata_case WHERE" in one]) == 1


def test_the_answer_says_what_reading_says_afterwards(world):
    """It is put together from what was written, before the commit."""
    shown = world.apply()
    assert call("citizen", "govdata_case_show", id=shown["id"]) == shown
    accepted = world.act("officer", shown["id"], "accept")
    assert call("officer", "govdata_case_show", id=shown["id"]) == accepted
    world.act("officer", shown["id"], "propose", proposal="approve", note="同意")
    decided = world.act("head", shown["id"], "approve")
    assert call("head", "govdata_case_show", id=shown["id"]) == decided
    assert decided["grant"]
    assert [letter["outcome"] for letter in decided["letters"]] == ["", "granted"]
    draft = call("citizen", "govdata_case_create", kind="open_application",
                 dataset_id=world.entry["id"], form={"purpose": "研究"})
    assert draft["draft"] == {"purpose": "研究"}
    assert call("citizen", "govdata_case_show", id=draft["id"]) == draft

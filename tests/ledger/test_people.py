"""Acts of people in cases, grants, emergencies and CKAN's store of files are in the ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import ckan.model as model
import pytest
from ckan.lib import files

from ckanext.govdata import now
from ckanext.govdata.ledger import book
from tests.access.opened_grants import REPORT, USCC
from tests.cases.conftest import call, make_body, make_user, world  # noqa: F401
from tests.ledger.test_changes import ROWS, missing_of, pending


def rows(part: str) -> list[tuple[str, dict[str, Any]]]:
    return [next(iter(row.items())) for row in ROWS[part]]


def words_of(world) -> dict[str, Any]:  # noqa: F811
    """What stands for the words of the rows ``people``, in a district with a firm that applies."""
    make_user("firm")
    call("firm", "govdata_identity_update", kind="firm", name="某某科技有限公司", number=USCC)
    make_body("yaohai-shehui", "瑶海区社会工作局", groups=[{"name": "yaohai"}])
    today = now.today()
    return {
        "officer2": model.User.get("officer2").id,
        "today": today.isoformat(),
        "entry": world.entry["id"],
        "form": world.form(period_from=today.isoformat(),
                           period_until=(today + timedelta(days=300)).isoformat()),
        "report": REPORT,
        "event": {
            "title": "瑶海区洪涝灾害", "kind": "natural_disaster", "subtype": "flood_drought",
            "level": "II", "regions": ["340102"], "organization": world.department["name"],
            "basis": "瑶海区防汛抗旱应急预案", "threshold": "harm_likely",
            "duty": "区防汛抗旱指挥部成员单位。", "contact": "0551-64490000", "rhythm": 60,
            "text": "水位超过警戒水位。",
        },
    }


def test_each_act_of_people_leaves_its_entry(world) -> None:  # noqa: F811
    assert missing_of(rows("people"), words_of(world)) == []
    assert book.verify(model.Session)[2] is None
    assert pending() == 0


@pytest.mark.ckan_config("ckan.files.storage.kept.type", "ckan:memory")
def test_each_act_on_stored_files_leaves_its_entry(world, reset_storages) -> None:  # noqa: F811
    reset_storages()
    storage = files.get_storage("kept")
    untracked = storage.upload(storage.prepare_location("c.csv"), files.make_upload(b"c"))
    words = {"bytes": b"a,b", "user": model.User.get("citizen").id,
             "untracked": untracked.location}
    assert missing_of(rows("files"), words) == []
    assert pending() == 0

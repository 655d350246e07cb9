"""Catalogue codes: given out once each, whoever asks at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.govdata.catalogue.entry import codes
from ckanext.govdata.departments import tree as departments


def test_an_entry_without_a_code_gets_the_next_of_its_place(entry, department):
    owner = department(level="county", region="340822")["id"]
    made = [entry(owner_org=owner)["catalogue_code"] for _ in range(3)]
    assert made == [f"3340000822/{n:06d}" for n in (1, 2, 3)]


def test_the_prefix_that_the_authority_assigned_is_used(entry, department):
    owner = department(region="34", catalogue_prefix="307001")["id"]
    assert entry(owner_org=owner)["catalogue_code"] == "307001/000001"
    theme = entry(owner_org=owner, catalogue_class="theme", domain="credit")
    assert theme["catalogue_code"] == "20100034/000001"


def test_a_code_stays_when_the_entry_is_changed_without_it(entry):
    made = entry()
    changed = dict(made, title="另一名称")
    del changed["catalogue_code"]
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    after = tk.get_action("package_update")({"ignore_auth": True, "user": user}, changed)
    assert after["catalogue_code"] == made["catalogue_code"]


def test_a_given_code_is_kept_and_counting_goes_on_after_it(entry, department):
    owner = department(region="340822")["id"]
    assert entry(owner_org=owner, catalogue_code="3340000822/000041")["catalogue_code"].endswith(
        "41"
    )
    assert entry(owner_org=owner)["catalogue_code"] == "3340000822/000042"


def test_counting_goes_on_after_a_code_that_was_brought_along_later(entry, department):
    owner = department(region="340822")["id"]
    assert entry(owner_org=owner)["catalogue_code"] == "3340000822/000001"
    entry(owner_org=owner, catalogue_code="3340000822/000041")
    assert entry(owner_org=owner)["catalogue_code"] == "3340000822/000042"


def test_a_code_belongs_to_one_entry(entry):
    first = entry(catalogue_code="307001/000007")
    with pytest.raises(tk.ValidationError) as caught:
        entry(catalogue_code=first["catalogue_code"])
    assert caught.value.error_dict == {
        "catalogue_code": ["“307001/000007” is already the code of another entry"]
    }
    with pytest.raises(codes.CodeTakenError, match="307001/000007"):
        codes.register({entry()["id"]: "307001/000007"})


def test_the_database_refuses_what_the_check_did_not_see(entry, monkeypatch: Any):
    """Two officers save the same code in the same second: neither check sees the other's."""
    entry(catalogue_code="307001/000007")
    monkeypatch.setattr(codes, "owners", lambda written: {})
    with pytest.raises(tk.ValidationError) as caught:
        entry(catalogue_code="307001/000007", name="second")
    assert "catalogue_code" in caught.value.error_dict
    assert model.Package.get("second") is None


def test_nobody_gets_the_same_number(fresh):
    def ask(count: int) -> list[str]:
        return codes.allocate("307001", count)

    with ThreadPoolExecutor(8) as workers:
        given = [code for some in workers.map(ask, [1, 5, 25] * 20) for code in some]
    assert len(given) == len(set(given)) == 620
    assert codes.allocate("307001") == ["307001/000621"]


def test_thousands_at_once_are_one_statement(fresh):
    given = codes.allocate("307001", 20_000)
    assert (given[0], given[-1], len(given)) == ("307001/000001", "307001/020000", 20_000)


def test_a_prefix_that_is_none_is_refused(fresh):
    with pytest.raises(ValueError, match="not a catalogue code"):
        codes.allocate("'; DROP TABLE package; --")


def test_an_entry_takes_its_code_along_when_it_is_purged(entry):
    made = entry(catalogue_code="307001/000007")
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    tk.get_action("dataset_purge")({"ignore_auth": True, "user": user}, {"id": made["id"]})
    assert codes.owners(["307001/000007"]) == {}


def test_prefix_of_an_unknown_provider_or_word():
    assert codes.prefix_for({}, None) == "300000"
    provider = departments.Department("i", "n", "t", region="340822")
    assert codes.prefix_for({"catalogue_class": "basic", "base_database": "spatial"}, provider) == (
        "104000340822"
    )

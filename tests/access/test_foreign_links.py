"""What is taken for our own address of closed data is ours, and nothing else is lost."""
from __future__ import annotations

import pytest
from ckan.tests import factories, helpers

from ckanext.govdata.access import locations

FOREIGN = [
    "https://other.example.org/dataset/a/resource/b/download",
    "https://other.example.org/dataset/a/resource/{id}/download",
    "https://test.govdata.example.evil.org/dataset/a/resource/{id}/download",
    "https://test.govdata.example@evil.org/dataset/a/resource/{id}/download",
    "https://test.govdata.example:8443/dataset/a/resource/{id}/download",
    "https://test.govdata.example/dataset/a/resource/another/download",
    "https://other.example.org/?x=/dataset/a/resource/{id}/download",
]
OURS = [
    "http://test.govdata.example/dataset/{package}/resource/{id}/download",
    "https://TEST.govdata.example:443/dataset/{package}/resource/{id}/download/held",
    "https://test.govdata.example/data/zh_Hant_TW/dataset/{package}/resource/{id}/download/",
]


@pytest.fixture
def closed(loaded_plugins):
    owner = factories.Organization(level="county", region="340822")
    return factories.Dataset(
        owner_org=owner["id"], domain="transport", update_period="yearly",
        share_type="unconditional", open_attribute="conditional", open_conditions="实名申请",
        open_basis="《中华人民共和国政府信息公开条例》第十五条", resources=[{"name": "表", "url": "https://true.example.cn/a.csv?key=k"}],
    )


def told(closed, address: str) -> str:
    """What is kept as the true place after the file was written with this address."""
    file = closed["resources"][0]["id"]
    url = address.format(id=file, package=closed["id"])
    helpers.call_action("resource_patch", id=file, url=url)
    return locations.find(file)["url"].replace(file, "{id}").replace(closed["id"], "{package}")


@pytest.mark.parametrize("address", FOREIGN)
def test_a_link_to_another_ckan_is_kept(closed, address):
    assert told(closed, address) == address


@pytest.mark.parametrize("address", OURS)
def test_our_own_address_sent_back_changes_nothing(closed, address):
    assert told(closed, address) == "https://true.example.cn/a.csv?key=k"

"""Data of departments of other levels or places that differs: those above both settle it, and where
nobody here is, the case goes there on paper (Decree 809 article 28; Anhui 27, Huaining 19)."""

import io

import ckan.plugins.toolkit as tk
import pytest
from werkzeug.datastructures import FileStorage

from tests.cases.conftest import call, make_body, make_user, seat, site
from tests.cases.test_departments import DIFFERS, PROPOSED, codes, kinds

PROVINCE = {"level": "province", "region": "34"}
COUNTY = {"level": "county", "region": "340822"}


@pytest.fixture
def elsewhere(world, on_day):
    """A department of Huaining beside the district of Yaohai, each with its own people."""
    on_day("2026-11-04")
    for name in ("neighbour", "local", "mayor"):
        make_user(name)
    county = make_body("huaining", "怀宁县人民政府", jurisdiction="huaining", role="government",
                       **COUNTY)  # fmt: skip
    inside = {"groups": [{"name": county["name"]}], **COUNTY}
    own = make_body("huaining-data", "怀宁县数据资源管理局", role="authority", **inside)
    beside = make_body("huaining-dept", "怀宁县交通局", **inside)
    for body, user, capacity in ((beside, "neighbour", "editor"), (own, "local", "admin"),
                                 (county, "mayor", "admin")):  # fmt: skip
        seat(body["id"], user, capacity)
    return beside


@pytest.fixture
def province(elsewhere):
    """The province above both, with its government and its data authority."""
    for name in ("provincial", "governor"):
        make_user(name)
    top = make_body("anhui", "安徽省人民政府", jurisdiction="anhui", role="government", **PROVINCE)
    data = make_body("anhui-data", "安徽省数据资源局", role="authority",
                     groups=[{"name": "anhui"}], **PROVINCE)  # fmt: skip
    seat(data["id"], "provincial", "admin")
    seat(top["id"], "governor", "admin")
    for name in ("yaohai", "huaining"):
        below = {"id": name, "groups": [{"name": "anhui"}]}
        tk.get_action("organization_patch")(site(), below)


def differ(world, who="neighbour", **more):
    return call(who, "govdata_case_create", kind="data_dispute", dataset_id=world.entry["id"],
                form=DIFFERS, submit=True, **more)  # fmt: skip


@pytest.mark.usefixtures("province")
def test_between_places_the_authority_above_both_coordinates_and_its_government_decides(world):
    case = differ(world)
    assert case["jurisdiction"] == "anhui"
    assert (case["state"], case["holder"]) == ("negotiating", "officer"), "first they negotiate"
    referred = world.act("neighbour", case["id"], "refer", answer="协商未能一致。")
    assert referred["holder"] == "authority"
    assert "referred" in kinds("provincial")
    for who in ("authority", "local"):
        assert "referred" not in kinds(who), "neither place's own authority decides on the other"
        with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
            world.act(who, case["id"], "coordinate", **PROPOSED)
    world.act("provincial", case["id"], "coordinate", **PROPOSED)
    up = world.act("officer", case["id"], "pass_up", answer="不同意协调意见，依据的法规不同。")
    assert up["holder"] == "government"
    with pytest.raises((tk.ValidationError, tk.NotAuthorized)):
        world.act("mayor", case["id"], "rule", **PROPOSED)
    assert world.act("governor", case["id"], "rule", **PROPOSED)["state"] == "ruled"
    for who in ("neighbour", "officer", "provincial"):
        assert "ruled" in kinds(who), who


@pytest.mark.usefixtures("province")
def test_between_levels_it_is_the_authority_of_the_higher_place(world):
    """A department of the province and one of the district below it."""
    make_user("upper")
    office = make_body("anhui-traffic", "安徽省交通运输厅", groups=[{"name": "anhui"}], **PROVINCE)
    seat(office["id"], "upper", "editor")
    case = differ(world, "upper")
    assert case["jurisdiction"] == "anhui"
    world.act("officer", case["id"], "refer", answer="协商未能一致。")
    world.act("provincial", case["id"], "coordinate", **PROPOSED)
    world.act("upper", case["id"], "accept_coordination")
    assert world.act("officer", case["id"], "settle")["state"] == "settled"


@pytest.mark.usefixtures("elsewhere")
def test_where_nobody_here_is_above_both_it_is_handed_over_on_paper(world, browse):
    case = differ(world)
    assert codes(lambda: world.act("neighbour", case["id"], "refer", answer="协商未能一致。")) == [
        "no_common_superior"
    ]
    page = browse("neighbour", f"/zh_Hans_CN/cases/{case['id']}")
    assert page.select('form[action$="/hand_over_on_paper"]')
    assert not page.select('form[action$="/refer"]')
    over = world.act("neighbour", case["id"], "hand_over_on_paper",
                     handed_to="安徽省数据资源管理局", answer="两地协商未能一致。")  # fmt: skip
    assert (over["state"], over["holder"]) == ("handed_over", "")
    assert "handed_over" in kinds("officer")
    assert not over["overdue"]
    page = browse("officer", f"/zh_Hans_CN/cases/{case['id']}")
    assert page.select('form[action$="/note_ruling"] input[type="file"]')


@pytest.fixture
def on_paper(world, elsewhere):
    """Handed over to those above both, whom this portal does not know."""
    case = differ(world)
    return world.act("neighbour", case["id"], "hand_over_on_paper",
                     handed_to="安徽省数据资源管理局", answer="两地协商未能一致。")  # fmt: skip


RULING = {
    **PROPOSED, "decided_by": "安徽省数据资源管理局", "decided_on": "2026-11-03",
    "decision_number": "皖数协〔2026〕12号", "decision_paper": "皖数协〔2026〕12号.pdf",
}  # fmt: skip


def note(who, case, command, left_out=""):
    """Note what was decided above, with a scan of the decision."""
    fields = {name: value for name, value in RULING.items() if name != left_out}
    name = fields.pop("decision_paper", "")
    scan = FileStorage(io.BytesIO(b"%PDF-1.4 decision"), name) if name else None
    return call(who, "govdata_case_act", id=case["id"], command=command, fields=fields,
                upload=scan)  # fmt: skip


@pytest.mark.parametrize("left_out", sorted(RULING))
def test_what_was_decided_on_paper_is_noted_from_its_document(on_paper, left_out):
    with pytest.raises(tk.ValidationError) as caught:
        note("officer", on_paper, "note_ruling", left_out)
    assert set(caught.value.error_dict) == {left_out, "reasons"}


@pytest.mark.parametrize(("who", "notes", "other", "confirms", "contests"), [
    ("officer", "note_ruling", "neighbour", "confirm_ruling_as_asker", "contest_ruling_as_asker"),
    ("neighbour", "note_ruling_as_asker", "officer", "confirm_ruling", "contest_ruling"),
])  # fmt: skip
def test_one_side_alone_notes_no_decision(world, on_paper, who, notes, other, confirms, contests):
    """The other compares it with the document first, and may say that it is another."""
    noted = note(who, on_paper, notes)
    assert noted["state"] in ("noted_by_provider", "noted_by_asker")
    assert not noted["clocks"]["negotiate"]["answered"], "it stopped when it went on paper"
    for command in (confirms, "confirm_ruling", "confirm_ruling_as_asker"):
        with pytest.raises((tk.NotAuthorized, tk.ValidationError)):
            world.act(who, on_paper["id"], command)
    assert "ruling_noted" in kinds(other)
    back = world.act(other, on_paper["id"], contests, answer="决定第二条是以许可档案为准。")
    assert back["state"] == "handed_over"
    assert "ruling_contested" in kinds(who)
    note(who, on_paper, notes)
    assert world.act(other, on_paper["id"], confirms)["state"] == "ruled"
    assert "ruling_confirmed" in kinds(who)


def test_in_one_place_with_its_authority_nothing_goes_on_paper(world, on_day, browse):
    on_day("2026-11-04")
    make_user("neighbour")
    beside = make_body("beside", "邻部门", groups=[{"name": "yaohai"}], region="340102")
    seat(beside["id"], "neighbour", "editor")
    case = differ(world)
    assert case["jurisdiction"] == "yaohai"
    page = browse("neighbour", f"/zh_Hans_CN/cases/{case['id']}")
    assert not page.select('form[action$="/hand_over_on_paper"]')

"""A throw-away procedure about each thing that is no entry: an event, a figure, a department."""

import ckan.plugins.toolkit as tk
import pytest

from ckanext.govdata.cases.engine import declared_procedures
from tests.cases.conftest import call
from tests.cases.test_thrown_away import FORM, PROCEDURE, WORDS
from tests.emergency.conftest import flood, place  # noqa: F401 - fixtures

WANTED = {"wanted": "请核实所列数字的统计口径。"}


@pytest.fixture
def about(tmp_path, monkeypatch):
    """The procedure of the guide, about another kind of thing."""

    def declare(topic):
        folder = tmp_path / "demand"
        folder.mkdir()
        procedure = PROCEDURE.replace("[department]\nappl", f"[{topic}]\nappl")
        procedure = procedure.replace("starts_from: [department]", f"starts_from: [{topic}]")
        for name, text in (("procedure", procedure), ("form", FORM), ("words", WORDS)):
            (folder / f"{name}.yaml").write_text(text, "utf-8")
        known = {**declared_procedures.procedures(), **declared_procedures.read([folder])}
        monkeypatch.setattr(declared_procedures, "procedures", lambda: known)

    return declare


def begun(**named):
    return call("citizen", "govdata_case_create", kind="demand", form=WANTED, submit=True, **named)


def walked(browse, address, title, reader, decider):
    """From the page that begins it to case, lists, notice, letter and public list."""
    page = browse("citizen", address)
    assert title in page.select_one("main").text
    done = browse("citizen", address, {**WANTED, "submit": "1"})
    assert title in done.select_one(".gd-lead").text
    reference = done.select_one("h1").text.split()[0]
    assert title in browse("citizen", "/en/cases/mine").text
    assert title in browse(reader, "/en/cases/desk?tab=all").text
    case = call(decider, "govdata_case_act", id=reference, command="plan",
                fields={"reply": "已核实"})
    assert reference in browse("citizen", "/en/notices").text
    letter = browse("citizen", f"/en/cases/{case['id']}/letter/{case['letters'][0]['number']}")
    assert title in letter.text
    assert "Concerning" in letter.text
    public = browse("citizen", "/en/decisions?kind=demand")
    assert title in public.text
    assert "Withdrawn entry" not in public.text
    return done, public


def test_an_event(flood, about, browse):  # noqa: F811 - the fixture
    about("event")
    shown = call("citizen", "govdata_emergency_show", id=flood.event)
    page = browse("citizen", f"/en/emergency/{flood.event}")
    button = page.select_one("a[href*='/begin/demand']")
    assert "Begin" in button.text
    done, public = walked(browse, button["href"], shown["title"], "officer", "head")
    for one in (done, public):
        assert one.select_one(f"main a[href$='/emergency/{flood.event}']")
    for wrong in ("", "no-such-event", "<script>"):
        with pytest.raises(tk.ValidationError) as caught:
            begun(event_id=wrong)
        assert "event_id" in caught.value.error_dict


def test_a_drill_is_no_event(place, about, browse):  # noqa: F811 - the fixture
    about("event")
    drill = place.declare(drill=True)["name"]
    with pytest.raises(tk.ValidationError):
        begun(event_id=drill)
    page = browse("head", f"/en/emergency/{drill}")
    assert page.select_one("a[href*='/begin/demand']") is None


def test_a_figure(world, about, browse):
    world.apply()
    about("figure")
    tk.get_action("organization_member_create")(
        {"ignore_auth": True, "user": "root"},
        {"id": world.authority["id"], "username": "auditor", "role": "editor"})
    name = "yaohai.open_application.overdue"
    walked(browse, f"/en/begin/demand?figure={name}", "逾期", "auditor", "authority")
    for wrong in ("", "yaohai", "yaohai.open_application.x", ".open_application.overdue", "a.b.c"):
        with pytest.raises(tk.ValidationError) as caught:
            begun(figure=wrong)
        assert "figure" in caught.value.error_dict


def test_a_department(world, about, browse):
    about("department")
    page = browse("citizen", f"/en/organization/{world.department['name']}")
    button = page.select_one("a[href*='/begin/demand']")
    title = world.department["title"]
    walked(browse, button["href"], title, "officer", "head")
    own = browse("head", f"/en/organization/{world.department['name']}")
    assert own.select_one("a[href*='/begin/demand']")

"""An update of the catalogue has five more days once, where the authority consents (Decree 809
article 17); a local text that has ten days and no more is stricter and stands."""

import ckan.plugins.toolkit as tk
import pytest

from tests.cases.conftest import World, call, make_body, make_entry, seat
from tests.cases.test_departments import RETURNED, codes, kinds, note, update

ASKED = {"reason": "新旧业务系统同时切换，新增的信息项尚未核定完毕，无法按期更新。"}
OGI = "《中华人民共和国政府信息公开条例》第十五条"


@pytest.fixture
def under_the_decree(world, on_day):
    """A department that no local text binds, with its authority."""
    on_day("2026-11-04")
    city = {"level": "city", "region": "3402"}
    make_body("city", "芜湖市人民政府", role="government", **city)
    inside = {"groups": [{"name": "city"}], **city}
    department = make_body("city-dept", "芜湖市交通运输局", **inside)
    authority = make_body("city-data", "芜湖市数据资源管理局", role="authority", **inside)
    for body, user, capacity in ((department, "officer", "editor"), (department, "head", "admin"),
                                 (authority, "authority", "admin")):  # fmt: skip
        seat(body["id"], user, capacity)
    return World(department, authority, make_entry(department["id"], open_basis=OGI))


def test_it_is_asked_for_and_the_authority_consents_once(under_the_decree):
    world = under_the_decree
    case = note(world)
    assert case["due"] == "2026-11-16"
    world.act("officer", case["id"], "ask_extension", **ASKED)
    assert "extension_asked" in kinds("authority")
    for who in ("officer", "head"):
        with pytest.raises(tk.ValidationError):
            world.act(who, case["id"], "extend", reason=RETURNED)
    longer = world.act("authority", case["id"], "extend",
                       reason="新旧系统同时切换属实，属于特殊原因，同意延长期限。")  # fmt: skip
    clock = longer["clocks"]["change"]
    assert (clock["due"], clock["extension"], clock["article"]) == ("2026-11-23", 5, "第十七条")
    update(world)
    world.act("officer", case["id"], "report")
    back = world.act("authority", case["id"], "return_change", reason=RETURNED)
    assert back["due"] == "2026-11-23", "a return adds none and takes none"
    given = codes(lambda: world.act("authority", case["id"], "extend", reason=RETURNED))
    assert given == ["already_given"]
    asked = codes(lambda: world.act("officer", case["id"], "ask_extension", **ASKED))
    assert asked == ["already_given"], "what was given once is not asked for again"


def test_a_stricter_local_text_allows_none(world, on_day):
    """Yaohai 10."""
    on_day("2026-11-04")
    case = note(world)
    given = codes(lambda: world.act("officer", case["id"], "ask_extension", **ASKED))
    assert given == ["term_not_extendable"]
    shown = call("officer", "govdata_case_show", id=case["id"])
    assert shown["due"] == case["due"]

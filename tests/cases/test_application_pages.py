"""The pages of an application, driven as a browser without JavaScript would."""

import io
from datetime import date, timedelta

import pytest

from tests.cases.conftest import ID_NUMBER, call


def field_names(page) -> set[str]:
    return {tag["name"] for tag in page.select("form [name]")}


def test_applying_in_three_steps_without_javascript(world, browse):
    page = browse("citizen", f"/apply/{world.entry['name']}", {})
    [draft] = call("citizen", "govdata_case_list", mine=True)["results"]
    steps = f"/cases/{draft['id']}/step"
    form = world.form()
    who = {key: form[key] for key in ("contact_name", "contact_phone")}
    page = browse("citizen", f"{steps}/who", {**who, "stay": "1"})
    assert page.select_one("#contact_name")["value"] == "王小明"
    page = browse("citizen", f"{steps}/who", who)
    assert {"purpose", "resources", "period_from"} <= field_names(page)
    what = {
        key: form[key]
        for key in (
            "purpose",
            "scenario",
            "period_from",
            "period_until",
            "delivery",
            "security_measures",
        )
    }
    resource = form["resources"][0]
    page = browse(
        "citizen",
        f"{steps}/what",
        {
            **what,
            "resources": resource,
            f"columns:{resource}": ["线路名称", "客流量"],
            "upload": (io.BytesIO(b"%PDF-1.4 licence"), "营业执照.pdf"),
        },
    )
    assert {"terms_version", "commitment", "submit"} <= field_names(page)
    page = browse("citizen", f"{steps}/terms", {"terms_version": "2026-2", "submit": "1"}, 409)
    assert page.select_one("[role=alert]")
    page = browse(
        "citizen",
        f"{steps}/terms",
        {"terms_version": "2026-2", "commitment": "true", "submit": "1"},
    )
    case = call("citizen", "govdata_case_show", id=draft["id"])
    assert case["reference"] in page.h1.text
    assert case["due"] in page.text
    assert case["answers"]["columns"] == {resource: ["线路名称", "客流量"]}
    assert "营业执照.pdf" in page.text


def test_an_identity_is_asked_for_and_checked_on_the_first_step(world, browse):
    browse("authority", f"/apply/{world.entry['name']}", {})
    [draft] = call("authority", "govdata_case_list", mine=True)["results"]
    who = {
        "identity_kind": "person",
        "identity_name": "赵钱孙",
        "contact_name": "赵",
        "contact_phone": "13800138000",
    }
    page = browse("authority", f"/cases/{draft['id']}/step/who", {**who, "number": "123"})
    assert "identity-card number" in page.select_one("[role=alert]").text
    browse("authority", f"/cases/{draft['id']}/step/who", {**who, "number": ID_NUMBER})
    assert call("authority", "govdata_identity_show")["name"] == "赵**"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"<script>alert(1)</script>"),
        ("a.png", b"%PDF-1.4"),
        ("a.exe", b"MZ"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.pdf", b""),
        ("a.pdf.html", b"x"),
        ("../../etc/passwd", b"x"),
        ("a\u202efdp.exe", b"MZ"),
    ],
)
def test_attachments_that_lie_are_refused(world, browse, name, content):
    browse("citizen", f"/apply/{world.entry['name']}", {})
    [draft] = call("citizen", "govdata_case_list", mine=True)["results"]
    page = browse(
        "citizen",
        f"/cases/{draft['id']}/step/what",
        {"purpose": "x", "upload": (io.BytesIO(content), name)},
    )
    assert page.select_one("[role=alert]")
    assert "materials" not in call("citizen", "govdata_case_show", id=draft["id"])["draft"]


@pytest.mark.ckan_config("ckanext.govdata.cases.largest_attachment", 1)
def test_a_large_attachment_is_refused(world, browse):
    browse("citizen", f"/apply/{world.entry['name']}", {})
    [draft] = call("citizen", "govdata_case_list", mine=True)["results"]
    page = browse(
        "citizen",
        f"/cases/{draft['id']}/step/what",
        {"upload": (io.BytesIO(b"%PDF-1.4" + b"0" * 2 * 1024**2), "gross.pdf")},
    )
    assert "1 MiB" in page.select_one("[role=alert]").text


def test_signing_in_comes_first(world, app):
    case = world.apply()
    for path in (
        "/cases/mine",
        "/cases/desk",
        f"/cases/{case['id']}",
        f"/apply/{world.entry['name']}",
    ):
        answer = app.get(path, follow_redirects=False)
        assert answer.status_code == 302, path
        assert "/user/login" in answer.headers["Location"]


def test_a_grant_is_renewed_from_the_list_of_ones_grants(world, browse):
    case = world.prepared()
    world.act("head", case["id"], "approve")
    [grant] = call("citizen", "govdata_grant_list")
    page = browse("citizen", "/cases/mine")
    [button] = [tag["action"] for tag in page.select("form[action*='renews=']")]
    browse("citizen", button, {})
    draft = next(one for one in call("citizen", "govdata_case_list", mine=True)["results"]
                 if one["state"] == "draft")
    filled = call("citizen", "govdata_case_show", id=draft["id"])["draft"]
    assert filled["renews"] == grant["id"]
    last = date.fromisoformat(grant["valid_until"])
    assert filled["period_from"] == (last + timedelta(days=1)).isoformat()
    assert filled["purpose"] == case["answers"]["purpose"]
    form = {**world.form(), "renews": grant["id"]}
    world.act("citizen", draft["id"], "submit", **form)
    with pytest.raises(Exception, match="cannot be chosen"):
        world.apply(renews="0" * 36)
    browse("other", f"/apply/{world.entry['name']}?renews={grant['id']}", status=404)


def test_whoever_has_to_supply_sees_until_when_and_what_beside_the_form(world, browse, on_day):
    on_day("2026-03-02")
    case = world.apply()
    world.act("officer", case["id"], "request_supplement", missing_items="1. 备案号；\n2. 承诺书。")
    [line] = call("citizen", "govdata_case_list", mine=True)["results"]
    assert (line["due"], line["lapses"], line["days_left"]) == (None, "2026-03-23", 15)
    assert "2026-03-23" in browse("citizen", "/cases/mine").select_one("tbody tr").text
    page = browse("citizen", f"/en/cases/{case['id']}")
    note = page.select_one(".gd-note--warn").text
    assert "until 2026-03-23" in note
    assert "承诺书" in note
    form = page.select_one("details.gd-case-command[open] form")
    labels = [one.text for one in form.select(".gd-field--point_answers label")]
    assert labels == ["1. 备案号；", "2. 承诺书。"]
    assert form.select_one("details:not([open]) input[name=contact_name]"), "only what is missing"
    page = browse("officer", f"/en/cases/{case['id']}")
    assert "until 2026-03-23" in page.select_one(".gd-note--warn").text
    assert not page.select("details.gd-case-command[open]")


def test_the_last_step_shows_all_that_is_handed_in_and_leads_to_what_is_missing(world, browse):
    browse("citizen", f"/apply/{world.entry['name']}", {})
    [draft] = call("citizen", "govdata_case_list", mine=True)["results"]
    steps = f"/en/cases/{draft['id']}/step"
    form = world.form(scenario=None)
    browse("citizen", f"{steps}/what", {name: form[name] for name in form if form[name]})
    page = browse("citizen", f"{steps}/terms")
    said = page.select_one("form.gd-case-form").text
    assert form["purpose"] in said
    assert world.entry["resources"][0]["name"] in said
    page = browse("citizen", f"{steps}/terms", {"submit": "1"})
    links = {a.text: a["href"] for a in page.select("[role=alert] li a")}
    assert links["Contact person"].endswith("/step/who#contact_name")
    assert links["Field of use"].endswith("/step/what#scenario")
    assert "#commitment" in links.values()
    assert "Purpose" not in links
    for text, href in links.items():
        anchor = href.partition("#")[2]
        there = browse("citizen", href.partition("#")[0] or f"{steps}/terms")
        assert there.select_one(f"#{anchor}"), text

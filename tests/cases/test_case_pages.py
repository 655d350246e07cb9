"""The pages of cases, driven as a browser without JavaScript would."""

import io
import re
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from ckanext.govdata.cases import pdf
from ckanext.govdata.rules.loading import overlay
from tests.cases.conftest import BASIS, ID_NUMBER, REASON, call


@pytest.fixture
def browse(app):
    """Get and post pages as somebody; a page is never a 500."""

    def visit(who, path, data=None, status=200, follow=True):
        token = call_action("api_token_create", context={"user": who}, user=who, name=f"{who}-t")
        headers = {"Authorization": token["token"]}
        how = app.get if data is None else app.post
        more = {} if data is None else {"data": data}
        answer = how(path, headers=headers, follow_redirects=follow, **more)
        assert answer.status_code == status, answer.body[:3000]
        return BeautifulSoup(answer.body, "html.parser")

    return visit


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
    page = browse("citizen", f"{steps}/terms", {"terms_version": "2026-1", "submit": "1"}, 200)
    assert page.select_one("[role=alert]")
    page = browse(
        "citizen",
        f"{steps}/terms",
        {"terms_version": "2026-1", "commitment": "true", "submit": "1"},
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


def test_officer_and_head_decide_on_the_page_and_the_citizen_reads_the_letter(world, browse, app):
    case = world.apply()
    page = browse("officer", "/cases/desk")
    assert case["reference"] in page.text
    page = browse("officer", f"/cases/{case['id']}")
    offered = {tag["action"].rpartition("/")[2] for tag in page.select("form[action*='/do/']")}
    commands = call("officer", "govdata_case_commands", id=case["id"])
    assert offered == {command["name"] for command in commands}
    browse("officer", f"/cases/{case['id']}/do/accept", {})
    browse(
        "officer", f"/cases/{case['id']}/do/propose", {"proposal": "refuse", "note": "拟不予开放"}
    )
    page = browse("head", f"/cases/{case['id']}/do/refuse", {"reason": "不行"}, 409)
    leads = [a["href"] for a in page.select("[role=alert] li a")]
    assert sorted(leads) == ["#refuse-basis", "#refuse-reason"]
    assert all(page.select_one(one) for one in leads)
    page = browse(
        "head",
        f"/cases/{case['id']}/do/refuse",
        {"reason": REASON, "basis": BASIS[0], "basis_own": BASIS[1]},
    )
    [letter] = call("citizen", "govdata_case_show", id=case["id"])["letters"]
    page = browse("citizen", f"/cases/{case['id']}/letter/{letter['number']}")
    assert REASON in page.text
    assert BASIS[1] in page.text
    assert "王小明" in page.text, "the addressee's own copy names him"
    until = call("citizen", "govdata_case_show", id=case["id"])["clocks"]["object"]["due"]
    assert f"until {until}" in page.text
    assert f"Possible until {until}." in browse("citizen", f"/cases/{case['id']}").text
    page = browse("head", f"/cases/{case['id']}/letter/{letter['number']}")
    assert "王**" in page.text
    assert "王小明" not in page.text
    page = browse("other", f"/letters/verify?digest={letter['digest']}")
    assert case["reference"] in page.text
    assert "genuine" in page.text
    assert "王小明" not in page.text
    page = browse("other", f"/letters/verify?digest={'f' * 64}")
    assert "No letter" in page.text


def test_the_letter_as_pdf_has_its_letters_embedded(world, app):
    case = world.prepared()
    case = world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    token = call_action("api_token_create", context={"user": "citizen"}, user="citizen", name="t")
    number = case["letters"][0]["number"]
    answer = app.get(
        f"/cases/{case['id']}/letter/{number}.pdf", headers={"Authorization": token["token"]}
    )
    body = answer.get_data()
    assert body.startswith(b"%PDF")
    assert b"/FontFile" in body


def test_punctuation_of_the_letter_is_the_scripts(world, app, monkeypatch):
    """In simplified writing a comma stands below, in traditional writing in the middle."""
    case = world.prepared()
    case = world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)

    def shapes(language):
        monkeypatch.setattr(pdf.tk.h, "lang", lambda: language)
        body = pdf.letter_pdf(case["letters"][0], "https://example.invalid/")
        return set(re.findall(rb"stream\n(.*?)\nendstream", body, re.DOTALL))

    with app.flask_app.test_request_context():
        simplified, traditional = shapes("zh_Hans_CN"), shapes("zh_Hant_TW")
        assert simplified == shapes("en") == shapes("zh_Hans_CN")
    assert simplified != traditional


def test_scripts_in_every_field_are_shown_as_text(world, browse):
    evil = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>"
    case = world.apply(contact_name=evil, purpose=evil * 2, security_measures=evil)
    for who in ("citizen", "officer"):
        page = browse(who, f"/cases/{case['id']}")
        assert not page.select("img[src=x]")
        assert not any("alert('x')" in (tag.string or "") for tag in page.select("script"))
        assert evil in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/cases/{id}",
        "/cases/{id}/letter/5",
        "/cases/{id}/step/what",
        "/cases/{id}/file/x",
        "/cases/none",
        "/cases/{id}/letter/5.pdf",
    ],
)
def test_what_is_not_for_you_is_not_there(world, browse, path):
    case = world.prepared()
    world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    browse("other", path.format(id=case["id"]), status=404)


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


def test_decisions_in_public(world, app):
    case = world.prepared()
    world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    page = BeautifulSoup(app.get("/decisions").body, "html.parser")
    assert case["reference"] in page.text
    assert REASON in page.text
    assert "王" not in page.text
    assert app.get("/decisions?page=x", status=400)


def calendar_address(browse) -> str:
    """The address of the officer's calendar, as the page shows it once."""
    page = browse("officer", "/cases/deadlines", {})
    return re.search(r"/cases/deadlines\.ics\?key=\S+", page.text)[0]


def test_due_days_as_a_calendar(world, app, browse):
    case, address = world.apply(), calendar_address(browse)
    lines = app.get(address).body.split("\r\n")
    assert f"DTSTART;VALUE=DATE:{case['due'].replace('-', '')}" in lines
    assert all(len(line.encode()) <= 75 for line in lines)
    assert app.get(address[:-1], status=404)


def test_a_new_calendar_address_ends_the_one_before(world, app, browse, caplog):
    first = calendar_address(browse)
    with caplog.at_level("DEBUG"):
        app.get(first, status=200)
    assert first.partition("=")[2] not in caplog.text
    second = calendar_address(browse)
    assert first != second
    app.get(first, status=404)
    app.get(second, status=200)
    assert first not in browse("officer", "/cases/desk").text
    assert second not in browse("officer", "/cases/desk").text


def test_no_cache_keeps_an_address_that_is_a_secret(world, app, browse):
    said = app.get(calendar_address(browse)).headers["Cache-Control"]
    assert "no-store" in said
    assert "public" not in said


def test_the_procedures_are_explained_to_everybody(world, app):
    page = BeautifulSoup(app.get("/procedures").body, "html.parser")
    row = next(tr for tr in page.select("tbody tr") if "supplement" in tr.th.text)
    assert "Decision stands" in row.text
    assert "Supply what was missing" in row.text


def test_notices_and_preferences_on_their_page(world, browse):
    case = world.apply()
    page = browse("officer", "/notices")
    assert case["reference"] in page.text
    browse("officer", "/notices/preference", {"mail": "daily", "language": "zh_Hans_CN"})
    browse("officer", "/notices/read", {})
    found = call("officer", "govdata_notice_list")
    assert (found["unread"], found["mail"]) == (0, "daily")


def test_a_grant_is_renewed_from_the_list_of_ones_grants(world, browse):
    case = world.prepared()
    world.act("head", case["id"], "approve")
    [grant] = call("citizen", "govdata_grant_list")
    page = browse("citizen", "/cases/mine")
    [link] = [tag["href"] for tag in page.select("a[href*='renews=']")]
    browse("citizen", link, {})
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


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "zh_Hant_TW", "en"])
def test_pages_in_three_languages(world, browse, locale):
    case = world.apply()
    for path in (
        f"/cases/{case['id']}",
        "/cases/mine",
        "/cases/desk",
        "/decisions",
        "/letters/verify",
    ):
        browse("officer", f"/{locale}{path}")


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
    assert "2. 承诺书。" in note
    assert page.select_one("details.gd-case-command[open] input[name=contact_name]")
    page = browse("officer", f"/en/cases/{case['id']}")
    assert "until 2026-03-23" in page.select_one(".gd-note--warn").text
    assert not page.select("details.gd-case-command[open]")


def test_the_letter_stays_while_the_objection_is_under_review(world, browse):
    case = world.prepared()
    world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    world.act("citizen", case["id"], "object", grounds="理由不成立，请重新审查。")
    for who in ("citizen", "officer", "authority"):
        [letter] = call(who, "govdata_case_show", id=case["id"])["letters"]
        page = browse(who, f"/en/cases/{case['id']}")
        assert page.select_one(f"a[href$='/cases/{case['id']}/letter/{letter['number']}']"), who
        assert "Application refused" in page.select_one(".gd-case-timeline").text
        browse(who, f"/cases/{case['id']}/letter/{letter['number']}")


def test_the_list_says_who_has_it_now(world, browse):
    case = world.apply()
    world.act("officer", case["id"], "claim")
    said = "tbody [data-label='Who has it']"
    assert browse("head", "/en/cases/desk").select_one(said).text == "全名 officer"
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "propose", proposal="approve", note="拟同意。")
    assert browse("head", "/en/cases/desk").select_one(said).text == "head of the department"


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


@pytest.mark.usefixtures("yaohai_in_force")
def test_a_term_in_calendar_days_is_called_so(world, browse, tmp_path, ckan_config, monkeypatch):
    """The operator's own file may count days as the calendar has them."""
    [file] = [file for file in overlay("jurisdictions") if file.name == "yaohai.yaml"]
    text = file.read_text("utf-8").replace("    working_days: 10\n", "    calendar_days: 15\n", 1)
    (tmp_path / "yaohai.yaml").write_text(text, "utf-8")
    monkeypatch.setitem(ckan_config, "ckanext.govdata.jurisdictions", str(tmp_path))
    case = world.apply()
    clock = browse("citizen", f"/en/cases/{case['id']}").select_one(".gd-case-clock").text
    assert "15 calendar days from " in clock

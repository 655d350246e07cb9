"""The pages of cases, driven as a browser without JavaScript would."""

import re

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.tests.helpers import call_action
from pypdfium2 import PdfDocument

from ckanext.govdata.cases.pages import letter_pdf
from ckanext.govdata.domain.locales import LOCALES
from ckanext.govdata.rules.rule_files import overlay
from ckanext.govdata.speech.when import day_written
from tests.cases.conftest import BASIS, NOT_SEVERED, REASON, call


def test_officer_and_head_decide_on_the_page_and_the_citizen_reads_the_letter(world, browse, app):
    case = world.apply()
    page = browse("officer", "/cases/desk")
    assert case["reference"] in page.text
    page = browse("officer", f"/cases/{case['id']}")
    offered = {tag["action"].rpartition("/")[2] for tag in page.select("form[action*='/do/']")}
    offered |= {tag["href"].rpartition("/")[2] for tag in page.select("a[href*='/do/']")}
    commands = call("officer", "govdata_case_commands", id=case["id"])
    assert offered == {command["name"] for command in commands}
    browse("officer", f"/cases/{case['id']}/do/accept", {})
    browse(
        "officer", f"/cases/{case['id']}/do/propose", {"proposal": "refuse", "note": "拟不予开放"}
    )
    page = browse("head", f"/cases/{case['id']}/do/refuse", {"reason": "不行"}, 409)
    leads = [a["href"] for a in page.select("[role=alert] li a")]
    assert sorted(leads) == ["#basis", "#reason"]
    assert all(page.select_one(one) for one in leads)
    page = browse(
        "head",
        f"/cases/{case['id']}/do/refuse",
        {"reason": REASON, "basis": BASIS[0], "basis_own": BASIS[1], "not_severed": NOT_SEVERED},
    )
    letter = call("citizen", "govdata_case_show", id=case["id"])["letters"][-1]
    page = browse("citizen", f"/cases/{case['id']}/letter/{letter['number']}")
    assert REASON in page.text
    assert "Regulations on Open Government Information (State Council)" in page.text
    assert "王小明" in page.text, "the addressee's own copy names him"
    until = call("citizen", "govdata_case_show", id=case["id"])["clocks"]["object"]["due"]
    assert f"until {day_written(until)}" in page.text
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
    same = dict.fromkeys(LOCALES, "不予开放，理由如下。")  # so that only the shapes differ
    words = {**dict.fromkeys(("title", "short", "decision"), same),
             "opening": [], "then": [], "remedy": {}}  # fmt: skip
    letter = {**case["letters"][-1], "words": words, "issuer": "A", "entry": "A",
              "due": "", "basis": [], "remedies": [], "contact": {}}  # fmt: skip
    for one in ("reply", "object_until", "object_to"):
        letter.pop(one, None)

    def shapes(language):
        monkeypatch.setattr(letter_pdf.tk.h, "lang", lambda: language)
        body = letter_pdf.letter_pdf(letter, "https://example.invalid/")
        return PdfDocument(body)[0].render().to_numpy().tobytes()

    with app.flask_app.test_request_context():
        simplified, traditional = shapes("zh_Hans_CN"), shapes("zh_Hant_TW")
        assert simplified == shapes("zh_Hans_CN")
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


def test_a_calendar_address_is_kept_as_a_digest_and_ends_with_its_account(world, app, browse):
    address = calendar_address(browse)
    stored = model.Session.scalars(sa.text("SELECT digest FROM govdata_calendar_address")).all()
    assert len(stored) == 1
    assert address.partition("=")[2].encode() not in bytes(stored[0])
    call_action("user_delete", id="officer")
    app.get(address, status=404)


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


def test_the_letter_stays_while_the_objection_is_under_review(world, browse):
    case = world.prepared()
    world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    world.act("citizen", case["id"], "object", grounds="理由不成立，请重新审查。")
    for who in ("citizen", "officer", "authority"):
        letter = call(who, "govdata_case_show", id=case["id"])["letters"][-1]
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

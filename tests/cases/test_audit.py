"""The auditor reads everything that was received, reaches nobody, and decides nothing."""

import io
import json
import re
from datetime import timedelta

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action

from ckanext.govdata import now
from ckanext.govdata.access import rows
from tests.cases.conftest import BASIS, REASON, call

pytestmark = pytest.mark.ckan_config("ckanext.govdata.auditors", "auditor officer2")


@pytest.fixture
def browse(app):
    def visit(who, path, data=None, status=200):
        token = call_action("api_token_create", context={"user": who}, user=who, name=f"{who}-t")
        headers = {"Authorization": token["token"]}
        how, more = (app.get, {}) if data is None else (app.post, {"data": data})
        answer = how(path, headers=headers, follow_redirects=True, status=None, **more)
        assert answer.status_code == status, answer.body[:2000]
        return answer

    return visit


def soup(answer):
    return BeautifulSoup(answer.body, "html.parser")


def test_the_figures_go_by_the_day(world, on_day):
    today = now.today()
    days = {"period_from": today.isoformat(),
            "period_until": (today + timedelta(days=100)).isoformat()}
    case = world.apply(**days)
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "propose", proposal="approve", note="拟同意")
    grant = world.act("head", case["id"], "approve")["grant"]
    rows.record(grant, "data_read", "", {"resource": "x"})

    def figures(days: int) -> tuple[int, int, int, int]:
        on_day(today + timedelta(days=days))
        found = call("auditor", "govdata_audit_show")
        grants = found["grants"]
        return found["taken"], grants["in_force"], grants["ended"], grants["owing"]

    assert figures(-1)[1] == 0, "it begins tomorrow"
    assert figures(29) == (1, 1, 0, 0)
    assert figures(31) == (0, 1, 0, 0)
    assert figures(100) == (0, 1, 0, 0)
    assert figures(101) == (0, 0, 1, 0)
    assert figures(130) == (0, 0, 1, 0)
    assert figures(131) == (0, 0, 1, 1)


def test_an_auditor_sees_cases_and_their_notes_but_not_how_to_reach_the_applicant(world):
    case = world.prepared()
    shown = call("auditor", "govdata_case_show", id=case["id"])
    assert shown["roles"] == ["auditor"]
    assert shown["applicant"]["name"] == "王**"
    assert not {"contact_name", "contact_phone"} & set(shown["answers"])
    assert shown["answers"]["purpose"]
    assert [one for one in shown["events"] if one["fields"].get("note")]
    assert call("auditor", "govdata_case_commands", id=case["id"]) == []
    assert call("auditor", "govdata_case_list", desk=True)["count"] == 1
    for command in ("approve", "claim", "remark", "withdraw"):
        with pytest.raises(tk.ValidationError):
            world.act("auditor", case["id"], command)


def test_a_draft_is_not_the_auditors_business(world):
    draft = call(
        "citizen", "govdata_case_create", kind="open_application", dataset_id=world.entry["id"]
    )
    with pytest.raises(tk.NotAuthorized):
        call("auditor", "govdata_case_show", id=draft["id"])
    assert call("auditor", "govdata_case_list")["count"] == 0


def test_an_auditor_opens_no_attachment(world, browse):
    browse("citizen", f"/apply/{world.entry['name']}", {})
    [draft] = call("citizen", "govdata_case_list", mine=True)["results"]
    upload = (io.BytesIO(b"%PDF-1.4 licence"), "营业执照.pdf")
    browse("citizen", f"/cases/{draft['id']}/step/what", {"upload": upload, "stay": "1"})
    [key] = call("citizen", "govdata_case_show", id=draft["id"])["draft"]["materials"]
    world.act("citizen", draft["id"], "submit", **world.form(materials=[key]))
    browse("officer", f"/cases/{draft['id']}/file/{key}")
    browse("auditor", f"/cases/{draft['id']}/file/{key}", status=404)


def test_somebody_who_has_a_part_in_a_case_does_not_audit_it(world):
    """officer2 is named as an auditor, and officer here as well."""
    case = world.apply()
    assert call("officer2", "govdata_case_show", id=case["id"])["roles"] == ["officer"]


def test_the_auditors_page(world, browse, app):
    case = world.prepared()
    world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    page = soup(browse("auditor", "/audit"))
    assert "1 applications received" in page.text
    assert case["id"] in str(page)
    page = soup(browse("auditor", "/audit", {}))
    assert "all good" in page.select_one("[role=status]").text
    page = soup(browse("auditor", "/audit?action=case_refused"))
    assert len(page.select("tbody tr")) == 1
    lines = browse("auditor", "/audit/ledger.jsonl").get_data(as_text=True).splitlines()
    numbers = [json.loads(line)["number"] for line in lines]
    assert numbers == list(range(1, len(numbers) + 1))
    assert "王小明" not in "".join(lines)
    browse("auditor", "/audit?page=x", status=400)
    for path in ("/audit", "/audit/ledger.jsonl"):
        for who in ("officer", "head", "citizen"):
            browse(who, path, status=404)
    assert app.get("/audit", follow_redirects=False).status_code == 302
    assert app.get("/audit/ledger.jsonl", status=404)


def test_the_auditor_finds_the_way_from_every_page(world, browse):
    assert soup(browse("auditor", "/cases/mine")).select_one("a[href='/audit']")
    assert not soup(browse("officer", "/cases/mine")).select_one("a[href='/audit']")
    world.apply()
    page = soup(browse("auditor", "/cases/desk"))
    assert len(page.select("tbody tr")) == 1


def test_no_code_stands_before_the_auditor(world, browse):
    case = world.apply()
    world.act("officer", case["id"], "accept")
    world.act("officer", case["id"], "propose", proposal="refuse", note="拟不予开放。")
    world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    page = soup(browse("auditor", "/zh_Hans_CN/audit"))
    rows = [one for one in page.select("tr") if one.select_one("a[href*='/case']")]
    cells = [*page.select("select option, .gd-case-figures p"), *(td for row in rows for td in row)]
    assert rows
    code = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b|\b(?:submitted|prepared|refused|applicant)\b")
    texts = [one.get_text(" ", strip=True) for one in cells]
    found = [text for text in texts if code.search(text)]
    assert found == []

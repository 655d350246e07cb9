"""What a citizen brings along to the counter stands with his case, or there is no case."""

from __future__ import annotations

import io
from pathlib import Path

import ckan.model as model
import pytest
import sqlalchemy as sa

from ckanext.govdata import settings
from ckanext.govdata.forms.model import attachment
from tests.cases.conftest import call
from tests.marks.conftest import WRONG

pytestmark = pytest.mark.usefixtures("yaohai_in_force")
SAID = {**WRONG, "citizen_name": "陈桂花", "citizen_contact": "浒湾村12号"}
PDF = b"%PDF-1.4 "


def kept() -> tuple[int, set[str]]:
    """How many files have a row, and what lies among them."""
    folder = Path(settings.storage_path()) / "govdata" / "attachments"
    counted = model.Session.scalar(sa.select(sa.func.count()).select_from(attachment))
    return counted, {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def brought(*names: str):
    return [(io.BytesIO(PDF + name.encode()), name) for name in names]


@pytest.fixture
def counter(villages) -> str:
    where = f"entry={villages.entry['name']}&resource={villages.file}"
    return f"/zh_Hans_CN/begin/correction_review?{where}&command=record"


def test_a_file_that_is_given_stands_with_the_case_and_on_the_receipt(villages, counter, browse):
    form = browse("officer", counter)
    assert form.find("input", {"type": "file", "name": "upload"})
    names = ("户口簿.pdf", "村务公开栏.pdf")
    page = browse("officer", counter, {**SAID, "upload": brought(*names)})
    assert "JC-瑶海-" in page.find("h1").get_text()
    files = [a["href"] for a in page.find_all("a") if a.get_text() in names]
    assert len(files) == 2, page.get_text()
    receipt = next(a["href"] for a in page.find_all("a") if a.get_text() == "数据校核收件回执")
    said = browse("officer", receipt).find("main").get_text()
    assert all(name in said for name in names)


def test_what_an_applicant_sends_along_is_on_his_receipt(villages, browse):
    address = f"/zh_Hans_CN/begin/correction_review?entry={villages.entry['name']}"
    sent = {**WRONG, "submit": "submit", "upload": brought("门牌.pdf")}
    page = browse("citizen", address, sent)
    receipt = next(a["href"] for a in page.find_all("a") if a.get_text() == "数据校核收件回执")
    assert "门牌.pdf" in browse("citizen", receipt).find("main").get_text()


@pytest.mark.parametrize(("name", "content", "why"), [
    ("门牌.exe", b"MZ", "只能附"), ("门牌.txt", b"", "空文件"),
    ("门牌.pdf", b"no pdf", "text/plain"),
    ("门牌.pdf", PDF + b"0" * 2 * 1024**2, "超过 1 MiB"),
])  # fmt: skip
@pytest.mark.ckan_config("ckanext.govdata.cases.largest_attachment", 1)
def test_a_file_that_is_refused_leaves_no_case_and_no_file(
    counter, browse, name, content, why
):
    before = kept()
    files = [*brought("户口簿.pdf"), (io.BytesIO(content), name)]
    page = browse("officer", counter, {**SAID, "upload": files}, status=409)
    assert why in page.find(id="error-materials").get_text()
    assert page.find("a", href="#materials") or page.find("a", href="#materials-upload")
    assert page.find("input", id="citizen_name")["value"] == "陈桂花"
    assert "请重新选择文件：" in page.select_one("[data-gd-wrong]").get_text()
    assert WRONG["why"] in page.find("textarea", id="why").get_text()
    assert call("officer", "govdata_case_list", desk=True)["count"] == 0
    assert kept() == before


def test_a_form_that_is_refused_for_another_reason_keeps_no_file(counter, browse):
    before = kept()
    sent = {**SAID, "why": "", "upload": brought("户口簿.pdf")}
    page = browse("officer", counter, sent, status=409)
    assert page.find(id="error-why")
    assert kept() == before


def test_whoever_may_not_record_keeps_no_file(villages, counter, browse):
    before = kept()
    browse("citizen", counter, {**SAID, "upload": brought("户口簿.pdf")}, status=404)
    assert kept() == before


def test_a_refused_file_is_refused_at_the_field_that_took_it(villages, browse):
    case = villages.mark()
    address = f"/zh_Hans_CN/cases/{case['id']}/do/supply"
    sent = {"upload": [(io.BytesIO(b"MZ"), "门牌.exe")]}
    page = browse("citizen", address, sent, status=409)
    assert "门牌.exe" in page.find(id="error-supply-evidence").get_text()


@pytest.mark.parametrize("odd", ["a.pdf", ["a.pdf"], {"a": [1]}, 7, True])
def test_what_is_no_file_is_refused_by_name(villages, odd, app):
    from ckan.tests.helpers import call_action

    token = call_action("api_token_create", context={"user": "citizen"}, user="citizen", name="u")
    body = {"kind": "correction_review", "dataset_id": villages.entry["id"], "form": WRONG,
            "submit": True, "upload": odd}  # fmt: skip
    answer = app.post("/api/3/action/govdata_case_create", json=body,
                      headers={"Authorization": token["token"]})
    assert answer.status_code == 409
    assert "materials" in answer.json["error"]

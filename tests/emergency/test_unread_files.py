"""Files that are no table: what of them can be read is looked through, and a head answers for the
rest by name, with a reason that everybody reads (decision 1712)."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata.domain.emergency.dataset import Dataset, Submission, findings
from ckanext.govdata.emergency import model as tables
from ckanext.govdata.emergency.publication import bans, materials
from tests.cases.conftest import call
from tests.emergency.conftest import TABLE
from tests.emergency.test_bad_input import refused as not_published
from tests.emergency.test_bad_input import upload
from tests.emergency.test_workbooks import given, refused


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/"), text)
    return out.getvalue()


UNREAD = [
    b"%PDF-1.7 \xe5\xbc\xa0", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a",
    b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", zipped(a="水位"),
    zipped(**{"word__document.xml": "x"}), zipped(**{"xl__workbook.bin": "x"}),
    zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
    b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
    b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"SQLite format 3\0", b'{"name": "x"}',
    b"{\\rtf1 x}", "﻿<table>".encode(), b"\0\1\2\0\0\0\0\0",
]  # fmt: skip
ID = "11010519491231002X"
SAYING = [
    f"<html><table><tr><td>{ID}</td></tr></table></html>".encode(),
    f'{{"name": "{ID}"}}'.encode(), zipped(**{"a.txt": ID}), zipped(**{f"{ID}.bin": ""}),
    zipped(**{"word__document.xml": f"<w:p><w:t>{ID[:6]}</w:t><w:r/><w:t>{ID[6:]}</w:t></w:p>"}),
    zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet",
           **{"content.xml": f"<table:table-cell><text:p>{ID}</text:p></table:table-cell>"}),
    zipped(**{"Doc_0__Pages__Page_0.xml": f"<ofd:TextCode>{ID}</ofd:TextCode>", "OFD.xml": ""}),
]


@pytest.mark.parametrize("content", UNREAD)
@pytest.mark.parametrize("name", ["水位.xlsx", "水位.csv", "图.jpg", "无名"])
def test_for_what_cannot_be_looked_through_a_head_answers(content, name):
    found = given(content, name)
    assert (found.kind, found.content) == ("file", content)
    assert found.media == "application/octet-stream"
    assert not found.file_name.endswith((".csv", ".json", ".xlsx")), "the address of a table"
    asked = Submission(Dataset("a", timedelta(hours=1)), found)
    told = findings(asked, bans.bans().bans)
    assert [(one.ban, one.override) for one in told] == [("unread_file", True)]


@pytest.mark.parametrize("content", SAYING)
def test_such_a_file_is_looked_through_as_far_as_it_can_be(content):
    """No reason opens an identity number, wherever it stands."""
    asked = Submission(Dataset("a", timedelta(hours=1)), given(content, "名单"))
    told = {one.ban: one.override for one in findings(asked, bans.bans().bans)}
    assert told == {"unread_file": True, "id_number": False}


def test_a_locked_or_broken_member_keeps_no_other_from_being_looked_through():
    whole = zipped(**{"a.txt": "一" * 50, "b.txt": ID})
    broken = whole.replace(("一" * 50).encode(), ("二" * 50).encode())
    locked = whole.replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0", 1)
    for content in (broken, locked):
        assert content != whole
        assert ID in given(content, "a.zip").words


@pytest.mark.parametrize("content", [
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"[1, 2]", b"a\0bcdefgh\nc\n",
])  # fmt: skip
def test_what_is_broken_is_not_published(content):
    code, _said = refused(content, "水位.xlsx")
    assert code in ("workbook", "not_a_list", "encoding")


def test_a_long_document_is_read_through_its_tags():
    long = '<w:p><w:r w:rsid="00">' * 60_000 + f"<w:t>{ID}</w:t>"
    assert ID in given(zipped(**{"word__document.xml": long}), "a.docx").words


OVERRIDE = {"bans": ["unread_file"], "reason": "积水点位图急需公开，经区长审看批准。"}
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 50
NEW = {"create": {"title": "积水点位图"}, "name": "map"}


def test_only_a_head_publishes_a_file_and_it_stands_with_the_version_why(flood, app) -> None:
    def asked() -> dict[str, object]:
        return {**NEW, "upload": upload(PICTURE, "积水点位图.png")}

    assert "unclear" in not_published(flood.publish, "officer", **asked())
    assert "not_allowed" in not_published(flood.publish, "officer", **asked(), override=OVERRIDE)
    assert "unclear" in not_published(flood.publish, "head", **asked())
    short = {**OVERRIDE, "reason": "急"}
    assert "override_reason" in not_published(flood.publish, "head", **asked(), override=short)
    shown = flood.publish("head", **asked(), override=OVERRIDE)["datasets"][0]
    assert (shown["kind"], shown["url"]) == ("file", f"/emergency/{flood.event}/data/map.png")
    kept = model.Session.scalar(sa.select(tables.version.c.override))
    assert all(part in kept for part in ("unread_file", OVERRIDE["reason"]))
    acts = flood.show("citizen")["acts"]
    assert acts[-1]["facts"]["datasets"][0]["override"]["reason"] == OVERRIDE["reason"]
    answer = app.flask_app.test_client().get(shown["url"])
    assert answer.data == PICTURE
    assert answer.content_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_head_opens_what_may_not_be_opened(flood) -> None:
    for content in SAYING:
        asked = {**NEW, "upload": upload(content, "名单"), "override": OVERRIDE}
        assert set(not_published(flood.publish, "head", **asked)) == {"prohibited"}


def test_a_check_says_beforehand_that_a_head_must_answer(flood) -> None:
    found = call("officer", "govdata_emergency_check", id=flood.event, **NEW,
                 upload=upload(PICTURE, "图.png"))  # fmt: skip
    told = [(one["ban"], one["override"], one["places"]) for one in found["findings"]]
    assert told == [("unread_file", True, ["图.png"])]
    assert (found["columns"], found["rows"]) == ([], 0)


def test_a_dataset_may_go_from_table_to_file_with_a_note(flood) -> None:
    flood.levels()
    asked = {"dataset": "water", "override": OVERRIDE}
    assert "columns_changed" in not_published(
        flood.publish, "head", **asked, upload=upload(PICTURE, "水位.png"))
    shown = flood.publish("head", **asked, upload=upload(PICTURE, "水位.png"), note="改发图")
    assert shown["datasets"][0]["kind"] == "file"
    shown = flood.publish("officer", dataset="water", table=TABLE, note="恢复为表格")
    assert shown["datasets"][0]["kind"] == "table"


def test_one_answer_is_for_one_file(flood) -> None:
    """Of several files at once nobody can say which one was looked at."""
    for second in (upload(PICTURE + b"1", "乙.png"), upload(b"%PDF-1.7", "丙.pdf")):
        given = [{"create": {"title": f"图{n}"}, "override": OVERRIDE, "upload": one}
                 for n, one in enumerate([upload(PICTURE, "甲.png"), second])]  # fmt: skip
        said = not_published(flood.publish, "head", datasets=given)
        assert set(said) == {"one_unread_file"}
        assert "甲.png" in said["one_unread_file"]
    table = {"create": {"title": "水位"}, "table": TABLE}
    one = {"create": {"title": "图"}, "override": OVERRIDE, "upload": upload(PICTURE, "甲.png")}
    assert len(flood.publish("head", datasets=[table, one])["datasets"]) == 2


def test_what_stands_against_any_dataset_is_told_at_once(flood) -> None:
    given = [{"create": {"title": title}, "table": f"站点,{heading}\n巢湖,x\n"}
             for title, heading in (("甲", "护照号"), ("乙", "密级"), ("丙", "手机"))]  # fmt: skip
    with pytest.raises(tk.ValidationError) as error:
        flood.publish("head", datasets=given)
    told = {one["value"] for one in error.value.error_dict["reasons"]}
    assert told == {"passport", "state_secret", "phone"}


@pytest.mark.parametrize("answered", [False, True])
def test_an_answer_for_a_file_is_none_for_conditions(flood, answered) -> None:
    """What an entry says later of its conditions nobody has answered for yet."""
    entry = flood.entry(open_attribute="conditional" if answered else "unconditional")
    bans = ["unread_file", "closed_items", *(["conditional"] if answered else [])]
    flood.publish("head", package=entry["id"], name="map", upload=upload(PICTURE, "图.png"),
                  override={**OVERRIDE, "bans": bans})  # fmt: skip
    assert model.Session.scalar(sa.select(tables.dataset.c.override)) is answered


def test_a_version_of_another_ending_takes_the_place_of_the_one_before(flood) -> None:
    flood.levels()
    for name in ("水位.png", "水位.pdf"):
        content = PICTURE if name.endswith("png") else b"%PDF-1.7"
        flood.publish("head", dataset="water", override=OVERRIDE, note="改发图",
                      upload=upload(content, name))  # fmt: skip
    package = model.Package.get(model.Session.scalar(sa.select(tables.dataset.c.package_id)))
    assert [one.url.rpartition("/")[2] for one in package.resources] == ["water.pdf"]


def test_rows_that_are_too_deep_are_refused_in_words() -> None:
    for depth in (51, 200, 800):
        rows = [{"站点": "巢湖"}, {"站点": json.loads("[" * depth + "]" * depth)}]
        with pytest.raises(materials.Unusable) as error:
            materials.read({"rows": rows})
        assert error.value.refusal.code == "table_unread"
        code, _said = refused(json.dumps(rows).encode(), "水位.json")
        assert code == "table_unread"

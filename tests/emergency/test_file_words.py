"""What of a file that is no table is read, whatever stands beside it and however it is written."""

from __future__ import annotations

import base64
import io
import quopri
import zipfile
from datetime import timedelta

import pytest

from ckanext.govdata.domain.emergency.dataset import (
    Dataset,
    Material,
    PublishedEntry,
    Submission,
    findings,
)
from ckanext.govdata.emergency.publication import bans
from ckanext.govdata.sheets import file_words
from ckanext.govdata.sheets.file_kinds import kind_of
from tests.emergency.test_unread_files import ID, zipped
from tests.emergency.test_workbooks import given

NEIGHBOURS = ["35", "1", "x9", "张三", "B07", "13805510000", "2026"]
ELEMENTS = ["<{0}>{1}</{0}>", '<{0} w="3">{1}</{0}>', "<x:{0}>{1}</x:{0}>", "<{0}>{1}</{0}><{0}/>"]


def told(found: Material, entry: PublishedEntry | None = None) -> dict[str, bool]:
    asked = Submission(Dataset("a", timedelta(hours=1)), found, entry=entry)
    return {one.ban: one.override for one in findings(asked, bans.bans().bans)}


def row(element: str, names: list[str], values: list[str]) -> str:
    return "".join(element.format(*one) for one in zip(names, values, strict=True))


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize("neighbour", NEIGHBOURS)
@pytest.mark.parametrize(
    ("start", "names", "member"),
    [
        ("<?xml version='1.0'?>", ["name", "idcard", "age"], ""),
        ("<?xml version='1.0'?>", ["a", "b", "i"], ""),
        ("<svg>", ["text", "tspan", "text"], ""), ("<html>", ["span", "b", "i"], ""),
        ("<html>", ["td", "td", "td"], ""), ("<html>", ["label", "option", "dd"], ""),
        ("", ["TextCode", "TextCode", "TextCode"], "OFD.xml"),
        ("", ["p", "p", "p"], "content.xml"),
    ],
)
def test_a_neighbour_hides_no_number(element, neighbour, start, names, member):
    text = start + row(element, names, [neighbour, ID, neighbour])
    content = zipped(**{member: text}) if member else text.encode()
    assert told(given(content, "名单"))["id_number"] is False


@pytest.mark.parametrize("text", [
    "<w:r><w:t>机</w:t></w:r><w:r><w:rPr><w:b/><w:sz w:val='28'/></w:rPr><w:t>密★</w:t></w:r>",
    "<w:p><w:r><w:t>商业</w:t></w:r><w:proofErr w:type='x'/><w:r><w:t>秘密</w:t></w:r></w:p>",
    "<a:p><a:r><a:t>机密</a:t></a:r><a:r><a:rPr lang='zh'/><a:t>★</a:t></a:r></a:p>",
])
def test_words_that_an_office_program_cut_are_whole(text):
    found = told(given(zipped(**{"word__document.xml": text})))
    assert {"state_secret", "trade_secret"} & set(found)


GBK = "".join(f"\\'{one:02x}" for one in "密级：".encode("gb18030"))
NUMBERED = "".join(f"\\u{ord(one)}?" for one in "密级：")
QUOTED = quopri.encodestring(f"<td>{'机密★'}</td>".encode()).decode()
MAIL = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n{}\n\n{}\n--b--\n"
HTML_64 = "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64"
HTML_QP = "Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable"
ENTITIES = "".join(f"&#{ord(one)};" for one in ID)
WIDE = "".join(f"&#x{ord(one):x};" for one in "机密★")
ESCAPED = "".join(f"\\u{ord(one):04x}" for one in ID)


@pytest.mark.parametrize("text", [
    f"<html><p>{ENTITIES}</p>", f"<html><p>{WIDE}</p>", f"<svg><text>{ENTITIES}</text></svg>",
    f"<html><!-- {ID} -->", f"<html><p title='{ID}'>", f"<html><p title={ID}>",
    f'<html><img alt="张三 {ID}"/>', f"<html><p data-x='{ENTITIES}'>", f"<html><b title='{ID}'>x",
    f"<?xml version='1.0'?><a><![CDATA[{ID}]]></a>", f"<?xml version='1.0'?><a id='{ID}'/>",
    f'{{"a": "{ESCAPED}"}}', f'{{"a": "x\\n{ID}"}}', f'{{"{ESCAPED}": 1}}', f'{{"a": "{ESCAPED}',
    f"{{\\rtf1 {GBK}}}", f"{{\\rtf1 {NUMBERED}}}",
    f"{{\\rtf1\\uc2 {NUMBERED.replace('?', GBK[:8])}}}",
    f"{{\\rtf1 张三\\cell {ID}\\cell 35\\row}}", f"{{\\rtf1 {ID[:6]}{{\\b {ID[6:]}}}\\par}}",
    MAIL.format(HTML_64, base64.encodebytes(f"<td>{ID}</td>".encode()).decode()),
    MAIL.format(HTML_QP, QUOTED), MAIL.format(HTML_QP, f"<td>{ID[:9]}=\n{ID[9:]}</td>"),
])  # fmt: skip
def test_however_it_is_written_it_is_read(text):
    """Nothing prohibited goes by as a character's number, in a comment, in an attribute."""
    assert False in told(given(text.encode(), "通知")).values()


@pytest.mark.parametrize("text", [
    '<svg><path d="M 110105.5 194912.31 L 0021.4"/><text x="110105 204912">积水</text></svg>',
    "<html><table width='100%'><tr><td colspan='2'>水位 9.80</td></tr></table>",
    "{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}\\pard\\fs24 Water 9.80\\par}", '{"a": [110105, 194912]}',
])  # fmt: skip
def test_measures_of_drawings_are_no_numbers_of_persons(text):
    assert told(given(text.encode(), "图")) == {"unread_file": True}


LONG = "水" * (file_words.MOST - 10)


@pytest.mark.parametrize("content", [
    f"<html>{LONG}{'位' * 20}".encode(), zipped(**{"a.txt": LONG + "位" * 20, "b.txt": ID}),
    zipped(**{"a.txt": LONG, "b.txt": "位" * 20}),
    zipped(**{f"{n}.txt": LONG[:90_000] for n in range(4)}),
    zipped(**{"a.xml": "<a>" * (file_words.MOST_BYTES // 3 + 1)}),
    f'{{"a": "{LONG}{"位" * 20}"}}'.encode(),
])  # fmt: skip
def test_what_is_longer_than_what_was_looked_through_is_said_to_be(content):
    assert told(given(content, "通知"))["unread_rest"] is True


@pytest.mark.parametrize("members", [{"a.txt": LONG[:-200]}, {"a.txt": "水", "b.xml": "<a>位</a>"}])
def test_what_was_looked_through_to_its_end_has_no_rest(members):
    assert told(given(zipped(**members), "通知")) == {"unread_file": True}


def test_a_long_member_is_read_as_far_as_it_goes():
    content = zipped(**{"a.xml": f"<a>{ID}</a>" + "<a/>" * (file_words.MOST_BYTES // 4)})
    assert told(given(content, "a.zip")) == {
        "unread_file": True, "unread_rest": True, "id_number": False}  # fmt: skip


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.parametrize("name", ["mimetype", "a.txt"])
def test_what_no_document_is_packed_by_is_not_opened(packing, broken, name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "水位" * 500, packing)
        archive.writestr("b.txt", ID)
    content = out.getvalue()
    if broken:
        content = content[:44] + b"\xff" * 6 + content[50:]
    assert kind_of(io.BytesIO(content)) == "ZIP"
    assert told(given(content, "a.zip")) == {"unread_file": True, "id_number": False}


@pytest.mark.parametrize(("line", "ban"), [
    ("护照号", "passport"), ("身份证号", "id_number"), ("银行卡号", "card_number"),
    ("密级", "state_secret"), ("护照号码（必填）", "passport"), ("联系电话", "phone"),
    ("领取物资请携带身份证", "id_number"),
])  # fmt: skip
def test_who_answers_is_shown_what_may_be_a_heading_in_a_file(line, ban):
    """A short line may be one, or what a notice says to its readers."""
    content = zipped(**{"content.xml": f"<p>姓名及情况说明</p><p>{line}</p><p>x</p>"})
    assert told(given(content, "a.ods"))[ban] is True


@pytest.mark.parametrize(
    "text", ["请受灾群众到安置点登记。", "需要携带的材料包括：户口簿、身份证；", "水位"])
def test_a_sentence_is_no_heading(text):
    content = zipped(**{"content.xml": f"<p>{text}</p>"})
    assert told(given(content, "a.ods")) == {"unread_file": True}


@pytest.mark.parametrize(("item", "closed"), [
    ({"name": "户主", "sensitive": True}, True), ({"name": "住址", "opened": False}, True),
    ({"name": "水位", "opened": True}, False), ({"name": "水位"}, False),
])  # fmt: skip
def test_of_an_entry_with_closed_items_a_file_may_hold_them(item, closed):
    entry = PublishedEntry("1", "a", "水位", "o", "unconditional", items=(item,))
    assert ("closed_items" in told(given(b"%PDF-1.7", "a.pdf"), entry)) is closed

"""A letter on paper: PDF/A with its shapes embedded, a readable name, a code, and the e-seal."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import unquote

import pytest
from ckan.tests.helpers import call_action
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdfium2 import PdfDocument

from ckanext.govdata.cases.pages import letter_seal
from tests.cases.conftest import BASIS, REASON, call

PICTURE = 3
"""What PDFium calls an object that is one."""
WORD = "seal-of-a-test"


@pytest.fixture
def printed(world, app):
    """The paper of a refusal, as its addressee takes it in a language."""
    case = world.prepared()
    shown = world.act("head", case["id"], "refuse", reason=REASON, basis=BASIS)
    number = shown["letters"][-1]["number"]
    token = call_action("api_token_create", context={"user": "citizen"}, user="citizen", name="t")
    headers = {"Authorization": token["token"]}

    def paper(locale="zh_Hans_CN"):
        return app.get(f"/{locale}/cases/{case['id']}/letter/{number}.pdf", headers=headers)

    return paper


@pytest.fixture
def certificate(tmp_path):
    """A certificate of a test with its key: the file for the portal, the file to check by."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "瑶海区民政局")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=9))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(True, True, False, False, False, True, False, False, False),
                       critical=True)
        .sign(key, SHA256())
    )  # fmt: skip
    file, public = tmp_path / "seal.p12", tmp_path / "seal.der"
    sealing = BestAvailableEncryption(WORD.encode())
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", key, made, None, sealing))
    public.write_bytes(made.public_bytes(Encoding.DER))
    return file, public


@pytest.mark.parametrize(("locale", "name"), [
    ("zh_Hans_CN", "答复书_"), ("zh_Hant_TW", "答覆書_"), ("en", "Reply_"),
])  # fmt: skip
def test_its_file_is_called_as_an_office_would_call_it(printed, locale, name):
    said = printed(locale).headers["Content-Disposition"]
    assert said.startswith("attachment; ")
    called = unquote(said.partition("filename*=UTF-8''")[2])
    assert re.fullmatch(rf"{name}KF-瑶海-\d{{4}}-000001-2\.pdf", called)


def test_it_is_pdf_a_and_every_font_is_in_it(printed):
    body = printed().get_data()
    reader = PdfFileReader(BytesIO(body))
    about = reader.root["/Metadata"].data.decode()
    assert "<pdfaid:part>2<" in about
    assert "<pdfaid:conformance>U<" in about
    assert reader.root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert not reader.encrypted
    for sheet in (one.get_object() for one in reader.root["/Pages"]["/Kids"]):
        fonts = sheet["/Resources"]["/Font"]
        for font in (fonts[name] for name in fonts):
            below = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert any(key.startswith("/FontFile") for key in below)
            assert "/ToUnicode" in font


def test_its_text_can_be_read_and_copied(printed):
    sheets = PdfDocument(printed().get_data())
    text = "".join(sheet.get_textpage().get_text_range() for sheet in sheets)
    assert REASON in re.sub(r"\s", "", text)


def test_the_place_of_the_seal_never_stands_on_a_page_alone(printed):
    last = list(PdfDocument(printed().get_data()))[-1].get_textpage().get_text_range()
    assert "盖章处" in last
    assert len(re.sub(r"\s", "", last.partition("瑶海区民政局")[0])) > 10


def test_page_and_paper_have_a_code_that_leads_to_the_check(printed, world, browse):
    last = list(PdfDocument(printed().get_data()))[-1]
    assert [one.type for one in last.get_objects()].count(PICTURE) == 1
    case = call("citizen", "govdata_case_list", mine=True)["results"][0]
    letter = call("citizen", "govdata_case_show", id=case["id"])["letters"][-1]
    page = browse("citizen", f"/en/cases/{case['id']}/letter/{letter['number']}")
    assert page.select_one(".gd-case-letter__code svg")
    link = page.select_one("a[href*='/letters/verify?digest=']")
    checked = browse("other", link["href"])
    assert "genuine" in checked.text
    assert "王小明" not in checked.text


def test_without_a_certificate_nothing_is_signed(printed):
    assert not PdfFileReader(BytesIO(printed().get_data())).embedded_signatures


def test_with_one_it_is_signed_and_a_change_shows(printed, certificate, ckan_config, monkeypatch):
    file, public = certificate
    monkeypatch.setitem(ckan_config, "ckanext.govdata.seal.certificate", str(file))
    monkeypatch.setitem(ckan_config, "ckanext.govdata.seal.password", WORD)
    letter_seal.check()
    body = printed().get_data()
    trusted = ValidationContext(trust_roots=[load_cert_from_pemder(str(public))])
    [found] = PdfFileReader(BytesIO(body)).embedded_signatures
    status = validate_pdf_signature(found, trusted)
    assert status.intact
    assert status.valid
    assert status.signing_cert.subject.native["common_name"] == "瑶海区民政局"
    forged = bytearray(body)
    place = body.index(b"stream") + 40
    forged[place] ^= 1
    [found] = PdfFileReader(BytesIO(bytes(forged))).embedded_signatures
    assert not validate_pdf_signature(found, trusted).intact


@pytest.mark.parametrize(("content", "word", "said"), [
    (None, WORD, "there is no file"), (b"no certificate", WORD, "PKCS#12"),
    ("own", "x", "password"),
])  # fmt: skip
def test_a_certificate_that_cannot_be_used_stops_the_start(
    content, word, said, certificate, tmp_path, ckan_config, monkeypatch, with_plugins
):
    file = certificate[0] if content == "own" else tmp_path / "other.p12"
    if isinstance(content, bytes):
        file.write_bytes(content)
    monkeypatch.setitem(ckan_config, "ckanext.govdata.seal.certificate", str(file))
    monkeypatch.setitem(ckan_config, "ckanext.govdata.seal.password", word)
    with pytest.raises(letter_seal.NoSeal, match=said):
        letter_seal.check()

"""Identities: numbers checked, encrypted at rest, masked everywhere."""

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from ckanext.govdata.domain.locales import LOCALES
from ckanext.govdata.identity import profile
from ckanext.govdata.identity.sentences import countries

PERSON, FIRM = "11010519491231002X", "91110000600037341L"


@pytest.fixture
def user(fresh):
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    tk.get_action("user_create")(
        {"ignore_auth": True, "user": site["name"]},
        {"name": "wang", "email": "w@example.invalid", "password": "Correct-horse-7"},
    )
    return model.User.by_name("wang")


def keep(user, **data):
    context = {"user": user.name, "auth_user_obj": user}
    return tk.get_action("govdata_identity_update")(context, data)


def test_kept_encrypted_and_shown_masked(user):
    shown = keep(user, kind="person", name="王小明", number=PERSON.lower())
    assert shown == {"kind": "person", "document": "identity_card", "name": "王**",
                     "number": "110*************2X"}
    row = model.Session.execute(sa.text("SELECT * FROM govdata_identity")).one()
    stored = repr([bytes(v) if isinstance(v, memoryview) else v for v in row])
    assert PERSON not in stored
    assert "王小明" not in stored
    assert profile.reveal(model.Session, user.id) == {"name": "王小明", "number": PERSON}
    ledger = model.Session.execute(sa.text("SELECT content FROM govdata_ledger")).scalars().all()
    assert ledger
    assert not any(PERSON in one or "王" in one for one in ledger)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "123",
        "110105194912310021",
        "11010519491331002X",
        PERSON + "1",
        "' OR 1=1",
        "X" * 5000,
        FIRM,
        "110105491231002",
        "93484019790315001X",
    ],
)
def test_a_wrong_number_is_refused(user, number):
    with pytest.raises(tk.ValidationError) as caught:
        keep(user, kind="person", name="王小明", number=number)
    assert set(caught.value.error_dict) == {"number"}
    assert model.Session.scalar(sa.text("SELECT count(*) FROM govdata_identity")) == 0


@pytest.mark.parametrize(
    "written", [FIRM, FIRM.lower(), "９１１１０００0600037341L", " 91110000 600037341-L"]
)
def test_a_credit_code_in_any_writing(user, written):
    assert keep(user, kind="firm", name="江淮数智科技有限公司", number=written)["kind"] == "firm"
    assert profile.reveal(model.Session, user.id)["number"] == FIRM


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "robot"},
        {"name": ""},
        {"name": "王"},
        {"name": "a\x00b"},
        {"name": "<script>x"},
        {"name": "王" * 101},
        {"name": "王\u202e明"},
        {"document": "library_card"},
        {"document": "credit_code"},
        {"document": "passport", "number": "E12345678"} | {"country": ""},
        {"document": "passport", "number": "E12345678"} | {"country": "TW"},
    ],
)
def test_bad_names_and_kinds_are_refused(user, bad):
    with pytest.raises(tk.ValidationError) as caught:
        keep(user, **{"kind": "person", "name": "王小明", "number": PERSON, **bad})
    assert next(reversed(bad)) in caught.value.error_dict


def test_keys_can_be_changed(user, ckan_config, monkeypatch):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    monkeypatch.setitem(ckan_config, "ckanext.govdata.security.keys", old)
    keep(user, kind="person", name="王小明", number=PERSON)
    monkeypatch.setitem(ckan_config, "ckanext.govdata.security.keys", f"{new} {old}")
    assert profile.reveal(model.Session, user.id)["name"] == "王小明"
    keep(user, kind="person", name="王小明", number=PERSON)
    monkeypatch.setitem(ckan_config, "ckanext.govdata.security.keys", new)
    assert profile.reveal(model.Session, user.id)["number"] == PERSON


@pytest.mark.parametrize(
    ("number", "words"),
    [("110105491231002", "2013"), ("110105194912310021", "last character"),
     ("USA110078110001", "foreigner"), ("99010519491231002X", "foreigner"),
     ("26010519491231002X", "province"), ("11010519491331002X", "day of birth")],
)
def test_what_is_wrong_with_a_number_is_said(user, number, words):
    with pytest.raises(tk.ValidationError, match=words):
        keep(user, kind="person", name="王小明", number=number)


def test_other_papers_are_kept_and_are_other_numbers(user):
    shown = keep(user, kind="person", name="SMITH JOHN", document="passport", country="us",
                 number="c0 123-4567")
    assert shown == {"kind": "person", "document": "passport", "name": "S******",
                     "number": "C******67"}
    kept = profile.reveal(model.Session, user.id)
    assert kept == {"name": "SMITH JOHN", "number": "C01234567", "country": "US"}
    keep(user, kind="person", name="陈大文", document="hong_kong_macao_permit", number="H12345678")
    assert profile.reveal(model.Session, user.id)["number"] == "H12345678"


@pytest.mark.parametrize("locale", LOCALES)
def test_every_state_has_a_name_in_every_language(locale, with_plugins, test_request_context):
    with test_request_context(environ_overrides={"CKAN_LANG": locale}):
        named = countries()
    assert "CN" in named
    assert [code for code, name in named.items() if code == name] == []

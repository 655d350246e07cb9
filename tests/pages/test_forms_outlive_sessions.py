"""What is typed into any form of ours outlives the session in which it was typed (issue 14)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ckanext.govdata import slices
from tests.access.opened_grants import granted  # noqa: F401
from tests.cases.conftest import world  # noqa: F401
from tests.cases.test_written import Browser, hidden, path_of, portal  # noqa: F401

TEMPLATES = Path(slices.__file__).parent / "templates"
TYPED = re.compile(
    r"<textarea|<select|\b(ask|all)\(|"
    r'<input(?![^>]*type="(hidden|checkbox|radio|file|submit)")[^>]*name='
)
UNKEPT = {
    "login_form.html": "a password is typed again",
    "seeds.html": "a button",
}
TEXT = "kanarie 用途：研究公交线路的换乘"
FORMS = [
    ("officer", "/cases/away", "/cases/away", {"first": "2026-12-01", "last": TEXT}),
    ("citizen", "/notices", "/notices/preference", {"mail": "daily"}),
    ("citizen", "/emergency-hooks", "/emergency-hooks", {"url": TEXT}),
    ("citizen", "/search/ask", "/search/ask", {"subject": TEXT, "purpose": TEXT}),
    ("head", "/emergency-desk/declare", "/emergency-desk/declare", {"title": TEXT}),
    ("officer", "/catalogue/import", "/catalogue/import", {"place": TEXT}),
]


def forms_of(path: Path) -> list[str]:
    text = path.read_text("utf-8")
    return re.findall(r'<form(?=[^>]*method="post").*?</form>', text, re.S)


def test_every_form_into_which_something_is_typed_carries_its_writer():
    bare = [
        f"{path.relative_to(TEMPLATES)}: {form[:90]}"
        for path in sorted(TEMPLATES.rglob("*.html")) if path.name not in UNKEPT
        for form in forms_of(path) if TYPED.search(form) and "govdata_written_by" not in form
    ]
    assert bare == []
    assert sum(bool(TYPED.search(form)) for path in TEMPLATES.rglob("*.html")
               for form in forms_of(path)) > 15


@pytest.mark.parametrize(("who", "page", "target", "data"), FORMS, ids=lambda one: str(one)[:30])
def test_what_was_typed_is_there_after_signing_in(world, portal, who, page, target, data):  # noqa: F811
    browser = Browser(portal)
    browser.sign_in(who)
    mark = hidden(browser.get(f"/en{page}"), f"{target}\"" if page != target else "")["_written_by"]
    browser.lose_session()
    answer = browser.post(f"/en{target}", _written_by=mark, **data)
    assert answer.status_code == 302
    assert "/user/login" in answer.location
    there = browser.sign_in(who, back="/en/written")
    kept = browser.get(path_of(there))
    for value in data.values():
        assert value in kept

"""Public pages in Chinese have Chinese colons and brackets, no internal codes, and no to-dos of
the operator."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

HAN = "\u3400-\u9fff"
HALF = re.compile(
    rf"[{HAN}”》）]\s*:(?=\s|$|[{HAN}0-9])|[{HAN}]\s?\([^)]*\)|\([^()]*[{HAN}][^()]*\)"
)
"""A half-width colon after Chinese, half-width brackets after or around it."""
CODE = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
OPERATOR = re.compile("须由平台运营方|由平台运营方填写|须录入|另行录入|填写 until|jurisdictions/")
PAGES = (
    "/", "/dataset/", "/dataset/?open_attribute=conditional&region=340102", "/organization/",
    "/organization/yaohai", "/region/", "/region/34", "/rules", "/rules/yaohai", "/rules/national",
    "/rules/huaining", "/rules/deadline",
    "/rules/deadline?jurisdiction=yaohai&term=open_application.decide&received=2026-11-23",
    "/rules/deadline?jurisdiction=yaohai&term=nothing.there&received=2026-11-23",
    "/emergency", "/procedures", "/decisions", "/help", "/about", "/nothing-here",
    "/dataset/open-one", "/dataset/by-application", "/dataset/closed-one",
)  # fmt: skip


def texts(app, path: str) -> list[str]:
    page = BeautifulSoup(app.get(path, status=None).body, "html.parser")
    for hidden in page(["script", "style", "template", "code", "pre"]):
        hidden.decompose()
    for other in page.select("[lang]"):
        if other.name != "html" and not str(other["lang"]).startswith("zh"):
            other.decompose()
    blocks = page.find_all(["p", "li", "dt", "dd", "th", "td", "h1", "h2", "h3", "a", "summary",
                            "label", "legend", "title", "caption", "option"])  # fmt: skip
    return [re.sub(r"\s+", " ", one.get_text()).strip() for one in blocks]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("locale", ["zh_Hans_CN", "zh_Hant_TW"])
def test_signs_and_words_of_a_public_page(app, entries, path, locale):
    found = texts(app, f"/{locale}{path}")
    assert found
    for what, pattern in (("half-width", HALF), ("code", CODE), ("operator's", OPERATOR)):
        wrong = [text for text in found if pattern.search(text)]
        assert not wrong, (what, sorted(wrong, key=len)[:4])

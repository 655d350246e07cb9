"""The page of conformance is true: it says what is declared, and what is declared has its tests."""

import pytest

from tests.docs import conformance

ARTICLES = [
    pytest.param(one, id=f"{name} {number}")
    for name, text in conformance.declared().items()
    for number, one in text["articles"].items()
]
LAST = {"anhui": 46, "huaining": 33, "yaohai": 27, "xinxian": 36, "national": 44}
"""How many articles each text has; Huaining's last sentence, without a number, counts as one."""


def test_the_page_is_what_the_file_says():
    assert conformance.PAGE.read_text("utf-8") == conformance.rendered(), (
        "run: python -m tests.docs.conformance"
    )


@pytest.mark.parametrize("name", LAST)
def test_each_article_is_told_once(name):
    text = conformance.declared()[name]
    told = [*text["articles"], *text["no_software"]]
    assert sorted(told) == list(range(1, LAST[name] + 1))


@pytest.mark.parametrize("one", ARTICLES)
def test_what_works_is_seen_by_tests_and_what_does_not_is_not(one):
    assert one["state"] in conformance.STATES
    assert bool(one.get("tests")) == (one["state"] in ("works", "partly"))
    for test in one.get("tests", ()):
        file, _, name = test.partition("::")
        found = conformance.functions(file)
        assert any(one.startswith("test_") for one in found), f"no test file {file}"
        assert not name or name in found, f"{file} has no {name}"
        assert not file.startswith(conformance.QUOTATIONS), "a quotation is no behaviour"

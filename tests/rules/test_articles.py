"""Articles as the reader's language writes them."""

from __future__ import annotations

import pytest

from ckanext.govdata.rules import helpers
from ckanext.govdata.speech import language, phrases, when


@pytest.mark.parametrize(
    ("written", "english"),
    [
        ("第十条", "Article 10"),
        ("第二十六条", "Article 26"),
        ("第一百零三条", "Article 103"),
        ("第二百一十条", "Article 210"),
        ("《中华人民共和国民法典》第一千零三十四条", "Article 1034"),
        ("第十条、第十一条", "Articles 10, 11"),
        ("末条", "last sentence"),
        ("", ""),
    ],
)
def test_in_english(app, written, english):
    with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "en"}):
        assert phrases.article(written) == english


def test_in_chinese_as_the_text_has_it(app):
    for reader, shown in (("zh_Hans_CN", "第一百零三条"), ("zh_Hant_TW", "第一百零三條")):
        with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": reader}):
            assert phrases.article("第一百零三条") == shown


def test_a_job_speaks_the_portals_language(app, ckan_config, monkeypatch):
    """No request, so nobody's language: a letter's brackets are those of the portal."""
    for portals, bracketed in (("en", " (Article 17)"), ("zh_Hant_TW", "（第十七條）")):
        monkeypatch.setitem(ckan_config, "ckan.locale_default", portals)
        with app.flask_app.app_context():
            assert phrases.bracketed(phrases.article("第十七条")) == bracketed


def test_a_label_without_the_readers_language_is_in_simplified_chinese(app):
    with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "en"}):
        assert phrases.label({"zh_Hans_CN": "公交", "en": "Bus"}) == "Bus"
        assert phrases.label({"zh_Hans_CN": "公交"}) == "公交"
    with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "de"}):
        assert language.of_labels() == "zh_Hans_CN"


def test_an_instant_is_told_in_beijing_time(app):
    with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "zh_Hans_CN"}):
        assert when.when("2020-01-25T18:30:00+00:00") == "2020年1月26日 02:30"
        assert when.when(None) == ""


def test_an_extension_says_whose_consent_it_needs(app):
    """Anhui's Article 26 names two heads of whom one is enough, Huaining's Article 18 one."""
    of_anhui = "may be extended once by at most 7 working days, with the consent of the head of "
    heads = "the department or head of the data authority"
    assert of_anhui + heads in app.get("/en/rules/anhui").body
    chinese = app.get("/zh_Hans_CN/rules/huaining").body
    assert "可延长一次，不超过10个工作日，应当经部门负责人同意" in chinese


@pytest.mark.parametrize(
    ("extension", "said"),
    [
        (None, ""),
        (
            {"amount": 3, "once": False, "consent_of": []},
            "may be extended by at most 3 calendar days",
        ),
        (
            {"amount": 3, "once": True, "consent_of": ["council"]},
            "may be extended once by at most 3 calendar days, with the consent of the council",
        ),
    ],
)
def test_an_extension_of_the_operators_own_file(app, extension, said):
    rule = {"working_days": None, "calendar_days": 5, "months": None, "extension": extension}
    with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "en"}):
        assert helpers.govdata_rule_extension(rule) == said

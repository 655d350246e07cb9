"""Articles as the reader's language writes them."""

from __future__ import annotations

import pytest

from ckanext.govdata.rules import wording


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
        assert wording.article(written) == english


def test_in_chinese_as_the_text_has_it(app):
    for reader, shown in (("zh_Hans_CN", "第一百零三条"), ("zh_Hant_TW", "第一百零三條")):
        with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": reader}):
            assert wording.article("第一百零三条") == shown


def test_a_job_speaks_the_portals_language(app, ckan_config, monkeypatch):
    """No request, so nobody's language: a letter's brackets are those of the portal."""
    for portals, bracketed in (("en", " (Article 17)"), ("zh_Hant_TW", "（第十七條）")):
        monkeypatch.setitem(ckan_config, "ckan.locale_default", portals)
        with app.flask_app.app_context():
            assert wording.bracketed(wording.article("第十七条")) == bracketed

"""The pages of the rules and of the calculator."""

import html

import pytest
from bs4 import BeautifulSoup

from ckanext.govdata.rules import in_force

pytestmark = pytest.mark.usefixtures("with_plugins")


class TestPages:
    @pytest.mark.usefixtures("yaohai_in_force")
    def test_side_by_side_with_articles(self, app):
        page = app.get("/en/rules").body
        for words in (
            "Article 17",
            "Article 25",
            "Silence is consent",
            "The portal&#39;s own rule",
        ):
            assert words in page
        assert "Administrative regulation" in page
        assert "Anhui Provincial People&#39;s Congress" in page
        assert "15 working days yield to 10 working days by" in page
        assert "until a jurist has said" not in page, "not for everybody"

    def test_rules_that_only_the_portal_sets_come_last(self, app):
        for table in BeautifulSoup(app.get("/en/rules").body, "html.parser").select(".gd-compare"):
            own = ["Article" not in row.get_text() for row in table.select("tbody tr")]
            assert own == sorted(own)

    def test_a_rule_of_another_place_is_cited_with_its_document(self, ask, app):
        place = ask("govdata_jurisdiction_show", id="yaohai", language="zh_Hans_CN")
        rules = [one for one in place["terms"] if one["rule_from"] == "anhui"]
        assert rules
        page = app.get("/zh_Hans_CN/rules/yaohai").body
        for one in rules:
            assert f"{one['document']} {one['article']}" in page

    @pytest.mark.parametrize("place", ["national", "anhui", "huaining", "yaohai", "xinxian"])
    @pytest.mark.parametrize("language", ["en", "zh_Hans_CN", "zh_Hant_TW"])
    def test_each_place_in_each_language(self, app, place, language):
        assert "<h1>" in app.get(f"/{language}/rules/{place}").body

    @pytest.mark.usefixtures("yaohai_in_force")
    @pytest.mark.parametrize("language", ["en", "zh_Hans_CN", "zh_Hant_TW"])
    def test_no_citizen_is_told_what_the_operator_has_to_do(self, app, language):
        pages = [app.get(f"/{language}/rules").body]
        pages += [app.get(f"/{language}/rules/{name}").body for name in in_force.rulebook().ids()]
        to_do = [one.to_confirm for versions in in_force.rulebook().versions.values()
                 for one in versions if one.to_confirm]  # fmt: skip
        for page in map(html.unescape, pages):
            assert "gd-note--warn" not in page
            assert not any(words in page for label in to_do for words in label.values())

    def test_the_operator_is_told_on_the_page(self, app, as_operator):
        page = html.unescape(app.get("/zh_Hans_CN/rules", headers=as_operator).body)
        assert "按安徽省关于规范性文件的规定" in page

    def test_the_calculator_asks_who_asks_where_that_matters(self, app):
        address = "/en/rules/deadline?jurisdiction=huaining&received=2026-05-06&term="
        page = app.get(f"{address}correction_review.decide", status=409).body
        assert 'name="asker"' in page
        assert 'name="share_type"' not in page
        page = app.get(f"{address}correction_review.decide&asker=department").body
        assert "Why this term binds" in page
        assert "yields, there is none by" in page
        assert 'name="asker"' not in app.get(f"{address}open_application.decide").body

    def test_an_unknown_place_is_not_found(self, app):
        app.get("/rules/atlantis", status=404)

    def test_the_calculator_shows_the_day_and_the_picture(self, app):
        page = app.get(
            "/zh_Hans_CN/rules/deadline?jurisdiction=yaohai&term=open_application.decide"
            "&received=2026-09-24&pause_from=&pause_to="
        ).body
        assert "2026年10月15日（星期四）" in page
        assert page.count('<table class="gd-month">') == 2
        assert "gd-day--make_up_day" in page
        [due] = BeautifulSoup(page, "html.parser").select(".gd-day--due")
        assert "15" in due.get_text()
        assert "第十七条" in page

    def test_the_empty_form(self, app):
        page = app.get("/en/rules/deadline").body
        assert 'name="received"' in page
        assert "gd-month" not in page

    def test_hostile_input_is_refused_and_escaped(self, app):
        script = "<script>alert(1)</script>"
        page = app.get(
            "/en/rules/deadline",
            query_string={
                "jurisdiction": script,
                "term": script,
                "received": script,
                "pause_from": script,
                "pause_to": script,
            },
            status=409,
        ).body
        assert script not in page
        assert "is neither a date" in page

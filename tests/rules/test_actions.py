"""The actions as an anonymous client uses them, over HTTP."""

import json
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup

from ckanext.govdata import now
from ckanext.govdata.departments import tree as departments
from ckanext.govdata.domain.clock import count_deadline
from ckanext.govdata.rules import in_force

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture
def ask(app):
    def get(action, status=200, language="en", **params):
        address = f"/{language}/api/3/action/{action}"
        answer = app.get(address, query_string=params, status=status).json
        return answer["result"] if status == 200 else answer["error"]

    return get


def explain(ask, **params):
    question = {"jurisdiction": "yaohai", "term": "open_application.decide"}
    return ask("govdata_deadline_explain", **{**question, "received": "2026-09-24", **params})


class TestExplain:
    def test_over_national_day(self, ask):
        answer = explain(ask)
        assert (answer["due"], answer["working_days"]) == ("2026-10-15", 10)
        assert (answer["article"], answer["rule_from"]) == ("第十七条", "yaohai")
        assert (answer["provisional"], answer["on_lapse"]) == (False, "violation")
        assert "瑶政办〔2024〕2号" in answer["document"]

    def test_every_day_says_whether_it_counts_and_why(self, ask):
        days = {day["date"]: day for day in explain(ask)["days"]}
        assert len(days) == 22
        assert (days["2026-10-10"]["counts"], days["2026-10-10"]["why"]) == (True, "make_up_day")
        assert days["2026-10-10"]["notice"]["number"] == "国办发明电〔2025〕7号"
        assert days["2026-10-05"]["words"] == "Public holiday (National Day)"

    def test_a_minute_before_and_after_midnight_in_beijing(self, ask):
        before = explain(ask, received="2026-03-02T15:59:00Z")
        after = explain(ask, received="2026-03-02T16:01:00+00:00")
        assert (before["received"], before["due"]) == ("2026-03-02", "2026-03-16")
        assert (after["received"], after["due"]) == ("2026-03-03", "2026-03-17")

    @pytest.mark.parametrize(
        "pauses",
        ['[["2026-09-28", "2026-09-29"]]', "2026-09-28/2026-09-29", '["2026-09-28","2026-09-29"]'],
    )
    def test_pauses_however_they_are_written(self, ask, pauses):
        answer = explain(ask, pauses=pauses)
        assert answer["due"] == "2026-10-19"
        assert answer["pauses"] == [["2026-09-28", "2026-09-29"]]

    def test_pauses_as_data(self, app):
        data = {
            "jurisdiction": "yaohai",
            "term": "open_application.decide",
            "received": "2026-09-24",
            "pauses": [["2026-09-28", "2026-09-29"]],
        }
        answer = app.post("/api/3/action/govdata_deadline_explain", json=data).json["result"]
        assert answer["due"] == "2026-10-19"

    def test_extended_as_far_as_allowed_or_by_a_number(self, ask):
        question = {"jurisdiction": "anhui", "term": "correction_review.decide"}
        assert explain(ask, **question)["due"] == "2026-10-12"
        assert explain(ask, **question, extended="true")["extended"] == 7
        assert explain(ask, **question, extended="2")["due"] == "2026-10-14"

        assert explain(ask, **question, extended="7")["extended"] == 7, "the most itself"

    def test_fifty_pauses_are_as_many_as_may_be(self, ask):
        days = [date(2025, 1, 6) + timedelta(days=2 * number) for number in range(51)]
        pauses = [f"{day}/{day}" for day in days]
        answer = explain(ask, received="2025-01-02", pauses=",".join(pauses[:50]))
        assert len(answer["pauses"]) == 50
        error = explain(ask, status=409, received="2025-01-02", pauses=",".join(pauses))
        assert error["pauses"] == ["There are more than 50 pauses."]

    def test_a_day_before_every_text_says_so_and_no_other(self, ask):
        assert explain(ask)["notes"] == []
        notes = explain(ask, received="2005-03-01")["notes"]
        assert any("no text was in force yet" in note for note in notes)

    def test_a_year_without_notice_is_provisional_and_says_so(self, ask):
        answer = explain(ask, received="2027-03-01")
        assert answer["provisional"]
        assert any("Provisional" in note for note in answer["notes"])

    def test_after_yaohais_last_day_the_province_or_the_portal(self, ask):
        answer = explain(ask, term="share_application.decide", received="2027-02-08")
        assert (answer["rule_from"], answer["working_days"]) == ("anhui", 7)
        assert answer["lapsed"] == ["yaohai"]
        assert explain(ask, received="2027-02-08")["own_rule"]

    @pytest.mark.parametrize(
        ("wrong", "field", "words"),
        [
            ({"jurisdiction": "atlantis"}, "jurisdiction", "no jurisdiction 'atlantis'"),
            ({"jurisdiction": ""}, "jurisdiction", "Missing value"),
            ({"term": "tea.drink"}, "term", "no term 'tea.drink'"),
            ({"received": "2026-02-30"}, "received", "'2026-02-30' is neither a date"),
            ({"received": "2026-03-02T15:59:00"}, "received", "nor a time with its zone"),
            ({"received": ""}, "received", "Missing value"),
            ({"received": "1066-10-14"}, "date", "There is no calendar for 1066"),
            ({"received": "9999-12-31"}, "date", "There is no calendar for 9999"),
            ({"pauses": "soon"}, "pauses", "'soon' is not a pause"),
            ({"pauses": "[[[["}, "pauses", "is not a pause"),
            ({"pauses": "2026-10-01/2026-10-02/2026-10-03"}, "pauses", "is not a pause"),
            ({"pauses": "2026-10-02/2026-10-01"}, "pauses", "ends before it begins"),
            ({"extended": "true"}, "extended", "allows no extension. (Article 17)"),
            ({"extended": "joy"}, "extended", "neither true or false nor a number"),
        ],
    )
    def test_bad_input_names_field_value_and_rule(self, ask, wrong, field, words):
        error = explain(ask, status=409, **wrong)
        [message] = error["received" if field == "date" else field]
        assert words in message

    def test_too_long_an_extension_names_the_most_and_the_article(self, ask):
        error = explain(
            ask, status=409, jurisdiction="anhui", term="correction_review.decide", extended="8"
        )
        assert error["extended"] == ["8 days are too many: at most 7 may be added. (Article 26)"]

    def test_in_the_readers_language(self, ask):
        error = explain(ask, status=409, language="zh_Hans_CN", extended="true")
        assert error["extended"] == [
            "规定依申请开放：答复的条款没有延长的规定。（第十七条）"
        ]
        days = explain(ask, language="zh_Hant_TW")["days"]
        assert days[1]["words"] == "放假（中秋節）"

    def test_it_agrees_with_the_core(self, ask):
        ruling = in_force.rulebook().term("xinxian", "correction_review.decide", date(2026, 4, 28))
        due = count_deadline(in_force.calendar(), date(2026, 4, 28), ruling.term.days).due
        answer = explain(
            ask, jurisdiction="xinxian", term="correction_review.decide", received="2026-04-28"
        )
        assert answer["due"] == due.isoformat()


class TestLists:
    def test_every_jurisdiction_upper_levels_first(self, ask):
        found = ask("govdata_jurisdiction_list")
        assert [one["id"] for one in found][:2] == ["national", "anhui"]
        assert {one["id"] for one in found} >= {"huaining", "yaohai", "xinxian"}

    def test_a_lapsing_text_warns(self, ask):
        places = {one["id"]: one for one in ask("govdata_jurisdiction_list", on="2026-11-22")}
        assert places["yaohai"]["warnings"] == [
            "Lapses after 2027-02-07: 77 days left. A new version has to be entered."
        ]
        assert places["huaining"]["warnings"] == []
        assert places["huaining"]["in_force"]["from"] == "2021"

    @pytest.mark.parametrize(
        ("day", "words"),
        [("2027-02-07", "Lapses after 2027-02-07: 0 days left."), ("2027-02-08", "Lapsed on ")],
    )
    def test_a_text_lapses_after_its_last_day(self, ask, day, words):
        places = {one["id"]: one for one in ask("govdata_jurisdiction_list", on=day)}
        [warning] = places["yaohai"]["warnings"]
        assert warning.startswith(words)

    def test_one_place_with_the_source_of_each_rule(self, ask):
        place = ask("govdata_jurisdiction_show", id="yaohai", on="2026-05-06")
        terms = {term["term"]: term for term in place["terms"]}
        assert terms["share_application.decide"]["on_lapse"] == "consent"
        assert terms["catalogue_review.report"]["rule_from"] == "anhui"
        assert place["chain"] == ["yaohai", "anhui", "national"]
        assert place["names"]["open_attribute.conditional"]["zh_Hans_CN"] == "依申请开放"

    def test_the_ladder_is_plain_data(self, ask):
        place = ask("govdata_jurisdiction_show", id="national")
        [reminders] = [one for one in place["requires"] if one["name"] == "reminders"]
        assert reminders["ladder"][0] == {"to": ["officer"], "before": 3, "after": 0, "every": 0}

    def test_an_unknown_place(self, ask):
        assert "atlantis" in ask("govdata_jurisdiction_show", status=404, id="atlantis")["message"]

    def test_a_bad_day(self, ask):
        assert "on" in ask("govdata_jurisdiction_list", status=409, on="tomorrow")


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
        assert "The operator has to fill in what this text sets." in page

    def test_rules_that_only_the_portal_sets_come_last(self, app):
        for table in BeautifulSoup(app.get("/en/rules").body, "html.parser").select("table"):
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


@pytest.mark.usefixtures("clean_db")
class TestTree:
    @pytest.fixture
    def tree(self):
        from ckan.tests import factories

        province = factories.Organization(jurisdiction="anhui")
        city = factories.Organization(groups=[{"name": province["name"]}])
        district = factories.Organization(jurisdiction="yaohai", groups=[{"name": city["name"]}])
        bureau = factories.Organization(groups=[{"name": district["name"]}])
        stray = factories.Organization()
        return {
            "province": province,
            "city": city,
            "district": district,
            "bureau": bureau,
            "stray": stray,
        }

    def test_the_nearest_jurisdiction_up_the_tree(self, tree):
        found = {name: departments.jurisdiction_of(one["id"]) for name, one in tree.items()}
        assert found == {
            "province": "anhui",
            "city": "anhui",
            "district": "yaohai",
            "bureau": "yaohai",
            "stray": "national",
        }

    def test_the_nearest_division_up_the_tree(self):
        from ckan.tests import factories

        above = factories.Organization(region="34", level="province")
        district = factories.Organization(
            region="340102", level="county", groups=[{"name": above["name"]}])
        bureau = factories.Organization(groups=[{"name": district["name"]}])
        found = [departments.region_of(one["id"]) for one in (above, district, bureau)]
        assert found == ["34", "340102", "340102"]

    def test_the_term_that_binds_a_bureau_today(self, tree):
        now.move(date(2026, 5, 6))
        try:
            ruling = in_force.rulebook().term(
                departments.jurisdiction_of(tree["bureau"]["id"]), "open_application.decide",
                now.today())
        finally:
            now.move(None)
        assert (ruling.source.id, ruling.term.days) == ("yaohai", 10)

    def test_the_tree_is_read_once_a_request(self, tree, app):
        with app.flask_app.test_request_context("/"):
            assert departments.outline() is departments.outline()


def test_a_broken_file_stops_the_start(tmp_path, ckan_config, monkeypatch):
    from ckan.exceptions import CkanConfigurationException

    from ckanext.govdata import slices

    (tmp_path / "hefei.yaml").write_text(json.dumps({"id": "hefei"}), "utf-8")
    monkeypatch.setitem(ckan_config, "ckanext.govdata.jurisdictions", str(tmp_path))
    with pytest.raises(CkanConfigurationException, match=r"hefei.yaml:1: 'name' is missing"):
        slices.check()

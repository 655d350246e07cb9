"""The actions as an anonymous client uses them, over HTTP."""

import html
import json
from datetime import date, timedelta

import ckan.plugins.toolkit as tk
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


@pytest.fixture
def operator(app):
    """Asks as whoever operates the portal."""
    from ckan.tests import factories

    name = factories.Sysadmin()["name"]

    def get(action="govdata_jurisdiction_list", **params):
        context = {"user": name}
        return tk.get_action(action)(context, params)

    with app.flask_app.test_request_context("/en/", environ_overrides={"CKAN_LANG": "en"}):
        yield get


@pytest.fixture
def as_operator():
    from ckan.tests import factories

    return {"Authorization": factories.SysadminWithToken()["token"]}


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
        question = {"jurisdiction": "anhui", "term": "correction_review.decide", "asker": "person"}
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
        sharing = {"term": "share_application.decide", "share_type": "conditional"}
        answer = explain(ask, **sharing, received="2027-02-08")
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
            ({"jurisdiction": "open_government_information"}, "jurisdiction", "no jurisdiction"),
            ({"asker": "citizen"}, "asker", "'citizen' is not one of: department, organisation"),
            ({"share_type": "some"}, "share_type", "'some' is not one of: unconditional"),
            ({"latest_from": "soon"}, "latest_from", "'soon' is neither a date"),
            ({"extended": "joy"}, "extended", "neither true or false nor a number"),
        ],
    )
    def test_bad_input_names_field_value_and_rule(self, ask, wrong, field, words):
        error = explain(ask, status=409, **wrong)
        [message] = error["received" if field == "date" else field]
        assert words in message

    def test_too_long_an_extension_names_the_most_and_the_article(self, ask):
        error = explain(
            ask, status=409, jurisdiction="anhui", term="correction_review.decide", extended="8",
            asker="organisation",
        )  # fmt: skip
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
        due = count_deadline(in_force.calendar(), date(2026, 4, 28), ruling.term.amount).due
        answer = explain(
            ask, jurisdiction="xinxian", term="correction_review.decide", received="2026-04-28",
            asker="person",
        )  # fmt: skip
        assert answer["due"] == due.isoformat()


class TestWhy:
    def test_a_term_that_depends_on_who_asks_is_not_guessed(self, ask):
        anhui = {"jurisdiction": "anhui", "term": "correction_review.decide"}
        error = explain(ask, status=409, **anhui)
        assert error["asker"] == [
            "The term depends on who asks: departments, organisations, persons."
        ]
        sharing = {"jurisdiction": "anhui", "term": "share_application.decide"}
        assert "share_type" in explain(ask, status=409, **sharing)
        assert "asker" in ask("govdata_rule_explain", status=409, **anhui)

    def test_a_departments_extension_yields_and_the_answer_says_so(self, ask):
        answer = explain(ask, jurisdiction="anhui", term="correction_review.decide",
                         asker="department", extended="true", received="2026-03-02")  # fmt: skip
        assert (answer["extended"], answer["due"]) == (3, "2026-03-16")
        [gone] = answer["yields"]
        assert (gone["part"], gone["was"], gone["now"], gone["article"]) == (
            "extension", 7, 3, "第二十六条",
        )  # fmt: skip
        assert any(gone["words"] in note for note in answer["notes"])

    def test_an_extension_taken_by_a_higher_text_is_refused_with_its_article(self, ask):
        error = explain(ask, status=409, jurisdiction="huaining", asker="department",
                        term="correction_review.decide", extended="true")  # fmt: skip
        assert error["extended"][0].endswith("(Article 26)")

    def test_the_earlier_of_two_days_is_the_last(self, ask):
        question = {"term": "share_application.decide", "share_type": "conditional"}
        early = explain(ask, **question, received="2026-03-03", latest_from="2026-03-02")
        assert (early["due"], early["limit"]) == ("2026-03-10", "")
        late = explain(ask, **question, received="2026-03-12", latest_from="2026-03-02")
        assert late["due"] == "2026-03-16"
        assert "Article 21" in late["limit"]
        [latest] = explain(ask, **question)["latest"]
        assert (latest["amount"], latest["from"], latest["rule_from"]) == (
            10, "received", "national",
        )  # fmt: skip

    def test_each_text_of_the_chain_says_its_part(self, ask):
        answer = ask("govdata_rule_explain", jurisdiction="huaining", on="2026-05-06",
                     term="catalogue_review.change")  # fmt: skip
        steps = {step["rule_from"]: step for step in answer["steps"]}
        assert (answer["rule_from"], answer["working_days"]) == ("national", 10)
        assert {name: step["verdict"] for name, step in steps.items()} == {
            "huaining": "yields", "anqing": "no_text", "anhui": "behind",
            "anhui_big_data": "unread", "national": "caps", "open_government_information": "silent",
            "portal": "not_needed",
        }  # fmt: skip
        assert steps["huaining"]["words"] == (
            "Sets 15 working days from the change (Article 9). Huaining County: 15 working days "
            "yield to 10 working days by Regulations on the Sharing of Government Data (State "
            "Council) (国务院令第809号) Article 17."
        )
        chinese = ask("govdata_rule_explain", jurisdiction="huaining", on="2026-05-06",
                      term="catalogue_review.change", language="zh_Hans_CN")  # fmt: skip
        assert "怀宁县规定的15个工作日" in chinese["steps"][0]["words"]

    def test_the_day_and_what_is_asked_of_who_asks(self, ask):
        question = {"jurisdiction": "yaohai", "term": "correction_review.decide"}
        for asker, on, source in (
            ("department", "2027-02-07", "yaohai"), ("department", "2027-02-08", "anhui"),
            ("person", "2027-02-07", "anhui"),
        ):  # fmt: skip
            answer = ask("govdata_rule_explain", **question, asker=asker, on=on)
            assert answer["rule_from"] == source

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"jurisdiction": "atlantis"}, "jurisdiction"),
            ({"jurisdiction": "anhui_big_data"}, "jurisdiction"),
            ({"jurisdiction": ""}, "jurisdiction"),
            ({"term": "tea.drink"}, "term"),
            ({"on": "tomorrow"}, "on"),
            ({"asker": "portal"}, "asker"),
            ({"term": "share_application.provide", "on": "2025-07-31"}, "term"),
        ],
    )
    def test_bad_input(self, ask, wrong, field):
        question = {"jurisdiction": "yaohai", "term": "open_application.decide"}
        assert field in ask("govdata_rule_explain", status=409, **{**question, **wrong})


class TestContradictions:
    def shown(self, ask, place, **params):
        return ask("govdata_jurisdiction_show", id=place, on="2026-05-06", **params)["conflicts"]

    def test_what_yields_is_told_to_everybody(self, ask):
        found = {one["term"]: one for one in self.shown(ask, "huaining")}
        change = found["catalogue_review.change"]
        assert (change["lower"]["rule_from"], change["upper"]["rule_from"]) == (
            "huaining", "national",
        )  # fmt: skip
        assert change["settled"]
        assert "15 working days yield to 10" in change["words"]
        assert found["correction_review.decide"]["for_whom"] == "departments"

    def test_what_nobody_settled_is_told_to_whoever_sees_to_it(self, ask, operator):
        assert all(one["settled"] for one in self.shown(ask, "huaining"))
        told = operator("govdata_jurisdiction_show", id="huaining", on="2026-05-06")["conflicts"]
        open_ones = [one for one in told if not one["settled"]]
        assert {(one["term"], one["upper"]["rule_from"]) for one in open_ones} == {
            ("catalogue_review.change", "anhui"), ("correction_review.decide", "anhui"),
        }  # fmt: skip
        assert self.shown(ask, "anhui")[0]["term"] == "correction_review.decide"
        assert self.shown(ask, "national") == []


class TestLists:
    def test_every_jurisdiction_upper_levels_first(self, ask):
        found = ask("govdata_jurisdiction_list")
        assert found[0]["id"] == "national"
        places = [one["id"] for one in found if one["place"]]
        assert places[:3] == ["national", "anhui", "henan"]
        assert {*places} >= {"huaining", "yaohai", "xinxian", "hefei", "anqing", "xinyang"}
        assert {one["id"] for one in found if not one["place"]} == {
            "open_government_information", "anhui_big_data", "henan_digital_economy",
        }  # fmt: skip

    def test_each_text_has_rank_maker_and_validity(self, ask):
        texts = {one["id"]: one for one in ask("govdata_jurisdiction_list", on="2026-11-22")}
        assert texts["national"]["rank"] == "administrative_regulation"
        assert texts["anhui"]["maker"]["zh_Hans_CN"] == "安徽省人民政府"
        counties = ("yaohai", "huaining", "xinxian")
        kinds = {name: texts[name]["validity"]["kind"] for name in counties}
        assert kinds == {"yaohai": "named", "huaining": "by_rule", "xinxian": "unknown"}
        assert texts["hefei"]["validity"]["presumed_until"] == "2025-10-23"
        assert (texts["hefei"]["text_at_hand"], texts["anqing"]["document"]) == (False, "")

    def test_what_there_is_to_do_is_told_to_whoever_operates_the_portal_alone(self, ask, operator):
        everybody = ask("govdata_jurisdiction_list", on="2026-11-22")
        assert [one["warnings"] for one in everybody] == [[]] * len(everybody)
        told = {one["id"]: one["warnings"] for one in operator(on="2026-11-22")}
        assert {name for name, said in told.items() if said} == {
            "yaohai", "huaining", "xinxian", "hefei", "henan", "anhui_big_data",
            "henan_digital_economy",
        }  # fmt: skip
        assert "five years" in told["huaining"][0]
        assert "leading group" in told["xinxian"][0]

    def test_a_lapsing_text_warns(self, operator):
        places = {one["id"]: one for one in operator(on="2026-11-22")}
        assert places["yaohai"]["warnings"] == [
            "Lapses after 2027-02-07: 77 days left. A new version has to be entered."
        ]
        assert places["huaining"]["in_force"]["from"] == "2021"

    @pytest.mark.parametrize(
        ("day", "words"),
        [("2027-02-07", "Lapses after 2027-02-07: 0 days left."), ("2027-02-08", "Lapsed on ")],
    )
    def test_a_text_lapses_after_its_last_day(self, operator, day, words):
        places = {one["id"]: one for one in operator(on=day)}
        [warning] = places["yaohai"]["warnings"]
        assert warning.startswith(words)

    def test_one_place_with_the_source_of_each_rule(self, ask):
        place = ask("govdata_jurisdiction_show", id="yaohai", on="2026-05-06")
        terms = {term["term"]: term for term in place["terms"] if "department" in term["askers"]
                 or "conditional" in term["share_types"] or not term["for_whom"]}  # fmt: skip
        assert terms["share_application.decide"]["on_lapse"] == "consent"
        assert terms["catalogue_review.report"]["rule_from"] == "anhui"
        assert place["chain"] == [
            "yaohai", "hefei", "anhui", "anhui_big_data", "national", "open_government_information",
        ]  # fmt: skip
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
        assert (ruling.source.id, ruling.term.amount) == ("yaohai", 10)

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

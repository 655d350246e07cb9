"""A deadline with its counting, and why its term binds, as an anonymous client asks for it."""

from datetime import date, timedelta

import pytest

from ckanext.govdata.domain.clock import count_deadline
from ckanext.govdata.rules import in_force

pytestmark = pytest.mark.usefixtures("with_plugins")


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

    def test_xin_countys_text_binds_from_the_day_on_which_it_was_issued(self, ask):
        """Xin 36."""
        sharing = {"jurisdiction": "xinxian", "term": "share_application.decide",
                   "share_type": "conditional"}  # fmt: skip
        before = explain(ask, **sharing, received="2021-12-27")
        since = explain(ask, **sharing, received="2021-12-28")
        assert before["rule_from"] != "xinxian"
        assert (since["rule_from"], since["article"]) == ("xinxian", "第二十三条")

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

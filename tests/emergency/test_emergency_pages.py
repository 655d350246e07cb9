"""The pages of an emergency as citizens and machines get them; without JavaScript, without Solr."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from ckan import model

from ckanext.govdata.emergency import entry_mark, helpers
from ckanext.govdata.emergency.desk import desk_choices
from ckanext.govdata.emergency.public import event_pages, timeline
from ckanext.govdata.speech.helpers import govdata_when
from tests.cases.conftest import call
from tests.emergency.conftest import COUNTS, HOURS, words

AWAY = "http://127.0.0.1:9/solr/nowhere"
HOSTILE = "<script>alert(1)</script>'&"


class TestEvent:
    def test_says_what_how_grave_where_who_and_how_fresh(self, published, soup):
        page = soup(f"/emergency/{published.event}")
        head = words(page.select_one(".gd-em-hero"))
        for said in ("瑶海区洪涝灾害", "橙色", "自然灾害", "瑶海区水务局", "下次更新", "瑶海区"):
            assert said in head
        assert "0551-64490000" in words(page)
        assert page.select_one(".gd-em-hero--orange")

    def test_bulletins_stand_newest_first(self, published, soup):
        found = [h.text for h in soup(f"/emergency/{published.event}").select(".gd-em-bulletin h3")]
        assert found == ["二号通报", "一号通报"]

    def test_older_bulletins_are_folded(self, flood, soup):
        for n in range(5):
            flood.publish(bulletin={"title": f"通报{n}", "text": "内容。"})
        page = soup(f"/emergency/{flood.event}")
        assert len(page.select(".gd-em-older .gd-em-bulletin")) == 2
        assert len(page.select(".gd-em-bulletin")) == 5

    def test_key_figures_with_their_change(self, published, soup):
        published.publish(dataset="moved", table=COUNTS.replace("120", "150"))
        figure = soup(f"/emergency/{published.event}").select_one(".gd-em-fig")
        assert figure.select_one(".gd-em-fig__n").text == "230"
        assert "+30" in words(figure)

    def test_charts_have_a_name_and_the_table_beside(self, published, soup):
        page = soup(f"/emergency/{published.event}")
        charts = page.select("figure.gd-em-chart")
        assert len(charts) == 3  # levels over time and by place, people by place
        for chart in charts:
            drawings = chart.select("svg[role=img]")
            assert len(drawings) == 2
            assert all(one.find("title").text and one.find("desc").text for one in drawings)
            assert chart.select("details table tbody tr")
        ids = [tag["id"] for tag in page.select("[id]")]
        assert len(ids) == len(set(ids))

    def test_measures_have_a_line_for_each_place(self, published, soup):
        first = soup(f"/emergency/{published.event}").select_one("figure.gd-em-chart")
        assert [t.text for t in first.select("thead th")][1:] == ["长临河", "巢湖"]
        assert len(first.select("tbody tr")) == 6

    def test_without_javascript_or_style_in_the_page(self, published, soup):
        page = soup(f"/emergency/{published.event}")
        assert not page.select("[style], style, [onclick]")
        assert all(tag.get("src") for tag in page.select("script"))

    def test_right_while_the_search_server_is_away(self, published, soup, ckan_config, monkeypatch):
        monkeypatch.setitem(ckan_config, "solr_url", AWAY)
        published.publish(dataset="moved", table=COUNTS.replace("120", "160"))
        page = soup(f"/emergency/{published.event}")
        assert page.select_one(".gd-em-fig__n").text == "240"

    def test_in_three_languages(self, published, soup):
        expected = {"zh_Hans_CN": "下次更新", "zh_Hant_TW": "瑤海區洪澇", "en": "Next"}
        for locale, said in expected.items():
            assert said in words(soup(f"/{locale}/emergency/{published.event}"))

    def test_what_was_typed_is_text(self, flood, soup):
        flood.publish(
            create={"title": "水位"}, name="hostile", source=HOSTILE, note=HOSTILE,
            table=f"时间,地点,水位\n2026-07-01,{HOSTILE},1\n2026-07-01,乙,2\n",
            time_column="时间", place_column="地点", bulletin={"title": HOSTILE, "text": HOSTILE},
        )  # fmt: skip
        for path in ("", "/light", "/timeline"):
            page = soup(f"/emergency/{flood.event}{path}")
            assert not [s for s in page.select("script") if "alert" in s.text]
            assert "<script>alert(1)" in words(page)

    def test_an_unknown_event_is_not_found(self, flood, soup):
        for path in ("nothing", "nothing/light", "nothing/timeline", "nothing.cap", "nothing.atom"):
            soup(f"/emergency/{path}", status=404)


class TestThen:
    def test_the_page_as_it_was_known(self, flood, clock, soup):
        clock.at("2026-07-01T08:00:00+08:00")
        flood.event = flood.declare(name="then")["name"]
        flood.publish(bulletin={"title": "早", "text": "早上。"})
        clock.forward(120)
        flood.publish(bulletin={"title": "晚", "text": "后来。"})
        page = soup("/emergency/then?at=2026-07-01T09:00")
        assert "早上" in words(page)
        assert "后来" not in words(page.select_one(".gd-em-body"))
        assert "2026年7月1日 09:00" in words(page)
        assert page.select_one("link[rel=canonical]")["href"].endswith("/emergency/then")
        assert page.select_one("meta[name=robots]")

    def test_a_wrong_time_is_said_beside_the_present(self, published, soup):
        page = soup(f"/emergency/{published.event}?at=gestern")
        assert "gestern" in words(page.select_one("[role=alert]"))
        assert "二号通报" in words(page)

    def test_every_step_leads_to_what_was_known(self, published, soup):
        page = soup(f"/emergency/{published.event}")
        links = [a["href"] for a in page.select(".gd-em-step a")]
        assert len(links) == 3
        first = words(soup(links[-1]).select_one(".gd-em-body"))
        assert "一号通报" not in first

    def test_late_updates_are_flagged_for_everybody(self, flood, clock, soup):
        clock.at("2026-07-01T08:00:00+08:00")
        flood.event = flood.declare(name="late")["name"]
        flood.levels(rhythm=60)
        clock.forward(50)
        assert "逾期" not in words(soup("/emergency/late").select_one("main"))
        clock.forward(40)
        page = soup("/emergency/late")
        assert "1项数据更新逾期" in words(page)
        assert "逾期30分钟" in words(page.select_one(".gd-em-dataset"))
        flood.publish(dataset="water", table=HOURS, note="列有增加")
        history = soup("/emergency/late/timeline")
        assert "30分钟" in words(history.select_one("table"))


class TestAfterwards:
    def test_the_archive_says_what_was_published_when(self, published, soup):
        call("head", "govdata_emergency_end", id=published.event, text="险情解除。")
        page = soup(f"/emergency/{published.event}")
        summary = words(page.select_one(".gd-em-summary"))
        for said in ("2 份通报", "2 个数据集", "2 个版本", "0 次逾期更新"):
            assert said in summary
        assert page.select_one(".gd-em-hero--ended")
        history = soup(f"/emergency/{published.event}/timeline")
        digests = [code.text for code in history.select("td code")]
        assert len(digests) == 2
        assert "险情解除。" in words(history)

    def test_share_of_updates_in_time(self, flood, clock):
        clock.at("2026-07-01T08:00:00+08:00")
        flood.event = flood.declare(name="kept")["name"]
        flood.levels(rhythm=60)
        for minutes in (60, 90, 30):
            clock.forward(minutes)
            flood.publish(dataset="water", table=HOURS, note="更新")
        record = timeline.record_of(flood.show())
        assert (record.versions, len(record.late), record.in_time) == (4, 1, 66)
        assert timeline.PromiseRecord(0, 0, 0, (), None, 0).in_time is None

    @pytest.mark.parametrize(("after", "missed", "in_time"), [(60, 0, 100), (150, 1, 50)])
    def test_what_was_owed_at_the_end_is_told(self, flood, clock, soup, after, missed, in_time):
        clock.at("2026-07-01T08:00:00+08:00")
        flood.event = flood.declare(name="owed")["name"]
        flood.levels(rhythm=60)
        clock.forward(60)
        flood.publish(dataset="water", table=HOURS, note="更新")
        clock.forward(after)
        assert timeline.record_of(flood.show()).missing == ()
        call("head", "govdata_emergency_end", id="owed", text="险情解除。")
        record = timeline.record_of(flood.show())
        assert (record.late, record.missed, record.in_time) == ((), missed, in_time)
        late = soup("/emergency/owed/timeline").select_one(".gd-table")
        assert ("结束前未更新" in words(late)) is bool(missed)
        assert ("90分钟" in words(late)) is bool(missed)


class TestLight:
    def weight(self, app, path: str) -> int:
        page = app.get(path)
        sheets = BeautifulSoup(page.body, "html.parser").select("link[rel=stylesheet]")
        assert len(sheets) == 1
        return len(page.body.encode()) + sum(len(app.get(s["href"]).body.encode()) for s in sheets)

    def test_is_under_60_kb_in_all(self, published, app, soup):
        path = f"/emergency/{published.event}/light"
        assert self.weight(app, path) <= 60_000
        page = soup(path)
        assert not page.select("script, img")
        assert page.select("svg[role=img]")
        assert "二号通报" in words(page)

    def test_stays_so_however_much_there_is(self, flood, app):
        rows = "".join(
            f"{p}站,2026-06-{d:02}T{h:02}:00,{d + h + p / 7:.2f},{p}\n"
            for d in range(1, 11) for h in range(24) for p in range(6)
        )  # fmt: skip
        for n in range(3):
            flood.publish(
                create={"title": f"水位{n}"}, name=f"w{n}", time_column="时间", place_column="站点",
                table="站点,时间,水位,流量\n" + rows,
                bulletin={"title": f"通报{n}", "text": "长长的通报。" * 2000},
            )  # fmt: skip
        assert self.weight(app, f"/emergency/{flood.event}/light") <= 60_000


class TestBanner:
    def test_stands_on_every_page_but_the_events_own(self, flood, soup):
        for path in ("/", "/about", "/dataset/", "/organization/", "/rules/", "/user/login"):
            banner = soup(path).select_one("aside.gd-banner--orange")
            assert banner is not None, path
            assert "瑶海区洪涝灾害" in banner["aria-label"]
            assert "Ⅱ级" in words(banner)
        assert not soup(f"/emergency/{flood.event}").select("aside.gd-banner")

    def test_in_three_languages(self, flood, soup):
        expected = {"zh_Hans_CN": "自然灾害", "zh_Hant_TW": "自然災害", "en": "Natural"}
        for locale, said in expected.items():
            assert said in words(soup(f"/{locale}/").select_one("aside.gd-banner"))

    def test_is_closed_by_a_form_and_comes_back_with_another_level(self, flood, app, soup):
        form = soup("/about").select_one("aside.gd-banner form")
        back = {"back": form.select_one("[name=back]")["value"]}
        answer = app.post(form["action"], data=back, follow_redirects=False)
        assert answer.status_code == 302
        assert answer.headers["Location"].endswith("/about")
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        assert not soup("/about", headers={"Cookie": cookie}).select("aside.gd-banner")
        call("head", "govdata_emergency_update", id=flood.event, level="I", text="升级。")
        assert soup("/about", headers={"Cookie": cookie}).select("aside.gd-banner--red")

    @pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil", ""])
    def test_closing_leads_nowhere_else(self, flood, app, back):
        answer = app.post(
            f"/emergency/{flood.event}/banner", data={"back": back}, follow_redirects=False
        )
        assert "evil" not in answer.headers["Location"]

    def test_is_gone_with_the_event(self, flood, soup):
        call("head", "govdata_emergency_end", id=flood.event, text="解除。")
        assert not soup("/about").select("aside.gd-banner")
        assert "存档" in words(soup("/emergency"))


class TestDrill:
    def test_only_those_who_take_part_see_any_of_it(self, place, app, soup):
        place.event = place.declare(drill=True, name="drill", title="秘密演练")["name"]
        place.levels(HOURS)
        for path in ("", "/light", "/timeline", ".cap", ".atom", ".jsonld", "/card.png"):
            app.get(f"/emergency/drill{path}", status=404)
        for path in ("/", "/emergency", "/emergency.atom", "/dataset/", "/about"):
            assert "秘密演练" not in app.get(path).body
        entry = place.show("head")["datasets"][0]["package_id"]
        assert "秘密演练" not in app.get(f"/dataset/{entry}").body
        assert entry_mark.events_of(entry) == []
        assert entry_mark.title_of("drill") == "drill"
        assert "演练" in helpers_banner(app, "head")

    def test_is_marked_for_those_who_do(self, place, app):
        place.event = place.declare(drill=True, name="drill")["name"]
        page = app.get("/zh_Hans_CN/emergency/drill", headers=signed("head")).body
        assert "这是演练" in page
        cap = app.get("/emergency/drill.cap", headers=signed("head")).body
        assert "<status>Exercise</status>" in cap


def signed(who: str) -> dict[str, str]:
    from ckan.tests.helpers import call_action

    token = call_action("api_token_create", context={"user": who}, user=who, name=f"{who}-p")
    return {"Authorization": token["token"]}


def helpers_banner(app, who: str) -> str:
    page = BeautifulSoup(app.get("/zh_Hans_CN/about", headers=signed(who)).body, "html.parser")
    return words(page.select_one("aside.gd-banner"))


class TestElsewhere:
    def test_home_has_a_place_for_it(self, flood, soup):
        assert "瑶海区洪涝灾害" in words(soup("/").select_one(".gd-em-home"))

    def test_the_list_has_a_facet(self, published, soup):
        page = soup(f"/dataset/?emergency={published.event}")
        found = [a.text.strip() for a in page.select(".gd-result a")]
        assert "河道水位" in found
        assert "瑶海区洪涝灾害" in words(page.select_one(".gd-facets"))

    def test_the_entry_says_so(self, published, soup):
        entry = published.show()["datasets"][0]["package_id"]
        page = soup(f"/dataset/{model.Package.get(entry).name}")
        link = page.select_one(f"main a[href$='/emergency/{published.event}']")
        assert link.text == "瑶海区洪涝灾害"

    def test_an_entry_of_no_event_has_no_field(self, flood):
        assert entry_mark.index_fields({"id": flood.entry()["id"]}) == {}
        assert entry_mark.index_fields({}) == {}


def test_words_of_time(app):
    with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "en"}):
        assert govdata_when("2020-01-20T02:30:00+00:00") == "20 Jan 2020 10:30"
        assert govdata_when(None) == helpers.govdata_emergency_local("") == ""
        assert helpers.govdata_emergency_rhythm(15) == "every 15 minutes"
        assert helpers.govdata_emergency_rhythm(60) == "every hour"
        assert helpers.govdata_emergency_rhythm(2880) == "every 2 days"
        assert helpers.govdata_emergency_span(0) == "1 minute"
        assert helpers.govdata_emergency_span(180) == "3 hours"
        assert helpers.govdata_emergency_span(4000) == "2 days"
        due, before = "2026-07-01T10:00:00+08:00", "2026-07-01T09:30:00+08:00"
        assert helpers.govdata_emergency_left(due, before) == "in 30 minutes"
        assert helpers.govdata_emergency_left(before, due) == "30 minutes late"
        assert helpers.govdata_emergency_number(None) == "—"
    with app.flask_app.test_request_context(environ_overrides={"CKAN_LANG": "zh_Hans_CN"}):
        assert govdata_when(due) == "2026年7月1日 10:00"
        assert helpers.govdata_emergency_rhythm(1440) == "每天"


def test_rhythms_that_forms_offer_are_allowed(app):
    with app.flask_app.test_request_context():
        for minutes in desk_choices.RHYTHMS:
            assert re.search(r"\w", helpers.govdata_emergency_rhythm(minutes))
    assert event_pages.LESS[-1][0] == 0

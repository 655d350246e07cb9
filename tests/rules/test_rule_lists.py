"""Places, texts and contradictions, as an anonymous client asks for them over HTTP."""

import json
from datetime import date

import pytest

from ckanext.govdata import config_reader, now
from ckanext.govdata.departments import tree as departments
from ckanext.govdata.rules import in_force

pytestmark = pytest.mark.usefixtures("with_plugins")


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
            "yaohai", "huaining", "xinxian", "anhui", "hefei", "henan", "anhui_big_data",
            "henan_digital_economy",
        }  # fmt: skip
        assert "five years" in told["huaining"][0]
        assert "leading group" in told["xinxian"][0]

    def test_a_lapsing_text_warns(self, operator):
        places = {one["id"]: one for one in operator(on="2026-11-22")}
        assert places["yaohai"]["warnings"][0] == (
            "Lapses after 2027-02-07: 77 days left. A new version has to be entered."
        )
        assert places["huaining"]["in_force"]["from"] == "2021"

    @pytest.mark.parametrize(
        ("day", "words"),
        [("2027-02-07", "Lapses after 2027-02-07: 0 days left."), ("2027-02-08", "Lapsed on ")],
    )
    def test_a_text_lapses_after_its_last_day(self, operator, day, words):
        places = {one["id"]: one for one in operator(on=day)}
        assert places["yaohai"]["warnings"][0].startswith(words)

    def test_what_letters_of_a_place_cannot_name_is_told(
        self, operator, tmp_path, ckan_config, monkeypatch
    ):
        def told():
            places = {one["id"]: one for one in operator(on="2026-05-06")}
            return [one for one in places["yaohai"]["warnings"] if "Letters of this place" in one]

        [said] = told()
        assert "its address, its channel on the internet, court" in said
        assert "yaohai.yaml" in said
        shipped = config_reader.file("remedies/yaohai.yaml").read_text("utf-8")
        label = "{zh_Hans_CN: 某法院, zh_Hant_TW: 某法院, en: A court}"
        own = f"{shipped}address: 某路1号\nonline: https://fy.example.invalid/\ncourt: {label}\n"
        (tmp_path / "yaohai.yaml").write_text(own, "utf-8")
        monkeypatch.setitem(ckan_config, "ckanext.govdata.remedies", str(tmp_path))
        assert told() == []

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

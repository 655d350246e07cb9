"""An emergency as machines get it: CAP, Atom, DCAT, the share card."""

from __future__ import annotations

import io
import json
from datetime import datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as Xml

import pytest
import sqlalchemy as sa
from ckan import model
from PIL import Image

from tests.cases.conftest import call


@pytest.fixture
def database_in_beijing():
    """A database whose sessions think in another time zone than UTC, as an operator's may."""
    engine = model.ensure_engine()

    def set_zone(connection, *_):
        connection.cursor().execute("SET TIME ZONE 'Asia/Shanghai'")

    model.Session.remove()
    engine.dispose()
    sa.event.listen(engine, "checkout", set_zone)
    yield
    sa.event.remove(engine, "checkout", set_zone)
    model.Session.remove()
    engine.dispose()


class TestMachines:
    @pytest.mark.usefixtures("database_in_beijing")
    def test_data_says_when_it_was_last_modified(self, published, app):
        told = app.get(f"/emergency/{published.event}/data/water.json")
        at = datetime.fromisoformat(told.json["at"])
        modified = parsedate_to_datetime(told.headers["Last-Modified"])
        assert 0 <= (at - modified).total_seconds() < 1

    def test_cap_says_the_newest_act_and_names_the_ones_before(self, published, app):
        answer = app.get(f"/emergency/{published.event}.cap")
        assert answer.headers["Content-Type"].startswith("application/cap+xml")
        name = "{urn:oasis:names:tc:emergency:cap:1.2}"
        alert = Xml.fromstring(answer.body.encode())
        assert alert.findtext(f"{name}msgType") == "Update"
        assert len((alert.findtext(f"{name}references") or "").split(" ")) == 2
        infos = alert.findall(f"{name}info")
        assert [one.findtext(f"{name}language") for one in infos] == ["zh-CN", "en"]
        assert infos[0].findtext(f"{name}severity") == "Severe"
        assert infos[0].findtext(f"{name}event") == "水旱灾害"
        assert infos[1].findtext(f"{name}event") == "Flood or drought"
        assert "已转移两百人。" in (infos[0].findtext(f"{name}description") or "")
        assert [g.text for g in infos[0].iter(f"{name}value")][-1] == "340102"

    def test_cap_of_one_act(self, published, app):
        first = app.get(f"/emergency/{published.event}.cap?act=1").body
        assert "<msgType>Alert</msgType>" in first
        assert "references" not in first
        app.get(f"/emergency/{published.event}.cap?act=99", status=404)
        app.get(f"/emergency/{published.event}.cap?act=x", status=400)

    def test_the_end_cancels(self, published, app):
        call("head", "govdata_emergency_end", id=published.event, text="解除。")
        assert "<msgType>Cancel</msgType>" in app.get(f"/emergency/{published.event}.cap").body

    def test_atom_has_an_entry_for_each_act(self, published, app):
        name = "{http://www.w3.org/2005/Atom}"
        answer = app.get(f"/emergency/{published.event}.atom")
        entries = Xml.fromstring(answer.body.encode()).findall(f"{name}entry")
        assert len(entries) == 3
        assert "二号通报" in (entries[0].findtext(f"{name}title") or "")
        every = Xml.fromstring(app.get("/emergency.atom").body.encode())
        assert len(every.findall(f"{name}entry")) == 1

    def test_dcat_names_the_series_and_its_datasets(self, published, app):
        found = json.loads(app.get(f"/emergency/{published.event}.jsonld").body)["@graph"]
        assert [one["@type"] for one in found] == ["dcat:DatasetSeries"] + ["dcat:Dataset"] * 2
        assert found[1]["dcat:inSeries"]["@id"] == found[0]["@id"]
        assert found[1]["dct:accrualPeriodicity"] == "PT60M"
        assert found[1]["dcat:distribution"]["dcat:downloadURL"]["@id"].endswith("water.csv")

    def test_answers_can_be_asked_again_cheaply(self, published, app):
        for path in (".cap", ".atom", ".jsonld", "/card.png"):
            answer = app.get(f"/emergency/{published.event}{path}")
            again = {"If-None-Match": answer.headers["ETag"]}
            app.get(f"/emergency/{published.event}{path}", headers=again, status=304)

    def test_the_card_is_a_picture(self, published, app):
        answer = app.get(f"/emergency/{published.event}/card.png")
        picture = Image.open(io.BytesIO(answer.data))
        assert (picture.size, picture.format) == ((1200, 630), "PNG")
        assert picture.convert("RGB").getpixel((5, 5)) == (0xB2, 0x4A, 0x00)

    def test_the_page_names_its_other_forms(self, published, soup):
        page = soup(f"/emergency/{published.event}")
        kinds = {link["type"] for link in page.select("link[rel=alternate][type]")}
        assert kinds >= {"application/atom+xml", "application/cap+xml", "application/json"}
        assert page.select_one("meta[property='og:image']")["content"].endswith("/card.png")

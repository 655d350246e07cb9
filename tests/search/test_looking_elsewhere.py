"""No query looks where its asker may not: asked as an attacker would, on a real Solr.

Each attack is sent twice, with a word that stands in hidden entries and with one that stands
nowhere. Whoever can tell the two answers apart, by count, order, status or length, reads hidden
entries word by word.
"""
from __future__ import annotations

import json
import re
from typing import Any

import pytest
import requests
from ckan.lib.search.common import make_connection
from ckan.lib.search.query import PackageSearchQuery
from loading import document_of

from ckanext.govdata import settings
from ckanext.govdata.search import public_fields

THERE, NOWHERE = "huntertwo", "hunterten"
CHANGING = re.compile(r"<updated>[^<]*</updated>|hunter\w*")
"""What differs from one second to the next, and the word, or what a page keeps of it."""
SEARCH, EXPORT = "/api/3/action/package_search", "/api/3/action/govdata_catalogue_export"

JOINS = (
    r'_query_:"{!join from=site_id to=site_id}res_url:*%s*"',
    r'_\u0071uery_:"\u007b!join from=site_id to=site_id}res_url:*%s*"',
    r'_\u0071uery_:"\u007b\u0021join from=site_id to=site_id}title:%s"',
    r'\_\u0071uer\y\_:"\u007b!join from=site_id to=site_id}title:%s"',
    r'\u005fquery_:\u007b!join\ from\=site_id\ to\=site_id\}title\:%s',
    r'_\u0071uery_:\u007b\u0021join\u0020from=site_id\u0020to=site_id\u007dtitle\u003a%s',
    r'_\u0076al_:"if(docfreq(title,\"%s\"),1,0)"',
    r'_\u0071uery_:"\u007b!graph from=site_id to=site_id}title:%s"',
    r'_\u0071uery_:"\u007b!frange l=1}docfreq(title,%s)"',
    r'_\u0071uery_:"\u007b!xmlparser v=\"<TermQuery fieldName=\\\"title\\\">%s</TermQuery>\"}"',
    r'_\u0071uery_:"\u007b!bool filter=\"{!join from=site_id to=site_id}title:%s\"}"',
    r'(*:* _\u0071uery_:"\u007b!join from=site_id to=site_id}title:%s")',
    r'title:\u007b!join from=site_id to=site_id}title:%s',
    r'title:{!join from=site_id to=site_id v="title:%s"}',
    r'*:* AND {!join from=site_id to=site_id v="title:%s"}',
    r'/* x */ {!join from=site_id to=site_id v="title:%s"}',
    r'filter(_\u0071uery_:"\u007b!join from=site_id to=site_id}title:%s")',
    r'｛！join from=site_id to=site_id｝title:%s',
    r'"_query_:{!join from=site_id to=site_id}title:%s"',
    "\x00_query_:\"{!join from=site_id to=site_id}title:%s\"",
    r'${gd_near} title:%s',
    r'res_url:*%s*', r'res\u005furl:*%s*', r'*:%s', r'*_url:*%s*', r'title:/%s/',
    r'title:%s) OR (*:*', r'*:* OR', r'title:"+state:x" OR title:%s',
)
WEIGHTS = (
    "if(docfreq(title,'%s'),ord(name),rord(name))", "docfreq(title,%s)", "idf(title,'%s')",
    "sum(1,docfreq(title,'%s'))", "if(exists(query({!v='title:%s'})),1,0)", "ttf(title,'%s')",
    "query({!join from=site_id to=site_id v='title:%s'})", "termfreq(res_url,'%s')",
    "joindf(title,%s)", "max(ttf(title,%s),ord(name))", "if(docfreq(title,'%s'),sleep(100,1),1)",
)
PARAMETERS = (
    ("fl", "x:docfreq(title,'%s')"), ("fl", "name,[subquery]"), ("fl", "[explain]"),
    ("fl", "score"),
    ("fl", "name,x:if(docfreq(title,%s),1,0)"), ("fl", "[docid]"), ("fl", "*"),
    ("facet.query", "title:%s"), ("facet.field", '["{!ex=a key=%s}title"]'),
    ("facet.pivot", "title,name"), ("f.title.facet.prefix", "%s"), ("facet.prefix", "%s"),
    ("stats.field", "{!func}docfreq(title,'%s')"), ("group.func", "docfreq(title,'%s')"),
    ("group.query", "title:%s"), ("json.facet", '{"x":"relatedness(title:%s)"}'),
    ("json", '{"query":"title:%s"}'), ("uf", "* _query_"), ("q.op", "OR"), ("pf", "title"),
    ("mlt.fl", "title"), ("hl.q", "title:%s"), ("hl.fl", "*"), ("spellcheck.q", "%s"),
    ("terms.prefix", "%s"), ("rq", "{!rerank reRankQuery=$x}"), ("v", "title:%s"),
    ("df", "res_url"), ("qf", "res_url"), ("defType", "join"), ("defType", "xmlparser"),
    ("defType", "func"), ("defType", "graph"), ("defType", "complexphrase"),
)


def hidden(name: str, state: str) -> dict[str, Any]:
    """A document that nobody else may see, with the word in each field."""
    return {
        **document_of({"id": name, "title": f"{THERE} 机密"}, {}),
        "state": state, "capacity": "private", "permission_labels": ["creator-x"],
        "title": f"{THERE} 机密", "notes": THERE, "tags": [THERE], "res_name": [THERE],
        "res_url": [f"https://inner.example/?key={THERE}"], "title_string": f"{THERE} 机密",
        "vocab_secret": [THERE], "organization": THERE,
    }


@pytest.fixture
def secrets(titled) -> None:
    """Three public entries, a private one and a draft."""
    titled("公厕信息", "图书馆名录", "bus stops")
    make_connection().add([hidden("secret", "active"), hidden("draft", "draft")], commit=True)


def answers(app, path: str, word: str, asked: dict[str, str]) -> tuple[int, str]:
    """Status and text of an answer, without the word that was asked."""
    filled = {key: value.replace("%s", word) for key, value in asked.items()}
    answer = app.get(path, query_string=filled)
    assert answer.status_code < 500, (path, filled, answer.body[:300])
    return answer.status_code, CHANGING.sub("", answer.body)


def told_apart(app, path: str, **asked: str) -> list[Any]:
    """The attack, when its two answers differ."""
    there, nowhere = (answers(app, path, word, asked) for word in (THERE, NOWHERE))
    return [(path, asked, there[0], nowhere[0])] if there != nowhere else []


def test_no_query_tells_what_stands_in_hidden_entries(secrets, app) -> None:
    found: list[Any] = []
    for attack in JOINS:
        found += told_apart(app, SEARCH, fq=attack)
        found += told_apart(app, SEARCH, q=attack)
        for parser in ("lucene", "edismax", "dismax"):
            found += told_apart(app, SEARCH, q=attack, defType=parser)
        found += told_apart(app, EXPORT, q=attack)
        found += told_apart(app, EXPORT, fq=attack)
        found += told_apart(app, "/catalogue/export", q=attack, format="json")
    assert found == []


def test_no_weight_and_no_order_tells_it(secrets, app) -> None:
    found: list[Any] = []
    for weight in WEIGHTS:
        found += told_apart(app, SEARCH, sort=f"{weight} asc")
        found += told_apart(app, SEARCH, sort=f"name asc, {weight} desc")
        for name in ("bf", "boost"):
            found += told_apart(app, SEARCH, q="*:*", defType="edismax", **{name: weight})
    assert found == []


def test_no_other_parameter_tells_it(secrets, app) -> None:
    found: list[Any] = []
    for name, value in PARAMETERS:
        found += told_apart(app, SEARCH, **{"q": "%s", name: value})
    assert found == []


@pytest.mark.parametrize("path", [
    "/feeds/custom.atom", "/feeds/tag/%s.atom", "/dataset/", "/search/items",
    "/api/govdata/suggest", "/api/3/action/package_autocomplete"])
def test_no_list_feed_or_suggestion_tells_it(secrets, app, path: str) -> None:
    found: list[Any] = []
    for attack in (*JOINS, *(f" OR {attack} OR x\\" for attack in JOINS)):  # out of quotes
        found += told_apart(app, path, q=attack)
        found += told_apart(app, path, title=f'x" OR {attack}')
    assert found == []


def test_values_that_only_hidden_entries_have_are_not_listed(secrets, app) -> None:
    """Counted nought times, they are values all the same."""
    for field in ("title_string", "tags", "name", "title", "organization", "vocab_secret"):
        answer = app.get(SEARCH, query_string={
            "rows": "0", "facet.field": json.dumps([field]), "facet.mincount": "0",
            "facet.limit": "-1"})
        assert THERE not in answer.body, field
        assert "secret" not in answer.body.replace("vocab_secret", ""), field


def test_a_mistake_in_a_feed_or_an_export_is_told_in_words(secrets, app) -> None:
    for path in ("/feeds/custom.atom?res_url=x", "/feeds/custom.atom?q={!join}x",
                 "/feeds/custom.atom?title=%22(", "/catalogue/export?q=title:(&format=csv"):
        answer = app.get(path)
        assert answer.status_code == 400, path
        assert re.search(r"\bf?q(?:: |\)| cannot)|in fq", answer.body), path


def test_what_is_ours_to_say_nobody_says_for_us(secrets, app) -> None:
    answer = app.post(SEARCH, json={"q": "*:*", "extras": {"govdata_asked": "x"}})
    assert answer.status_code == 200


# --- beneath: what Solr offers to whoever reaches it by a search


RAW = (
    "{!join from=site_id to=site_id}title:%s", "{!graph from=site_id to=site_id}title:%s",
    "{!query v='{!join from=site_id to=site_id}title:%s'}", "{!frange l=1}docfreq(title,'%s')",
    "{!xmlparser}<TermQuery fieldName='title'>%s</TermQuery>", "{!func}docfreq(title,'%s')",
    "{!switch case.x='*:*' v=x}", "{!parent which=title:%s}", "{!complexphrase}title:%s*",
    "{!bool must='{!join from=site_id to=site_id}title:%s'}", '_val_:"docfreq(title,%s)"',
    "{!significantTerms field=title}", "{!mlt qf=title mintf=1 mindf=1}secret", "{!func}numdocs()",
    "{!func}if(ord(title_string),1,0)", "{!func}sleep(1,1)",
)


def test_solr_itself_has_no_parser_that_looks_elsewhere(secrets) -> None:
    def asked(query: str) -> tuple[int, Any]:
        answer = requests.get(f"{settings.solr_url()}/select", timeout=30, params={
            "q": "*:*", "fq": ["permission_labels:public", query], "rows": 9, "fl": "name"})
        return answer.status_code, (answer.json().get("response") or {}).get("numFound")

    for query in RAW:
        there, nowhere = (asked(query.replace("%s", word)) for word in (THERE, NOWHERE))
        assert there == nowhere, query
        assert there[0] == 400 or not there[1], query


def test_what_our_own_shapes_need_is_there(secrets, search) -> None:
    assert search("公厕") == ["e0"]
    assert search("bus stops")[0] == "e2"


# --- the rest is as in CKAN

QUERIES = (
    "*:*", "name:e1", "title:公厕", "title:(图书 OR 公厕)", "name:e*", "name:e?", "-name:e1",
    "name:e0 OR name:e1", "+name:e0 -name:e1", "name:(e0 e1)", "NOT name:e0", "title:bus^2",
    'title:"bus stops"', 'title:"stops bus"~3', "title:bux~1", "title:bux~", "name:[e0 TO e1]",
    "name:{e0 TO e2]", "metadata_modified:[NOW-10YEARS/DAY TO *]", "title:* AND name:e1", "bus",
    "metadata_modified:[2020-01-01T00:00:00Z TO 2030-01-01T00:00:00Z]", "title:bus-stops",
    r"title:bus\-stops", r"title:\u0062us", "(name:e0 AND +state:active)", '+capacity:"public"',
    '+owner_org:"x"', "+dataset_type:dataset", "tags:country-sweden", 'license_id:"OKD::Other"',
    "title:bus/stops", "title:bus && name:e2", "name:e0 || name:e1", "!name:e0", "bus AND stops",
    "title:(+bus -nothing)", "title:bus^=2 OR name:e0", "organization:x-y", "stops title:bus",
    'tags:"Flexible ァ"', "tags: x", "groups:david", " name:e0 ", "name:e0 +state:active",
    "entity_type:package AND (name:e1 OR (name:e2 AND title:stops))", "title:st*s", "a - b",
    "title:bus's", "title:AT&T", 'title:""', "name:[* TO *]", "res_format:(CSV OR csv)",
)
WORDS = ("bus", "bus stops", '"bus stops"', "bus -stops", "+bus", "bus (stops", "st*ps", "A&B c/d",
         "it's", "bus!", "100%", "e0", "what?", "a^b", "bus~")


def names(**asked: Any) -> Any:
    query = {"q": "*:*", "fl": "name", "rows": 100, "sort": "name asc", **asked}
    return PackageSearchQuery().run(query, permission_labels=["public"])["results"]


def test_a_query_written_anew_finds_what_it_found(secrets) -> None:
    for typed in QUERIES:
        anew = public_fields.written({"fq": typed}, trusted=False)["fq"]
        assert names(fq=anew) == names(fq=typed), typed
        if ":" not in typed:
            continue
        anew = public_fields.query(typed, "lucene", trusted=True)
        assert names(q=anew) == names(q=typed), typed
        if not typed.startswith("!"):  # which edismax takes for a letter
            anew = public_fields.query(typed, "edismax", trusted=True)
            assert names(q=anew, defType="edismax") == names(q=typed, defType="edismax"), typed


def test_words_written_anew_find_what_they_found(secrets) -> None:
    for typed in WORDS:
        assert names(q=public_fields.query(typed, "dismax", trusted=False)) == names(q=typed), typed

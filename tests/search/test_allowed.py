"""The public may not probe fields that are nobody's business; the operator may."""

from __future__ import annotations

import pytest
from ckan.lib.search.common import SearchQueryError

from ckanext.govdata.search import public_fields

PROBES = [
    {"fq": "creator:x"},
    {"fq": "data_dict:*geheim*"},
    {"fq": "validated_data_dict:*"},
    {"fq": "+name:a +author_email:b*"},
    {"fq": "(name:a) OR (res_url:http*)"},
    {"fq_list": ["res_url:http*"]},
    {"fl": "data_dict"},
    {"fl": ["id", "validated_data_dict"]},
    {"fl": "*"},
    {"fl": "id,res_url"},
    {"fl": "extras_secret"},
    {"fl": "[explain]"},
    {"facet.field": ["res_url"]},
    {"facet.field": '["author_email"]'},
    {"sort": "res_url asc"},
    {"sort": "score desc, author_email asc"},
    {"qf": "res_url^9"},
    {"bf": "ord(author_email)"},
    {"fq": "{!frange l=1}termfreq(x,1)"},
    {"fq": "_query_:x"},
    {"fq": "a\\:b res_url:x"},
    {"fq": r"res\u005furl:x"},
    {"fq_list": ["title:x", "(name:a"]},
    {"fl": "score"},
    {"fl": "x:title"},
    {"facet.mincount": 0},
    {"facet.query": "title:x"},
    {"q.op": "OR"},
    {"uf": "*"},
    {"defType": "join"},
    {"sort": "name asc, ord(name) desc"},
    {"sort": "name"},
    {"boost": "docfreq(title,x)"},
    {"mm": "${gd_words}"},
    {"tie": "x"},
    {"facet": "${gd_words}"},
]
FINE = [
    {},
    {"q": "公厕", "fq": "organization:a", "fl": "id,name,title", "sort": "metadata_modified desc"},
    {"fq": '+dataset_type:dataset -id:"a:b"'},
    {"fq": 'title:"res_url: x"'},
    {"facet.field": ["organization", "tags", "vocab_gd_region", "res_format"]},
    {"sort": "title_string asc, score desc"},
    {"fq": "vocab_gd_domain:x capacity:public"},
    {"fq": "", "fq_list": ['+owner_org:"x"', "-state:deleted"], "facet": "false", "wt": "json"},
    {"qf": "title^4 text", "mm": "2<-1 5<80%", "tie": "0.1", "defType": "edismax"},
    {"bf": "recip(ms(NOW,metadata_modified),3.16e-11,1,1)", "boost": "sum(views_total,1)"},
    {"sort": "rank"},
    {"sort": "score desc, views_recent DESC", "facet.limit": -1, "facet.mincount": 1},
]


@pytest.mark.parametrize("asked", PROBES, ids=str)
def test_probes_are_refused(asked):
    with pytest.raises(SearchQueryError):
        public_fields.written(asked, trusted=False)


@pytest.mark.parametrize("asked", FINE, ids=str)
def test_ordinary_searches_pass(asked):
    public_fields.written(asked, trusted=False)


def test_what_is_refused_is_said_with_its_parameter_and_piece():
    for asked, told in (
        ({"fq": "title:(a"}, "fq cannot be read from here on"),
        ({"sort": "sideways"}, "sort cannot be read from here on: sideways"),
        ({"bf": "ord(name)"}, "This function is not supported (bf: ord)"),
        ({"fq": "{!join}x"}, "(fq: {!join}x)"),
        ({"facet.query": "x"}, "Not a parameter of a search: facet.query"),
    ):
        with pytest.raises(SearchQueryError) as refused:
            public_fields.written(asked, trusted=False)
        assert told in str(refused.value)


def test_fields_of_the_operators_lists_may_be_named(ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "search.facets", ["organization", "extras_theme"])
    assert public_fields.written({"fq": "extras_theme:x"}, trusted=False) == {
        "fq": "extras_theme:x"
    }


def test_a_probe_by_the_api_gets_400_and_tells_nothing(titled, app):
    titled("公厕信息")
    answer = app.get("/api/3/action/package_search?fq=res_url:http*", status=400)
    assert "公厕" not in answer.body
    assert "Not allowed in fq: res_url" in answer.body


def test_an_unknown_field_in_a_query_is_just_words(titled, app):
    titled("公厕信息")
    for typed in ("author_email:a", "http://example.com/a", "see https://example.com/?a=(b"):
        answer = app.get("/api/3/action/package_search", query_string={"q": typed}, status=200)
        assert answer.json["result"]["count"] == 0, typed


def test_an_address_is_just_words_for_the_operator_too(titled, app, operator):
    headers = {"Authorization": operator["token"]}
    app.get("/api/3/action/package_search?q=http://example.com/a", headers=headers, status=200)


def test_the_operator_may_ask_for_any_field(titled, app, operator):
    titled("公厕信息")
    headers = {"Authorization": operator["token"]}
    app.get("/api/3/action/package_search?fl=res_url&q=公厕", headers=headers, status=200)

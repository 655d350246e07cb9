"""A query is read into a tree and written anew: only listed fields and text come through."""
from __future__ import annotations

import contextlib
import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ckanext.govdata.domain.lucene import functions
from ckanext.govdata.domain.lucene.faults import QueryFault, Unwritable
from ckanext.govdata.domain.lucene.parser import DEEPEST, read
from ckanext.govdata.domain.lucene.printer import plain, quoted, rewrite, words
from ckanext.govdata.domain.lucene.syntax_tree import Phrase, QueryClause, QueryTerm
from ckanext.govdata.domain.lucene.tokens import LONGEST

FIELDS = {"name", "title", "tags", "organization", "metadata_modified", "vocab_x"}


def may(field: str) -> bool:
    return field in FIELDS


WRITTEN = {
    "": "",
    " \n\u3000 ": "",
    "公厕": "公厕",
    "*:*": "*:*",
    "a b": "a b",
    "a && b || c": "a AND b OR c",
    "a AND NOT b": "a AND -b",
    "+a -b !c": "+a -b -c",
    "a&&b": r"a\&\&b",
    "title:a": "title:a",
    "title : a": "title:a",
    r"\u0074itle:a": "title:a",
    "title:(a OR b)^2": "title:(a OR b)^2",
    "title:(a (name:b))": "title:(a (name:b))",
    "title:a^=2.5": "title:a^=2.5",
    "title:a*": "title:a*",
    "title:*": "title:*",
    r"title:a\*b*": r"title:a\*b*",
    r"title:a\u002ab*": r"title:a\*b*",
    "title:te?t": "title:te?t",
    "title:a/b": r"title:a\/b",
    "title:公侧~1": "title:公侧~1^=1",
    "title:a^3~": "title:a~^=3",
    'title:"a b"~3^2': 'title:"a b"~3^2',
    r'title:"a\"b\\"': r'title:"a\"b\\"',
    'tags:"a: b"': r'tags:"a\: b"',
    'title:"a"name:"b"': 'title:"a" name:"b"',
    "name:[a TO b}": 'name:["a" TO "b"}',
    r'name:{"a\\" TO *]': r'name:{"a\u005c" TO *]',
    "metadata_modified:[NOW-1DAY/DAY TO NOW]": 'metadata_modified:["NOW-1DAY/DAY" TO "NOW"]',
    "a - b": r"a \- b",
    r"\AND \OR": r"\AND \OR",
    r"a\:b": r"a\:b",
    r"res_url\u003ax": r"res_url\:x",
    r"\ud83d\ude00": "😀",
    r"\{\!join\}x": r"\{\!join\}x",
    '"{!join from=a to=b}x"': r'"\{\!join from\=a to\=b\}x"',
    '"${gd_near}"': r'"\$\{gd_near\}"',
    "｛！join｝x": "｛！join｝x",
}
REFUSED = {
    "res_url:x": QueryFault.FIELD,
    r"res\u005furl:x": QueryFault.FIELD,
    "title:(a res_url:b)": QueryFault.FIELD,
    "*:x": QueryFault.FIELD,
    "http://example.com": QueryFault.FIELD,
    "title://example.com": QueryFault.COMMENT,
    r"\*:x": QueryFault.FIELD,
    "教育:x": QueryFault.FIELD,
    "title*:x": QueryFault.FIELD,
    "_query_:x": QueryFault.PARSER,
    r"_\u0071uery_:x": QueryFault.PARSER,
    r"\_\v\a\l\_:x": QueryFault.PARSER,
    "{!join}x": QueryFault.PARSER,
    "title:{!term f=name}x": QueryFault.PARSER,
    "a {!lucene}b": QueryFault.PARSER,
    "${gd_near}": QueryFault.PARSER,
    "filter(a)": QueryFault.PARSER,
    "title:filter(a)": QueryFault.PARSER,
    "/a.*/": QueryFault.REGEX,
    "title:/a.*/": QueryFault.REGEX,
    "a /* b */": QueryFault.COMMENT,
    "a // b": QueryFault.COMMENT,
    "a\x00b": QueryFault.CHARACTER,
    r"a\u0000b": QueryFault.CHARACTER,
    r"\ud800": QueryFault.CHARACTER,
    r"\u12": QueryFault.SYNTAX,
    "a OR": QueryFault.SYNTAX,
    "OR a": QueryFault.SYNTAX,
    "a AND OR b": QueryFault.SYNTAX,
    "(a": QueryFault.SYNTAX,
    "a)": QueryFault.SYNTAX,
    "a) OR (b": QueryFault.SYNTAX,
    "()": QueryFault.SYNTAX,
    '"a': QueryFault.SYNTAX,
    "a\\": QueryFault.SYNTAX,
    "title:": QueryFault.SYNTAX,
    "a:b:c": QueryFault.FIELD,
    "title:a:c": QueryFault.SYNTAX,
    "title:[a TO": QueryFault.SYNTAX,
    "title:a^": QueryFault.SYNTAX,
    "title:a~9": QueryFault.SYNTAX,
    "title:a^" + "9" * 40: QueryFault.SYNTAX,
    "a*" * 50: QueryFault.LONG,
    "a " * 5000: QueryFault.LONG,
    "a" * (LONGEST + 1): QueryFault.LONG,
    "(" * 10_000 + "a" + ")" * 10_000: QueryFault.DEEP,
}


@pytest.mark.parametrize(("typed", "written"), WRITTEN.items(), ids=str)
def test_what_is_in_the_grammar_is_written_anew(typed: str, written: str) -> None:
    assert rewrite(typed, may) == written


@pytest.mark.parametrize(
    ("typed", "fault"), REFUSED.items(), ids=[text[:20] for text in REFUSED])
def test_what_is_not_is_refused_with_its_piece(typed: str, fault: QueryFault) -> None:
    with pytest.raises(Unwritable) as refused:
        rewrite(typed, may)
    assert refused.value.fault == fault
    assert 0 < len(refused.value.piece) <= Unwritable.LONGEST


def test_an_escaped_colon_is_text() -> None:
    assert read(r"res_url\u003ax", may) == (QueryClause(QueryTerm("res_url:x")),)


def test_as_deep_as_it_may_be() -> None:
    typed = "(" * DEEPEST + "a" + ")" * DEEPEST
    assert rewrite(typed, may) == typed


# --- whatever is typed

PIECES = [
    "a", "公厕", "AND", "OR", "NOT", "TO", "&&", "||", "+", "-", "!", "(", ")", "[", "]", "{", "}",
    "{!", "${", "^", "^=2", "~", "~1", "*", "?", ":", "\\", "\\u007b", "\\u0021", "\\u005f", '"',
    "/", "//", "/*", "*/", "_query_", "_val_", "_\\u0071uery_:", "title:", "res_url:", "*:*",
    "[a TO b]", '"a b"', "filter(", "\x00", "\ud800", "\u3000", " ", "\n", "｛！", "join from=id",
    "=", "$", "#", "'", "NOW/DAY", "name:", "\\\\", '\\"', "<", "%", "1", "0.5",
]
texts = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))
_ESCAPED = re.compile(r"\\u[0-9a-f]{4}|\\.", re.DOTALL)
_SAID = re.compile(r'"[^"]*"')
_NAMED = re.compile(r"([^\s+\-(:]+):(?!\*)|(\*):\*")


@given(texts)
@example('name:["a\\\\" TO "b"] "x" res_url:y')
@example('"a\\" _query_:"b')
@settings(max_examples=1500, deadline=None)
def test_nothing_is_written_but_listed_fields_and_no_way_out(typed: str) -> None:
    try:
        written = rewrite(typed, may)
    except Unwritable:
        return
    bare = _SAID.sub('""', _ESCAPED.sub("", written))
    assert not re.search(r"[/$!|&\\]|\{!|filter\(|_:", bare), written
    assert bare.count("(") == bare.count(")")
    assert bare.count('"') % 2 == 0
    assert {name or star for name, star in _NAMED.findall(bare)} <= {*FIELDS, "*"}, written


@given(texts)
@settings(max_examples=1500, deadline=None)
def test_what_is_written_is_written_alike_again(typed: str) -> None:
    try:
        written = rewrite(typed, may)
    except Unwritable:
        return
    assert rewrite(written, may) == written


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40))
def test_a_quoted_text_means_that_text(text: str) -> None:
    (clause,) = read(f'"{quoted(text)}"', may)
    assert isinstance(clause.node, Phrase)
    assert clause.node.text == text


@given(texts)
def test_plain_words_are_only_words(typed: str) -> None:
    for clause in read(plain(typed), lambda _: False):
        assert isinstance(clause.node, QueryTerm)
        assert clause == QueryClause(clause.node)
    assert not set(words(typed)) & set("\\{}$\x00")


@pytest.mark.parametrize("piece", ['"', "\\", "[", "[a ", "~", "*", "^2", "(", ":", "a ", '{"\\"'])
def test_reading_takes_time_by_the_length(piece: str) -> None:
    def took(number: int) -> float:
        begun = time.process_time()
        for _ in range(5):
            with contextlib.suppress(Unwritable):
                rewrite(piece * number, may)
        return time.process_time() - begun

    number = LONGEST // len(piece)
    assert took(number) < 60 * took(number // 10) + 0.5


# --- functions

COUNTED = frozenset({"views_total", "metadata_modified"})
WEIGHED = {
    "": "",
    "views_total": "views_total",
    "recip(ms(NOW/HOUR,metadata_modified),3.16e-11,1,1)":
        "recip(ms(NOW/HOUR,metadata_modified),3.16e-11,1,1)",
    " sum( views_total , 1 )^2  log(views_total)": "sum(views_total,1)^2 log(views_total)",
    "ms(NOW-1DAY/DAY,metadata_modified)": "ms(NOW-1DAY/DAY,metadata_modified)",
}
WEIGHED_NOT = {
    "ord(name)": QueryFault.FUNCTION,
    "docfreq(title,'x')": QueryFault.FUNCTION,
    "sum(docfreq(title,x),1)": QueryFault.FUNCTION,
    "if(exists(query($q)),1,0)": QueryFault.FUNCTION,
    "query({!v='x'})": QueryFault.FUNCTION,
    "scale(views_total,1,2)": QueryFault.FUNCTION,
    "sum(name,1)": QueryFault.FIELD,
    "res_url": QueryFault.FIELD,
    "sum(1,'x')": QueryFault.SYNTAX,
    "sum(1": QueryFault.SYNTAX,
    "sum()": QueryFault.SYNTAX,
    "{!func}1": QueryFault.SYNTAX,
    "$q": QueryFault.SYNTAX,
    "sum(" * 5000: QueryFault.LONG,
    "sum(" * 100: QueryFault.DEEP,
    "nonsense(1)": QueryFault.FUNCTION,
}


@pytest.mark.parametrize(("typed", "written"), WEIGHED.items(), ids=str)
def test_functions_over_an_entrys_own_numbers(typed: str, written: str) -> None:
    assert functions.rewrite(typed, COUNTED) == written


@pytest.mark.parametrize(
    ("typed", "fault"), WEIGHED_NOT.items(), ids=[text[:20] for text in WEIGHED_NOT])
def test_functions_over_the_whole_index_are_refused(typed: str, fault: QueryFault) -> None:
    with pytest.raises(Unwritable) as refused:
        functions.rewrite(typed, COUNTED)
    assert refused.value.fault == fault


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(
    ["sum", "(", ")", ",", "views_total", "1", "NOW", "/DAY", "docfreq", "'", "{!", "$", "^", " "]),
    max_size=20).map("".join)))
def test_functions_written_anew_are_the_same_again(typed: str) -> None:
    try:
        written = functions.rewrite(typed, COUNTED)
    except Unwritable:
        return
    assert not re.search(r"[{}$'\"\\!]", written)
    assert set(re.findall(r"[A-Za-z]\w*(?=\()", written)) <= functions.FUNCTIONS
    assert functions.rewrite(written, COUNTED) == written

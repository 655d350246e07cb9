"""Lines of knowledge: how they are read, written and gathered."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.govdata.domain.search.knowledge import (
    LONGEST_WORD,
    MOST_WORDS,
    KnowledgeKind,
    KnowledgeRule,
    RuleError,
    gather,
    read_lines,
    read_rule,
    write_rule,
)

CONFIG = Path(__file__).parents[2] / "config" / "search"
SHIPPED = {
    "thesaurus.txt": KnowledgeKind.SYNONYM,
    "departments.txt": KnowledgeKind.DEPARTMENT,
    "questions.txt": KnowledgeKind.QUESTION,
    "weak.txt": KnowledgeKind.WEAK,
}


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("a b c", KnowledgeRule(KnowledgeKind.SYNONYM, ("a", "b", "c"))),
        ("a > b c", KnowledgeRule(KnowledgeKind.SYNONYM, ("a",), ("b", "c"))),
        ("a b ~ c", KnowledgeRule(KnowledgeKind.SYNONYM, ("a", "b"), (), ("c",))),
        ("a > b ~ c d", KnowledgeRule(KnowledgeKind.SYNONYM, ("a",), ("b",), ("c", "d"))),
        ("a ~ b", KnowledgeRule(KnowledgeKind.SYNONYM, ("a",), (), ("b",))),
        ("  a   b  ", KnowledgeRule(KnowledgeKind.SYNONYM, ("a", "b"))),
        ("a a b", KnowledgeRule(KnowledgeKind.SYNONYM, ("a", "b"))),
        ("a、b，c", KnowledgeRule(KnowledgeKind.SYNONYM, ("a", "b", "c"))),
        ("a ＞ b＋c ～ d", KnowledgeRule(KnowledgeKind.SYNONYM, ("a",), ("b+c",), ("d",))),
    ],
)
def test_a_line_is_read_and_written_back(line, rule):
    assert read_rule(KnowledgeKind.SYNONYM, line) == rule
    assert read_rule(KnowledgeKind.SYNONYM, write_rule(rule)) == rule


@pytest.mark.parametrize(
    ("kind", "line", "fault"),
    [
        (KnowledgeKind.SYNONYM, "a", "two_words"),
        (KnowledgeKind.SYNONYM, "a >", "two_words"),
        (KnowledgeKind.SYNONYM, "> b", "two_words"),
        (KnowledgeKind.SYNONYM, 'a "', "no_letter"),
        (KnowledgeKind.SYNONYM, "a b+", "no_letter"),
        (KnowledgeKind.WEAK, "-", "no_letter"),
        (KnowledgeKind.SYNONYM, "a > b > c", "once"),
        (KnowledgeKind.SYNONYM, "a ~ b ~ c", "once"),
        (KnowledgeKind.SYNONYM, "~ c", "two_words"),
        (KnowledgeKind.SYNONYM, "", "two_words"),
        (KnowledgeKind.DEPARTMENT, "a", "two_words"),
        (KnowledgeKind.QUESTION, "a > b", "plain_words"),
        (KnowledgeKind.WEAK, "a ~ b", "plain_words"),
        (KnowledgeKind.WEAK, "", "plain_words"),
        (KnowledgeKind.SYNONYM, "a " + "b" * (LONGEST_WORD + 1), "too_long"),
        (KnowledgeKind.SYNONYM, " ".join(f"w{i}" for i in range(MOST_WORDS + 1)), "too_many"),
    ],
)
def test_what_cannot_be_understood_is_named(kind, line, fault):
    with pytest.raises(RuleError, match=fault):
        read_rule(kind, line)


def test_a_single_word_of_asking_is_enough():
    assert read_rule(KnowledgeKind.QUESTION, "怎么").words == ("怎么",)


def test_comments_and_empty_lines_are_left_out():
    assert read_lines(KnowledgeKind.WEAK, ["# a", "", "  ", "信息"]) == [
        KnowledgeRule(KnowledgeKind.WEAK, ("信息",))
    ]


def test_a_word_of_two_groups_leads_to_both():
    known = gather(
        [read_rule(KnowledgeKind.SYNONYM, "a b"), read_rule(KnowledgeKind.SYNONYM, "a c")]
    )
    assert known.same["a"] == ("b", "c")
    assert known.same["b"] == ("a",)


def test_terms_name_the_parts_of_conjunctions():
    known = gather([read_rule(KnowledgeKind.SYNONYM, "肉价 猪+价格")])
    assert {"肉价", "猪", "价格"} <= known.terms()
    assert "猪+价格" not in known.terms()


@pytest.mark.parametrize(("name", "kind"), SHIPPED.items())
def test_what_we_ship_is_understood(name, kind):
    lines = (CONFIG / name).read_text("utf-8").splitlines()
    assert read_lines(kind, lines)


def test_what_we_ship_says_where_it_comes_from():
    for path in sorted(CONFIG.glob("*.txt")):
        assert path.read_text("utf-8").startswith("#"), path.name


def test_no_shipped_line_is_there_twice():
    for name in SHIPPED:
        lines = [
            line
            for line in (CONFIG / name).read_text("utf-8").splitlines()
            if line.strip() and not line.startswith("#")
        ]
        assert len(lines) == len(set(lines)), name

"""What a new version ships is offered; what the operator did is never undone."""
from __future__ import annotations

from ckanext.govdata.domain.search.knowledge import KnowledgeKind
from ckanext.govdata.domain.search.seeds import Offer, compare, first_shipped

A, B, C = (
    (KnowledgeKind.SYNONYM, line) for line in ("公厕 公共厕所", "网吧 > 上网服务", "医院 卫生院")
)
WORD = (KnowledgeKind.WEAK, "信息 数据")


def offered(before=(), now=(), kept=()) -> Offer:
    return compare(frozenset(before), frozenset(now), frozenset(kept))


def test_the_same_version_offers_nothing():
    found = offered([A, B], [A, B], [A, B])
    assert found == Offer()
    assert not found


def test_new_lines_are_offered_and_old_ones_retired():
    found = offered([A, B], [A, C], [A, B])
    assert found == Offer(new=(C,), retired=(B,))
    assert found


def test_the_operators_own_lines_are_no_business_of_an_offer():
    own = (KnowledgeKind.SYNONYM, "茅坑 公厕")
    assert offered([A], [A, C], [A, own]) == Offer(new=(C,))


def test_a_line_that_the_operator_had_written_already_is_not_new():
    assert offered([A], [A, C], [A, C]) == Offer()


def test_what_was_taken_away_stays_away():
    assert offered([A, B], [A, B], [A]) == Offer(held=(B,))


def test_a_changed_line_is_neither_brought_back_nor_retired():
    changed = (KnowledgeKind.SYNONYM, "网吧 > 上网服务 网咖")
    assert offered([A, B], [A], [A, changed]) == Offer()
    assert offered([A, B], [A, B], [A, changed]) == Offer(held=(B,))


def test_a_new_line_of_the_words_that_he_took_apart_is_left_to_him():
    again = (KnowledgeKind.SYNONYM, "公厕 公共厕所 厕所")
    other = (KnowledgeKind.SYNONYM, "公厕 洗手间")  # only one word of it
    assert offered([A], [again, other], []) == Offer(new=(other,), held=(again,))


def test_one_word_of_a_list_is_enough_to_be_left_to_him():
    again = (KnowledgeKind.WEAK, "数据 名录")
    assert offered([WORD], [again], []) == Offer(held=(again,))
    assert offered([WORD], [(KnowledgeKind.QUESTION, "数据 名录")], []).new


def test_an_untouched_line_gives_way_to_its_new_form():
    longer = (KnowledgeKind.SYNONYM, "公厕 公共厕所 厕所")
    assert offered([A], [longer], [A]) == Offer(new=(longer,), retired=(A,))


def test_a_line_that_only_an_older_version_could_read_harms_nobody():
    broken = (KnowledgeKind.SYNONYM, "公厕")
    assert offered([broken], [A], []) == Offer(new=(A,))


# --- a portal that did not note what it was given


def test_changes_undone_give_what_a_portal_began_with():
    changed = (KnowledgeKind.SYNONYM, "公厕 公共厕所 茅房")
    own = (KnowledgeKind.SYNONYM, "甲 乙")
    nothing = (KnowledgeKind.SYNONYM, "")
    changes = [(own, nothing), (nothing, own), (B, nothing), (A, changed)]
    assert first_shipped([changed, C], changes) == frozenset([A, B, C])


def test_without_changes_all_that_is_kept_was_shipped():
    assert first_shipped([A, B], []) == frozenset([A, B])

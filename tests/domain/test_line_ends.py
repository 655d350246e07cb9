"""Where lines of a letter end: GB/T 15834 for marks, numbers and words whole."""

from hypothesis import given
from hypothesis import strategies as some

from ckanext.govdata.domain.line_ends import CLOSING, OPENING, lines


def wide(text):
    """As a font measures: a Chinese sign is as wide as two others."""
    return sum(2 if ord(sign) > 0x2E80 or sign in "“”‘’…—" else 1 for sign in text)


def set_in(text, width, indent=0):
    return list(lines(text, wide, width, indent))


def test_no_line_begins_with_a_mark_that_closes_or_ends_with_one_that_opens():
    text = "根据《政府信息公开条例》（国务院令第711号）第十五条“涉及商业秘密”、第十六条的规定"
    for width in range(14, 60):
        for line in set_in(text, width):
            assert line[0] not in "，。、；：？！）》”’」"
            assert line[-1] not in "（《“‘「"


def test_numbers_and_words_stay_whole():
    text = "电话0551-62620001，编号KF-2026-000004，见data.example.invalid"
    assert all(
        any(whole in line for line in set_in(text, 24))
        for whole in ("0551-62620001", "KF-2026-000004", "data.example.invalid")
    )


def test_english_breaks_between_words():
    assert set_in("It is decided not to open the data.", 12) == [
        "It is", "decided not", "to open the", "data.",
    ]  # fmt: skip


def test_the_first_line_begins_further_in_and_breaks_of_the_writer_stay():
    assert set_in("一二三四五六七八", 8, 4) == ["一二", "三四五六", "七八"]
    assert set_in("一\n二", 8) == ["一", "二"]


def test_what_is_wider_than_a_line_is_cut():
    assert set_in("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


@given(some.text(alphabet="一二三ab1 ，。（）《》“”\n", max_size=80), some.integers(6, 40))
def test_nothing_is_lost_and_no_line_is_too_wide(text, width):
    found = set_in(text, width)
    assert "".join("".join(found).split()) == "".join(text.split())
    marks = OPENING + CLOSING
    assert all(wide(line) <= width or all(one in marks for one in line) for line in found)

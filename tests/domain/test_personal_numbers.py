"""Numbers of persons are found beside addresses and lists, and in no more steps than needed."""

from __future__ import annotations

import pytest

from ckanext.govdata.domain import personal_numbers

CARD, MOBILE, ID = "4111111111111111", "13805510000", "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"卡号{CARD} 见 HTTP://A.CN", {"card_number"}),
        (f"卡号{CARD} 见 Https://a.cn", {"card_number"}),
        (f"卡号{CARD} ://", {"card_number"}),
        (f"://{CARD}", {"card_number"}),
        (f"{CARD}://", {"card_number"}),
        (f"HTTP://A.CN/{CARD}", set()),
        (f"https://a.cn/{CARD}", set()),
        (f"http://a.cn/{CARD} http://b.cn {CARD}", {"card_number"}),
    ],
)
def test_addresses_are_no_cards_whatever_their_case(text: str, kinds: set[str]) -> None:
    assert personal_numbers.found(text) - {"mobile_number"} == kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("138 0551 0000、45", "mobile_number"),
        ("4111 1111 1111 1111, 5", "card_number"),
        ("3.5, 138-0551-0000", "mobile_number"),
        (f"12.5 {ID}", "id_number"),
    ],
)
def test_what_stands_behind_a_number_hides_it_no_more(text: str, kind: str) -> None:
    assert kind in personal_numbers.found(text)


@pytest.mark.parametrize("text", ["131.12345678", "131.12345678、31.86543210", "13,805,510,000"])
def test_figures_are_no_numbers_of_persons(text: str) -> None:
    assert personal_numbers.found(text) == frozenset()


def test_each_number_is_looked_at_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read of a run to judge one of its numbers grows with the number, not with the run."""
    read: list[int] = []
    real = personal_numbers._is_written_so

    def noted(name: str, lengths: tuple[int, ...], written: str) -> bool:
        read.append(len(written))
        return real(name, lengths, written)

    monkeypatch.setattr(personal_numbers, "_is_written_so", noted)
    personal_numbers.found(f"{CARD}/" * 2000)
    assert read
    assert max(read) < 100


@pytest.mark.parametrize("key", ["1A2", "x9", "B07", "9dcd5d14"])
@pytest.mark.parametrize("between", [" ", "\n", "\n\n", "-"])
def test_a_key_beside_a_number_hides_nothing(key: str, between: str) -> None:
    for text in (f"{key}{between}{ID}", f"{CARD}{between}{key}", f"{key}{between}{CARD}"):
        assert personal_numbers.found(text), text


@pytest.mark.parametrize("figure", ["1", "12", "110105", "13812345"])
def test_of_figures_only_what_is_as_long_as_a_number_is_asked(
    monkeypatch: pytest.MonkeyPatch, figure: str
) -> None:
    asked: list[int] = []

    def noted(digits: str, known: object) -> list[str]:
        asked.append(len(digits))
        return []

    monkeypatch.setattr(personal_numbers, "_of_length", noted)
    personal_numbers.found(f"{figure} " * 3000)
    assert len(asked) <= 3000 * 9
    assert all(11 <= length <= 19 for length in asked)


@pytest.mark.parametrize("digits", [
    "11010519491231002", "110105491231002", "13800138000", "8613800138000", "4111111111111111",
    "6222021234567890128", "340102202305120001", "1380013800", "12345678901234567890",
])  # fmt: skip
def test_digits_alone_are_what_they_are_among_words(digits):
    """They are told at once; what is found is the same as in a sentence."""
    assert personal_numbers.found(digits) == personal_numbers.found(f"编号 {digits} 已登记")

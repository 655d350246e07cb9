"""The catalogue code of the national guide."""

import pytest

from ckanext.govdata.domain import code


@pytest.mark.parametrize(
    ("written", "parts", "sequence"),
    [
        ("307001/1", ("3", "07", "001", ""), 1),
        ("3340000822/000123", ("3", "34", "000", "0822"), 123),
        ("101001/999999999999999", ("1", "01", "001", ""), 999_999_999_999_999),
    ],
)
def test_parts(written: str, parts: tuple[str, ...], sequence: int):
    parsed = code.parse(written)
    assert parsed is not None
    assert (parsed.parts, parsed.sequence, str(parsed)) == (parts, sequence, written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "/1",
        "0" * 6 + "/1",
        "307001/0",
        "307001/000",
        "30700/1",
        "307001-1",
        " 307001/1",
        "307001/1 ",
        "307001/1234567890123456",
    ],
)
def test_what_is_no_code(written: str):
    assert code.parse(written) is None


def test_build_gives_what_parse_reads():
    assert code.build("3340000822", 7) == "3340000822/000007"
    assert code.build("334000", 1_234_567) == "334000/1234567"
    for prefix, sequence in (("999999", 1), ("334000", 0), ("33", 1), ("", 1)):
        with pytest.raises(ValueError, match="not a catalogue code"):
            code.build(prefix, sequence)


@pytest.mark.parametrize(
    ("arguments", "prefix"),
    [
        (("department", "340822"), "3340000822"),
        (("department", "34"), "334000"),
        (("department", ""), "300000"),
        (("department", "340822", 0, "307001"), "307001"),
        (("basic", "340822", 3), "103000340822"),
        (("theme", "34", 12), "21200034"),
        (("theme", "", 0, "307001"), "200000"),
        (("", "3401"), "33400001"),
    ],
)
def test_prefix_of_a_new_entry(arguments: tuple[str, ...], prefix: str):
    assert code.prefix(*arguments) == prefix
    assert code.parse(code.build(prefix, 1)) is not None

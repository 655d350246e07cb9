"""When two applications are one, and what a draft may name."""

from datetime import date

import pytest
from case_world import procedure

from ckanext.govdata.domain import form
from ckanext.govdata.domain.procedure import Field
from ckanext.govdata.domain.same_case import same

SAME = procedure().same_if
ASKED = {"resources": ["a", "b"], "columns": {"a": ["x", "y"]}, "purpose": "Study bus lines",
         "contact_name": "Wang", "period_until": "2027-01-01"}


@pytest.mark.parametrize("change", [
    {}, {"resources": ["b", "a"]}, {"columns": {"a": ["y", "x"], "b": []}},
    {"purpose": " study  BUS\nlines "}, {"purpose": "Ｓｔｕｄｙ bus lines"}, {"contact_name": "Li"},
    {"period_until": "2028-01-01"}, {"delivery": "api"},
])  # fmt: skip
def test_the_same(change):
    assert same(SAME, ASKED, ASKED | change)
    assert same(SAME, ASKED | change, ASKED)


@pytest.mark.parametrize("change", [
    {"resources": ["a"]}, {"columns": {"a": ["x"]}}, {"columns": {"a": ["x", "y"], "b": ["x"]}},
    {"purpose": "Study tram lines"}, {"resources": ["a", "b", "c"]}, {"columns": {}},
])  # fmt: skip
def test_another(change):
    assert not same(SAME, ASKED, ASKED | change)
    assert not same(SAME, ASKED | change, ASKED)


FIELDS = [Field(name, {}, kind) for name, kind in (
    ("resources", "resources"), ("columns", "columns"), ("materials", "attachments"),
    ("renews", "reference"), ("purpose", "long_text"),
)]  # fmt: skip
CHOICES = form.Choices(
    date(2026, 1, 1), resources={"a": frozenset({"x"})}, attachments=frozenset({"m"}),
    references=frozenset({"g"}),
)
FOREIGN = [
    {"resources": ["z"]}, {"columns": {"z": ["x"]}}, {"columns": {"a": ["z"]}},
    {"materials": ["z"]}, {"renews": "z"},
]  # fmt: skip


@pytest.mark.parametrize("values", FOREIGN, ids=str)
def test_a_draft_names_only_what_may_be_chosen(values):
    [field] = values
    _kept, problems = form.keep(FIELDS, values, CHOICES)
    assert [problem.field for problem in problems] == [field]
    assert [problem.code for problem in problems] == ["not_here"]
    widened = form.widened(CHOICES, FIELDS, values)
    assert form.keep(FIELDS, values, widened) == (values, ())


def test_a_draft_may_still_be_wrong_in_everything_that_is_typed():
    values = {"purpose": "x", "resources": ["a"], "columns": {"a": ["x"]}, "renews": "g"}
    assert form.keep(FIELDS, values, CHOICES) == (values, ())


def test_what_was_kept_widens_nothing_else():
    widened = form.widened(CHOICES, FIELDS, {"resources": ["gone"], "columns": {"a": ["old"]}})
    for values in ({"columns": {"gone": ["x"]}}, {"resources": ["z"]}, {"columns": {"a": ["z"]}}):
        assert form.keep(FIELDS, values, widened)[1]

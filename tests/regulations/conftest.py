"""Behaviour that articles ask for; what their sentences are called is in ``tests/quotations``."""

import pytest

from tests.cases.conftest import world
from tests.quotations.conftest import clause, rules, term
from tests.regulations.letters_of_places import PLACES, letters_of

__all__ = ["clause", "rules", "term", "world"]


@pytest.fixture(params=PLACES, ids=lambda one: one.id)
def place(request):
    return request.param


@pytest.fixture
def letters(request, place):
    """All letters of a place, as their addressees read them; a portal is made for the first
    line that asks for them only."""
    return letters_of(place, lambda: map(request.getfixturevalue, ("world", "app")))

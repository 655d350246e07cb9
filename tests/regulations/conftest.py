"""Behaviour that articles ask for; what their sentences are called is in ``tests/quotations``."""

import pytest

from tests.cases.conftest import world  # noqa: F401 - the fixture
from tests.quotations.conftest import clause, rules, term
from tests.regulations.letters_of_places import PLACES, letters_of

__all__ = ["clause", "rules", "term"]


@pytest.fixture(params=PLACES, ids=lambda one: one.id)
def place(request):
    return request.param


@pytest.fixture
def letters(place, world, app):  # noqa: F811 - the fixture
    """All letters of a place, as their addressees read them."""
    return letters_of(world, place, app)

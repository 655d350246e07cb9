"""What a regulation's article says, as the portal applies it.

Each test is named after its article and quotes the sentence; the texts themselves are not part
of the project. ``term`` and ``clause`` look a rule up as a case would, on a day when all texts
are in force, and check that the article and the quoted words are those of the configuration.
"""

import re
from datetime import date

import pytest

from ckanext.govdata.domain.rulebook import WHOEVER
from ckanext.govdata.rules.rule_files import load_rulebook

DAY = date(2026, 5, 6)
HALF_WIDTH = str.maketrans(",;:()", "，；：（）")


def plain(text):
    return re.sub(r"\s", "", text).translate(HALF_WIDTH)


@pytest.fixture(scope="session")
def rules():
    return load_rulebook()


@pytest.fixture
def term(rules):
    def look_up(jurisdiction, name, article, quote, day=DAY, asking=WHOEVER):
        ruling = rules.term(jurisdiction, name, day, asking)
        assert ruling.source.id == jurisdiction, "another level supplied it"
        assert ruling.term.article == article
        assert plain(quote) in plain(ruling.term.quote)
        return ruling.term

    return look_up


@pytest.fixture
def clause(rules):
    def look_up(jurisdiction, name, article, quote, day=DAY):
        ruling = rules.clause(jurisdiction, name, day)
        assert ruling.source.id == jurisdiction, "another level supplied it"
        assert ruling.clause.article == article
        assert plain(quote) in plain(ruling.clause.quote)
        return ruling.clause.values

    return look_up

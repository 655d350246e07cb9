"""The procedures that we ship are sound, and the page about them is current."""

import pytest

from ckanext.govdata import slices
from ckanext.govdata.cases import start, terms
from ckanext.govdata.cases.engine.declared_procedures import procedures
from ckanext.govdata.domain.locales import LOCALES
from ckanext.govdata.forms import refusals
from ckanext.govdata.rules import in_force
from ckanext.govdata.rules.rule_files import load_rulebook
from ckanext.govdata.supervision import permission_guide


@pytest.fixture(autouse=True)
def _rules(monkeypatch):
    monkeypatch.setattr(in_force, "rulebook", load_rulebook)
    procedures.cache_clear()
    yield
    procedures.cache_clear()


def test_every_file_passes_the_check_at_start():
    start.check()
    assert "open_application" in procedures()


def test_the_page_of_permissions_is_current():
    assert permission_guide.PAGE.read_text("utf-8") == permission_guide.text(), (
        "run: ckan govdata permissions > ckanext-govdata/docs/permissions.md"
    )


def test_every_effect_is_used_and_every_notice_has_words():
    used = {
        effect
        for one in procedures().values()
        for command in one.commands.values()
        for effect in command.effects
    }
    by_time = {"send_ended"}  # of what follows from an event by itself
    assert used | by_time == set(slices.registered("effects"))
    for procedure in procedures().values():
        for command in procedure.commands.values():
            if "send_notice" in command.effects:
                assert procedure.words.notice(command.event, ""), command.event


def test_every_refusal_of_the_core_has_words():
    import re
    from pathlib import Path

    from ckanext.govdata import domain

    folder = Path(domain.__file__).parent
    codes = set()
    for name in ("decision.py", "form.py", "grant_scope.py"):
        source = (folder / name).read_text("utf-8")
        codes |= set(re.findall(r'(?:Refusal|_Bad)\(\s*"(\w+)"', source))
    assert codes
    assert codes <= set(refusals.table()), codes - set(refusals.table())


def test_terms_of_use_in_every_language():
    for version in terms.terms_of_use():
        lengths = {len(version.terms[locale]) for locale in LOCALES}
        assert len(lengths) == 1

"""Migrations are one chain: two that follow the same one would each be left out somewhere."""

import re
from pathlib import Path

import ckanext.govdata

VERSIONS = Path(ckanext.govdata.__file__).parent / "migration" / "govdata" / "versions"
NAMED = re.compile(r'^(revision|down_revision) = (?:"(\d+)"|None)$', re.MULTILINE)


def test_each_follows_the_one_before_and_is_called_by_its_number():
    files = sorted(VERSIONS.glob("*.py"))
    before = None
    for number, file in enumerate(files, start=1):
        found = {name: value or None for name, value in NAMED.findall(file.read_text("utf-8"))}
        assert file.name.startswith(f"{number:03d}_"), f"{file.name} has a number twice or late"
        assert found == {"revision": f"{number:03d}", "down_revision": before}, file.name
        before = found["revision"]


def test_a_function_that_outlived_its_tables_is_no_hindrance():
    """Who drops the tables (CKAN's own tests, a restore into an old database) keeps functions."""
    made = [
        (file.name, made) for file in sorted(VERSIONS.glob("*.py"))
        for made in re.findall(r"CREATE (OR REPLACE )?FUNCTION", file.read_text("utf-8"))
    ]
    assert len(made) >= 2
    assert [name for name, replacing in made if not replacing] == []

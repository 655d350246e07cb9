"""The first requests of a process find every action and every auth function, ours included."""
from __future__ import annotations

import os
import subprocess
import sys

import pytest

LOOK = """
from ckan import authz, logic
from ckanext.govdata.wsgi import application
assert "govdata_case_create" in logic._actions, "actions are gathered by the first request"
assert "govdata_case_create" in authz._AuthFunctions._functions, "auth functions are"
print("warm")
"""


@pytest.fixture
def ini(request):
    return request.config.getoption("--ckan-ini")


def test_what_ckan_gathers_lazily_is_there_before_the_first_request(ini) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK], env={**os.environ, "CKAN_INI": str(ini)},
        capture_output=True, text=True, timeout=120, check=False,
    )
    assert "warm" in done.stdout, done.stderr[-2000:]

"""The first requests of a process find every action and every auth function, ours included."""
from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

LOOK = """
from ckan import authz, logic
from ckanext.govdata.wsgi import application
assert "govdata_case_create" in logic._actions, "actions are gathered by the first request"
assert "govdata_case_create" in authz._AuthFunctions._functions, "auth functions are"
print("warm")
"""

STOCK = """
[app:main]
use = config:{ini}
ckan.plugins = datastore activity
"""


@pytest.fixture
def ini(request):
    return request.config.getoption("--ckan-ini")


def run(code: str, ini: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "CKAN_INI": str(ini)},
        capture_output=True, text=True, timeout=120, check=False,
    )


def test_what_ckan_gathers_lazily_is_there_before_the_first_request(ini) -> None:
    done = run(LOOK, ini)
    assert "warm" in done.stdout, done.stderr[-2000:]


def test_a_ckan_without_our_plugin_starts(ini, tmp_path) -> None:
    """The bench measures beside one; the check of the keys asked for an option that it lacks."""
    stock = tmp_path / "stock.ini"
    stock.write_text(STOCK.format(ini=Path(ini).absolute()), "utf-8")
    done = run("from ckanext.govdata.wsgi import application; print('up')", stock)
    assert "up" in done.stdout, done.stderr[-2000:]


COLD = """
[app:main]
use = config:{ini}
ckan.webassets.path = {folder}
"""

AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from ckanext.govdata.wsgi import application

def ask(_):
    return application._wsgi_app.test_client().get("/user/login").status_code

with ThreadPoolExecutor(10) as pool:
    print(sorted(set(pool.map(ask, range(20)))))
"""


def test_whoever_comes_first_and_at_once_gets_the_page_with_its_styles(ini, tmp_path) -> None:
    """Two processes start on a machine where nothing was built, and ten readers come to each."""
    cold = tmp_path / "cold.ini"
    cold.write_text(COLD.format(ini=Path(ini).absolute(), folder=tmp_path / "assets"), "utf-8")
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: run(AT_ONCE, cold), range(2)))
    for one in done:
        assert one.stdout.splitlines()[-1:] == ["[200]"], one.stderr[-2000:]

"""An upgrade brings new lines of knowledge to a portal whose operator has changed some."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from click.testing import CliRunner

from ckanext.govdata.domain.search.knowledge import KnowledgeKind, read_rule
from ckanext.govdata.search import lists, live_reader, shipped_knowledge, store
from ckanext.govdata.search.cli import search as command

NEW, LATER = "戳子 > 印章", "印鉴 > 印章"


def rules(*lines: str) -> list:
    return [read_rule(KnowledgeKind.SYNONYM, line) for line in lines]


@pytest.fixture
def ships(monkeypatch):
    """Let the portal's version ship these lines and nothing else."""

    def upgrade(*lines: str) -> None:
        monkeypatch.setattr(lists, "seeds", lambda: rules(*lines))

    return upgrade


@pytest.fixture
def begun(ships, unseeded):
    """A portal that began with two lines."""
    ships("公厕 公共厕所", "网吧 网咖")
    live_reader.reader()
    assert kept() == {"公厕 公共厕所", "网吧 网咖"}


def kept() -> set[str]:
    model.Session.rollback()
    return {row.line for row in store.lines()}


def act(operator, name: str) -> dict:
    return tk.get_action(f"govdata_search_seed_{name}")({"user": operator["name"]}, {})


def told(answer: dict, name: str) -> list[str]:
    return [row["line"] for row in answer[name]]


def test_a_new_portal_has_all_that_is_shipped(operator):
    assert act(operator, "list") == {"new": [], "retired": [], "held": []}


def test_the_first_act_on_a_portal_where_nobody_has_searched_finds_what_is_shipped(fresh, operator):
    """Changing or taking over came to a table without its one row: a fault of the server."""
    with model.meta.engine.begin() as connection:
        connection.execute(store.RULES.delete())
        connection.execute(store.STATE.delete())
    told = tk.get_action("govdata_search_rule_change")(
        {"user": operator["name"]}, {"kind": "synonym", "after": NEW})
    assert told["version"] == 2
    assert len(store.lines()) == len(lists.seeds()) + 1
    assert tk.get_action("govdata_search_seed_merge")({"user": operator["name"]}, {})["new"] == []


def test_an_upgrade_is_shown_before_it_is_done(begun, ships, operator):
    ships("公厕 公共厕所", NEW)
    shown = act(operator, "list")
    assert (told(shown, "new"), told(shown, "retired")) == ([NEW], ["网吧 网咖"])
    assert kept() == {"公厕 公共厕所", "网吧 网咖"}


def test_what_was_shown_is_done_and_works_at_once(begun, ships, titled, search, operator):
    titled("机关印章刻制备案")
    ships("公厕 公共厕所", NEW)
    assert search("戳子") == []
    assert act(operator, "merge") == act(operator, "list") | {
        "new": [{"kind": "synonym", "line": NEW}],
        "retired": [{"kind": "synonym", "line": "网吧 网咖"}],
    }
    live_reader.refresh()
    assert kept() == {"公厕 公共厕所", NEW}
    assert search("戳子") == ["e0"]
    assert act(operator, "list") == {"new": [], "retired": [], "held": []}


def test_the_operators_lines_and_changes_stay(begun, ships, operator, teach):
    teach("甲甲 乙乙")
    teach("公厕 公共厕所 茅房", before="公厕 公共厕所")
    teach("", before="网吧 网咖")
    ships("公厕 公共厕所", "网吧 网咖", "网吧 网咖 上网", NEW)
    done = act(operator, "merge")
    assert (told(done, "new"), told(done, "retired")) == ([NEW], [])
    assert set(told(done, "held")) == {"公厕 公共厕所", "网吧 网咖", "网吧 网咖 上网"}
    assert kept() == {"甲甲 乙乙", "公厕 公共厕所 茅房", NEW}


def test_a_second_upgrade_goes_on_from_the_first(begun, ships, operator, teach):
    ships("公厕 公共厕所", NEW)
    act(operator, "merge")
    teach("", before=NEW)
    ships("公厕 公共厕所", NEW, LATER)
    done = act(operator, "merge")
    assert (told(done, "new"), told(done, "held")) == ([LATER], [NEW])
    assert kept() == {"公厕 公共厕所", LATER}


def test_a_portal_that_noted_nothing_tells_it_by_its_changes(begun, ships, operator, teach):
    """As those do that began before lines were noted."""
    teach("甲甲 乙乙")
    teach("", before="网吧 网咖")
    with model.meta.engine.begin() as connection:
        connection.execute(store.STATE.update().values(shipped=None))
    ships("网吧 网咖", NEW)
    shown = act(operator, "list")
    assert told(shown, "new") == [NEW]
    assert told(shown, "retired") == ["公厕 公共厕所"]
    assert told(shown, "held") == ["网吧 网咖"]


def test_each_line_is_a_change_with_version_and_author(begun, ships, operator):
    before = len(store.changes())
    ships("公厕 公共厕所", NEW)
    act(operator, "merge")
    newest, older = store.changes(2)
    assert len(store.changes()) == before + 2
    assert (newest["before"], older["after"]) == ("网吧 网咖", NEW)
    assert newest["user_id"] == older["user_id"] == operator["id"]


def test_nobody_else_may_see_or_take_over(portal, app):
    for name in ("list", "merge"):
        app.post(f"/api/3/action/govdata_search_seed_{name}", json={}, status=403)
    app.get("/govdata/search/seeds", status=403)
    app.post("/govdata/search/seeds", status=403)


def test_the_command_tells_first_and_does_when_asked(begun, ships):
    ships("公厕 公共厕所", NEW)
    shown = CliRunner().invoke(command, ["seeds"], catch_exceptions=False)
    assert f"+ synonym: {NEW}" in shown.output
    assert "- synonym: 网吧 网咖" in shown.output
    assert "1 to be added, 1 to be taken away, 0 left" in shown.output
    assert kept() == {"公厕 公共厕所", "网吧 网咖"}
    done = CliRunner().invoke(command, ["seeds", "--merge"], catch_exceptions=False)
    assert "1 added, 1 taken away" in done.output
    assert kept() == {"公厕 公共厕所", NEW}


def test_the_page_shows_counts_and_takes_over(begun, ships, operator, teach, app):
    headers = {"Authorization": operator["token"]}
    teach("", before="公厕 公共厕所")
    ships("公厕 公共厕所", NEW)

    def page(path: str) -> BeautifulSoup:
        return BeautifulSoup(app.get(path, headers=headers, status=200).body, "html.parser")

    assert page("/govdata/search").select_one('.gd-note a[href*="/govdata/search/seeds"]')
    shown = page("/govdata/search/seeds")
    assert [cell.text.split()[0] for cell in shown.select("h2 + div td:last-child")] == [
        "戳子", "网吧", "公厕"]
    assert shown.select_one('a[href*="draft="]')
    app.post("/govdata/search/seeds", headers=headers, status=200)
    assert kept() == {NEW}
    assert not page("/govdata/search/seeds").select("form[method=post] .gd-btn--main")
    assert page("/govdata/search").select_one('.gd-note a[href*="/govdata/search/seeds"]') is None


def test_what_is_shipped_now_is_what_the_files_say(portal):
    assert len(shipped_knowledge.now_shipped()) == len(store.lines())

"""Vectors are made behind the scenes: an entry is found at once, by meaning a little later."""

from __future__ import annotations

from typing import Any

import ckan.lib.jobs as queues
import pytest
from ckan.lib.redis import connect_to_redis
from ckan.lib.search import common
from ckan.tests import factories, helpers

from ckanext.govdata.search import backlog, vectors
from ckanext.govdata.search.cli import search as command
from tests.overtaking import Overtaking, patch


def written(title: str, **more: Any) -> dict[str, Any]:
    """An entry with all that the rules want of it."""
    return factories.Dataset(**{
        "title": title, "owner_org": factories.Organization()["id"],
        "domain": "transport", "update_period": "yearly", "share_type": "unconditional",
        "open_attribute": "unconditional", **more,
    })


@pytest.fixture
def by_meaning(portal, ckan_config, monkeypatch) -> None:
    """A portal that compares by meaning, nothing called for yet."""
    monkeypatch.setitem(ckan_config, "ckanext.govdata.search.vectors", True)
    if not vectors.available():
        pytest.skip("the model does not run on this machine")
    connect_to_redis().delete(backlog._key())
    queues.get_queue().empty()


@pytest.fixture
def entry(by_meaning) -> dict[str, Any]:
    """An entry whose title nobody wrote before."""
    number = factories.User.stub().name  # a name of its own for each run
    return written(f"河道采砂许可 {number}")


def marked() -> int:
    return common.make_connection().search(f"{backlog.DUE}:{backlog.YES}").hits


def with_vector() -> list[str]:
    """Names of the entries that have a vector: near enough to anything."""
    some = vectors.of_titles(["河道"])["河道"]
    asked = "{!vectorSimilarity f=gd_vector minReturn=0.1}" + vectors.written(some)
    return [hit["name"] for hit in common.make_connection().search(asked, fl="name")]


def called() -> list[str]:
    return [job.func_name.rsplit(".", 1)[-1] for job in queues.get_queue().jobs]


def test_an_entry_is_found_at_once_and_gets_its_vector_from_the_job(entry, search):
    assert search("河道采砂") == [entry["name"]]
    assert with_vector() == []
    assert called() == ["work"]
    helpers.call_action("package_patch", id=entry["id"], notes="再写一次")
    assert called() == ["work"], "one call is enough for both"
    assert backlog.work() == 1
    assert with_vector() == [entry["name"]]
    assert marked() == 0
    assert search("河道采砂") == [entry["name"]]


def test_a_title_that_is_known_has_its_vector_at_once_and_a_new_one_waits(entry):
    backlog.fill()
    helpers.call_action("package_patch", id=entry["id"], notes="别的摘要")
    assert with_vector() == [entry["name"]]
    helpers.call_action("package_patch", id=entry["id"], title=entry["title"] + "名录二")
    assert with_vector() == []
    assert marked() == 1


def test_the_next_call_is_heard_after_the_job_began(entry):
    backlog.work()
    queues.get_queue().empty()
    written(entry["title"] + "续")
    assert called() == ["work"]


def test_a_queue_that_is_away_does_not_stop_an_entry(by_meaning, ckan_config, monkeypatch, search):
    def away():
        from redis.exceptions import ConnectionError as Away

        raise Away("nobody there")

    monkeypatch.setattr(backlog, "connect_to_redis", away)
    made = written("没有队列的资源目录")
    assert search("没有队列") == [made["name"]]
    assert marked() == 1
    assert backlog.fill() == 1, "the scheduler finds it by its mark"


def test_what_was_written_while_the_vector_was_made_is_not_lost(app, entry, monkeypatch, search):
    officer = Overtaking(app, monkeypatch, [patch(entry["id"], notes="后来写入的摘要内容")])
    backlog.fill()
    officer.ended()
    common.make_connection().commit()
    assert search("后来写入的摘要内容") == [entry["name"]]
    assert with_vector() == [entry["name"]]


def test_entries_that_nobody_may_read_get_vectors_and_stay_unread(by_meaning, search):
    hidden = written("内部台账甲", private=True)
    assert backlog.fill() == 1
    assert hidden["name"] not in search("内部台账甲")


def test_many_pages_are_made_by_one_command(by_meaning, monkeypatch, cli):
    monkeypatch.setattr(backlog, "PAGE", 2)
    for number in range(5):
        written(f"批量资源第{number}号")
    told = cli.invoke(command, ["vectors"], catch_exceptions=False)
    assert "5 entries got their vector, 0 still wait" in told.output


def test_one_process_at_a_time(entry):
    import sqlalchemy as sa
    from ckan import model

    with model.ensure_engine().connect() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_lock(backlog._LOCK)))
        assert backlog.fill() == 0
        connection.execute(sa.select(sa.func.pg_advisory_unlock(backlog._LOCK)))
    assert backlog.fill() == 1


def test_without_vectors_nothing_waits(portal):
    written("不用模型的资源")
    assert marked() == 0
    assert backlog.fill() == 0


def test_the_scheduler_looks_as_well():
    from ckanext.govdata.scheduler.timetable import jobs

    assert jobs()["search_vectors"].function is backlog.fill

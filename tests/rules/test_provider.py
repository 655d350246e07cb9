"""Whose rules bind an organisation, read by going up from it: the same as the whole tree says."""

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.tests import factories

from ckanext.govdata.departments import tree
from ckanext.govdata.domain.instrument import NATIONAL
from ckanext.govdata.domain.rulebook import find_jurisdiction

EMPTIED = sa.text("UPDATE \"group\" SET extras = extras - 'jurisdiction' WHERE id = :id")


@pytest.fixture
def line(fresh):
    top = factories.Organization(title="安徽省", jurisdiction="anhui")
    middle = factories.Organization(title="合肥市", groups=[{"name": top["name"]}])
    below = factories.Organization(title="瑶海区民政局", groups=[{"name": middle["name"]}])
    return [top, middle, below]


def test_going_up_gives_what_the_whole_tree_gives(line):
    outline = tree.outline()
    for one in line:
        by_tree, _path = find_jurisdiction(one["id"], outline)
        assert tree.jurisdiction_of(one["id"]) == by_tree == "anhui"


def test_a_request_that_has_read_the_tree_asks_no_more(line, app):
    with app.flask_app.test_request_context("/"):
        tree.outline()
        model.Session.execute(EMPTIED, {"id": line[0]["id"]})
        assert tree.jurisdiction_of(line[2]["id"]) == "anhui"
    assert tree.jurisdiction_of(line[2]["id"]) == NATIONAL
    model.Session.rollback()


def test_a_circle_in_the_tree_ends(line):
    top, _middle, below = line
    model.Session.execute(
        sa.text(
            "INSERT INTO member (id, group_id, table_id, table_name, capacity, state)"
            " VALUES ('circle', :top, :below, 'group', 'parent', 'active')"
        ),
        {"top": top["id"], "below": below["id"]},
    )
    model.Session.execute(EMPTIED, {"id": top["id"]})
    assert tree.jurisdiction_of(below["id"]) == NATIONAL
    model.Session.rollback()


def test_the_provider_has_its_title_and_is_there(line):
    assert tree.provider(line[2]["id"]) == ("瑶海区民政局", "anhui")
    assert tree.provider("no such id") is None
    assert tree.provider("") is None
    gone = sa.text("UPDATE \"group\" SET state = 'deleted' WHERE id = :id")
    model.Session.execute(gone, {"id": line[2]["id"]})
    assert tree.provider(line[2]["id"]) is None
    model.Session.rollback()

"""What may not be kept leaves the disk as it was: new files, and those that it would replace."""
from __future__ import annotations

import io
import os
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib import uploader
from ckan.tests import factories
from leak_world import site
from werkzeug.datastructures import FileStorage

from ckanext.govdata import leftover_files, settings
from tests.cases.conftest import make_user, world  # noqa: F401
from tests.emergency.conftest import TABLE, clock, flood, place  # noqa: F401

pytestmark = pytest.mark.usefixtures("fresh")
PNG = (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
       b"\x1f\x15\xc4\x89\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00")


def tree() -> dict[str, bytes]:
    """Every file that is kept, with its content."""
    root = Path(settings.storage_path())
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*")
            if path.is_file() and "webassets" not in path.parts}


def a_day_later() -> None:
    """All that is kept is older than a day; then the sweep comes."""
    for name in tree():
        os.utime(Path(settings.storage_path()) / name, (1, 1))
    leftover_files.sweep(model.Session)


@pytest.fixture
def post(app):
    tokens: dict[str, str] = {}

    def send(who: str, action: str, field: str = "upload", content: bytes = b"a,b\n1,2\n",
             file: str = "a.csv", **data: str) -> int:
        if who and who not in tokens:
            tokens[who] = factories.APIToken(user=who)["token"]
        answer = app.post(f"/api/3/action/{action}", status=None, data={
            **data, field: (io.BytesIO(content), file)},
            headers={"Authorization": tokens[who]} if who else {})
        return answer.status_code

    return send


@pytest.fixture
def uploaded(world):  # noqa: F811
    """A file of the department's entry that stands."""
    return tk.get_action("resource_create")(site(), {
        "package_id": world.entry["id"], "name": "表", "url": "a.csv",
        "upload": FileStorage(io.BytesIO(b"first"), "a.csv")})


@pytest.fixture
def strangers(world) -> list[str]:  # noqa: F811
    """Nobody, a citizen, the head of another department."""
    other = factories.Organization(level="county", region="340102", title="瑶海区水务局")
    make_user("neighbour")
    tk.get_action("organization_member_create")(
        site(), {"id": other["id"], "username": "neighbour", "role": "admin"})
    return ["", "citizen", "neighbour"]


def test_files_of_others_entries(world, uploaded, strangers, post) -> None:  # noqa: F811
    before = tree()
    for who in strangers:
        for action, named in (
            ("resource_create", {"package_id": world.entry["id"], "url": "x"}),
            ("resource_update", {"id": uploaded["id"], "url": "x"}),
            ("resource_patch", {"id": uploaded["id"], "url": "x"}),
        ):
            assert post(who, action, **named) in (403, 404), (who, action)
    assert tree() == before


def test_a_file_whose_entry_is_refused(world, uploaded, post) -> None:  # noqa: F811
    """The officer may, the entry may not be so: neither the new file nor the replaced one goes."""
    before, wrong = tree(), {"url": "x", "cache_last_updated": "never"}
    for action, named in (
        ("resource_create", {"package_id": world.entry["id"]}),
        ("resource_update", {"id": uploaded["id"]}),
        ("resource_patch", {"id": uploaded["id"]}),
    ):
        assert post("officer", action, content=b"second", **named, **wrong) == 409, action
    assert tree() == before


def test_pictures_of_departments_and_people(world, strangers, post) -> None:  # noqa: F811
    make_user("somebody")
    before, own = tree(), world.department["id"]
    for who in [*strangers, "officer"]:
        for action in ("organization_update", "organization_patch"):
            done = post(who, action, "image_upload", PNG, "a.png", id=own, name="x", title="x")
            assert done >= 400, (who, action)
        for action in ("user_update", "user_patch"):
            done = post(who, action, "image_upload", PNG, "a.png", id="somebody", email="a@b.cn")
            assert done >= 400, (who, action)
        if who != "officer":
            done = post(who, "organization_create", "image_upload", PNG, "a.png", name="mine")
            assert done >= 400, who
    assert tree() == before


def test_a_picture_beside_a_power_that_nobody_gave(world, post) -> None:  # noqa: F811
    """It is refused at the commit, after CKAN has written the picture and taken away the old."""
    own = world.department["id"]
    assert post("head", "organization_patch", "image_upload", PNG, "a.png", id=own) == 200
    before = tree()
    assert len(before) == 1
    refused = post("head", "organization_patch", "image_upload", PNG, "b.png", id=own,
                   role="authority")
    assert refused >= 400
    assert tree() == before
    assert post("head", "organization_patch", "image_upload", PNG, "c.png", id=own) == 200
    assert len(tree()) == 2, "CKAN leaves the old one to the nightly sweep"


def test_nothing_that_is_rolled_back_stays_or_goes(world, uploaded) -> None:  # noqa: F811
    before = tree()
    upload = FileStorage(io.BytesIO(PNG), "b.png", content_type="image/png")
    tk.get_action("organization_patch")(site(defer_commit=True), {
        "id": world.department["id"], "image_upload": upload})
    assert tree() != before
    model.Session.rollback()
    assert tree() == before
    for given in ({"upload": FileStorage(io.BytesIO(b"second"), "b.csv")}, {"clear_upload": True}):
        uploader.get_resource_uploader(given).upload(uploaded["id"])
        model.Session.rollback()
        assert tree() == before, given


def test_what_is_done_is_kept(uploaded, post) -> None:
    """What it replaced stays for those who read it now, until the sweep of the day after."""
    assert post("officer", "resource_patch", content=b"second", id=uploaded["id"]) == 200
    assert sorted(tree().values()) == [b"first", b"second"]
    a_day_later()
    assert list(tree().values()) == [b"second"]
    tk.get_action("resource_patch")(site(), {
        "id": uploaded["id"], "clear_upload": True, "url": "https://example.org/a.csv"})
    a_day_later()
    assert tree() == {}


def test_files_of_an_emergency(flood, app, post) -> None:  # noqa: F811
    before, page = tree(), f"/emergency-desk/{flood.event}/publish"
    for who in ("citizen", "other", "elsewhere"):
        headers = {}
        if model.User.by_name(who):
            headers = {"Authorization": factories.APIToken(user=who)["token"]}
        for content, name in ((TABLE.encode(), "水位.csv"), (PNG, "a.png")):
            answer = app.post(page, headers=headers, status=None, follow_redirects=False, data={
                "target": "create", "title": "水位", "upload": (io.BytesIO(content), name)})
            assert answer.status_code in (302, 403, 404), who
            assert post(who if headers else "", "govdata_emergency_publish", content=content,
                        file=name, id=flood.event, title="水位") in (403, 404, 409)
    refused = post("officer", "govdata_emergency_publish", content=PNG, file="a.png",
                   id=flood.event, title="水位")
    assert refused == 409
    assert tree() == before

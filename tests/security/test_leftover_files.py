"""What no row names is deleted when it is a day old, and nothing else, ever."""
from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from leak_world import site
from werkzeug.datastructures import FileStorage

from ckanext.govdata import leftover_files, now, settings
from ckanext.govdata.access import leftovers, schedule
from tests.access.granted_world import make

pytestmark = pytest.mark.usefixtures("fresh")
DAY = 24 * 3600
GONE = "resources/0a1/b2c/3d-4e5f-4789-8abc-def012345678"
"""Where a file stood whose resource is no more."""
CHOSEN = "0A1B2C3D4E5F47898ABCDEF012345678"
"""An id as a program may write it."""


def root() -> Path:
    return Path(settings.storage_path())


def lying() -> set[str]:
    return {str(path.relative_to(root())) for path in root().rglob("*") if path.is_file()}


def put(name: str, age: float = 2 * DAY, content: bytes = b"12345") -> Path:
    path = root() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    said = now.real().timestamp() - age
    os.utime(path, (said, said))
    os.utime(path.parent, (said, said))
    return path


@pytest.fixture
def entry() -> dict[str, Any]:
    """With a file that was replaced once, long ago."""
    made = make("unconditional", information_items=[])
    for content in (b"first", b"second"):
        tk.get_action("resource_patch")(site(), {
            "id": made["resources"][0]["id"], "url": "a.csv",
            "upload": FileStorage(io.BytesIO(content), "a.csv", content_type="text/csv")})
    for name in lying():
        os.utime(root() / name, (1, 1))
    return made


def test_what_no_row_names_goes_and_how_much_it_was_is_said(entry, caplog) -> None:
    resource_id = entry["resources"][0]["id"]
    folder = f"resources/{resource_id[:3]}/{resource_id[3:6]}"
    own = resource_id[6:]
    (served,) = [name for name in lying() if (root() / name).read_bytes() == b"second"]
    (old,) = lying() - {served}
    gone = {old, *(str(put(name).relative_to(root())) for name in (
        f"{folder}/{own}",
        f"{folder}/{own}~new-0af3",
        f"{folder}/{own}~new-0af3~",
        f"{folder}/{own}~{'0' * 64}",
        GONE,
        f"{GONE}~{'0' * 64}",
        "storage/uploads/group/2026.png~new-1",
        "storage/uploads/user/2026.png",
        f"govdata/attachments/{'1' * 64}",
        "govdata/attachments/new-2",
        "govdata-imports/0123/sheet",
    ))}
    young = {str(put(name, DAY - 60).relative_to(root())) for name in (
        f"{folder}/{own}~new-young", f"{GONE}~new-young", "storage/uploads/group/young.png",
        "govdata/attachments/new-young", "govdata-imports/4567/sheet")}
    with caplog.at_level("INFO", leftover_files.__name__):
        swept = schedule.sweep_files()
    assert lying() == {served, *young}
    assert not (root() / "govdata-imports" / "0123").exists()
    assert swept.size == 5 * len(gone)
    assert set(swept.names) == gone - {"govdata-imports/0123/sheet"} | {"govdata-imports/0123"}
    assert f"{len(gone)} deleted, {swept.size} bytes" in caplog.text
    assert schedule.sweep_files() == ([], 0)


def test_what_ckan_kept_before_has_its_row(entry) -> None:
    """A file of before the upgrade stands at CKAN's own place and is served from there."""
    resource_id = entry["resources"][0]["id"]
    model.Session.execute(sa.text("DELETE FROM govdata_stored_file"))
    plain = put(f"resources/{resource_id[:3]}/{resource_id[3:6]}/{resource_id[6:]}")
    schedule.sweep_files()
    assert plain.exists()


def test_a_file_whose_id_a_program_chose_is_swept_as_any_other(entry) -> None:
    """It may be written in capitals and without dashes."""
    made = tk.get_action("resource_create")(site(), {
        "package_id": entry["id"], "id": CHOSEN, "name": "水位", "url": "a.csv",
        "upload": FileStorage(io.BytesIO(b"levels"), "a.csv", content_type="text/csv")})
    assert made["id"] == CHOSEN
    (own,) = [name for name in lying() if (root() / name).read_bytes() == b"levels"]
    os.utime(root() / own, (1, 1))
    old = put(f"{own.partition('~')[0]}~{'0' * 64}")
    half = put(f"{own.partition('~')[0]}~new-0af3~")
    stranger = put(f"resources/som/ebo/dys-own~{'0' * 64}")
    schedule.sweep_files()
    assert not old.exists()
    assert not half.exists()
    assert (root() / own).exists()
    assert stranger.exists()


def test_what_somebody_else_put_there_stays(monkeypatch) -> None:
    """Another plugin's files, and those of a storage of CKAN's own, which has our folders."""
    theirs = [put("resources/abc/def/thumbnail.png"), put("resources/abc/def/0123~")]
    schedule.sweep_files()
    assert all(path.exists() for path in theirs)
    stored, picture = put(GONE), put("storage/uploads/group/2026.png")
    monkeypatch.setattr(leftovers, "are_ours", lambda kind: False)
    schedule.sweep_files()
    assert stored.exists()
    assert picture.exists()


def test_nothing_outside_of_the_storage_goes(tmp_path) -> None:
    """Also where a link inside leads there."""
    outside = tmp_path / "abc" / "def"
    outside.mkdir(parents=True)
    (outside / "0123").write_bytes(b"theirs")
    os.utime(outside / "0123", (1, 1))
    put("resources/x/y/z").unlink()
    (root() / "resources" / "abc").symlink_to(tmp_path / "abc")
    (root() / "resources" / "x" / "y" / "linked").symlink_to(outside / "0123")
    (root() / "govdata-imports").symlink_to(tmp_path / "abc")
    assert schedule.sweep_files() == ([], 0)
    assert (outside / "0123").exists()


@pytest.mark.parametrize("said", ["", ".", "relative", "/nowhere/at/all"])
def test_without_a_storage_nothing_goes(monkeypatch, tmp_path, ckan_config, said) -> None:
    """An empty path is the folder in which the process stands."""
    monkeypatch.chdir(tmp_path)
    for name in ("resources/abc/def/0123", "relative/resources/abc/def/0123",
                 "govdata/attachments/new-1", "govdata-imports/0123/sheet"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"theirs")
        os.utime(path, (1, 1))
        os.utime(path.parent, (1, 1))
    before = set(tmp_path.rglob("*"))
    monkeypatch.setitem(ckan_config, "ckan.storage_path", said)
    assert schedule.sweep_files() == ([], 0)
    assert leftover_files.delete(tmp_path.rglob("*")) == ([], 0)
    assert set(tmp_path.rglob("*")) == before


def test_what_takes_a_place_while_it_is_looked_at_stays(monkeypatch) -> None:
    """The same content is uploaded again in the very moment."""
    path = put(GONE)
    first = leftover_files._is_young

    def overtaken(each: Path) -> bool:
        found = first(each)
        if each == path and not found:
            put("resources/abc/def/new", 0, b"again").replace(path)
        return found

    monkeypatch.setattr(leftover_files, "_is_young", overtaken)
    assert schedule.sweep_files() == ([], 0)
    assert path.read_bytes() == b"again"

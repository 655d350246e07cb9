"""A file that is no table shows how it begins, to whom it is given, and as nothing else."""
from __future__ import annotations

import io
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from explorer_world import entry
from test_pictures_of_a_table import LIMITS
from werkzeug.datastructures import FileStorage

from ckanext.govdata.explorer.file_preview import SHOWN, preview_of

pytestmark = pytest.mark.usefixtures("at_once")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 60


def kept(name: str, content: bytes, form: str = "", **more: Any) -> dict[str, Any]:
    made = entry(**{"information_items": [], **more})
    sent = FileStorage(io.BytesIO(content), filename=name)
    return tk.get_action("resource_create")({"ignore_auth": True, "user": site()}, {
        "package_id": made["id"], "name": name, "format": form, "url": name, "url_type": "upload",
        "upload": sent})


def site() -> str:
    return tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]


def asked(resource: dict[str, Any], app: Any) -> Any:
    with app.flask_app.test_request_context("/"):
        return preview_of(resource)


@pytest.mark.parametrize(("name", "content", "shown"), [
    ("说明.txt", "数据说明：\n第一行".encode(), "数据说明：\n第一行"),
    ("说明.txt", "数据说明".encode("gb18030"), "数据说明"),
    ("说明.txt", "数据说明".encode("utf-16"), "数据说明"),
    ("点.geojson", b'{"type": "Feature"}', '{"type": "Feature"}'),
    ("坏.txt", "甲\u202e乙\u200b丙".encode(), "甲乙丙"),
    ("页.html", b"<script>alert(1)</script>", "<script>alert(1)</script>"),
])  # fmt: skip
def test_a_text_begins(app, name, content, shown) -> None:
    found = asked(kept(name, content), app)
    assert found.text == shown
    assert not found.more


def test_a_long_text_is_cut_between_characters(app) -> None:
    found = asked(kept("长.txt", ("水" * SHOWN).encode()), app)
    assert set(found.text) == {"水"}
    assert found.more


@pytest.mark.parametrize("content", [b"\0\1\2\3" * 40, b"PK\x03\x04" + b"\0" * 80, b""])
def test_what_is_no_text_shows_nothing(app, content) -> None:
    assert asked(kept("物.bin", content), app) is None


def test_a_picture_is_one_by_its_content(app) -> None:
    assert asked(kept("图.png", PNG), app).picture
    assert not asked(kept("图.png", b"<svg onload=alert(1)>"), app).picture


@pytest.mark.parametrize("more", [
    {"attribute": "conditional", **LIMITS}, {"private": True},
])  # fmt: skip
def test_a_stranger_sees_nothing_of_what_is_not_given(app, more) -> None:
    resource = kept("秘.txt", "不公开的内容".encode(), **more)
    assert asked(resource, app) is None

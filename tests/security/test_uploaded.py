"""What people brought is handed out to be kept; only pictures are shown, known by their content."""
from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from leak_world import site
from reading_world import portal
from werkzeug.datastructures import FileStorage

from ckanext.govdata import settings

pytestmark = pytest.mark.usefixtures("fresh")
SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
RUNS = {
    "a.html": b"<!doctype html>" + SCRIPT, "a.htm": SCRIPT, "a.shtml": SCRIPT, "a.svg": SVG,
    "a.svgz": SVG, "a.xhtml": b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
    "a.xml": b"<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'/>",
    "a.xsl": b"<xsl:stylesheet/>", "a.mht": b"MIME-Version: 1.0\n\n" + SCRIPT, "a.js": b"alert(1)",
    "a.mjs": b"alert(1)", "a.css": b"*{}", "a.pdf": b"%PDF-1.4", "a.swf": b"FWS", "a.hta": SCRIPT,
    "a.wasm": b"\0asm", "a.json": b"{}", "a.txt": SCRIPT, "a.unknown": SCRIPT, "a": SCRIPT,
    "picture.png": SCRIPT, "picture.svg.png": SVG, "picture.jpg": b"", "picture.gif": b"GIF8" + SVG,
    "picture.webp": b"RIFF" + SCRIPT, "picture.bmp": b"BM" + SCRIPT, "图.html": SCRIPT,
}
PICTURES = {
    "image/png": b"\x89PNG\r\n\x1a\n" + SCRIPT, "image/jpeg": b"\xff\xd8\xff\xe0" + SCRIPT,
    "image/gif": b"GIF89a" + SCRIPT, "image/webp": b"RIFF\x00\x00\x00\x00WEBP" + SCRIPT,
}
DETOURS = ("/uploads/{}", "//uploads/{}", "/x/..%2fuploads/{}", "/./uploads/{}",
           "/zh_Hans_CN/uploads/{}", "/%2e%2e/uploads/{}", "/base/..%2f..%2fuploads/{}",
           "/x/%2e%2e/uploads/{}")


def kept(answer: Any) -> bool:
    """Whether a browser keeps it and opens nothing."""
    headers = answer.headers
    return (headers.get("Content-Disposition", "").startswith("attachment")
            and headers["X-Content-Type-Options"] == "nosniff"
            and "sandbox" in headers.get("Content-Security-Policy", ""))


def stored(place: str, content: bytes) -> None:
    path = Path(settings.storage_path()) / "storage" / "uploads" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_what_lies_among_the_pictures_and_is_none_is_kept_on_every_detour(app) -> None:
    wrong, reached = [], 0
    for folder in ("group", "user", "admin", "new"):
        for name, content in RUNS.items():
            stored(f"{folder}/{name}", content)
            for detour in DETOURS if folder == "group" else DETOURS[:1]:
                answer = app.get(detour.format(f"{folder}/{name}"), status=None)
                reached += answer.status_code == 200
                if answer.status_code == 200 and not kept(answer):
                    wrong.append((detour, folder, name, dict(answer.headers)))
    assert wrong == []
    assert reached >= 4 * len(RUNS)


def test_a_picture_is_shown_as_what_it_is_whatever_it_is_called(app) -> None:
    for kind, content in PICTURES.items():
        for name in ("a.png", "a.html", "a.svg", "a.unknown"):
            stored(f"group/{name}", content)
            answer = app.get(f"/uploads/group/{name}")
            assert not kept(answer), (kind, name)
            assert answer.headers["Content-Type"] == kind
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            half = app.get(f"/uploads/group/{name}", headers={"Range": "bytes=8-"}, status=206)
            assert half.headers["Content-Type"] == kind


def test_files_of_entries_are_kept_whatever_they_are(app) -> None:
    own = factories.Organization(level="county", region="340102", title="瑶海区民政局")
    entry = tk.get_action("package_create")(site(), {
        "name": "open", "title": "客流", "owner_org": own["id"], "notes": "各线路的客流。",
        "domain": "transport", "update_period": "yearly", "share_type": "unconditional",
        "open_attribute": "unconditional", "data_formats": ["csv"],
        "information_items": [{"name": "线路名称", "type": "C", "opened": True}]})
    for name, content in {**RUNS, **{k.replace("/", "."): v for k, v in PICTURES.items()}}.items():
        upload = FileStorage(io.BytesIO(content), name, content_type="text/html")
        made = tk.get_action("resource_create")(site(), {
            "package_id": entry["id"], "name": name, "url": name, "upload": upload})
        place = f"/dataset/open/resource/{made['id']}/download"
        for address in (place, f"{place}/x.html", f"{place}/{name}", f"{place}/x.png"):
            assert kept(app.get(address, status=200)), (name, address)


def test_attachments_grants_emergencies_and_exports_are_kept(app, web_application) -> None:
    place, headers = portal(web_application), {}
    for who in ("citizen", "officer"):
        headers[who] = {"Authorization": factories.APIToken(user=who)["token"]}
    case, file = place.words["case_id"][1], place.words["attachment_id"][0]
    grant, table = place.words["grant_id"][0], place.words["resource_id"][0]
    for who, address in (
        ("citizen", f"/cases/{case}/file/{file}"),
        ("citizen", f"/grants/{grant}/data/{table}"),
        ("officer", "/catalogue/export?format=csv"),
        ("officer", "/catalogue/export?format=json"),
    ):
        assert kept(app.get(address, headers=headers[who], status=200)), address

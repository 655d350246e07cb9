"""Two gigabytes are refused before they are read, in words, on every way in."""
from __future__ import annotations

import io

import pytest

from ckanext.govdata.security import sizes

GIB = 1024**3
pytestmark = pytest.mark.usefixtures("fresh")


class Endless(io.RawIOBase):
    """A body that never ends, and counts what was taken of it."""

    taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self.taken += len(buffer)
        if self.taken > GIB:
            raise AssertionError("a gigabyte was read")
        buffer[:] = b"0" * len(buffer)
        return len(buffer)


def send(app, path: str, length: int | None, **environ):
    body = Endless()
    form = "multipart/form-data; boundary=x"
    given = {"wsgi.input": body, "CONTENT_TYPE": form, **environ}
    if length is not None:
        given["CONTENT_LENGTH"] = str(length)
    answer = app.post(path, environ_overrides=given, status=None)
    return answer, body.taken


@pytest.mark.parametrize("path", [
    "/cases/some-case/step/what", "/cases/some-case/do/supply", "/dataset/new", "/user/login",
    "/catalogue/import", "/api/3/action/resource_create", "/api/3/action/govdata_case_create",
    "/nothing/like/that",
])
def test_two_gigabytes_are_refused_unread(app, path: str) -> None:
    answer, taken = send(app, path, 2 * GIB)
    assert answer.status_code == 413
    assert taken == 0
    assert "too large: at most" in answer.get_data(as_text=True)
    assert answer.headers["Connection"] == "close"
    if path.startswith("/api/"):
        assert answer.json["success"] is False


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "zh_Hant_TW"])
def test_in_the_readers_language(app, locale: str) -> None:
    answer, _ = send(app, f"/{locale}/dataset/new", 2 * GIB)
    assert "MiB。" in answer.get_data(as_text=True)


def test_what_does_not_say_how_large_it_is_is_read_no_further_than_the_limit(app) -> None:
    limit = 100 * sizes.MIB
    answer, taken = send(app, "/cases/x/step/what", None, **{"wsgi.input_terminated": True})
    assert answer.status_code in (200, 400, 413)  # 200: the page of signing in
    assert taken <= limit + sizes.MIB


@pytest.mark.ckan_config("ckanext.govdata.cases.largest_attachment", 1)
def test_the_limit_of_cases_follows_the_attachments(app) -> None:
    large = sizes.AT_ONCE * sizes.MIB + sizes.FORM + 1
    assert "at most 14 MiB" in send(app, "/cases/x/step/what", large)[0].get_data(as_text=True)
    assert "at most" not in send(app, "/dataset/new", large)[0].get_data(as_text=True)


def test_what_is_small_goes_through(app) -> None:
    assert app.post("/user/login", data={"login": "x", "password": "y"}).status_code == 200

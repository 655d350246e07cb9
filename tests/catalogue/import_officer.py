"""An officer who sends sheets on the web, presses the buttons of the pages and reads them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
from bs4 import BeautifulSoup
from catalogue_sheets import HEAD, act
from ckan import model
from ckan.tests import factories

HIDDEN = "旧草稿"


class Sender:
    """``headers`` sign him in; ``place`` is the page of the import that he sent last."""

    def __init__(self, app: Any, *departments: dict[str, Any], role: str = "editor") -> None:
        made = factories.UserWithToken(fullname="周敏")
        self.app, self.id, self.name = app, made["id"], made["name"]
        self.headers = {"Authorization": made["token"]}
        self.place = ""
        for one in departments:
            act("organization_member_create", id=one["id"], username=self.name, role=role)

    def send(self, path: Path, status: int = 302, **data: str) -> str:
        with path.open("rb") as file:
            answer = self.app.post(
                "/en/catalogue/import", headers=self.headers, follow_redirects=False,
                data={"upload": (file, path.name), **data}, content_type="multipart/form-data",
            )  # fmt: skip
        assert answer.status_code == status, answer.body[:300]
        if status == 302:
            self.place = re.sub(r"^https?://[^/]+", "", answer.headers["Location"])
        return str(answer.get_data(as_text=True))

    @property
    def import_id(self) -> str:
        return self.place.rpartition("/")[2]

    def look(self, path: str = "", status: int = 200) -> BeautifulSoup:
        answer = self.app.get(f"{self.place}{path}", headers=self.headers, follow_redirects=False)
        assert answer.status_code == status, answer.body[:300]
        return BeautifulSoup(answer.body, "html.parser")

    def press(self, button: str, status: int = 302, **data: Any) -> str:
        answer = self.app.post(
            f"{self.place}/{button}", headers=self.headers, data=data,
            follow_redirects=False,
        )  # fmt: skip
        assert answer.status_code == status, answer.body[:300]
        return str(answer.get_data(as_text=True))

    def correct(self, status: int = 302, **changed: str) -> str:
        """Send the form of headings as it stands, with what is changed by the column's heading."""
        page = self.look("/headings")
        data: dict[str, Any] = {"sheets": [
            box["value"] for box in page.select("input[name=sheets]")
            if box.get("type") == "hidden" or box.has_attr("checked")
        ]}  # fmt: skip
        for field in page.select("select"):
            chosen = field.select_one("option[selected]")
            data[field["name"]] = chosen["value"] if chosen else ""
            label = page.select_one(f"label[for={field['id']}]").get_text(" ", strip=True)
            heading = label.split(" ", 1)[-1]
            if heading in changed:
                data[field["name"]] = changed.pop(heading)
        data |= {name: [value] if name == "sheets" else value for name, value in changed.items()}
        return self.press("headings", status, **data)

    def call(self, name: str, status: int = 200, **data: Any) -> Any:
        answer = self.app.post(
            f"/api/3/action/govdata_catalogue_{name}", headers=self.headers, json=data,
        )  # fmt: skip
        assert answer.status_code == status, answer.body[:300]
        return answer.json["result"] if status == 200 else answer.json["error"]

    @property
    def state(self) -> dict[str, Any]:
        return self.call("import_show", id=self.import_id)


def book(path: Path, hidden: tuple[str, ...] = (), **sheets: list[list[Any]]) -> Path:
    """A workbook; each sheet with the usual headings unless its rows bring their own."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        has_head = rows and str(rows[0][0]).startswith(("信息资源", "数据", "名称", "代码", "#"))
        for row in rows if has_head or not rows else [HEAD, *rows]:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    made.save(path)
    return path


def entries() -> dict[str, str]:
    """State by title of all entries."""
    model.Session.rollback()
    return {one.title: one.state for one in model.Session.query(model.Package)}

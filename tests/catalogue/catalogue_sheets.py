"""Catalogue sheets for tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import openpyxl
import pytest

from ckanext.govdata import queued_job
from ckanext.govdata.catalogue.imports import found_sheets
from ckanext.govdata.catalogue.imports.found_sheets import AskedSheets
from ckanext.govdata.domain.headings import Head
from ckanext.govdata.sheets.tables import Table

HEAD = [
    "信息资源名称（必填）", "提供单位", "所属领域", "共享类型", "开放属性", "更新频率",
    "摘要", "数据格式", "发布日期", "关键字", "详情页网址", "浏览量",
]  # fmt: skip


def with_head(found: Iterable[Table]) -> tuple[Table, Head]:
    """The first sheet that an import reads, and its headings; raises ``Unreadable``."""
    sheet = found_sheets.find(found, AskedSheets()).sheets[0]
    return sheet.table, sheet.head


def row(number: int = 1, **changed: str) -> list[str]:
    """A good row; by heading what shall be different."""
    cells = dict(
        zip(
            HEAD,
            [
                f"水价信息{number}", "合肥市发展和改革委员会", "城建住房", "无条件共享", "无条件开放",  # noqa: E501
                "每年", f"居民用水价格，第{number}表", "xls,csv", "2022年11月9日", "水价、民生",
                f"https://data.example.cn/{number}", str(number),
            ],
            strict=True,
        )
    )  # fmt: skip
    short = {heading.partition("（")[0]: heading for heading in HEAD}
    cells.update({short[name]: value for name, value in changed.items()})
    return list(cells.values())


def sheet(path: Path, rows: list[list[str]], head: list[str] | None = None) -> Path:
    """An xlsx file."""
    book = openpyxl.Workbook()
    for cells in [head or HEAD, *rows]:
        book.active.append(cells)
    book.save(path)
    return path


@pytest.fixture
def at_once(monkeypatch):
    """The job of an import runs where it is put into the queue, as a worker would run it; nothing
    else does that is put there."""
    monkeypatch.setattr(queued_job, "enqueue", lambda job, args, *_: job(*args))


@pytest.fixture
def fgw(fresh):
    """合肥市发展和改革委员会 below 合肥市人民政府."""
    place = {"level": "city", "region": "3401"}
    act("organization_create", name="hefei", title="合肥市人民政府", role="government", **place)
    return act(
        "organization_create",
        name="hefei-fgw",
        title="合肥市发展和改革委员会",
        short_name="合肥发改",
        role="department",
        groups=[{"name": "hefei"}],
        **place,
    )


def act(action: str, **data):
    """Call an action as the site's own user."""
    import ckan.plugins.toolkit as tk

    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return tk.get_action(action)({"user": user, "ignore_auth": True}, data)


@pytest.fixture
def run(fresh):
    """``run(path or rows, **options)`` → the action's answer."""
    import ckan.plugins.toolkit as tk

    def imported(what, user=None, **options):
        name = user or tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
        context = {"user": name, "ignore_auth": user is None}
        if isinstance(what, Path):
            context["govdata_import_file"] = what
        else:
            options["rows"] = what
        return tk.get_action("govdata_catalogue_import")(context, options)

    return imported

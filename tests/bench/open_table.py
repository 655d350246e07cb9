"""``open_table.py ROWS``: an open table of so many rows and ten columns in the DataStore."""
from __future__ import annotations

import sys

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckanext.datastore.backend.postgres import get_write_engine
from inside import answer, organization, site

COLUMNS = {
    "编号": ("bigint", "n"), "线路": ("text", "n % 300 || '路'"), "人次": ("bigint", "n % 5000"),
    "站点": ("text", "'瑶海区第' || n % 900 || '站'"),
    "日期": ("date", "DATE '2026-05-01' + CAST(n % 28 AS int)"),
    "均值": ("numeric", "round(n % 1000 / 7.0, 2)"),
    "地址": ("text", "'安徽省合肥市瑶海区长江东路' || n % 2000 || '号'"),
    "状态": ("text", "CASE WHEN n % 10 > 0 THEN '正常' END"), "区划": ("text", "'034010'"),
    "备注": ("text", "'备注' || n"),
}  # fmt: skip


def main() -> dict[str, str]:
    """Where its downloads are, before the name of a form."""
    entry = tk.get_action("package_create")(site(), {
        "name": "taken-entry", "title": "客流", "notes": "各线路的客流。", "domain": "transport",
        "owner_org": organization("taken-department"), "update_period": "yearly",
        "share_type": "unconditional", "open_attribute": "unconditional", "data_formats": ["csv"],
        "information_items": [{"name": name, "type": "C", "opened": True} for name in COLUMNS],
        "resources": [{"name": "客流", "url": "https://example.org/a.csv", "format": "CSV"}]})
    file = entry["resources"][0]["id"]
    fields = [{"id": name, "type": kind} for name, (kind, _) in COLUMNS.items()]
    tk.get_action("datastore_create")(
        site(), {"resource_id": file, "force": True, "fields": fields})
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    values = ", ".join(value for _, value in COLUMNS.values())
    with get_write_engine().begin() as connection:
        connection.execute(
            sa.text(f'INSERT INTO "{file}" ({names}) SELECT {values} '
                    "FROM generate_series(1, :rows) n"), {"rows": int(sys.argv[1])})
    return {"path": f"/dataset/taken-entry/data/{file}/download/"}


if __name__ == "__main__":
    answer(main)

"""Whether the database's tables are those that the code expects; free of CKAN's own machinery."""
from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import psycopg2
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg2 import sql

OURS = Path(__file__).parents[1] / "migration" / "govdata"


def complaint(url: str) -> str:
    """Which tables are behind the code, or nothing."""
    tables = {"CKAN": (_core(), "alembic_version"), "govdata": (OURS, "govdata_alembic_version")}
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        behind = [
            name
            for name, (folder, table) in tables.items()
            if (folder / "alembic.ini").exists() and _head(folder) != _current(cursor, table)
        ]
    connection.close()
    if not behind:
        return ""
    return f"the tables of {' and '.join(behind)} are not up to date; run `ckan db upgrade`"


def _core() -> Path:
    spec = find_spec("ckan")
    return Path(spec.origin or "").parent / "migration" if spec else Path()


def _head(folder: Path) -> str | None:
    config = Config(str(folder / "alembic.ini"))
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return ScriptDirectory.from_config(config).get_current_head()


def _current(cursor: psycopg2.extensions.cursor, table: str) -> str | None:
    cursor.execute("SELECT to_regclass(%s)", [table])
    if cursor.fetchone() == (None,):
        return None
    cursor.execute(sql.SQL("SELECT version_num FROM {}").format(sql.Identifier(table)))
    row = cursor.fetchone()
    return row[0] if row else None

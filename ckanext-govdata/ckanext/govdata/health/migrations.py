"""Whether the database's tables are those that the code expects."""
from __future__ import annotations

from pathlib import Path

import ckan.migration
import ckan.model as model
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

OURS = Path(__file__).parents[1] / "migration" / "govdata"


def complaint() -> str:
    """Which tables are behind the code, or nothing."""
    core = Path(ckan.migration.__file__).parent
    behind = [
        name
        for name, folder, table in (
            ("CKAN", core, "alembic_version"),
            ("govdata", OURS, "govdata_alembic_version"),
        )
        if (folder / "alembic.ini").exists() and _head(folder) != _current(table)
    ]
    return f"tables of {' and '.join(behind)} are not up to date; run `ckan db upgrade`" if behind else ""


def _head(folder: Path) -> str | None:
    config = Config(str(folder / "alembic.ini"))
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return ScriptDirectory.from_config(config).get_current_head()


def _current(table: str) -> str | None:
    with model.meta.engine.connect() as connection:
        exists = connection.execute(text("SELECT to_regclass(:name)"), {"name": table}).scalar()
        if not exists:
            return None
        return connection.execute(text(f"SELECT version_num FROM {table}")).scalar()  # noqa: S608

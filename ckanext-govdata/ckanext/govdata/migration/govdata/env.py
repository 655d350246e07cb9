"""Run the extension's migrations: ``ckan db upgrade -p govdata``."""
from logging.config import fileConfig
from typing import Any

from alembic import context
from ckan.model.meta import metadata
from sqlalchemy import engine_from_config, pool

config = context.config
if config.config_file_name:
    fileConfig(config.config_file_name, disable_existing_loggers=False)
VERSION_TABLE = "govdata_alembic_version"


def include_object(_: Any, name: str, kind: str, *__: Any) -> bool:
    """Compare our own tables only when a revision is generated."""
    return kind != "table" or name.startswith("govdata_")


def run(**how: Any) -> None:
    """Apply the revisions to what ``how`` names."""
    context.configure(
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        include_object=include_object,
        **how,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    run(url=config.get_main_option("sqlalchemy.url"), literal_binds=True)
else:
    section = config.get_section(config.config_ini_section) or {}
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        run(connection=connection)

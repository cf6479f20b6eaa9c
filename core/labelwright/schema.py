"""Bringing the tables to this version: the core's, then each plugin's.

One process migrates at a time (PostgreSQL: an advisory lock; SQLite: one server a data folder). Each migration is a
transaction, so an interrupted one is done again from where it stopped.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, MetaData, inspect, text

from .db import MIGRATION_LOCK, Database
from .errors import ConfigurationError
from .models import TABLE_PREFIX, Model
from .plugin_tables import PluginTables

if TYPE_CHECKING:
    from alembic.config import Config

log = logging.getLogger(__name__)

REVISION = re.compile(r"""^(revision|down_revision) = (?:["'](.+)["']|None)$""", re.MULTILINE)
"""Where a migration's file says which revision it is, and which one it follows."""


@dataclass(frozen=True)
class Migrations:
    """The migrations of one owner of tables.

    :param name: ``core``, or a plugin's name; its tables begin with ``lw_`` and, for a plugin, its name.
    :param versions: the folder of the migrations, one Python file each.
    """

    name: str
    versions: Path
    metadata: MetaData
    table_prefix: str

    @property
    def version_table(self) -> str:
        return f"{TABLE_PREFIX}alembic_version" + ("" if self.name == "core" else f"_{self.name}")

    @property
    def head(self) -> str | None:
        """The newest revision: the one that no other follows."""
        files = self.versions.glob("*.py")
        read = [dict(REVISION.findall(path.read_text(encoding="utf-8"))) for path in files]
        found = [facts for facts in read if "revision" in facts]
        heads = {facts["revision"] for facts in found} - {facts["down_revision"] for facts in found}
        return next(iter(heads), None)


SCRIPTS = Path(__file__).parent / "migrations"
"""Alembic's environment, for every owner of tables."""
CORE = Migrations("core", SCRIPTS / "versions", Model.metadata, TABLE_PREFIX)


def plugin_migrations(name: str, tables: PluginTables) -> Migrations:
    """A plugin's own migrations."""
    return Migrations(name, tables.migrations, tables.metadata, f"{TABLE_PREFIX}{name}_")


def migrate(database: Database, owners: Sequence[Migrations] = (CORE,)) -> list[str]:
    """Bring the tables to this version. Safe to run twice, and from several processes at once.

    :returns: the revisions applied, oldest first, as ``owner:revision``.
    """
    if not pending(database, owners):
        return []
    from alembic import command

    applied: list[str] = []
    with database.engine.connect() as connection, _alone(connection):
        for owner in owners:
            before, head = _noted(connection, owner), owner.head
            config = _config(connection, owner)
            if before == head:
                continue
            _refuse_newer(config, owner, before)
            command.upgrade(config, "head")
            connection.commit()
            applied.append(f"{owner.name}:{head}")
            log.info("tables of %s brought from %s to %s", owner.name, before or "nothing", head)
    return applied


def pending(database: Database, owners: Sequence[Migrations] = (CORE,)) -> list[str]:
    """Whose tables are not of this version. Reads the version tables alone: Alembic stays unloaded at most starts."""
    with database.engine.connect() as connection:
        return [owner.name for owner in owners if _noted(connection, owner) != owner.head]


def _noted(connection: Connection, owner: Migrations) -> str | None:
    """The revision that the database says its tables have."""
    if not inspect(connection).has_table(owner.version_table):
        return None
    noted = connection.execute(text(f"SELECT version_num FROM {owner.version_table}")).scalar()
    connection.commit()
    return None if noted is None else str(noted)


def _config(connection: Connection, owner: Migrations) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", _escaped(SCRIPTS))
    config.set_main_option("version_locations", _escaped(owner.versions))
    config.set_main_option("path_separator", "newline")  # a folder's name may hold anything else
    config.attributes.update(
        connection=connection,
        metadata=owner.metadata,
        version_table=owner.version_table,
        table_prefix=owner.table_prefix,
    )
    return config


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")


def _refuse_newer(config: Config, owner: Migrations, revision: str | None) -> None:
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise ConfigurationError(
            f"The database's tables of {owner.name} are of a newer version ({revision}) than this program knows. "
            "Start the newer version again, or restore a backup made before it."
        )


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
        connection.commit()

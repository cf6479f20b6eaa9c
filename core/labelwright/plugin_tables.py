"""Tables that a plugin brings along, and the migrations that make them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import MetaData


@dataclass(frozen=True, slots=True)
class PluginTables:
    """The tables of a plugin.

    Their names begin with ``lw_<plugin>_``. They are made by Alembic migrations, which the server runs at its start, in
    a version table of their own; so the plugin can be removed, and come back, without breaking anybody's upgrade. A
    foreign key to a table of the core says ``ondelete="CASCADE"``, or ``"SET NULL"``.

    :param metadata: what the migrations amount to.
    :param migrations: the folder of the migrations: one Python file each, with ``revision``, ``down_revision`` and
        ``upgrade()``; it needs no ``env.py``.
    """

    metadata: MetaData
    migrations: Path

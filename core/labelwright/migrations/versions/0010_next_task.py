"""Indexes for the next task: those open, in a form that SQLite takes, those begun, those that several people label, and
those with a known answer.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PLACES = ("taken", "overlap")


def upgrade() -> None:
    op.drop_index("ix_lw_task_open", table_name="lw_task")
    _create("ix_lw_task_open", "id", *PLACES)
    _create("ix_lw_task_begun", sa.text("total_annotations DESC"), "id", only="total_annotations > 0")
    _create("ix_lw_task_overlapping", "id", *PLACES, only="overlap > 1")
    _create("ix_lw_task_ground_truths", "id", only="total_ground_truths > 0")


def downgrade() -> None:
    for name in ("open", "begun", "overlapping", "ground_truths"):
        op.drop_index(f"ix_lw_task_{name}", table_name="lw_task")
    _create("ix_lw_task_open", "id")


def _create(name: str, *columns: str | sa.TextClause, only: str = "") -> None:
    where = sa.text("taken < overlap" + (f" AND {only}" if only else ""))
    op.create_index(name, "lw_task", ["project_id", *columns], postgresql_where=where, sqlite_where=where)

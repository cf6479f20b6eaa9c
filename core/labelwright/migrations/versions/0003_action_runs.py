"""Runs of bulk actions, and what is needed to take them back"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labelwright.models.base import RawJSON, UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "lw_action_run",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("job_id", ID, nullable=True),
        sa.Column("action", sa.String(length=160), nullable=False),
        sa.Column("title", sa.String(length=256), nullable=False),
        sa.Column("view_id", ID, nullable=True),
        sa.Column("request", RawJSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("undo", sa.String(length=16), nullable=False),
        sa.Column("undo_bytes", ID, nullable=False),
        sa.Column("result", RawJSON(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.Column("undone_by_id", ID, nullable=True),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name="fk_lw_action_run_project_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["lw_user.id"], name="fk_lw_action_run_user_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["lw_user.id"], name="fk_lw_action_run_undone_by_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_lw_action_run"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_lw_action_run_project_id_id", "lw_action_run", ["project_id", "id"])
    op.create_index("ix_lw_action_run_created_at", "lw_action_run", ["created_at"])
    op.create_table(
        "lw_action_undo",
        sa.Column("id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("power", sa.String(length=40), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["lw_action_run.id"], name="fk_lw_action_undo_run_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_lw_action_undo"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_lw_action_undo_run_id_id", "lw_action_undo", ["run_id", "id"])


def downgrade() -> None:
    op.drop_table("lw_action_undo")
    op.drop_table("lw_action_run")

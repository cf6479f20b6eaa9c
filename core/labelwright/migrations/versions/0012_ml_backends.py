"""Models that are connected to projects."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labelwright.models.base import RawJSON, UTCDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "lw_ml_backend",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("connected_by_id", ID, nullable=True),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("is_interactive", sa.Boolean(), nullable=False),
        sa.Column("timeout_s", sa.Float(), nullable=False),
        sa.Column("auto_update", sa.Boolean(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=True),
        sa.Column("options", RawJSON(), nullable=False),
        sa.Column("secrets", sa.Text(), nullable=True),
        sa.Column("state", sa.String(2), nullable=False),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connected_by_id"], ["lw_user.id"], name=op.f("fk_lw_ml_backend_connected_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_ml_backend_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_ml_backend")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_lw_ml_backend_project_id"), "lw_ml_backend", ["project_id"])


def downgrade() -> None:
    op.drop_table("lw_ml_backend")

"""The data manager: the version of what it counts, and the indexes that were made for single projects."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labelwright.models.base import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "lw_project_totals",
        sa.Column(
            "folded",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            server_default="0",
        ),
    )
    op.create_table(
        "lw_field_index",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("column_name", sa.String(length=600), nullable=False),
        sa.Column("use", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=63), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["lw_project.id"],
            name=op.f("fk_lw_field_index_project_id_lw_project"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_field_index")),
        sa.UniqueConstraint("name", name=op.f("uq_lw_field_index_name")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_lw_field_index_project_id"), "lw_field_index", ["project_id"])


def downgrade() -> None:
    op.drop_table("lw_field_index")
    with op.batch_alter_table("lw_project_totals") as batch:
        batch.drop_column("folded")

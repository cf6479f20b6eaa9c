"""Where each person has come to in guided tours"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labelwright.models.base import RawJSON, UTCDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lw_product_tour",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("interaction_data", RawJSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["lw_user.id"], name=op.f("fk_lw_product_tour_user_id_lw_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_product_tour")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_lw_product_tour_user_id_name")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("lw_product_tour")

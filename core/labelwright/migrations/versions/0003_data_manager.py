"""How many deltas a project's totals hold: with those left, the version of what the data manager counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
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


def downgrade() -> None:
    with op.batch_alter_table("lw_project_totals") as batch:
        batch.drop_column("folded")

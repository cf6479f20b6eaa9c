"""One version of what is counted: the number of a project's deltas. The other had no reader."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("lw_project", "data_version")


def downgrade() -> None:
    op.add_column(
        "lw_project",
        sa.Column(
            "data_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, server_default="0"
        ),
    )

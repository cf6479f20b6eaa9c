"""Labels of the organisation, and the projects that use them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labelwright.models.base import RawJSON, UTCDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "lw_label",
        sa.Column("id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("title", sa.String(length=2048), nullable=False),
        sa.Column("title_digest", sa.String(length=64), nullable=False),
        sa.Column("value", RawJSON(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("approved_by_id", ID, nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["lw_organization.id"], name=op.f("fk_lw_label_organization_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["lw_user.id"], name=op.f("fk_lw_label_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["lw_user.id"], name=op.f("fk_lw_label_approved_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_label")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_lw_label_organization_id_title_digest"), "lw_label", ["organization_id", "title_digest"], unique=True
    )
    op.create_table(
        "lw_label_link",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("label_id", ID, nullable=False),
        sa.Column("from_name", sa.String(length=2048), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_label_link_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["label_id"], ["lw_label.id"], name=op.f("fk_lw_label_link_label_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_label_link")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_lw_label_link_project_id_label_id"), "lw_label_link", ["project_id", "label_id"], unique=True
    )
    op.create_index(op.f("ix_lw_label_link_label_id"), "lw_label_link", ["label_id"], unique=False)


def downgrade() -> None:
    op.drop_table("lw_label_link")
    op.drop_table("lw_label")

"""Files that come packed or in pieces, and imports that know their request again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labelwright.models.base import RawJSON, UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("lw_import", sa.Column("fingerprint", sa.String(length=64), nullable=True))
    op.add_column("lw_file_upload", sa.Column("archive", sa.String(length=32), nullable=True))
    op.add_column("lw_file_upload", sa.Column("member", sa.String(length=1024), nullable=True))
    op.create_index(
        op.f("ix_lw_task_file_upload_id"),
        "lw_task",
        ["file_upload_id"],
        postgresql_where=sa.text("file_upload_id IS NOT NULL"),
        sqlite_where=sa.text("file_upload_id IS NOT NULL"),
    )
    op.create_table(
        "lw_chunked_upload",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=True),
        sa.Column("name", sa.String(length=512), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("received_bytes", ID, nullable=False),
        sa.Column("file_upload_ids", RawJSON(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_chunked_upload_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["lw_user.id"], name=op.f("fk_lw_chunked_upload_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_chunked_upload")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_lw_chunked_upload_project_id_id"), "lw_chunked_upload", ["project_id", "id"])
    op.create_index(op.f("ix_lw_chunked_upload_expires_at"), "lw_chunked_upload", ["expires_at"])


def downgrade() -> None:
    op.drop_table("lw_chunked_upload")
    op.drop_index(op.f("ix_lw_task_file_upload_id"), table_name="lw_task")
    op.drop_column("lw_file_upload", "member")
    op.drop_column("lw_file_upload", "archive")
    op.drop_column("lw_import", "fingerprint")

"""Storages: places outside from which tasks come, and to which answers are written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labelwright.models.base import RawJSON, UTCDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("wanted <> ''")


def upgrade() -> None:
    op.create_table(
        "lw_storage",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("created_by_id", ID, nullable=True),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("title", sa.String(256), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("options", RawJSON(), nullable=False),
        sa.Column("secrets", sa.Text(), nullable=True),
        sa.Column("synchronizable", sa.Boolean(), nullable=False),
        sa.Column("regex_filter", sa.Text(), nullable=True),
        sa.Column("use_blob_urls", sa.Boolean(), nullable=False),
        sa.Column("recursive_scan", sa.Boolean(), nullable=False),
        sa.Column("presign", sa.Boolean(), nullable=False),
        sa.Column("presign_ttl", sa.Integer(), nullable=False),
        sa.Column("can_delete_objects", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("traceback", sa.Text(), nullable=True),
        sa.Column("meta", RawJSON(), nullable=False),
        sa.Column("last_sync", UTCDateTime(), nullable=True),
        sa.Column("last_sync_count", ID, nullable=True),
        sa.Column("job_id", ID, nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["lw_user.id"], name=op.f("fk_lw_storage_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_storage_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_storage")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_lw_storage_project_id_side"), "lw_storage", ["project_id", "side"])
    op.create_table(
        "lw_storage_link",
        sa.Column("storage_id", ID, nullable=False),
        sa.Column("key", sa.String(1024), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("task_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["storage_id"], ["lw_storage.id"], name=op.f("fk_lw_storage_link_storage_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["lw_task.id"], name=op.f("fk_lw_storage_link_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("storage_id", "key", "place", name=op.f("pk_lw_storage_link")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_lw_storage_link_task_id"), "lw_storage_link", ["task_id"])
    op.create_table(
        "lw_stored_answer",
        sa.Column("storage_id", ID, nullable=False),
        sa.Column("annotation_id", ID, nullable=False),
        sa.Column("task_id", ID, nullable=False),
        sa.Column("wanted", sa.String(8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("claimed_until", UTCDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("written_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["storage_id"], ["lw_storage.id"], name=op.f("fk_lw_stored_answer_storage_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("storage_id", "annotation_id", name=op.f("pk_lw_stored_answer")),
    )
    op.create_index(
        "ix_lw_stored_answer_waiting",
        "lw_stored_answer",
        ["storage_id", "annotation_id"],
        postgresql_where=WAITING,
        sqlite_where=WAITING,
    )
    op.create_index(op.f("ix_lw_stored_answer_task_id"), "lw_stored_answer", ["task_id"])
    op.add_column("lw_import", sa.Column("storage_id", ID, nullable=True))


def downgrade() -> None:
    op.drop_column("lw_import", "storage_id")
    for table in ("lw_stored_answer", "lw_storage_link", "lw_storage"):
        op.drop_table(table)

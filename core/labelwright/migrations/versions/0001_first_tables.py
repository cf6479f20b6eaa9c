"""The first tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from labelwright.models.base import RawJSON, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lw_rate_window",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("blocked_until", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_lw_rate_window")),
    )
    with op.batch_alter_table("lw_rate_window", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lw_rate_window_started_at"), ["started_at"], unique=False)

    op.create_table(
        "lw_stored_setting",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_lw_stored_setting")),
    )
    op.create_table(
        "lw_user",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("username", sa.String(length=256), nullable=False),
        sa.Column("first_name", sa.String(length=256), nullable=False),
        sa.Column("last_name", sa.String(length=256), nullable=False),
        sa.Column("phone", sa.String(length=256), nullable=False),
        sa.Column("avatar", sa.String(length=256), nullable=False),
        sa.Column("password_hash", sa.String(length=256), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_superuser", sa.Boolean(), nullable=False),
        sa.Column("active_organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("allow_newsletters", sa.Boolean(), nullable=True),
        sa.Column("custom_hotkeys", RawJSON(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("date_joined", UTCDateTime(), nullable=False),
        sa.Column("last_activity", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_user")),
        sa.UniqueConstraint("email_key", name=op.f("uq_lw_user_email_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lw_legacy_token",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["lw_user.id"], name=op.f("fk_lw_legacy_token_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_lw_legacy_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_lw_legacy_token_digest")),
    )
    op.create_table(
        "lw_organization",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(length=1000), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("contact_info", sa.String(length=254), nullable=True),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("api_tokens_enabled", sa.Boolean(), nullable=False),
        sa.Column("legacy_api_tokens_enabled", sa.Boolean(), nullable=False),
        sa.Column("api_token_ttl_days", sa.Integer(), nullable=False),
        sa.Column("max_session_age_minutes", sa.Integer(), nullable=False),
        sa.Column("max_time_between_activity_minutes", sa.Integer(), nullable=False),
        sa.Column("session_policy_updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["lw_user.id"], name=op.f("fk_lw_organization_created_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_organization")),
        sa.UniqueConstraint("token", name=op.f("uq_lw_organization_token")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lw_personal_token",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("jti", sa.String(length=64), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["lw_user.id"], name=op.f("fk_lw_personal_token_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_personal_token")),
        sa.UniqueConstraint("jti", name=op.f("uq_lw_personal_token_jti")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("lw_personal_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lw_personal_token_user_id"), ["user_id"], unique=False)

    op.create_table(
        "lw_session",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("last_used_at", UTCDateTime(), nullable=False),
        sa.Column("user_agent", sa.String(length=256), nullable=False),
        sa.Column("keep", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["lw_user.id"], name=op.f("fk_lw_session_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_lw_session")),
    )
    with op.batch_alter_table("lw_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lw_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "lw_membership",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("deleted_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["lw_organization.id"],
            name=op.f("fk_lw_membership_organization_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["lw_user.id"], name=op.f("fk_lw_membership_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_membership")),
        sa.UniqueConstraint("organization_id", "user_id", name=op.f("uq_lw_membership_organization_id_user_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("lw_membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lw_membership_user_id"), ["user_id"], unique=False)

    op.create_table(
        "lw_project",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("deleting", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=50), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("color", sa.String(length=16), nullable=True),
        sa.Column("label_config", sa.Text(), nullable=False),
        sa.Column("expert_instruction", sa.Text(), nullable=True),
        sa.Column("show_instruction", sa.Boolean(), nullable=False),
        sa.Column("show_skip_button", sa.Boolean(), nullable=False),
        sa.Column("enable_empty_annotation", sa.Boolean(), nullable=False),
        sa.Column("show_annotation_history", sa.Boolean(), nullable=False),
        sa.Column("maximum_annotations", sa.Integer(), nullable=False),
        sa.Column("overlap_cohort_percentage", sa.Integer(), nullable=False),
        sa.Column("show_overlap_first", sa.Boolean(), nullable=False),
        sa.Column("show_ground_truth_first", sa.Boolean(), nullable=False),
        sa.Column("annotator_evaluation_enabled", sa.Boolean(), nullable=False),
        sa.Column("sampling", sa.String(length=40), nullable=False),
        sa.Column("skip_queue", sa.String(length=40), nullable=False),
        sa.Column("show_collab_predictions", sa.Boolean(), nullable=False),
        sa.Column("model_version", sa.Text(), nullable=True),
        sa.Column("reveal_preannotations_interactively", sa.Boolean(), nullable=False),
        sa.Column("evaluate_predictions_automatically", sa.Boolean(), nullable=False),
        sa.Column("min_annotations_to_start_training", sa.Integer(), nullable=False),
        sa.Column("control_weights", RawJSON(), nullable=False),
        sa.Column("task_data_login", sa.String(length=256), nullable=True),
        sa.Column("task_data_password", sa.Text(), nullable=True),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("pinned_at", UTCDateTime(), nullable=True),
        sa.Column("custom_task_lock_ttl", sa.Integer(), nullable=True),
        sa.Column("next_inner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("data_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["lw_user.id"], name=op.f("fk_lw_project_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["lw_organization.id"],
            name=op.f("fk_lw_project_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_project")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("lw_project", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lw_project_organization_id_pinned_at_created_at"),
            ["organization_id", "pinned_at", "created_at"],
            unique=False,
        )

    op.create_table(
        "lw_data_column",
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=512), nullable=False),
        sa.Column("tasks", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_data_column_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "name", name=op.f("pk_lw_data_column")),
    )
    op.create_table(
        "lw_export",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("title", sa.String(length=2048), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("options", RawJSON(), nullable=False),
        sa.Column("file", sa.String(length=512), nullable=True),
        sa.Column("md5", sa.String(length=64), nullable=False),
        sa.Column("counters", RawJSON(), nullable=False),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["lw_user.id"], name=op.f("fk_lw_export_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_export_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_export")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("lw_export", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lw_export_project_id_id"), ["project_id", "id"], unique=False)

    op.create_table(
        "lw_file_upload",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("file", sa.String(length=512), nullable=False),
        sa.Column("size_bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_file_upload_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["lw_user.id"], name=op.f("fk_lw_file_upload_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_file_upload")),
        sa.UniqueConstraint("file", name=op.f("uq_lw_file_upload_file")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("lw_file_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lw_file_upload_project_id_id"), ["project_id", "id"], unique=False)

    op.create_table(
        "lw_import",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("source", RawJSON(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=160), nullable=True),
        sa.Column("tasks", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("annotations", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("predictions", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answer", RawJSON(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_import_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["lw_user.id"], name=op.f("fk_lw_import_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_import")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("lw_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lw_import_project_id_state"), ["project_id", "state"], unique=False)
        batch_op.create_index(
            "uq_lw_import_idempotency_key",
            ["project_id", "idempotency_key"],
            unique=True,
            postgresql_where=sa.text("idempotency_key IS NOT NULL"),
            sqlite_where=sa.text("idempotency_key IS NOT NULL"),
        )

    op.create_table(
        "lw_job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("organization_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("params", RawJSON(), nullable=False),
        sa.Column("result", RawJSON(), nullable=True),
        sa.Column("resume", RawJSON(), nullable=True),
        sa.Column("done", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("total", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("message_params", RawJSON(), nullable=False),
        sa.Column("error", RawJSON(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("worker", sa.String(length=256), nullable=True),
        sa.Column("idempotency_key", sa.String(length=160), nullable=True),
        sa.Column("not_before", UTCDateTime(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=True),
        sa.Column("heartbeat_at", UTCDateTime(), nullable=True),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["lw_organization.id"], name=op.f("fk_lw_job_organization_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["lw_user.id"], name=op.f("fk_lw_job_owner_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_job_project_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_job")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("lw_job", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lw_job_organization_id_updated_at"), ["organization_id", "updated_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_lw_job_state_not_before"), ["state", "not_before"], unique=False)
        batch_op.create_index(
            "uq_lw_job_idempotency_key",
            ["idempotency_key"],
            unique=True,
            postgresql_where=sa.text("idempotency_key IS NOT NULL"),
            sqlite_where=sa.text("idempotency_key IS NOT NULL"),
        )

    op.create_table(
        "lw_project_delta",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tasks", sa.Integer(), nullable=False),
        sa.Column("finished_tasks", sa.Integer(), nullable=False),
        sa.Column("annotated_tasks", sa.Integer(), nullable=False),
        sa.Column("annotations", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("ground_truths", sa.Integer(), nullable=False),
        sa.Column("predictions", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_project_delta_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_project_delta")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("lw_project_delta", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lw_project_delta_project_id"), ["project_id"], unique=False)

    op.create_table(
        "lw_project_membership",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_project_membership_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["lw_user.id"], name=op.f("fk_lw_project_membership_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_project_membership")),
        sa.UniqueConstraint("project_id", "user_id", name=op.f("uq_lw_project_membership_project_id_user_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("lw_project_membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lw_project_membership_user_id"), ["user_id"], unique=False)

    op.create_table(
        "lw_project_totals",
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tasks", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("finished_tasks", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("annotated_tasks", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("annotations", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("skipped", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ground_truths", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("predictions", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_project_totals_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_lw_project_totals")),
    )
    op.create_table(
        "lw_stream_position",
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("history", RawJSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_stream_position_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["lw_user.id"], name=op.f("fk_lw_stream_position_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "user_id", name=op.f("pk_lw_stream_position")),
    )
    op.create_table(
        "lw_view",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("data", RawJSON(), nullable=False),
        sa.Column("ordering", RawJSON(), nullable=False),
        sa.Column("filters", RawJSON(), nullable=False),
        sa.Column("selected_items", RawJSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_view_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["lw_user.id"], name=op.f("fk_lw_view_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_view")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("lw_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lw_view_project_id"), ["project_id"], unique=False)

    op.create_table(
        "lw_converted_export",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("export_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("export_type", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("file", sa.String(length=512), nullable=True),
        sa.Column("traceback", sa.Text(), nullable=True),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["export_id"], ["lw_export.id"], name=op.f("fk_lw_converted_export_export_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_converted_export")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("lw_converted_export", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lw_converted_export_export_id_export_type"), ["export_id", "export_type"], unique=True
        )

    op.create_table(
        "lw_task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("inner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("data", RawJSON(), nullable=False),
        sa.Column("meta", RawJSON(), nullable=True),
        sa.Column("overlap", sa.Integer(), nullable=False),
        sa.Column("allow_skip", sa.Boolean(), nullable=False),
        sa.Column("file_upload_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_labeled", sa.Boolean(), nullable=False),
        sa.Column("total_annotations", sa.Integer(), nullable=False),
        sa.Column("cancelled_annotations", sa.Integer(), nullable=False),
        sa.Column("total_predictions", sa.Integer(), nullable=False),
        sa.Column("total_drafts", sa.Integer(), nullable=False),
        sa.Column("total_ground_truths", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("completed_at", UTCDateTime(), nullable=True),
        sa.Column("lead_time_sum", sa.Float(), nullable=False),
        sa.Column("lead_time_count", sa.Integer(), nullable=False),
        sa.Column("prediction_score_sum", sa.Float(), nullable=False),
        sa.Column("prediction_score_count", sa.Integer(), nullable=False),
        sa.Column("comment_count", sa.Integer(), nullable=False),
        sa.Column("unresolved_comment_count", sa.Integer(), nullable=False),
        sa.Column("last_comment_updated_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_upload_id"], ["lw_file_upload.id"], name=op.f("fk_lw_task_file_upload_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_task_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["lw_user.id"], name=op.f("fk_lw_task_updated_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_task")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("lw_task", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lw_task_import_id"),
            ["import_id"],
            unique=False,
            postgresql_where=sa.text("import_id <> 0"),
            sqlite_where=sa.text("import_id <> 0"),
        )
        batch_op.create_index(
            "ix_lw_task_open",
            ["project_id", "id"],
            unique=False,
            postgresql_where=sa.text("taken < overlap"),
            sqlite_where=sa.text("taken < overlap"),
        )
        batch_op.create_index(batch_op.f("ix_lw_task_project_id_id"), ["project_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lw_task_project_id_inner_id"), ["project_id", "inner_id"], unique=False)

    op.create_table(
        "lw_annotation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("completed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("updated_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("result", RawJSON(), nullable=True),
        sa.Column("result_count", sa.Integer(), nullable=False),
        sa.Column("was_cancelled", sa.Boolean(), nullable=False),
        sa.Column("ground_truth", sa.Boolean(), nullable=False),
        sa.Column("lead_time", sa.Float(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("draft_created_at", UTCDateTime(), nullable=True),
        sa.Column("unique_id", sa.String(length=64), nullable=True),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("parent_prediction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("parent_annotation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_action", sa.String(length=40), nullable=True),
        sa.Column("bulk_created", sa.Boolean(), nullable=False),
        sa.Column("prediction", RawJSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["completed_by_id"], ["lw_user.id"], name=op.f("fk_lw_annotation_completed_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["last_created_by_id"],
            ["lw_user.id"],
            name=op.f("fk_lw_annotation_last_created_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_annotation_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["lw_task.id"], name=op.f("fk_lw_annotation_task_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["lw_user.id"], name=op.f("fk_lw_annotation_updated_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_annotation")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("lw_annotation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lw_annotation_project_id_completed_by_id"), ["project_id", "completed_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_lw_annotation_project_id_id"), ["project_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lw_annotation_task_id_id"), ["task_id", "id"], unique=False)
        batch_op.create_index(
            "uq_lw_annotation_unique_id",
            ["unique_id"],
            unique=True,
            postgresql_where=sa.text("unique_id IS NOT NULL"),
            sqlite_where=sa.text("unique_id IS NOT NULL"),
        )

    op.create_table(
        "lw_prediction",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("result", RawJSON(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("model_version", sa.Text(), nullable=True),
        sa.Column("cluster", sa.Integer(), nullable=True),
        sa.Column("neighbors", RawJSON(), nullable=True),
        sa.Column("mislabeling", sa.Float(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_prediction_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["lw_task.id"], name=op.f("fk_lw_prediction_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_prediction")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("lw_prediction", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lw_prediction_project_id_model_version"), ["project_id", "model_version"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_lw_prediction_task_id_id"), ["task_id", "id"], unique=False)

    op.create_table(
        "lw_task_fact",
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("column_name", sa.String(length=80), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("num", sa.Float(), nullable=True),
        sa.Column("txt", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_task_fact_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["lw_task.id"], name=op.f("fk_lw_task_fact_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "column_name", name=op.f("pk_lw_task_fact")),
    )
    with op.batch_alter_table("lw_task_fact", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lw_task_fact_project_id_column_name_num"),
            ["project_id", "column_name", "num"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_lw_task_fact_project_id_column_name_txt"),
            ["project_id", "column_name", "txt"],
            unique=False,
        )

    op.create_table(
        "lw_task_lease",
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unique_id", sa.String(length=36), nullable=False),
        sa.Column("prefetched", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_task_lease_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["lw_task.id"], name=op.f("fk_lw_task_lease_task_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["lw_user.id"], name=op.f("fk_lw_task_lease_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("task_id", "user_id", name=op.f("pk_lw_task_lease")),
    )
    with op.batch_alter_table("lw_task_lease", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lw_task_lease_project_id_expires_at"), ["project_id", "expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_lw_task_lease_project_id_user_id"), ["project_id", "user_id"], unique=False
        )

    op.create_table(
        "lw_annotation_label",
        sa.Column("annotation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_name", sa.String(length=256), nullable=False),
        sa.Column("to_name", sa.String(length=256), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=512), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["annotation_id"],
            ["lw_annotation.id"],
            name=op.f("fk_lw_annotation_label_annotation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_annotation_label_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["lw_task.id"], name=op.f("fk_lw_annotation_label_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "annotation_id", "from_name", "to_name", "type", "label", name=op.f("pk_lw_annotation_label")
        ),
    )
    with op.batch_alter_table("lw_annotation_label", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lw_annotation_label_project_id_from_name_label"),
            ["project_id", "from_name", "label"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_lw_annotation_label_task_id"), ["task_id"], unique=False)

    op.create_table(
        "lw_draft",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("annotation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("result", RawJSON(), nullable=False),
        sa.Column("lead_time", sa.Float(), nullable=True),
        sa.Column("was_postponed", sa.Boolean(), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("client", sa.String(length=64), nullable=True),
        sa.Column("client_seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["annotation_id"], ["lw_annotation.id"], name=op.f("fk_lw_draft_annotation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["lw_project.id"], name=op.f("fk_lw_draft_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["task_id"], ["lw_task.id"], name=op.f("fk_lw_draft_task_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["lw_user.id"], name=op.f("fk_lw_draft_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lw_draft")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("lw_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lw_draft_annotation_id"), ["annotation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lw_draft_task_id_user_id"), ["task_id", "user_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("lw_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lw_draft_task_id_user_id"))
        batch_op.drop_index(batch_op.f("ix_lw_draft_annotation_id"))

    op.drop_table("lw_draft")
    with op.batch_alter_table("lw_annotation_label", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lw_annotation_label_task_id"))
        batch_op.drop_index(batch_op.f("ix_lw_annotation_label_project_id_from_name_label"))

    op.drop_table("lw_annotation_label")
    with op.batch_alter_table("lw_task_lease", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lw_task_lease_project_id_user_id"))
        batch_op.drop_index(batch_op.f("ix_lw_task_lease_project_id_expires_at"))

    op.drop_table("lw_task_lease")
    with op.batch_alter_table("lw_task_fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lw_task_fact_project_id_column_name_txt"))
        batch_op.drop_index(batch_op.f("ix_lw_task_fact_project_id_column_name_num"))

    op.drop_table("lw_task_fact")
    with op.batch_alter_table("lw_prediction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lw_prediction_task_id_id"))
        batch_op.drop_index(batch_op.f("ix_lw_prediction_project_id_model_version"))

    op.drop_table("lw_prediction")
    with op.batch_alter_table("lw_annotation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_lw_annotation_unique_id",
            postgresql_where=sa.text("unique_id IS NOT NULL"),
            sqlite_where=sa.text("unique_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_lw_annotation_task_id_id"))
        batch_op.drop_index(batch_op.f("ix_lw_annotation_project_id_id"))
        batch_op.drop_index(batch_op.f("ix_lw_annotation_project_id_completed_by_id"))

    op.drop_table("lw_annotation")
    with op.batch_alter_table("lw_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lw_task_project_id_inner_id"))
        batch_op.drop_index(batch_op.f("ix_lw_task_project_id_id"))
        batch_op.drop_index(
            "ix_lw_task_open", postgresql_where=sa.text("taken < overlap"), sqlite_where=sa.text("taken < overlap")
        )
        batch_op.drop_index(
            batch_op.f("ix_lw_task_import_id"),
            postgresql_where=sa.text("import_id <> 0"),
            sqlite_where=sa.text("import_id <> 0"),
        )

    op.drop_table("lw_task")
    with op.batch_alter_table("lw_converted_export", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lw_converted_export_export_id_export_type"))

    op.drop_table("lw_converted_export")
    with op.batch_alter_table("lw_view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lw_view_project_id"))

    op.drop_table("lw_view")
    op.drop_table("lw_stream_position")
    op.drop_table("lw_project_totals")
    with op.batch_alter_table("lw_project_membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lw_project_membership_user_id"))

    op.drop_table("lw_project_membership")
    with op.batch_alter_table("lw_project_delta", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lw_project_delta_project_id"))

    op.drop_table("lw_project_delta")
    with op.batch_alter_table("lw_job", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_lw_job_idempotency_key",
            postgresql_where=sa.text("idempotency_key IS NOT NULL"),
            sqlite_where=sa.text("idempotency_key IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_lw_job_state_not_before"))
        batch_op.drop_index(batch_op.f("ix_lw_job_organization_id_updated_at"))

    op.drop_table("lw_job")
    with op.batch_alter_table("lw_import", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_lw_import_idempotency_key",
            postgresql_where=sa.text("idempotency_key IS NOT NULL"),
            sqlite_where=sa.text("idempotency_key IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_lw_import_project_id_state"))

    op.drop_table("lw_import")
    with op.batch_alter_table("lw_file_upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lw_file_upload_project_id_id"))

    op.drop_table("lw_file_upload")
    with op.batch_alter_table("lw_export", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lw_export_project_id_id"))

    op.drop_table("lw_export")
    op.drop_table("lw_data_column")
    with op.batch_alter_table("lw_project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lw_project_organization_id_pinned_at_created_at"))

    op.drop_table("lw_project")
    with op.batch_alter_table("lw_membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lw_membership_user_id"))

    op.drop_table("lw_membership")
    with op.batch_alter_table("lw_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lw_session_user_id"))

    op.drop_table("lw_session")
    with op.batch_alter_table("lw_personal_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lw_personal_token_user_id"))

    op.drop_table("lw_personal_token")
    op.drop_table("lw_organization")
    op.drop_table("lw_legacy_token")
    op.drop_table("lw_user")
    op.drop_table("lw_stored_setting")
    with op.batch_alter_table("lw_rate_window", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lw_rate_window_started_at"))

    op.drop_table("lw_rate_window")

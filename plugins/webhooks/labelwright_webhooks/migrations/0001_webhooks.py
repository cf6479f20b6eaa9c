"""Webhooks and their deliveries."""

import sqlalchemy as sa
from alembic import op

from labelwright.api import Id, RawJSON, UTCDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "lw_webhooks_webhook",
        sa.Column("id", Id, primary_key=True),
        sa.Column(
            "organization_id", Id, sa.ForeignKey("lw_organization.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("project_id", Id, sa.ForeignKey("lw_project.id", ondelete="CASCADE")),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("send_payload", sa.Boolean, nullable=False),
        sa.Column("send_for_all_actions", sa.Boolean, nullable=False),
        sa.Column("actions", RawJSON, nullable=False),
        sa.Column("headers", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("resume_at", UTCDateTime),
        sa.Column("busy_job", Id),
        sa.Column("busy_until", UTCDateTime),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.Column("updated_at", UTCDateTime, nullable=False),
    )
    op.create_index(
        "ix_lw_webhooks_webhook_organization_id_project_id",
        "lw_webhooks_webhook",
        ["organization_id", "project_id"],
    )
    op.create_index("ix_lw_webhooks_webhook_project_id", "lw_webhooks_webhook", ["project_id"])
    op.create_table(
        "lw_webhooks_delivery",
        sa.Column("id", Id, primary_key=True),
        sa.Column(
            "webhook_id", Id, sa.ForeignKey("lw_webhooks_webhook.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("uid", sa.String(36), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("facts", RawJSON, nullable=False),
        sa.Column("by_hand", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("response_code", sa.Integer),
        sa.Column("error", sa.String(40), nullable=False),
        sa.Column("duration_ms", sa.Integer),
        sa.Column("created_at", UTCDateTime, nullable=False),
        sa.Column("attempted_at", UTCDateTime),
    )
    op.create_index("ix_lw_webhooks_delivery_webhook_id_id", "lw_webhooks_delivery", ["webhook_id", "id"])
    op.create_index(
        "ix_lw_webhooks_delivery_pending",
        "lw_webhooks_delivery",
        ["webhook_id", "id"],
        postgresql_where=sa.text("status = 'pending'"),
        sqlite_where=sa.text("status = 'pending'"),
    )

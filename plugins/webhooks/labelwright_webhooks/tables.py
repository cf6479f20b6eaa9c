"""Webhooks, and the log of what was sent to them; a row that is not sent yet is also the outbox."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import Boolean, ForeignKey, Index, Integer, MetaData, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from labelwright.api import Id, PluginTables, RawJSON, UTCDateTime, now


class Base(DeclarativeBase):
    metadata = MetaData()
    type_annotation_map = {datetime: UTCDateTime}


class Webhook(Base):
    """A receiver, and what it wants to hear. The migration ties it to its organisation and project."""

    __tablename__ = "lw_webhooks_webhook"
    __table_args__ = (
        Index("ix_lw_webhooks_webhook_organization_id_project_id", "organization_id", "project_id"),
        Index("ix_lw_webhooks_webhook_project_id", "project_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organization_id: Mapped[int] = mapped_column(Id)
    project_id: Mapped[int | None] = mapped_column(Id)
    """``None``: all projects of the organisation."""
    url: Mapped[str] = mapped_column(Text)
    send_payload: Mapped[bool] = mapped_column(Boolean, default=True)
    send_for_all_actions: Mapped[bool] = mapped_column(Boolean, default=True)
    actions: Mapped[str] = mapped_column(RawJSON, default="[]")
    headers: Mapped[str] = mapped_column(Text, default="")
    """Encrypted JSON; empty: none."""
    secret: Mapped[str] = mapped_column(Text, default="")
    """Encrypted; empty: deliveries are not signed."""
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    """Tries that failed in a row: the next one waits the longer for it."""
    resume_at: Mapped[datetime | None]
    """Not before this moment."""
    busy_job: Mapped[int | None] = mapped_column(Id)
    """The job that speaks to it."""
    busy_until: Mapped[datetime | None]
    """When that job dies, this runs out."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)


class Delivery(Base):
    """Something that a webhook is told, and how that went."""

    __tablename__ = "lw_webhooks_delivery"
    __table_args__ = (
        Index("ix_lw_webhooks_delivery_webhook_id_id", "webhook_id", "id"),
        Index(
            "ix_lw_webhooks_delivery_pending",
            "webhook_id",
            "id",
            postgresql_where=text("status = 'pending'"),
            sqlite_where=text("status = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    webhook_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_webhooks_webhook.id", ondelete="CASCADE"))
    uid: Mapped[str] = mapped_column(String(36))
    """Sent along; the same again when a delivery is sent again."""
    action: Mapped[str] = mapped_column(String(40))
    facts: Mapped[str] = mapped_column(RawJSON, default="{}")
    """What the payload is made of when it is sent: ids."""
    by_hand: Mapped[bool] = mapped_column(Boolean, default=False)
    """Asked for by somebody: it is sent whether the webhook is active or not."""
    status: Mapped[str] = mapped_column(String(16), default="pending")
    """``pending``, ``delivered``, ``failed``, or ``skipped``: what it was to be about was gone."""
    sent: Mapped[int] = mapped_column(Integer, default=0)
    """How many of its rows have arrived, where it is sent in parts."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    response_code: Mapped[int | None] = mapped_column(Integer)
    error: Mapped[str] = mapped_column(String(40), default="")
    """Why there was no answer: ``url-failed``, ``url-refused``, ``gave-up``..."""
    duration_ms: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(default=now)
    attempted_at: Mapped[datetime | None]


TABLES = PluginTables(Base.metadata, Path(__file__).parent / "migrations")

"""Labels of the organisation, beyond those that configurations name, and the controls of projects that use them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Id, Model, RawJSON, now


class Label(Model):
    """A label that a person added. It belongs to the organisation, and outlives the projects that use it."""

    __tablename__ = "lw_label"
    __table_args__ = (Index(None, "organization_id", "title_digest", unique=True),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organization_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_organization.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(2048))
    title_digest: Mapped[str] = mapped_column(String(64))
    """Stands for the title in the index: PostgreSQL's entries hold 2,700 bytes, a title may have 8,000."""
    value: Mapped[str] = mapped_column(RawJSON)
    """A text, or the path of texts that leads to it."""
    description: Mapped[str | None] = mapped_column(Text)
    approved: Mapped[bool] = mapped_column(Boolean, default=False)
    created_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))
    approved_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class LabelLink(Model):
    """A label in use: by a control of a project."""

    __tablename__ = "lw_label_link"
    __table_args__ = (Index(None, "project_id", "label_id", unique=True), Index(None, "label_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"))
    label_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_label.id", ondelete="CASCADE"))
    from_name: Mapped[str] = mapped_column(String(2048))

"""Runs of bulk actions, and what is needed to take them back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Id, Model, RawJSON, now


class ActionRun(Model):
    """A bulk action that somebody has begun: who, when, what, and how it went."""

    __tablename__ = "lw_action_run"
    __table_args__ = (Index(None, "project_id", "id"), Index(None, "created_at"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))
    job_id: Mapped[int | None] = mapped_column(Id)
    action: Mapped[str] = mapped_column(String(160))
    title: Mapped[str] = mapped_column(String(256), default="")
    view_id: Mapped[int | None] = mapped_column(Id)
    request: Mapped[str] = mapped_column(RawJSON, default="{}")
    """The body: the selection, and the answers of the form."""
    state: Mapped[str] = mapped_column(String(16), default="running")
    """``running``, ``done``, ``failed``, ``cancelled``, ``undoing`` or ``undone``."""
    undo: Mapped[str] = mapped_column(String(16), default="none")
    """``kept`` while it can be taken back; ``none`` (it never could), ``too-large``, ``expired`` or ``used``."""
    undo_bytes: Mapped[int] = mapped_column(Id, default=0)
    result: Mapped[str | None] = mapped_column(RawJSON)
    """What the request was answered."""
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None]


class ActionUndo(Model):
    """How one power's work on one batch is taken back. It goes when that is done, and when it is too old."""

    __tablename__ = "lw_action_undo"
    __table_args__ = (Index(None, "run_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    run_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_action_run.id", ondelete="CASCADE"))
    power: Mapped[str] = mapped_column(String(40))
    items: Mapped[int] = mapped_column(Integer, default=0)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """JSON, compressed: what was before, and a digest of what the power wrote."""

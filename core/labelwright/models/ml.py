"""Models that people have connected to projects."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Float, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Id, Model, RawJSON, now


class MLBackend(Model):
    """A model of a project. The oldest one is asked for predictions."""

    __tablename__ = "lw_ml_backend"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"), index=True)
    connected_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))
    """Who filled it in last: in whose name it fetches files of this server."""
    kind: Mapped[str] = mapped_column(String(80))
    """``MLConnector.kind`` of the class that works with it; it may be of a plugin that is not at work."""
    title: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str | None] = mapped_column(Text)
    is_interactive: Mapped[bool] = mapped_column(Boolean, default=False)
    timeout_s: Mapped[float] = mapped_column(Float, default=100.0)
    auto_update: Mapped[bool] = mapped_column(Boolean, default=True)
    """Whether ``model_version`` follows what the model says."""
    model_version: Mapped[str | None] = mapped_column(Text)
    options: Mapped[str] = mapped_column(RawJSON, default="{}")
    """What was filled in, by the names of the kind's fields; secrets are not here."""
    secrets: Mapped[str | None] = mapped_column(Text)
    """The secret ones as one JSON object, encrypted."""
    state: Mapped[str] = mapped_column(String(2), default="DI")
    """In Label Studio's letters: ``CO`` connected, ``DI`` disconnected, ``ER`` error."""
    error_message: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)

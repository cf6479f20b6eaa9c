"""Answers: annotations, drafts, predictions, and the labels in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Id, Model, RawJSON, now


class Annotation(Model):
    """A labeller's answer for a task."""

    __tablename__ = "lw_annotation"
    __table_args__ = (
        Index(None, "task_id", "id"),
        Index(None, "project_id", "id"),
        Index(None, "project_id", "completed_by_id"),
        Index(
            "uq_lw_annotation_unique_id",
            "unique_id",
            unique=True,
            postgresql_where=text("unique_id IS NOT NULL"),
            sqlite_where=text("unique_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    task_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_task.id", ondelete="CASCADE"))
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"))
    completed_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))
    updated_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))
    last_created_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))
    result: Mapped[str | None] = mapped_column(RawJSON)
    result_count: Mapped[int] = mapped_column(Integer, default=0)
    was_cancelled: Mapped[bool] = mapped_column(Boolean, default=False)
    ground_truth: Mapped[bool] = mapped_column(Boolean, default=False)
    lead_time: Mapped[float | None] = mapped_column(Float)
    """Seconds, over all sessions of work on it."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    draft_created_at: Mapped[datetime | None]
    unique_id: Mapped[str | None] = mapped_column(String(64))
    """Given by the client: the same answer sent twice is stored once."""
    import_id: Mapped[int | None] = mapped_column(Id)
    """The ``id`` that an imported annotation had where it came from."""
    parent_prediction_id: Mapped[int | None] = mapped_column(Id)
    parent_annotation_id: Mapped[int | None] = mapped_column(Id)
    last_action: Mapped[str | None] = mapped_column(String(40))
    bulk_created: Mapped[bool] = mapped_column(Boolean, default=False)
    prediction: Mapped[str] = mapped_column(RawJSON, default="{}")
    """A copy of the prediction that the labeller was shown."""


class Draft(Model):
    """Work that is not submitted yet: one labeller's, on a task or on one of its annotations."""

    __tablename__ = "lw_draft"
    __table_args__ = (Index(None, "task_id", "user_id"), Index(None, "annotation_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    task_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_task.id", ondelete="CASCADE"))
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"))
    annotation_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_annotation.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="CASCADE"))
    result: Mapped[str] = mapped_column(RawJSON, default="[]")
    lead_time: Mapped[float | None] = mapped_column(Float)
    was_postponed: Mapped[bool] = mapped_column(Boolean, default=False)
    import_id: Mapped[int | None] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    """Grows by one with each accepted change; a change against another revision is refused."""
    client: Mapped[str | None] = mapped_column(String(64))
    """The page that wrote last, and the number of its last change: the same change sent twice counts once."""
    client_seq: Mapped[int] = mapped_column(Integer, default=0)


class Prediction(Model):
    """A model's answer for a task."""

    __tablename__ = "lw_prediction"
    __table_args__ = (Index(None, "task_id", "id"), Index(None, "project_id", "model_version"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    task_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_task.id", ondelete="CASCADE"))
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"))
    result: Mapped[str | None] = mapped_column(RawJSON)
    score: Mapped[float | None] = mapped_column(Float)
    model_version: Mapped[str | None] = mapped_column(Text)
    cluster: Mapped[int | None] = mapped_column(Integer)
    neighbors: Mapped[str | None] = mapped_column(RawJSON)
    mislabeling: Mapped[float] = mapped_column(Float, default=0.0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)


class AnnotationLabel(Model):
    """How often a label stands in an annotation: label filters and counts without reading results."""

    __tablename__ = "lw_annotation_label"
    __table_args__ = (Index(None, "project_id", "from_name", "label"), Index(None, "task_id"))

    annotation_id: Mapped[int] = mapped_column(
        Id, ForeignKey("lw_annotation.id", ondelete="CASCADE"), primary_key=True
    )
    from_name: Mapped[str] = mapped_column(String(256), primary_key=True)
    to_name: Mapped[str] = mapped_column(String(256), primary_key=True)
    type: Mapped[str] = mapped_column(String(64), primary_key=True)
    label: Mapped[str] = mapped_column(String(512), primary_key=True)
    """"" counts the control's results that carry no label."""
    task_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_task.id", ondelete="CASCADE"))
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"))
    n: Mapped[int] = mapped_column(Integer, default=1)

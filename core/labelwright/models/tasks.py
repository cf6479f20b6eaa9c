"""Tasks, who holds them, and what plugins know of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Id, Model, RawJSON, now


class Task(Model):
    """One thing to label. The counters are exact: they are changed in the transaction of what they count."""

    __tablename__ = "lw_task"
    __table_args__ = (
        Index(None, "project_id", "id"),
        Index(None, "project_id", "inner_id"),
        Index(
            "ix_lw_task_open",  # "taken" and "overlap" make SQLite take it rather than the index of all tasks
            "project_id",
            "id",
            "taken",
            "overlap",
            postgresql_where=text("taken < overlap"),
            sqlite_where=text("taken < overlap"),
        ),
        Index(
            "ix_lw_task_overlapping",
            "project_id",
            "id",
            "taken",
            "overlap",
            postgresql_where=text("taken < overlap AND overlap > 1"),
            sqlite_where=text("taken < overlap AND overlap > 1"),
        ),
        Index(
            "ix_lw_task_ground_truths",
            "project_id",
            "id",
            postgresql_where=text("taken < overlap AND total_ground_truths > 0"),
            sqlite_where=text("taken < overlap AND total_ground_truths > 0"),
        ),
        Index(
            None, "import_id", postgresql_where=text("import_id <> 0"), sqlite_where=text("import_id <> 0")
        ),
        Index(
            None,
            "file_upload_id",
            postgresql_where=text("file_upload_id IS NOT NULL"),
            sqlite_where=text("file_upload_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"))
    import_id: Mapped[int] = mapped_column(Id, default=0)
    """The import that brought it, 0 for none. While that import is unpublished, nobody sees the task."""
    inner_id: Mapped[int] = mapped_column(Id, default=0)
    """Its number within the project, from 1; gaps are possible."""
    data: Mapped[str] = mapped_column(RawJSON)
    meta: Mapped[str | None] = mapped_column(RawJSON)
    overlap: Mapped[int] = mapped_column(Integer, default=1)
    allow_skip: Mapped[bool] = mapped_column(Boolean, default=True)
    file_upload_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("lw_file_upload.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    updated_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))

    is_labeled: Mapped[bool] = mapped_column(Boolean, default=False)
    total_annotations: Mapped[int] = mapped_column(Integer, default=0)
    """Not skipped ones."""
    cancelled_annotations: Mapped[int] = mapped_column(Integer, default=0)
    total_predictions: Mapped[int] = mapped_column(Integer, default=0)
    total_drafts: Mapped[int] = mapped_column(Integer, default=0)
    total_ground_truths: Mapped[int] = mapped_column(Integer, default=0)
    taken: Mapped[int] = mapped_column(Integer, default=0)
    """Annotations that count towards the overlap, plus live leases: what the label stream may not exceed."""
    completed_at: Mapped[datetime | None]
    lead_time_sum: Mapped[float] = mapped_column(Float, default=0.0)
    """Seconds, over annotations that say one; with ``lead_time_count`` it gives the average."""
    lead_time_count: Mapped[int] = mapped_column(Integer, default=0)
    prediction_score_sum: Mapped[float] = mapped_column(Float, default=0.0)
    prediction_score_count: Mapped[int] = mapped_column(Integer, default=0)
    comment_count: Mapped[int] = mapped_column(Integer, default=0)
    unresolved_comment_count: Mapped[int] = mapped_column(Integer, default=0)
    last_comment_updated_at: Mapped[datetime | None]


Index(
    "ix_lw_task_begun",
    Task.project_id,
    Task.total_annotations.desc(),
    Task.id,
    postgresql_where=text("taken < overlap AND total_annotations > 0"),
    sqlite_where=text("taken < overlap AND total_annotations > 0"),
)


class TaskLease(Model):
    """A labeller holds a task of the label stream. Renewed by the open page, free for others when it expires."""

    __tablename__ = "lw_task_lease"
    __table_args__ = (Index(None, "project_id", "expires_at"), Index(None, "project_id", "user_id"))

    task_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_task.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="CASCADE"), primary_key=True)
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"))
    unique_id: Mapped[str] = mapped_column(String(36))
    """Given to the labeller as ``unique_lock_id``."""
    prefetched: Mapped[bool] = mapped_column(Boolean, default=False)
    """Taken ahead by the page of another task; shown to the labeller only when that one is done."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]


class StreamPosition(Model):
    """How far a labeller has come in a project's sequence, so that the search for the next task starts there."""

    __tablename__ = "lw_stream_position"

    project_id: Mapped[int] = mapped_column(
        Id, ForeignKey("lw_project.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="CASCADE"), primary_key=True)
    task_id: Mapped[int] = mapped_column(Id, default=0)
    history: Mapped[str] = mapped_column(RawJSON, default="[]")
    """The last tasks, newest last: ``[[task id, annotation id or null], ...]``."""


class TaskFact(Model):
    """A value that a plugin keeps for a task (agreement, a model's score), to sort and filter by."""

    __tablename__ = "lw_task_fact"
    __table_args__ = (
        Index(None, "project_id", "column_name", "num"),
        Index(None, "project_id", "column_name", "txt"),
    )

    task_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_task.id", ondelete="CASCADE"), primary_key=True)
    column_name: Mapped[str] = mapped_column(String(80), primary_key=True)
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"))
    num: Mapped[float | None] = mapped_column(Float)
    txt: Mapped[str | None] = mapped_column(Text)

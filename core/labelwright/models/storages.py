"""Storages that people have set up, which of their objects have become tasks, and which answers have been written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Id, Model, RawJSON, now


class Storage(Model):
    """A place outside: a ``source`` of tasks, or a ``target`` of answers."""

    __tablename__ = "lw_storage"
    __table_args__ = (Index(None, "project_id", "side"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"))
    created_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))
    side: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(80))
    """``Storage.name`` of the class that works with it; it may be of a plugin that is not at work."""
    title: Mapped[str | None] = mapped_column(String(256))
    description: Mapped[str | None] = mapped_column(Text)
    options: Mapped[str] = mapped_column(RawJSON, default="{}")
    """What was filled in, by the names of the kind's fields; secrets are not here."""
    secrets: Mapped[str | None] = mapped_column(Text)
    """The secret ones as one JSON object, encrypted."""
    synchronizable: Mapped[bool] = mapped_column(Boolean, default=True)
    regex_filter: Mapped[str | None] = mapped_column(Text)
    use_blob_urls: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether each object is a thing to label, rather than a list of tasks."""
    recursive_scan: Mapped[bool] = mapped_column(Boolean, default=False)
    presign: Mapped[bool] = mapped_column(Boolean, default=True)
    presign_ttl: Mapped[int] = mapped_column(Integer, default=1)
    """Minutes."""
    can_delete_objects: Mapped[bool] = mapped_column(Boolean, default=False)
    status: Mapped[str] = mapped_column(String(32), default="initialized")
    """In Label Studio's words: ``initialized``, ``queued``, ``in_progress``, ``failed``, ``completed``,
    ``completed_with_errors``."""
    traceback: Mapped[str | None] = mapped_column(Text)
    """What went wrong, in words: an object a line."""
    meta: Mapped[str] = mapped_column(RawJSON, default="{}")
    last_sync: Mapped[datetime | None]
    last_sync_count: Mapped[int | None] = mapped_column(Id)
    job_id: Mapped[int | None] = mapped_column(Id)
    """The job that synchronises it, or did so last."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)


class StorageLink(Model):
    """A task that came from an object, and its place among those of that object. What has a link is not read again."""

    __tablename__ = "lw_storage_link"
    __table_args__ = (Index(None, "task_id"), {"sqlite_with_rowid": False})

    storage_id: Mapped[int] = mapped_column(
        Id, ForeignKey("lw_storage.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(1024), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True)
    task_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_task.id", ondelete="CASCADE"))


class StoredAnswer(Model):
    """An annotation in a target: whether it must be written or deleted there, and what came of it."""

    __tablename__ = "lw_stored_answer"
    __table_args__ = (
        Index(
            "ix_lw_stored_answer_waiting",
            "storage_id",
            "annotation_id",
            postgresql_where=text("wanted <> ''"),
            sqlite_where=text("wanted <> ''"),
        ),
        Index(None, "task_id"),
    )

    storage_id: Mapped[int] = mapped_column(
        Id, ForeignKey("lw_storage.id", ondelete="CASCADE"), primary_key=True
    )
    annotation_id: Mapped[int] = mapped_column(Id, primary_key=True)
    """It may be gone: then its object is to go too."""
    task_id: Mapped[int] = mapped_column(Id)
    wanted: Mapped[str] = mapped_column(String(8), default="write")
    """``write``, ``delete``, or nothing any more."""
    version: Mapped[int] = mapped_column(Integer, default=1)
    """Grows with each change, so that what was written meanwhile is known to be old."""
    claimed_until: Mapped[datetime | None]
    """A worker is at it; the next one waits so long."""
    error: Mapped[str | None] = mapped_column(Text)
    written_at: Mapped[datetime | None]

"""Long work and what it works on: jobs, imports, uploads, export snapshots."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Id, Model, Name, RawJSON, now


class Job(Model):
    """A long work. The row is the truth: a queue may forget it, a poller finds it here."""

    __tablename__ = "lw_job"
    __table_args__ = (
        Index(None, "state", "not_before"),
        Index(None, "organization_id", "updated_at"),
        Index(
            "uq_lw_job_idempotency_key",
            "idempotency_key",
            unique=True,
            postgresql_where=text("idempotency_key IS NOT NULL"),
            sqlite_where=text("idempotency_key IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(80))
    owner_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))
    organization_id: Mapped[int | None] = mapped_column(
        Id, ForeignKey("lw_organization.id", ondelete="CASCADE")
    )
    project_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(16), default="queued")
    """``queued``, ``running``, ``done``, ``failed`` or ``cancelled``."""
    params: Mapped[str] = mapped_column(RawJSON, default="{}")
    """Ids and options; never a secret, never a payload."""
    result: Mapped[str | None] = mapped_column(RawJSON)
    resume: Mapped[str | None] = mapped_column(RawJSON)
    """Where a second run goes on."""
    done: Mapped[int] = mapped_column(Id, default=0)
    total: Mapped[int | None] = mapped_column(Id)
    message: Mapped[str] = mapped_column(Text, default="")
    code: Mapped[str] = mapped_column(String(80), default="")
    message_params: Mapped[str] = mapped_column(RawJSON, default="{}")
    error: Mapped[str | None] = mapped_column(RawJSON)
    """The body that the API answers for a failed job."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    cancel_requested: Mapped[bool] = mapped_column(Boolean, default=False)
    worker: Mapped[str | None] = mapped_column(Name)
    idempotency_key: Mapped[str | None] = mapped_column(String(160))
    not_before: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class Import(Model):
    """An import: ``staged`` (its input is safe), ``running``, ``published`` or ``failed``.

    Only the tasks of published ones are seen, so an import is whole or absent.
    """

    __tablename__ = "lw_import"
    __table_args__ = (
        Index(None, "project_id", "state"),
        Index(
            "uq_lw_import_idempotency_key",
            "project_id",
            "idempotency_key",
            unique=True,
            postgresql_where=text("idempotency_key IS NOT NULL"),
            sqlite_where=text("idempotency_key IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))
    job_id: Mapped[int | None] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(16), default="staged")
    source: Mapped[str] = mapped_column(RawJSON, default="{}")
    """What is read: the ids of uploads, or the paths of staged bodies; and the options of the request."""
    idempotency_key: Mapped[str | None] = mapped_column(String(160))
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    """Of the request that came with the key: another one with the same key is a mistake."""
    storage_id: Mapped[int | None] = mapped_column(Id)
    """The storage whose objects these tasks were; it may be gone."""
    tasks: Mapped[int] = mapped_column(Id, default=0)
    annotations: Mapped[int] = mapped_column(Id, default=0)
    predictions: Mapped[int] = mapped_column(Id, default=0)
    answer: Mapped[str | None] = mapped_column(RawJSON)
    """What the request was answered, for the same request sent again."""
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]


class FileUpload(Model):
    """A file that a user sent. ``file`` is its path below the media folder: ``upload/<project>/<8 hex>-<name>``."""

    __tablename__ = "lw_file_upload"
    __table_args__ = (Index(None, "project_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))
    file: Mapped[str] = mapped_column(String(512), unique=True)
    size_bytes: Mapped[int] = mapped_column(Id, default=0)
    archive: Mapped[str | None] = mapped_column(String(32))
    """Files that came packed in one file share this mark; tasks of one of them may name another."""
    member: Mapped[str | None] = mapped_column(String(1024))
    """Its path within that file."""
    created_at: Mapped[datetime] = mapped_column(default=now)


class ChunkedUpload(Model):
    """A large file on its way in, piece by piece; what has come of it lies beside the project's uploads."""

    __tablename__ = "lw_chunked_upload"
    __table_args__ = (Index(None, "project_id", "id"), Index(None, "expires_at"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(512))
    """As the person calls the file."""
    part: Mapped[str] = mapped_column(String(64))
    """The name of the file on the disk."""
    size_bytes: Mapped[int] = mapped_column(Id)
    sha256: Mapped[str | None] = mapped_column(String(64))
    """In lower case; ``None`` if the client did not say."""
    received_bytes: Mapped[int] = mapped_column(Id, default=0)
    """What is safe on the disk; what lies behind it there does not count."""
    file_upload_ids: Mapped[str | None] = mapped_column(RawJSON)
    """The uploads that it became; ``None`` before."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]


class Export(Model):
    """A snapshot of a project's answers, kept as a file until it is deleted."""

    __tablename__ = "lw_export"
    __table_args__ = (Index(None, "project_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"))
    created_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(2048), default="")
    status: Mapped[str] = mapped_column(String(16), default="created")
    """``created``, ``in_progress``, ``completed`` or ``failed``."""
    options: Mapped[str] = mapped_column(RawJSON, default="{}")
    file: Mapped[str | None] = mapped_column(String(512))
    md5: Mapped[str] = mapped_column(String(64), default="")
    counters: Mapped[str] = mapped_column(RawJSON, default="{}")
    job_id: Mapped[int | None] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]


class ConvertedExport(Model):
    """A snapshot turned into one format."""

    __tablename__ = "lw_converted_export"
    __table_args__ = (Index(None, "export_id", "export_type", unique=True),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    export_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_export.id", ondelete="CASCADE"))
    export_type: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16), default="created")
    file: Mapped[str | None] = mapped_column(String(512))
    traceback: Mapped[str | None] = mapped_column(Text)
    job_id: Mapped[int | None] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]

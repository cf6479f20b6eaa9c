"""Projects and their totals."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Id, Model, RawJSON, now


class Project(Model):
    """What is labelled, how, and by which rules. Names and defaults are Label Studio's (its project settings)."""

    __tablename__ = "lw_project"
    __table_args__ = (Index(None, "organization_id", "pinned_at", "created_at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    organization_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_organization.id", ondelete="CASCADE"))
    created_by_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    deleting: Mapped[bool] = mapped_column(Boolean, default=False)
    """Its rows are being removed in blocks: already invisible, resumed after a crash."""

    title: Mapped[str] = mapped_column(String(50), default="")
    description: Mapped[str | None] = mapped_column(Text, default="")
    color: Mapped[str | None] = mapped_column(String(16), default="#FFFFFF")
    label_config: Mapped[str] = mapped_column(Text, default="<View></View>")
    expert_instruction: Mapped[str | None] = mapped_column(Text, default="")
    show_instruction: Mapped[bool] = mapped_column(Boolean, default=False)
    show_skip_button: Mapped[bool] = mapped_column(Boolean, default=True)
    enable_empty_annotation: Mapped[bool] = mapped_column(Boolean, default=True)
    show_annotation_history: Mapped[bool] = mapped_column(Boolean, default=False)
    maximum_annotations: Mapped[int] = mapped_column(Integer, default=1)
    overlap_cohort_percentage: Mapped[int] = mapped_column(Integer, default=100)
    show_overlap_first: Mapped[bool] = mapped_column(Boolean, default=False)
    show_ground_truth_first: Mapped[bool] = mapped_column(Boolean, default=False)
    annotator_evaluation_enabled: Mapped[bool] = mapped_column(Boolean, default=False)
    sampling: Mapped[str] = mapped_column(String(40), default="Sequential sampling")
    skip_queue: Mapped[str] = mapped_column(String(40), default="REQUEUE_FOR_OTHERS")
    show_collab_predictions: Mapped[bool] = mapped_column(Boolean, default=True)
    model_version: Mapped[str | None] = mapped_column(Text, default="")
    reveal_preannotations_interactively: Mapped[bool] = mapped_column(Boolean, default=False)
    evaluate_predictions_automatically: Mapped[bool] = mapped_column(Boolean, default=False)
    min_annotations_to_start_training: Mapped[int] = mapped_column(Integer, default=0)
    control_weights: Mapped[str] = mapped_column(RawJSON, default="{}")
    task_data_login: Mapped[str | None] = mapped_column(String(256))
    task_data_password: Mapped[str | None] = mapped_column(Text)
    """Encrypted."""
    is_published: Mapped[bool] = mapped_column(Boolean, default=False)
    is_draft: Mapped[bool] = mapped_column(Boolean, default=False)
    pinned_at: Mapped[datetime | None]
    custom_task_lock_ttl: Mapped[int | None] = mapped_column(Integer)

    next_inner_id: Mapped[int] = mapped_column(Id, default=1)
    """The next free task number of this project; ranges are taken from it in short transactions."""


class ProjectTotals(Model):
    """A project's totals up to the last fold; the present value is this plus the sum of its deltas."""

    __tablename__ = "lw_project_totals"

    project_id: Mapped[int] = mapped_column(
        Id, ForeignKey("lw_project.id", ondelete="CASCADE"), primary_key=True
    )
    tasks: Mapped[int] = mapped_column(Id, default=0)
    finished_tasks: Mapped[int] = mapped_column(Id, default=0)
    annotated_tasks: Mapped[int] = mapped_column(Id, default=0)
    """Tasks with at least one annotation that is not skipped."""
    annotations: Mapped[int] = mapped_column(Id, default=0)
    """Not skipped ones."""
    skipped: Mapped[int] = mapped_column(Id, default=0)
    ground_truths: Mapped[int] = mapped_column(Id, default=0)
    predictions: Mapped[int] = mapped_column(Id, default=0)
    folded: Mapped[int] = mapped_column(Id, default=0, server_default="0")
    """How many deltas have been added up: with those that are left, the version of what is counted."""


class ProjectDelta(Model):
    """A change of a project's totals, written with its cause. Append only: no submit waits for another's row."""

    __tablename__ = "lw_project_delta"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"), index=True)
    tasks: Mapped[int] = mapped_column(Integer, default=0)
    finished_tasks: Mapped[int] = mapped_column(Integer, default=0)
    annotated_tasks: Mapped[int] = mapped_column(Integer, default=0)
    annotations: Mapped[int] = mapped_column(Integer, default=0)
    skipped: Mapped[int] = mapped_column(Integer, default=0)
    ground_truths: Mapped[int] = mapped_column(Integer, default=0)
    predictions: Mapped[int] = mapped_column(Integer, default=0)


TOTALS = (
    "tasks",
    "finished_tasks",
    "annotated_tasks",
    "annotations",
    "skipped",
    "ground_truths",
    "predictions",
)
"""The columns that :class:`ProjectTotals` and :class:`ProjectDelta` share."""


class DataColumn(Model):
    """A field seen in a project's task data, and in how many tasks: the data manager's columns without a scan."""

    __tablename__ = "lw_data_column"

    project_id: Mapped[int] = mapped_column(
        Id, ForeignKey("lw_project.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(512), primary_key=True)
    tasks: Mapped[int] = mapped_column(Id, default=0)


class View(Model):
    """A tab of the data manager."""

    __tablename__ = "lw_view"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(Id, ForeignKey("lw_user.id", ondelete="SET NULL"))
    position: Mapped[int] = mapped_column(Integer, default=0)
    data: Mapped[str] = mapped_column(RawJSON, default="{}")
    ordering: Mapped[str] = mapped_column(RawJSON, default="[]")
    filters: Mapped[str] = mapped_column(RawJSON, default="null")
    selected_items: Mapped[str] = mapped_column(RawJSON, default="{}")


class FieldIndex(Model):
    """An index that was made for one project, for what its tabs filter or sort by."""

    __tablename__ = "lw_field_index"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    project_id: Mapped[int] = mapped_column(Id, ForeignKey("lw_project.id", ondelete="CASCADE"), index=True)
    column_name: Mapped[str] = mapped_column(String(600))
    use: Mapped[str] = mapped_column(String(16))
    """``sort``, ``text``, ``number`` or ``words``."""
    name: Mapped[str] = mapped_column(String(63), unique=True)
    """Of the index in the database."""
    created_at: Mapped[datetime] = mapped_column(default=now)

"""New tasks become rows: one batch a call, all that belongs together in the caller's transaction."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from labelwright.errors import NotFound
from labelwright.events import TasksCreated, in_batches
from labelwright.models import Annotation, AnnotationLabel, DataColumn, Draft, Prediction, Project, Task, now
from labelwright.services import counters, overlap, row_ids
from labelwright.services.context import Context
from labelwright.services.data_manager import searched_texts

from .items import NewAnnotation, NewTask

MOST_COLUMNS = 10_000
"""Fields of task data that one import may add to the data manager; further ones are stored, and not listed."""

TASK_COLUMNS = (
    "id", "project_id", "import_id", "inner_id", "data", "meta", "overlap", "allow_skip", "file_upload_id",
    "created_at", "updated_at", "is_labeled", "total_annotations", "cancelled_annotations",
    "total_predictions", "total_drafts",
    "total_ground_truths", "taken", "completed_at", "lead_time_sum", "lead_time_count", "prediction_score_sum",
    "prediction_score_count", "comment_count", "unresolved_comment_count",
)  # fmt: skip
ANNOTATION_COLUMNS = (
    "id", "task_id", "project_id", "completed_by_id", "updated_by_id", "last_created_by_id", "result", "result_count",
    "was_cancelled", "ground_truth", "lead_time", "created_at", "updated_at", "import_id", "last_action",
    "bulk_created", "prediction",
)  # fmt: skip
LABEL_COLUMNS = ("annotation_id", "from_name", "to_name", "type", "label", "task_id", "project_id", "n")
PREDICTION_COLUMNS = (
    "id", "task_id", "project_id", "result", "score", "model_version", "mislabeling", "created_at", "updated_at",
)  # fmt: skip
DRAFT_COLUMNS = (
    "id", "task_id", "project_id", "user_id", "result", "lead_time", "was_postponed", "import_id", "created_at",
    "updated_at", "revision", "client_seq",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the tasks of an import go."""

    project: Project
    """As it was when the import began; only its settings are read."""
    import_id: int
    importer: int | None


@dataclass(slots=True)
class Sums:
    """What an import has brought so far."""

    delta: Counter[str] = field(default_factory=Counter)
    """By the names of ``models.TOTALS``."""
    columns: Counter[str] = field(default_factory=Counter)
    """Field of the data to the number of tasks that have it."""
    drafts: int = 0
    model_version: str | None = None
    """Of the last prediction."""
    task_ids: array[int] = field(default_factory=lambda: array("q"))

    def count(self, task: NewTask, is_finished: bool) -> None:
        skipped = sum(annotation.was_cancelled for annotation in task.annotations)
        self.delta["tasks"] += 1
        self.delta["finished_tasks"] += is_finished
        self.delta["annotated_tasks"] += skipped < len(task.annotations)
        self.delta["annotations"] += len(task.annotations) - skipped
        self.delta["skipped"] += skipped
        self.delta["ground_truths"] += sum(annotation.ground_truth for annotation in task.annotations)
        self.delta["predictions"] += len(task.predictions)
        self.drafts += len(task.drafts)
        if task.predictions:
            self.model_version = task.predictions[-1].model_version
        for column in task.columns:
            if column in self.columns or len(self.columns) < MOST_COLUMNS:
                self.columns[column] += 1

    @property
    def annotations(self) -> int:
        """All of them, skipped ones too: what the answer of an import counts."""
        return self.delta["annotations"] + self.delta["skipped"]


def reserve_inner_ids(session: Session, project_id: int, count: int) -> int:
    """Take a range of task numbers, and keep the project from going away until the commit.

    :returns: the first of them.
    :raises NotFound: if the project is gone or going.
    """
    after = session.scalar(
        update(Project)
        .where(Project.id == project_id, Project.deleting.is_(False))
        .values(next_inner_id=Project.next_inner_id + count, updated_at=Project.updated_at)
        .returning(Project.next_inner_id)
        .execution_options(synchronize_session=False)
    )
    if after is None:
        raise NotFound("No Project matches the given query.", code="no-project", params={"id": project_id})
    return int(after) - count


def insert(
    ctx: Context, session: Session, to: Destination, tasks: Sequence[NewTask], first_inner_id: int, sums: Sums
) -> None:
    """Insert a batch of tasks with all that hangs on them, and count it.

    :raises LabelwrightError: a plugin's refusal of the answers.
    """
    ids = row_ids.reserve(session, Task.__table__, len(tasks))  # type: ignore[arg-type]
    _ask_guards(ctx, to, ids, tasks)
    moment = now()
    rows = [
        _task_row(to, task, task_id, first_inner_id + place, moment, sums)
        for place, (task_id, task) in enumerate(zip(ids, tasks, strict=True))
    ]
    sums.task_ids.extend(ids)
    _insert(ctx, session, Task, TASK_COLUMNS, rows)
    texts = ((task_id, task.data) for task_id, task in zip(ids, tasks, strict=True))
    searched_texts.keep(ctx, session, to.project.id, texts, are_new=True)
    _insert_annotations(ctx, session, to, ids, tasks, moment)
    _insert_numbered(ctx, session, Prediction, PREDICTION_COLUMNS, [
        (task_id, to.project.id, one.result, one.score, one.model_version, 0.0, moment, moment)
        for task_id, task in zip(ids, tasks, strict=True) for one in task.predictions
    ])  # fmt: skip
    _insert_numbered(ctx, session, Draft, DRAFT_COLUMNS, [
        (task_id, to.project.id, to.importer, one.result, one.lead_time, False, one.import_id, moment, moment, 1, 0)
        for task_id, task in zip(ids, tasks, strict=True) for one in task.drafts
    ])  # fmt: skip


def _ask_guards(ctx: Context, to: Destination, ids: Sequence[int], tasks: Sequence[NewTask]) -> None:
    """Let plugins refuse answers that the configuration allows, before anything is written."""
    for task_id, task in zip(ids, tasks, strict=True):
        if task.annotations:
            results = [orjson.loads(annotation.result) for annotation in task.annotations]
            ctx.registry.check(
                "check_annotations", project=to.project.id, task=task_id, user=None, results=results
            )


def publish(
    ctx: Context, session: Session, to: Destination, sums: Sums, *, organization: int
) -> list[TasksCreated]:
    """Make an import's tasks count: totals, columns, and what plugins want done because of them.

    :returns: the events to tell after the commit.
    """
    project_id = to.project.id
    counters.add_delta(session, project_id, sums.delta)
    _add_columns(session, project_id, sums.columns)
    if sums.model_version is not None and not to.project.model_version:
        _change_project(session, project_id, model_version=sums.model_version)
    events = [TasksCreated(project_id, ids) for ids in in_batches(sums.task_ids)]
    for event in events:
        ctx.plan_for(session, "plan_tasks_created", event, organization=organization, owner=to.importer)
    return events


def _change_project(session: Session, project_id: int, **values: Any) -> None:
    session.execute(
        update(Project)
        .where(Project.id == project_id)
        .values(values)
        .execution_options(synchronize_session=False)
    )


def _task_row(
    to: Destination, task: NewTask, task_id: int, inner_id: int, moment: datetime, sums: Sums
) -> tuple[Any, ...]:
    skipped = sum(annotation.was_cancelled for annotation in task.annotations)
    done = len(task.annotations) - skipped
    counted = done + (skipped if to.project.skip_queue == counters.IGNORE_SKIPPED else 0)
    wanted = overlap.of_new_task(to.project, inner_id)
    is_finished = counted >= wanted
    sums.count(task, is_finished)
    times = [annotation.lead_time for annotation in task.annotations if annotation.lead_time is not None]
    scores = [prediction.score for prediction in task.predictions if prediction.score is not None]
    return (
        task_id, to.project.id, to.import_id, inner_id, task.data, task.meta, wanted, task.allow_skip,
        task.file_upload_id, moment, moment, is_finished, done, skipped, len(task.predictions), len(task.drafts),
        sum(annotation.ground_truth for annotation in task.annotations), counted, moment if is_finished else None,
        float(sum(times)), len(times), float(sum(scores)), len(scores), 0, 0,
    )  # fmt: skip


def _insert_annotations(
    ctx: Context,
    session: Session,
    to: Destination,
    ids: Sequence[int],
    tasks: Sequence[NewTask],
    moment: datetime,
) -> None:
    new = [(task_id, one) for task_id, task in zip(ids, tasks, strict=True) for one in task.annotations]
    if not new:
        return
    numbers = row_ids.reserve(session, Annotation.__table__, len(new))  # type: ignore[arg-type]
    _insert(ctx, session, Annotation, ANNOTATION_COLUMNS, [
        (number, task_id, to.project.id, one.completed_by, None, None, one.result, one.count,
         one.was_cancelled, one.ground_truth, one.lead_time, moment, moment, one.import_id, None, False, "{}")
        for number, (task_id, one) in zip(numbers, new, strict=True)
    ])  # fmt: skip
    _insert(ctx, session, AnnotationLabel, LABEL_COLUMNS, list(_label_rows(to, numbers, new)))


def _label_rows(
    to: Destination, numbers: Sequence[int], new: Sequence[tuple[int, NewAnnotation]]
) -> Iterator[tuple[Any, ...]]:
    for number, (task_id, one) in zip(numbers, new, strict=True):
        for (from_name, to_name, kind, label), n in one.labels.items():
            yield (number, from_name, to_name, kind, label, task_id, to.project.id, n)


def _insert_numbered(
    ctx: Context, session: Session, model: Any, columns: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    numbers = row_ids.reserve(session, model.__table__, len(rows))
    numbered = [(number, *row) for number, row in zip(numbers, rows, strict=True)]
    _insert(ctx, session, model, columns, numbered)


def _insert(
    ctx: Context, session: Session, model: Any, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    if rows:
        ctx.database.insert_rows(session, model.__table__, columns, rows)


def _add_columns(session: Session, project_id: int, columns: Counter[str]) -> None:
    counted: Counter[str] = Counter()
    for name, tasks in columns.items():
        counted[name[:512]] += tasks
    if not counted:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(DataColumn)
    # In one order, so that two imports at once never wait for each other in a circle.
    rows = [{"project_id": project_id, "name": name, "tasks": counted[name]} for name in sorted(counted)]
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[DataColumn.project_id, DataColumn.name],
            set_={"tasks": DataColumn.tasks + statement.excluded.tasks},
        ),
        rows,
    )

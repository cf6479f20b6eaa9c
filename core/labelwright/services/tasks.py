"""Tasks: found, shown, made one by one, changed. Many at once come by ``services/imports``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields, NotFound
from labelwright.events import TasksCreated
from labelwright.label_config import LabelConfig
from labelwright.models import (
    Annotation,
    DataColumn,
    Draft,
    FileUpload,
    Prediction,
    Project,
    Task,
    TaskFact,
    now,
)

from . import counters, label_configs, model_versions, overlap, projects, serializers
from .context import Caller, Context
from .data_manager import searched_texts
from .permissions import require
from .storages import addresses, names
from .undefined import shown
from .visible import published

FAR = 5000
"""From this row on, a page is looked for by the tasks' numbers."""
RESULTS_SHOWN = 500
"""Characters of results that the data manager's columns show."""


@dataclass(frozen=True)
class TaskPage:
    """One page of tasks as JSON, and the totals of all that match."""

    tasks: list[dict[str, Any]]
    total: int
    total_annotations: int
    total_predictions: int


def get(session: Session, caller: Caller, task_id: int, *, for_update: bool = False) -> Task:
    """The task, if the caller's organisation has it and its import is published.

    :raises NotFound: also for another organisation's, as if it did not exist.
    """
    project = (
        select(Project.id)
        .where(
            Project.id == Task.project_id,
            Project.organization_id == caller.organization_id,
            Project.deleting.is_(False),
        )
        .exists()
    )
    query = select(Task).where(Task.id == task_id, project)
    task = session.scalar(query.with_for_update() if for_update else query)
    if task is None or not _is_published(session, task):
        raise NotFound("No Task matches the given query.", code="no-task", params={"id": task_id})
    return task


def create(ctx: Context, caller: Caller, project_id: int, data: bytes, meta: bytes | None = None) -> Task:
    """Add one task.

    :param data: the task's data, a JSON object as text.
    :raises InvalidTask: if a field that the configuration needs is missing or of a wrong type.
    """
    with ctx.database.write() as session:
        project = projects.get(session, caller, project_id)
        require(ctx, caller, "tasks.create", session=session, project=project_id)
        values = _checked(projects.config_of(ctx, project), data)
        inner_id = reserve_numbers(session, project.id, 1)
        task = Task(
            project_id=project.id,
            inner_id=inner_id,
            data=data.decode(),
            meta=meta.decode() if meta else None,
            overlap=overlap.of_new_task(project, inner_id),
        )
        session.add(task)
        session.flush()
        searched_texts.keep(ctx, session, project.id, [(task.id, task.data)], are_new=True)
        counters.add_delta(session, project.id, {"tasks": 1})
        count_columns(session, project.id, dict.fromkeys(values, 1))
        event = TasksCreated(project.id, (task.id,))
        ctx.plan(session, "plan_tasks_created", event, caller)
    ctx.tell("on_tasks_created", event)
    return task


def change(ctx: Context, caller: Caller, task_id: int, data: bytes | None, meta: bytes | None = None) -> Task:
    """Replace a task's data or meta. Answers stay.

    :raises InvalidTask: if the new data lacks what the configuration needs.
    """
    with ctx.database.write() as session:
        task = get(session, caller, task_id, for_update=True)
        require(ctx, caller, "tasks.change", session=session, project=task.project_id)
        if data is not None:
            project = projects.get(session, caller, task.project_id)
            values = _checked(projects.config_of(ctx, project), data)
            before = orjson.loads(task.data)
            count_columns(session, project.id, {key: 1 for key in values if key not in before})
            count_columns(session, project.id, {key: -1 for key in before if key not in values})
            task.data = data.decode()
            searched_texts.keep(ctx, session, project.id, [(task.id, task.data)])
        if meta is not None:
            task.meta = meta.decode()
        counters.touch(session, task.project_id)
        task.updated_at, task.updated_by_id = now(), caller.user_id
    return task


def page(
    ctx: Context,
    session: Session,
    caller: Caller,
    project_id: int,
    *,
    page: int = 1,
    size: int = 100,
    newest_first: bool = False,
    full: bool = False,
) -> TaskPage:
    """A page of a project's tasks in the order of their ids.

    :param full: with annotations, predictions and drafts.
    :raises NotFound: past the end.
    """
    project = projects.get(session, caller, project_id)
    require(ctx, caller, "tasks.view", session=session, project=project_id)
    totals = counters.totals(session, [project_id])[project_id]
    if page < 1 or (page > 1 and (page - 1) * size >= totals["tasks"]):
        raise NotFound("Invalid page.", code="no-page", params={"page": page})
    ids = page_of_ids(session, project_id, totals["tasks"], (page - 1) * size, size, newest_first)
    rows = list(
        session.scalars(
            select(Task).where(Task.id.in_(ids)).order_by(Task.id.desc() if newest_first else Task.id)
        )
    )
    tasks = to_json(ctx, session, caller, project, rows, full=full)
    return TaskPage(tasks, totals["tasks"], totals["annotations"], totals["predictions"])


def page_of_ids(
    session: Session, project_id: int, total: int, offset: int, size: int, newest_first: bool
) -> Sequence[int]:
    """The ids of one page, found without walking over all rows before it.

    Where the project's numbers have no gap, a page is a range of numbers. Otherwise the rows are counted off from the
    nearer end, by the index alone.
    """
    here = (Task.project_id == project_id, published(project_id))
    if offset >= FAR and (first := _first_of_dense(session, here, total)) is not None:
        begin = first + (total - offset - size if newest_first else offset)
        between = Task.inner_id.between(begin, begin + size - 1)
        return session.scalars(select(Task.id).where(*here, between)).all()
    from_end = offset > total // 2
    count = min(size, total - offset)
    skipped = total - offset - count if from_end else offset
    order = Task.id.desc() if newest_first != from_end else Task.id.asc()
    return session.scalars(
        select(Task.id).where(*here).order_by(order).limit(count).offset(max(0, skipped))
    ).all()


def _first_of_dense(session: Session, here: Sequence[ColumnElement[bool]], total: int) -> int | None:
    """The project's first task number, if each from there to the last is a task's and they grow with the ids."""
    ends = [
        session.execute(select(Task.inner_id).where(*here).order_by(order).limit(1)).scalar()
        for order in (Task.inner_id.asc(), Task.inner_id.desc(), Task.id.asc(), Task.id.desc())
    ]
    first, last = ends[:2]
    if first is None or last is None or [first, last] != ends[2:] or last - first + 1 != total:
        return None
    return first


def to_json(
    ctx: Context,
    session: Session,
    caller: Caller,
    project: Any,
    rows: Sequence[Any],
    *,
    full: bool = True,
    include: frozenset[str] = frozenset(),
) -> list[dict[str, Any]]:
    """Tasks as the data manager and the labelling page get them; a fixed number of queries for any number of tasks.

    Nobody is asked for what hangs on tasks where their counters say that there is nothing.

    :param project: a row of the table of projects, :param rows: and of tasks.
    :param full: with annotations, predictions and the caller's drafts. Without, and without ``include``, what would be
        read from these tables is left empty, as in Label Studio: a list that only counts costs no look at them.
    :param include: these members only; what they do not need is not looked up. Empty: all.
    """
    ids = [row.id for row in rows]
    if not ids:
        return []
    config = projects.config_of(ctx, project)
    files = _files(session, rows)
    wanted = include or (OF_ANNOTATIONS | OF_PREDICTIONS if full else frozenset())
    annotations = _annotations(session, rows, full) if wanted & OF_ANNOTATIONS else {}
    predictions = _predictions(session, rows, full) if wanted & OF_PREDICTIONS else {}
    drafts = _own_drafts(session, caller, rows) if full else {}
    kept = _facts(ctx, session, ids)
    stored = names.of_tasks(ctx, session, rows) if not include or "storage_filename" in include else {}
    authors = {a.completed_by_id for group in annotations.values() for a in group} - {caller.user_id}
    persons = (
        serializers.people(session, authors) | {caller.user_id: serializers.person_of(caller)} if full else {}
    )
    show = addresses.shower(ctx, session, project.id, [row.data for row in rows])
    said = {one.model_version for several in predictions.values() for one in several}
    version = project.model_version
    if said - {version}:  # otherwise it is theirs, and nobody need be asked
        version = model_versions.wanted(session, project)
    answers = []
    for row in rows:
        own_annotations, own_predictions = annotations.get(row.id, []), predictions.get(row.id, [])
        answer = serializers.base_task(row, files.get(row.file_upload_id or 0))
        answer["data"] = serializers.raw(show(row.id, shown(row.data, config)))
        answer |= _columns(project, row, own_annotations, own_predictions)
        answer["storage_filename"] = stored.get(row.id)
        answer["drafts"] = []
        answer |= kept.get(row.id, dict.fromkeys(ctx.registry.columns))
        if full:
            answer["annotations"] = [serializers.annotation(a, persons) for a in own_annotations]
            answer["predictions"] = [serializers.prediction(p) for p in own_predictions]
            answer["drafts"] = [serializers.draft(d, persons) for d in drafts.get(row.id, [])]
        if full or include:
            answer |= {
                "completed_at": serializers.moment(row.completed_at),
                "avg_lead_time": row.lead_time_sum / row.lead_time_count if row.lead_time_count else None,
                "draft_exists": row.total_drafts > 0,
                "predictions_score": _score(version, own_predictions),
                "allow_skip": row.allow_skip,
            }
        answers.append({key: answer[key] for key in answer if key in include} if include else answer)
    return answers


def _annotations(session: Session, rows: Sequence[Any], full: bool) -> dict[int, list[Any]]:
    answered = [row.id for row in rows if row.total_annotations or row.cancelled_annotations]
    return _by_task(session, _answers(Annotation, answered, full)) if answered else {}


def _predictions(session: Session, rows: Sequence[Any], full: bool) -> dict[int, list[Any]]:
    predicted = [row.id for row in rows if row.total_predictions]
    return _by_task(session, _answers(Prediction, predicted, full)) if predicted else {}


def _own_drafts(session: Session, caller: Caller, rows: Sequence[Any]) -> dict[int, list[Any]]:
    drafted = [row.id for row in rows if row.total_drafts]
    mine = select(Draft).where(Draft.task_id.in_(drafted), Draft.user_id == caller.user_id)
    return _by_task(session, mine.order_by(Draft.id)) if drafted else {}


OF_ANNOTATIONS = frozenset({"annotations", "annotators", "annotations_results", "annotations_ids"})
OF_PREDICTIONS = frozenset(
    {"predictions", "predictions_results", "predictions_model_versions", "predictions_score"}
)
"""Members of a task that are read from other tables."""


def _facts(ctx: Context, session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Task id to the values of plugins' columns, for tasks that have any."""
    names = list(ctx.registry.columns)
    if not names:
        return {}
    found: dict[int, dict[str, Any]] = {}
    query = select(TaskFact.task_id, TaskFact.column_name, TaskFact.num, TaskFact.txt)
    for row in session.execute(query.where(TaskFact.task_id.in_(ids), TaskFact.column_name.in_(names))):
        values = found.setdefault(row.task_id, dict.fromkeys(names))
        values[row.column_name] = row.txt if row.num is None else row.num
    return found


def _answers(table: Any, ids: Sequence[int], full: bool) -> Any:
    """The annotations or predictions of tasks; not ``full``: what the list's columns show of them."""
    if full:
        return select(table).where(table.task_id.in_(ids)).order_by(table.id)
    of = (table.completed_by_id,) if table is Annotation else (table.model_version, table.score)
    return select(table.id, table.task_id, table.result, *of).where(table.task_id.in_(ids)).order_by(table.id)


def simple_page(
    ctx: Context, session: Session, caller: Caller, project_id: int, *, page: int, size: int
) -> list[dict[str, Any]]:
    """A page of a project's tasks with their answers alone.

    :raises NotFound: past the end.
    """
    projects.get(session, caller, project_id)
    require(ctx, caller, "tasks.view", session=session, project=project_id)
    total = counters.totals(session, [project_id])[project_id]["tasks"]
    if page < 1 or (page > 1 and (page - 1) * size >= total):
        raise NotFound("Not found.", code="no-page", params={"page": page})
    ids = page_of_ids(session, project_id, total, (page - 1) * size, size, False)
    return with_answers(
        session, session.scalars(select(Task).where(Task.id.in_(ids)).order_by(Task.id)).all()
    )


def with_answers(session: Session, rows: Sequence[Task]) -> list[dict[str, Any]]:
    """Tasks with their annotations and predictions, and without the data manager's columns."""
    ids = [row.id for row in rows]
    files = _files(session, rows)
    annotations = _by_task(
        session, select(Annotation).where(Annotation.task_id.in_(ids)).order_by(Annotation.id)
    )
    predictions = _by_task(
        session, select(Prediction).where(Prediction.task_id.in_(ids)).order_by(Prediction.id)
    )
    persons = serializers.people(
        session, {one.completed_by_id for group in annotations.values() for one in group}
    )
    return [
        serializers.base_task(row, files.get(row.file_upload_id or 0))
        | {
            "annotations": [serializers.annotation(one, persons) for one in annotations.get(row.id, [])],
            "predictions": [serializers.prediction(one) for one in predictions.get(row.id, [])],
        }
        for row in rows
    ]


def reserve_numbers(session: Session, project_id: int, count: int) -> int:
    """Take the next ``count`` task numbers of a project. Gaps are fine.

    :returns: the first of them.
    """
    following = session.scalar(
        update(Project)
        .where(Project.id == project_id)
        .values(next_inner_id=Project.next_inner_id + count)
        .returning(Project.next_inner_id)
        .execution_options(synchronize_session=False)
    )
    if following is None:
        raise NotFound("No Project matches the given query.", code="no-project", params={"id": project_id})
    return int(following) - count


def count_columns(session: Session, project_id: int, change: dict[str, int]) -> None:
    """Count in how many tasks each data field stands."""
    for name, number in sorted(change.items()):
        changed = session.execute(
            update(DataColumn)
            .where(DataColumn.project_id == project_id, DataColumn.name == name[:512])
            .values(tasks=DataColumn.tasks + number)
            .execution_options(synchronize_session=False)
        )
        if changed.rowcount == 0 and number > 0:  # type: ignore[attr-defined]
            session.add(DataColumn(project_id=project_id, name=name[:512], tasks=number))
            session.flush()


def _checked(config: LabelConfig, data: bytes) -> dict[str, Any]:
    values = orjson.loads(data)
    if not isinstance(values, dict):
        raise InvalidFields({"data": ["Task data should be a dictionary of field names to values."]})
    config.check_task(values)
    return values


def _is_published(session: Session, task: Task) -> bool:
    if task.import_id == 0:
        return True
    found = session.scalar(select(func.count()).where(and_(Task.id == task.id, published(task.project_id))))
    return bool(found)


def _by_task(session: Session, query: Any) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    rows = session.execute(query)
    for row in rows.scalars() if len(rows.keys()) == 1 else rows:
        grouped.setdefault(row.task_id, []).append(row)
    return grouped


def _files(session: Session, rows: Sequence[Any]) -> dict[int, str]:
    wanted = {row.file_upload_id for row in rows if row.file_upload_id}
    if not wanted:
        return {}
    return {
        row.id: row.file
        for row in session.execute(select(FileUpload.id, FileUpload.file).where(FileUpload.id.in_(wanted)))
    }


def _columns(project: Any, row: Any, annotations: list[Any], predictions: list[Any]) -> dict[str, Any]:
    """What the data manager's columns say of a task's answers."""
    return {
        "annotators": list(dict.fromkeys(a.completed_by_id for a in annotations if a.completed_by_id)),
        "annotations_results": _shortened([a.result for a in annotations]),
        "predictions_results": _shortened([p.result for p in predictions]),
        "annotations_ids": ",".join(str(a.id) for a in annotations),
        "predictions_model_versions": ",".join(p.model_version or "" for p in predictions),
        "updated_by": [{"user_id": row.updated_by_id}] if row.updated_by_id else [],
    }


def _shortened(results: list[str | None]) -> str:
    return ",".join(text.replace('"', "") for text in results if text is not None)[:RESULTS_SHOWN]


def _score(version: str | None, predictions: list[Any]) -> float | None:
    scores = [
        p.score for p in predictions if p.score is not None and (not version or p.model_version == version)
    ]
    return sum(scores) / len(scores) if scores else None


def visible_tasks(caller: Caller) -> ColumnElement[bool]:
    """The condition that a task belongs to the caller's organisation; for queries over several projects."""
    own = select(Project.id).where(
        Project.organization_id == caller.organization_id, Project.deleting.is_(False)
    )
    return Task.project_id.in_(own)


def config_of_task(ctx: Context, session: Session, caller: Caller, task: Task) -> tuple[Project, LabelConfig]:
    """The project of a task and its configuration."""
    project = projects.get(session, caller, task.project_id)
    return project, label_configs.parse(ctx, project.label_config)

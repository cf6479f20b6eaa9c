"""Predictions: models' answers, one by one. Many at once come with an import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Row, bindparam, delete, select, update
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields, InvalidRegion, NotFound
from labelwright.models import Prediction, Project, Task, now

from . import counters, projects, tasks
from .context import Caller, Context
from .permissions import require
from .short_results import expand

BLOCK = 5000
"""Predictions that are deleted in one transaction."""


def get(session: Session, caller: Caller, prediction_id: int) -> Prediction:
    """The prediction, if the caller's organisation has it.

    :raises NotFound: also for another organisation's.
    """
    prediction = session.scalar(
        select(Prediction)
        .join(Project, Project.id == Prediction.project_id)
        .where(
            Prediction.id == prediction_id,
            Project.organization_id == caller.organization_id,
            Project.deleting.is_(False),
        )
    )
    if prediction is None:
        raise NotFound(
            "No Prediction matches the given query.", code="no-prediction", params={"id": prediction_id}
        )
    tasks.get(session, caller, prediction.task_id)
    return prediction


def find(
    session: Session, caller: Caller, *, task_id: int | None, project_id: int | None
) -> list[Prediction]:
    """The predictions of a task, of a project, or of all of the organisation's projects."""
    own = select(Project.id).where(
        Project.organization_id == caller.organization_id, Project.deleting.is_(False)
    )
    query = select(Prediction).where(Prediction.project_id.in_(own)).order_by(Prediction.id)
    if task_id is not None:
        query = query.where(Prediction.task_id == task_id)
    if project_id is not None:
        query = query.where(Prediction.project_id == project_id)
    return list(session.scalars(query))


def create(ctx: Context, caller: Caller, values: Mapping[str, Any]) -> Prediction:
    """Store a prediction for a task.

    :param values: ``task``, ``result`` as JSON text (Label Studio's short forms too), ``score``, ``model_version`` ...
    :raises InvalidFields: if the result does not fit the configuration.
    """
    with ctx.database.write() as session:
        task = _task_of(session, caller, values["task"])
        require(ctx, caller, "predictions.any", session=session, project=task.project_id)
        project = projects.get(session, caller, task.project_id)
        prediction = Prediction(
            task_id=task.id,
            project_id=task.project_id,
            result=_result(ctx, project, task, values.get("result")),
            score=values.get("score"),
            model_version=values.get("model_version") or "",
            cluster=values.get("cluster"),
            neighbors=_neighbours(values.get("neighbors")),
            mislabeling=values.get("mislabeling") or 0.0,
        )
        session.add(prediction)
        _count(task, prediction.score, 1)
        task.updated_at, task.updated_by_id = now(), caller.user_id
        session.flush()
        counters.add_delta(session, task.project_id, {"predictions": 1})
    return prediction


def _task_of(session: Session, caller: Caller, task_id: int) -> Task:
    """The task that a body names. :raises InvalidFields: if there is none."""
    try:
        return tasks.get(session, caller, task_id, for_update=True)
    except NotFound as error:
        raise InvalidFields(
            {"task": [f'Invalid pk "{task_id}" - object does not exist.']},
            code="no-task",
            params={"id": task_id},
        ) from error


def change(ctx: Context, caller: Caller, prediction_id: int, values: Mapping[str, Any]) -> Prediction:
    """Change a prediction; it stays at its task."""
    with ctx.database.write() as session:
        prediction = get(session, caller, prediction_id)
        require(ctx, caller, "predictions.any", session=session, project=prediction.project_id)
        task = tasks.get(session, caller, prediction.task_id, for_update=True)
        if "result" in values:
            project = projects.get(session, caller, prediction.project_id)
            prediction.result = _result(ctx, project, task, values["result"])
        if "score" in values:
            _count(task, prediction.score, -1)
            _count(task, values["score"], 1)
            prediction.score = values["score"]
        for name in ("model_version", "cluster", "mislabeling"):
            if values.get(name) is not None:
                setattr(prediction, name, values[name])
        if "neighbors" in values:
            prediction.neighbors = _neighbours(values["neighbors"])
        prediction.updated_at = now()
        counters.touch(session, prediction.project_id)
    return prediction


def remove(ctx: Context, caller: Caller, prediction_id: int) -> None:
    """Delete a prediction."""
    with ctx.database.write() as session:
        prediction = get(session, caller, prediction_id)
        require(ctx, caller, "predictions.any", session=session, project=prediction.project_id)
        task = tasks.get(session, caller, prediction.task_id, for_update=True)
        gone = session.execute(
            delete(Prediction)
            .where(Prediction.id == prediction_id)
            .execution_options(synchronize_session=False)
        ).rowcount  # type: ignore[attr-defined]
        if gone:
            _count(task, prediction.score, -1)
            counters.add_delta(session, task.project_id, {"predictions": -1})


def remove_version(ctx: Context, caller: Caller, project_id: int, version: str | None) -> int:
    """Delete all predictions of a project's model version, a block at a time.

    :returns: how many there were.
    """
    removed = 0
    while True:
        with ctx.database.write() as session:
            projects.get(session, caller, project_id)
            require(ctx, caller, "predictions.any", session=session, project=project_id)
            found = session.execute(
                select(Prediction.id, Prediction.task_id, Prediction.score)
                .where(Prediction.project_id == project_id, Prediction.model_version == version)
                .order_by(Prediction.id)
                .limit(BLOCK)
            ).all()
            if not found:
                return removed
            gone = [row.id for row in found]
            _count_out(session, found)
            session.execute(
                delete(Prediction).where(Prediction.id.in_(gone)).execution_options(synchronize_session=False)
            )
            counters.add_delta(session, project_id, {"predictions": -len(gone)})
        removed += len(gone)


def _count_out(session: Session, rows: Sequence[Row[int, int, float | None]]) -> None:
    """Take predictions out of their tasks' counters, in one statement for all."""
    changes: dict[int, dict[str, Any]] = {}
    for row in rows:
        change = changes.setdefault(row.task_id, {"task": row.task_id, "n": 0, "sum": 0.0, "scored": 0})
        change["n"] += 1
        if row.score is not None:
            change["sum"] += row.score
            change["scored"] += 1
    session.connection().execute(
        update(Task.__table__)  # type: ignore[arg-type]
        .where(Task.__table__.c.id == bindparam("task"))
        .values(
            total_predictions=Task.total_predictions - bindparam("n"),
            prediction_score_sum=Task.prediction_score_sum - bindparam("sum"),
            prediction_score_count=Task.prediction_score_count - bindparam("scored"),
        ),
        [changes[task] for task in sorted(changes)],
    )


def _count(task: Task, score: float | None, sign: int) -> None:
    task.total_predictions += sign
    if score is not None:
        task.prediction_score_sum += sign * score
        task.prediction_score_count += sign


def _result(ctx: Context, project: Project, task: Task, value: bytes | None) -> str:
    config = projects.config_of(ctx, project)
    parsed = expand(orjson.loads(value) if value is not None else [], config)
    if not isinstance(parsed, list):
        raise InvalidFields({"result": ["Expected a list of items."]}, code="result-not-a-list")
    if ctx.settings.predictions_validate:
        try:
            config.check(parsed, orjson.loads(task.data))
        except InvalidRegion as error:
            words = f"Error validating prediction: [{error.message!r} at {error.field}]"
            raise InvalidFields(
                {error.field or "result": [words]}, code=error.code, params=error.params
            ) from error
    return value.decode() if value is not None and value[:1] == b"[" else orjson.dumps(parsed).decode()


def _neighbours(value: bytes | None) -> str | None:
    return None if value is None else value.decode()

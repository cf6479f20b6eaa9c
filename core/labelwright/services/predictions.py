"""Predictions: models' answers, one by one. Many at once come with an import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields, InvalidRegion, NotFound
from labelwright.models import Prediction, Project, Task, now

from . import counters, projects, tasks
from .context import Caller, Context
from .permissions import require
from .short_results import expand


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
        task = tasks.get(session, caller, values["task"], for_update=True)
        require(ctx, caller, "predictions.any", session=session, project=task.project_id)
        project = projects.get(session, caller, task.project_id)
        prediction = Prediction(
            task_id=task.id,
            project_id=task.project_id,
            result=_result(ctx, project, task, values.get("result")),
            score=values.get("score"),
            model_version=values.get("model_version") or "undefined",
            cluster=values.get("cluster"),
            neighbors=_neighbours(values.get("neighbors")),
            mislabeling=values.get("mislabeling") or 0.0,
        )
        session.add(prediction)
        _count(task, prediction.score, 1)
        task.updated_at, task.updated_by_id = now(), caller.user_id
        session.flush()
        counters.add_delta(session, task.project_id, {"predictions": 1})
        if not project.model_version:
            project.model_version = prediction.model_version
    return prediction


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

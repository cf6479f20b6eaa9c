"""Models asked: whether they are there, which versions they have, and what they say of one task."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from labelwright.errors import InvalidInput, LabelwrightError, NotFound, Unavailable
from labelwright.ml import MLPrediction
from labelwright.models import MLBackend, Project, Task, now
from labelwright.services import counters, records, tasks
from labelwright.services.context import Caller, Context
from labelwright.services.queue import words_of
from labelwright.services.visible import published

from . import answers, kept, opened

AT_ONCE = 8
"""Models of a project that are asked for their state at the same time."""
AMONG = 1000
"""Tasks from which a trial draws one."""
UPGRADE = "Upgrade your ML backend version to latest."
NOT_INTERACTIVE = "Model is not set to be used for interactive preannotations"
NOTHING_SAID = "ML backend did not return any predictions, check ML backend logs for more details"


@dataclass(frozen=True, slots=True)
class State:
    """How a model was found."""

    state: str
    error: str | None = None
    version: str | None = None


def refresh(ctx: Context, project: Project, rows: Sequence[MLBackend]) -> None:
    """Ask models how they are, at the same time, and keep what they say on their rows."""
    if not rows:
        return
    with ThreadPoolExecutor(min(AT_ONCE, len(rows))) as pool:
        found = list(pool.map(lambda row: _state_of(ctx, row, project), rows))
    with ctx.database.write() as session:
        for row, seen in zip(rows, found, strict=True):
            note(session, row, seen)


def note(session: Session, row: MLBackend, seen: State) -> None:
    """Keep how a model was found, on its row in the database and on the one at hand."""
    values: dict[str, Any] = {"state": seen.state, "error_message": seen.error}
    if row.auto_update and seen.version:
        values["model_version"] = seen.version
    if all(getattr(row, name) == value for name, value in values.items()):
        return
    if values.get("model_version", row.model_version) != row.model_version:
        counters.touch(session, row.project_id)  # other predictions count now
    values["updated_at"] = now()
    session.execute(
        update(MLBackend)
        .where(MLBackend.id == row.id)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    for name, value in values.items():
        setattr(row, name, value)


def failed(ctx: Context, row: MLBackend, error: LabelwrightError) -> None:
    """Keep on a model's row what went wrong with it."""
    with ctx.database.write() as session:
        note(session, row, State("ER", words_of(error)))


def versions(ctx: Context, caller: Caller, backend_id: int) -> dict[str, Any]:
    """The versions that a model has to choose from; of one that cannot say so, the current one."""
    row, project = kept.get_for(ctx, caller, backend_id, "models.view")
    current = [row.model_version] if row.model_version else []
    try:
        with opened.opened(ctx, row, project) as connector:
            listed = connector.versions()
    except LabelwrightError as error:
        return {"versions": current, "message": words_of(error)}
    return {"versions": current, "message": UPGRADE} if listed is None else {"versions": list(listed)}


def try_one(ctx: Context, caller: Caller, backend_id: int) -> dict[str, Any]:
    """Have a model predict one task of its project, drawn by lot. Nothing is stored.

    :raises InvalidInput: if it says nothing, or nothing that fits the configuration.
    """
    row, project = kept.get_for(ctx, caller, backend_id, "models.change")
    with ctx.database.read() as session:
        here = select(Task.id).where(Task.project_id == project.id, published(project.id))
        some = session.scalars(here.order_by(Task.id).limit(AMONG)).all()
    if not some:
        raise InvalidInput("The project has no task to try the model with.", code="no-task-to-try")
    asked = tasks_of(ctx, project, [random.choice(some)])
    try:
        with opened.opened(ctx, row, project) as connector:
            said = answers.of(connector, asked, opened.config_of(ctx, project), {})
    except Unavailable as error:
        raise InvalidInput(words_of(error), code=error.code, params=error.params) from error
    if not said[0]:
        raise InvalidInput(NOTHING_SAID, code="model-said-nothing")
    task = asked[0]
    fitting = [answers.checked(ctx, project, task["id"], task["data"], one) for one in said[0]]
    shown = [
        {"result": one.result, "score": one.score, "model_version": one.model_version} for one in fitting
    ]
    return {"status": 200, "error_message": None, "task": task, "predictions": shown}


def interactive(
    ctx: Context, caller: Caller, backend_id: int, task_id: int, context: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Have a model answer to what a labeller has drawn. Nothing is stored.

    :returns: ``data``, the prediction; or ``errors``, as Label Studio tells them, with 200.
    """
    row, project = kept.get_for(ctx, caller, backend_id, "tasks.view")
    if not row.is_interactive:
        return {"errors": [NOT_INTERACTIVE]}
    with ctx.database.read() as session:
        task = tasks.get(session, caller, task_id)
        if task.project_id != project.id:
            raise NotFound("No Task matches the given query.", code="no-task", params={"id": task_id})
    asked = tasks_of(ctx, project, [task_id])
    try:
        with opened.opened(ctx, row, project) as connector:
            said = answers.of(connector, asked, opened.config_of(ctx, project), context or {})
    except LabelwrightError as error:
        return {"errors": [words_of(error)]}
    if not said[0]:
        return {"errors": [NOTHING_SAID]}
    return {"data": _shown(said[0][0])}


def train(ctx: Context, caller: Caller, backend_id: int) -> None:
    """Have a model learn. One that cannot be reached says so on its row: Label Studio answers 200 all the same."""
    row, project = kept.get_for(ctx, caller, backend_id, "models.change")
    with ctx.database.read() as session:
        record = records.of_project(session, project, opened.config_of(ctx, project))
    try:
        with opened.opened(ctx, row, project) as connector:
            connector.train({"action": "START_TRAINING", "project": record})
    except LabelwrightError as error:
        failed(ctx, row, error)


def tasks_of(ctx: Context, project: Project, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Tasks of a project as a model gets them, with their annotations and predictions."""
    with ctx.database.read() as session:
        rows = answers.rows(session, project.id, opened.config_of(ctx, project), ids)
    if not rows:
        raise NotFound("No Task matches the given query.", code="no-task")
    return rows


def _state_of(ctx: Context, row: MLBackend, project: Project) -> State:
    try:
        with opened.opened(ctx, row, project) as connector:
            connector.health()
            try:
                return State("CO", None, connector.setup(opened.config_of(ctx, project)) or None)
            except LabelwrightError as error:
                return State("ER", words_of(error))
    except LabelwrightError as error:
        return State("DI", words_of(error))


def _shown(one: MLPrediction) -> dict[str, Any]:
    own = {"result": one.result, "score": one.score, "model_version": one.model_version or None}
    return {name: value for name, value in own.items() if value is not None}

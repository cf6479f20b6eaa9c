"""Predictions of a project's model for many tasks: a batch a call, stored whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from labelwright.errors import InvalidInput, LabelwrightError, Unavailable
from labelwright.ml import MLConnector
from labelwright.models import MLBackend, Prediction, Project, Task
from labelwright.services import projects
from labelwright.services.context import Caller, Context
from labelwright.services.imports import predictions as stored
from labelwright.services.permissions import require
from labelwright.services.queue import words_of

from . import answers, asked, opened


class Model:
    """A project's model at work on its tasks."""

    def __init__(
        self, ctx: Context, caller: Caller, row: MLBackend, project: Project, connector: MLConnector
    ) -> None:
        self._ctx, self._caller, self._row, self._project = ctx, caller, row, project
        self._connector = connector
        self._config = opened.config_of(ctx, project)
        self.batch_size = connector.batch_size

    def predict(self, ids: Sequence[int]) -> int:
        """Have tasks predicted that have nothing of the model's version yet.

        :returns: how many predictions were stored.
        :raises InvalidInput: if one of them does not fit; then none of these tasks gets any.
        """
        with self._ctx.database.read() as session:
            wanted = self._without(session, ids)
            tasks = answers.rows(session, self._project.id, self._config, wanted) if wanted else []
        if not tasks:
            return 0
        said = answers.of(self._connector, tasks, self._config, {})
        found = [
            {"task": task["id"], "result": fitting.result, "score": fitting.score,
             "model_version": fitting.model_version or self._row.model_version or None}
            for task, several in zip(tasks, said, strict=True)
            for fitting in (
                answers.checked(self._ctx, self._project, task["id"], task["data"], one) for one in several
            )
        ]  # fmt: skip
        return stored.store_found(self._ctx, self._caller, self._project.id, found)

    def _without(self, session: Session, ids: Sequence[int]) -> list[int]:
        """Those of some tasks that have no prediction of the model's version."""
        version = self._row.model_version or "undefined"
        there = exists().where(Prediction.task_id == Task.id, Prediction.model_version == version)
        return list(session.scalars(select(Task.id).where(Task.id.in_(ids), ~there).order_by(Task.id)))


@contextmanager
def working(ctx: Context, caller: Caller, project_id: int) -> Iterator[Model]:
    """The first model of a project, asked for its version and ready to predict. What goes wrong stands on its row too.

    :raises InvalidInput: if the project has none.
    """
    with ctx.database.read() as session:
        project = projects.get(session, caller, project_id)
        require(ctx, caller, "predictions.any", session=session, project=project_id)
        own = select(MLBackend).where(MLBackend.project_id == project_id).order_by(MLBackend.id)
        row = session.scalar(own.where(MLBackend.kind.in_(list(ctx.registry.ml_connectors))).limit(1))
    if row is None:
        raise InvalidInput(
            "No model is connected to this project. Connect one in its settings, under Models.",
            code="no-model-connected",
        )
    try:
        with opened.opened(ctx, row, project) as connector:
            connector.health()
            version = connector.setup(opened.config_of(ctx, project))
            with ctx.database.write() as session:
                asked.note(session, row, asked.State("CO", None, version or None))
            yield Model(ctx, caller, row, project, connector)
    except LabelwrightError as error:
        asked.failed(ctx, row, error)
        if not isinstance(error, Unavailable):
            raise
        # It is the model that is not there, not this server.
        raise InvalidInput(words_of(error), code=error.code, params=error.params) from error

"""What a plugin's own code works with: the application's parts, cut down to its own and to one organisation.

Requests and jobs add what is theirs; see :class:`~labelwright.plugin_context.PluginContext` for the promises.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from labelwright.actions import Answer
from labelwright.errors import NotFound
from labelwright.exporters import Row
from labelwright.job_kinds import JobSpec
from labelwright.metrics import Measured, Metric, Question, Result
from labelwright.models import Annotation, Project, Task
from labelwright.snapshots import ProjectSnapshot

from . import label_configs, records
from .context import Context
from .exports import rows as export_rows
from .exports.downloads import snapshot_of
from .purposes import PurposeClient
from .visible import published

if TYPE_CHECKING:
    from labelwright.doors.networks import Purpose


class PluginScope:
    """A plugin at work for one organisation.

    :param organization: whose projects it may read; ``None``: nobody's.
    :param owner: for whom it plans jobs.
    """

    def __init__(
        self, ctx: Context, *, organization: int | None, owner: int | None, settings: Mapping[str, Any]
    ) -> None:
        self._ctx = ctx
        self._owner = owner
        self.organization = organization
        self.settings = settings
        self.queries = ScopedQueries(ctx, organization)

    @property
    def metrics(self) -> Mapping[str, Metric]:
        return self._ctx.registry.metrics

    def describe_metric(self, metric: str) -> dict[str, Any]:
        info = self._ctx.registry.metrics[metric].info()
        texts = (info["title"], info["help"], *(param["help"] for param in info["params"].values()))
        return info | {"messages": self._ctx.registry.said("register_metrics", metric, texts)}

    def measure(self, metric: str, a: Sequence[Result], b: Sequence[Result], question: Question) -> Measured:
        return self._ctx.registry.measure(metric, a, b, question)

    def read(self) -> AbstractContextManager[Session]:
        return self._ctx.database.read()

    def write(self) -> AbstractContextManager[Session]:
        return self._ctx.database.write()

    def plan(self, session: Session, spec: JobSpec) -> int | None:
        return self._ctx.queue.add(session, spec, owner=self._owner, organization=self.organization)

    def encrypt(self, text: str) -> str:
        return self._ctx.keys.encrypt(text)

    def decrypt(self, stored: str) -> str:
        return self._ctx.keys.decrypt(stored)

    def outbound(self, purpose: Purpose) -> PurposeClient:
        return PurposeClient(self._ctx.outbound, purpose)

    def url(self, path: str) -> str:
        return self._ctx.settings.base_url + path


class ScopedQueries:
    """What a plugin may read: projects of one organisation, and what is in them."""

    def __init__(self, ctx: Context, organization_id: int | None) -> None:
        self._ctx, self._organization_id = ctx, organization_id

    def project(self, project: int) -> ProjectSnapshot:
        with self._ctx.database.read() as session:
            row = self._project(session, project)
        return snapshot_of(row, label_configs.parse(self._ctx, row.label_config))

    def rows(self, project: int, tasks: tuple[int, ...] | None = None) -> Iterator[Row]:
        config = self.project(project).label_config
        selection = export_rows.Selection(tasks, annotated_only=False, full_predictions=True)
        with self._ctx.database.snapshot() as session:
            yield from export_rows.read(session, project, config, selection)

    def answers(self, project: int, tasks: Sequence[int]) -> list[Answer]:
        query = (
            select(Annotation.id, Annotation.task_id, Annotation.result, Annotation.completed_by_id)
            .where(
                Annotation.project_id == project,
                Annotation.task_id.in_(tasks),
                Annotation.was_cancelled.is_(False),
            )
            .order_by(Annotation.task_id, Annotation.id)
        )
        with self._ctx.database.read() as session:
            self._project(session, project)
            rows = session.execute(query).all()
        return [Answer(row.id, row.task_id, row.result or "[]", row.completed_by_id) for row in rows]

    def answered_by_several(self, project: int, *, after: int = 0, limit: int = 5_000) -> list[int]:
        query = (
            select(Task.id)
            .where(
                Task.project_id == project, Task.id > after, Task.total_annotations > 1, published(project)
            )
            .order_by(Task.id)
            .limit(limit)
        )
        with self._ctx.database.read() as session:
            self._project(session, project)
            return list(session.scalars(query))

    def project_record(self, project: int) -> dict[str, Any]:
        with self._ctx.database.read() as session:
            row = self._project(session, project)
            return records.of_project(session, row, label_configs.parse(self._ctx, row.label_config))

    def task_records(self, project: int, tasks: Sequence[int]) -> list[dict[str, Any]]:
        config = self.project(project).label_config
        with self._ctx.database.read() as session:
            return records.of_tasks(session, project, config, tasks)

    def annotation_records(self, project: int, annotations: Sequence[int]) -> list[dict[str, Any]]:
        with self._ctx.database.read() as session:
            self._project(session, project)
            return records.of_annotations(session, project, annotations)

    def label_link_records(self, project: int, links: Sequence[int]) -> list[dict[str, Any]]:
        with self._ctx.database.read() as session:
            self._project(session, project)
            return records.of_label_links(session, project, links)

    def _project(self, session: Session, project: int) -> Project:
        row = session.scalar(
            select(Project).where(Project.id == project, Project.organization_id == self._organization_id)
        )
        if row is None or row.deleting:
            raise NotFound("No Project matches the given query.", code="no-project", params={"id": project})
        return row

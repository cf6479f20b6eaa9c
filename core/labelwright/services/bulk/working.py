"""What a running action has at hand: the project's facts, and the chosen tasks as batches that commit themselves."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Protocol

import orjson
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from labelwright.actions import Answer
from labelwright.errors import NotFound
from labelwright.models import Annotation, AnnotationLabel, Project, Task
from labelwright.services import labelling, projects, removal, tasks
from labelwright.services.context import Caller, Context
from labelwright.services.data_manager.matching import within_limit
from labelwright.services.data_manager.selection import Chosen
from labelwright.services.exports.downloads import snapshot_of
from labelwright.services.imports.run import Cancelled, Lost
from labelwright.services.ml import retrieve
from labelwright.services.visible import published

from .batch import TaskBatch
from .keep import Keep, digest

BLOCK = 2000
"""Tasks of one transaction: short enough for labellers who wait, long enough to cost little each."""
Choice = Callable[[Session], Chosen]


class Watch(Protocol):
    """Where the progress of the work is shown, and who may stop it."""

    @property
    def job(self) -> int: ...

    def progress(self, done: int, total: int | None = None, message: str | None = None) -> None: ...

    def cancelled(self) -> bool: ...


class ProjectFacts:
    """What an action may know of a project before it does anything."""

    def __init__(self, ctx: Context, caller: Caller, project_id: int, settings: Mapping[str, Any]) -> None:
        self._ctx, self._caller, self._project_id = ctx, caller, project_id
        self.settings = settings
        self.caller = caller.user_id
        with ctx.database.read() as session:
            row = projects.get(session, caller, project_id)
            self.project = snapshot_of(row, projects.config_of(ctx, row))

    def model_versions(self) -> list[str]:
        with self._ctx.database.read() as session:
            return sorted(projects.versions(session, self._project_id))

    def annotators(self) -> dict[int, str]:
        with self._ctx.database.read() as session:
            return {person.id: person.email for person in projects.annotators(session, self._project_id)}

    def first_annotation(self) -> int | None:
        with self._ctx.database.read() as session:
            return session.scalar(
                select(func.min(Annotation.id)).where(Annotation.project_id == self._project_id)
            )


class Working(ProjectFacts):
    """The context of one run, used in a ``with``: whatever ends it, no transaction stays open.

    :param chosen: which tasks; asked anew in each batch's session.
    :param resume: what :meth:`_state` kept at the last committed batch; empty at the beginning.
    :param watch: the job that shows the progress; ``None``: nobody looks.
    """

    def __init__(
        self,
        ctx: Context,
        caller: Caller,
        project_id: int,
        settings: Mapping[str, Any],
        chosen: Choice,
        *,
        keep: Keep | None = None,
        resume: Mapping[str, Any] | None = None,
        watch: Watch | None = None,
    ) -> None:
        super().__init__(ctx, caller, project_id, settings)
        state = resume or {}
        self.tally: Counter[str] = Counter(state.get("tally", {}))
        self.done: int = state.get("done", 0)
        self._chosen, self._keep, self._watch = chosen, keep, watch
        self._last: int = state.get("last", 0)
        self._until: int | None = state.get("until")
        self._total: int | None = state.get("total")
        self._stack: ExitStack | None = None
        self._session: Session | None = None
        self._batch: TaskBatch | None = None

    def __enter__(self) -> Working:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if self._stack is None:
            return
        if kind is None:
            self._commit()
            return
        stack, self._stack = self._stack, None
        stack.__exit__(kind, error, trace)

    # the chosen tasks

    def count(self) -> int:
        self._begin_walk(None)
        return self._total or 0

    def batches(self, *, labelled: tuple[str, str] | None = None) -> Iterator[TaskBatch]:
        self._commit()
        self._begin_walk(labelled)
        while True:
            self._commit()
            session, project = self._open()
            ids = self._next_ids(session, labelled)
            if not ids:
                self._commit()
                return
            yield self._batch_of(session, project, ids)
            self._last, self.done = ids[-1], self.done + len(ids)

    def duplicates(self) -> Iterator[tuple[TaskBatch, list[tuple[int, ...]]]]:
        self._commit()
        for ids in _packs(self._groups()):
            session, project = self._open()
            batch = self._batch_of(session, project, self._locked(session, ids))
            yield batch, _equal(batch)
            self.done += len(ids)
            self._commit()

    # powers beside the batches

    def annotation(self, annotation: int) -> Answer:
        with self._ctx.database.read() as session:
            row = session.scalar(
                select(Annotation).where(
                    Annotation.id == annotation, Annotation.project_id == self._project_id
                )
            )
            if row is None:
                raise NotFound(
                    "No Annotation matches the given query.", code="no-annotation", params={"id": annotation}
                )
            return Answer(row.id, row.task_id, row.result or "[]", author=row.completed_by_id)

    def next_task(self) -> dict[str, Any]:
        with self._ctx.database.read() as session:
            chosen = self._chosen(session)
        given = labelling.next_of(self._ctx, self._caller, self._project_id, chosen)
        with self._ctx.database.read() as session:
            project = projects.get(session, self._caller, self._project_id)
            shown = tasks.to_json(self._ctx, session, self._caller, project, [given.task])[0]
        return shown | {"queue": given.queue, "unique_lock_id": given.unique_id}

    def predict(self) -> int:
        self._commit()
        self._begin_walk(None)
        with retrieve.working(self._ctx, self._caller, self._project_id) as model:
            while ids := self._some_ids(model.batch_size):
                self.tally["predictions"] += model.predict(ids)
                self._last, self.done = ids[-1], self.done + len(ids)
                self._note_progress()
        return self.done

    def is_empty(self) -> bool:
        self._commit()
        with self._ctx.database.read() as session:
            some = select(Task.id).where(Task.project_id == self._project_id, published(self._project_id))
            return session.scalar(some.limit(1)) is None

    def clear_tabs(self) -> None:
        self._commit()
        with self._ctx.database.write() as session:
            projects.get(session, self._caller, self._project_id)
            removal.drop_views(session, self._project_id)

    # transactions

    def _open(self) -> tuple[Session, Project]:
        self._stack = ExitStack()
        self._session = session = self._stack.enter_context(self._ctx.database.write())
        return session, projects.get(session, self._caller, self._project_id)

    def _batch_of(self, session: Session, project: Project, ids: Sequence[int]) -> TaskBatch:
        self._batch = TaskBatch(self._ctx, session, self._caller, project, ids, self._keep)
        return self._batch

    def _commit(self) -> None:
        """Settle and commit what was done with the last batch, and say how far the work is."""
        if self._stack is None or self._session is None:
            return
        stack, batch = self._stack, self._batch
        with stack:
            self._stack = self._batch = None
            events = batch.settle() if batch is not None else []
            if self._watch is not None and not self._ctx.queue.checkpoint(
                self._session, self._watch.job, self._state()
            ):
                raise Lost
        for hook, event in events:
            self._ctx.tell(hook, event)
        if self._watch is not None and batch is not None:
            self._watch.progress(self.done, self._total)
            if self._watch.cancelled():
                raise Cancelled

    def _note_progress(self) -> None:
        """Keep how far the work is that is done outside of batches."""
        if self._watch is None:
            return
        with self._ctx.database.write() as session:
            if not self._ctx.queue.checkpoint(session, self._watch.job, self._state()):
                raise Lost
        self._watch.progress(self.done, self._total)
        if self._watch.cancelled():
            raise Cancelled

    def _state(self) -> dict[str, Any]:
        return {
            "last": self._last,
            "until": self._until,
            "total": self._total,
            "done": self.done,
            "tally": dict(self.tally),
        }

    # finding

    def _begin_walk(self, labelled: tuple[str, str] | None) -> None:
        """Tasks that come later are not this walk's: it ends at the last one that is there now."""
        if self._until is not None:
            return
        with self._ctx.database.read() as session, self._among_chosen(session, labelled) as conditions:
            row = session.execute(select(func.count(), func.max(Task.id)).where(*conditions)).one()
        self._total, self._until = row[0], row[1] or 0

    def _next_ids(self, session: Session, labelled: tuple[str, str] | None) -> list[int]:
        with self._among_chosen(session, labelled) as conditions:
            return list(
                session.scalars(
                    select(Task.id)
                    .where(*conditions, Task.id > self._last, Task.id <= self._until)
                    .order_by(Task.id)
                    .limit(BLOCK)
                    .with_for_update(of=Task)
                )
            )

    def _some_ids(self, limit: int) -> list[int]:
        """The next of the chosen tasks, which nobody is kept from meanwhile."""
        with self._ctx.database.read() as session, self._among_chosen(session) as conditions:
            following = (*conditions, Task.id > self._last, Task.id <= self._until)
            return list(session.scalars(select(Task.id).where(*following).order_by(Task.id).limit(limit)))

    def _locked(self, session: Session, ids: Sequence[int]) -> list[int]:
        mine = (Task.project_id == self._project_id, Task.id.in_(ids))
        return list(session.scalars(select(Task.id).where(*mine).order_by(Task.id).with_for_update()))

    @contextmanager
    def _among_chosen(
        self, session: Session, labelled: tuple[str, str] | None = None
    ) -> Iterator[list[ColumnElement[bool]]]:
        """The conditions on tasks, for statements of this block."""
        chosen = self._chosen(session)
        conditions = [
            Task.project_id == self._project_id,
            published(self._project_id),
            chosen.where,
        ]
        if labelled is not None:
            control, label = labelled
            conditions.append(
                exists().where(
                    AnnotationLabel.task_id == Task.id,
                    AnnotationLabel.project_id == self._project_id,
                    AnnotationLabel.from_name == control,
                    AnnotationLabel.label == label[:512],
                )
            )
        with within_limit(session, chosen.patterns):
            yield conditions

    def _groups(self) -> Iterator[list[int]]:
        """Tasks with the same data, probably: by a digest of 64 bits, in two arrays rather than a million objects."""
        digests, ids, last = array("Q"), array("Q"), 0
        while True:
            with self._ctx.database.read() as session, self._among_chosen(session) as conditions:
                rows = session.execute(
                    select(Task.id, Task.data)
                    .where(*conditions, Task.id > last)
                    .order_by(Task.id)
                    .limit(BLOCK)
                ).all()
            if not rows:
                break
            last = rows[-1].id
            for row in rows:
                digests.append(int(digest(_canonical(row.data)), 16))
                ids.append(row.id)
        self._total = len(ids)
        seen = Counter(digests)
        order = sorted((place for place, key in enumerate(digests) if seen[key] > 1), key=digests.__getitem__)
        del seen
        group: list[int] = []
        for before, place in zip([None, *order], order, strict=False):
            if before is not None and digests[before] != digests[place]:
                yield group
                group = []
            group.append(ids[place])
        if group:
            yield group


def _canonical(data: str) -> str:
    return orjson.dumps(orjson.loads(data), option=orjson.OPT_SORT_KEYS).decode()


def _packs(groups: Iterator[list[int]]) -> Iterator[list[int]]:
    """Whole groups together while they fit into a block; one that does not comes in pieces, each with its first."""
    pack: list[int] = []
    for first, *others in groups:
        for begin in range(0, len(others), BLOCK - 1):
            piece = [first, *others[begin : begin + BLOCK - 1]]
            if len(pack) + len(piece) > BLOCK:
                yield pack
                pack = []
            pack += piece
    if pack:
        yield pack


def _equal(batch: TaskBatch) -> list[tuple[int, ...]]:
    """The groups of a batch, by what stands in the tasks now that they are locked."""
    groups: dict[str, list[int]] = {}
    for task, data in sorted(batch.data().items()):
        groups.setdefault(orjson.dumps(data, option=orjson.OPT_SORT_KEYS).decode(), []).append(task)
    return [tuple(group) for group in groups.values() if len(group) > 1]

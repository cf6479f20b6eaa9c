"""Answers on their way to targets: noted in the transaction of each change, written by a job, an object each.

A note says that an annotation must be written or deleted at a target, and counts its changes. Who writes claims a few
notes, reads the answers as they are then, and puts a note away only if nothing has changed meanwhile: what is there in
the end is the last answer, however many workers there are and wherever one dies.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete, exists, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from labelwright.events import AnnotationsChanged, TasksDeleted
from labelwright.job_kinds import JobSpec
from labelwright.models import Annotation, Job, Storage, StoredAnswer, now, table_of
from labelwright.services.queue import UNFINISHED

KIND = "storage-export"
MARKED = 5000
"""Answers noted in one transaction when all of a project are to be written."""
CLAIM_S = 300
_STORAGE, _NOTE = table_of(Storage), table_of(StoredAnswer)

TARGETS = (
    select(_STORAGE.c.id, _STORAGE.c.can_delete_objects)
    .where(_STORAGE.c.project_id == bindparam("project"), _STORAGE.c.side == "target")
    .with_for_update(read=True, key_share=True)
)
"""Asked at every change: made once. Its lock is what the end of a job waits for, see :func:`is_empty`."""


def note(session: Session, hook: str, event: Any) -> list[JobSpec]:
    """Note what must be written or deleted because of an event, in the event's own transaction.

    :returns: a job for each target that has something to do.
    """
    if not isinstance(event, AnnotationsChanged | TasksDeleted) or not hook.startswith("plan_"):
        return []
    targets = session.connection().execute(TARGETS, {"project": event.project}).all()
    if not targets:
        return []
    session.flush()
    for target in targets:
        if isinstance(event, TasksDeleted):
            _note_gone(session, target, StoredAnswer.task_id.in_(event.tasks))
            continue
        if written := [*event.created, *event.updated]:
            mark(session, target.id, Annotation.id.in_(written))
        if event.deleted:
            _note_gone(session, target, StoredAnswer.annotation_id.in_(event.deleted))
    return [job_for(target.id) for target in targets]


def job_for(storage_id: int) -> JobSpec:
    """The job that writes what is noted for a target. One is enough, whoever asks for it."""
    return JobSpec(KIND, {"storage_id": storage_id}, idempotency_key=str(storage_id), is_internal=True)


def mark(session: Session, storage_id: int, chosen: Any) -> None:
    """Note that annotations must be written."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    columns = ["storage_id", "annotation_id", "task_id", "wanted", "version"]
    found = select(literal(storage_id), Annotation.id, Annotation.task_id, literal("write"), literal(1))
    statement = dialect.insert(StoredAnswer).from_select(columns, found.where(chosen).order_by(Annotation.id))
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[StoredAnswer.storage_id, StoredAnswer.annotation_id],
            set_={"wanted": "write", "version": StoredAnswer.version + 1, "error": None},
        )
    )


def mark_all(session: Session, storage_id: int, project_id: int, after: int) -> int | None:
    """Note the next answers of a project. :returns: the last one's id; ``None`` if there are no more."""
    here = (Annotation.project_id == project_id, Annotation.id > after)
    ids = session.scalars(select(Annotation.id).where(*here).order_by(Annotation.id).limit(MARKED)).all()
    if not ids:
        return None
    mark(session, storage_id, Annotation.id.in_(ids))
    return ids[-1]


def _note_gone(session: Session, target: Any, chosen: Any) -> None:
    here = (StoredAnswer.storage_id == target.id, chosen)
    statement: Any = (
        update(StoredAnswer).where(*here).values(wanted="delete", version=StoredAnswer.version + 1)
        if target.can_delete_objects
        else delete(StoredAnswer).where(*here)
    )
    session.execute(statement.execution_options(synchronize_session=False))


def claim(session: Session, storage_id: int, count: int) -> Sequence[Any]:
    """Take some of what waits. Others leave it alone until it is put away, or long enough for a worker to be dead."""
    moment = now()
    free = or_(_NOTE.c.claimed_until.is_(None), _NOTE.c.claimed_until < moment)
    rows = session.execute(
        select(_NOTE.c.annotation_id, _NOTE.c.task_id, _NOTE.c.wanted, _NOTE.c.version)
        .where(_NOTE.c.storage_id == storage_id, _NOTE.c.wanted != "", free)
        .order_by(_NOTE.c.annotation_id)
        .limit(count)
        .with_for_update(skip_locked=True)
    ).all()
    _change(
        session,
        storage_id,
        [row.annotation_id for row in rows],
        claimed_until=moment + timedelta(seconds=CLAIM_S),
    )
    return rows


def put_away(session: Session, storage_id: int, rows: Sequence[Any], errors: dict[int, str]) -> None:
    """Note that this has been done, or refused for good; what has changed meanwhile waits on."""
    for row in rows:
        here = (
            _NOTE.c.storage_id == storage_id,
            _NOTE.c.annotation_id == row.annotation_id,
            _NOTE.c.version == row.version,
        )
        if row.wanted == "delete":
            session.execute(delete(_NOTE).where(*here))
            continue
        error = errors.get(row.annotation_id)
        session.execute(
            update(_NOTE).where(*here).values(wanted="", error=error, written_at=None if error else now())
        )
    give_back(session, storage_id, rows)


def give_back(session: Session, storage_id: int, rows: Sequence[Any]) -> None:
    """Let others take them: nobody is at it any more."""
    _change(session, storage_id, [row.annotation_id for row in rows], claimed_until=None)


def is_empty(session: Session, storage_id: int) -> bool:
    """Whether nothing waits that nobody is at. The storage stays locked: who notes more comes after the commit.

    So a job that ends in this transaction leaves nothing behind: either its end has waited for a note, or the note
    waits for its end, and finds no job.
    """
    session.execute(select(_STORAGE.c.id).where(_STORAGE.c.id == storage_id).with_for_update())
    free = or_(_NOTE.c.claimed_until.is_(None), _NOTE.c.claimed_until < now())
    waiting = exists().where(_NOTE.c.storage_id == storage_id, _NOTE.c.wanted != "", free)
    return not session.scalar(select(waiting))


def forgotten(session: Session) -> list[JobSpec]:
    """Jobs for targets at which something waits that nobody sees to: the target was away, or a worker died."""
    free = or_(_NOTE.c.claimed_until.is_(None), _NOTE.c.claimed_until < now())
    waits = exists().where(_NOTE.c.storage_id == _STORAGE.c.id, _NOTE.c.wanted != "", free)
    at_it = exists().where(Job.id == _STORAGE.c.job_id, Job.state.in_(UNFINISHED))
    ids = session.scalars(select(_STORAGE.c.id).where(_STORAGE.c.side == "target", waits, ~at_it))
    return [job_for(storage_id) for storage_id in ids]


def _change(session: Session, storage_id: int, ids: Sequence[int], **values: Any) -> None:
    if ids:
        here = (_NOTE.c.storage_id == storage_id, _NOTE.c.annotation_id.in_(ids))
        session.execute(update(_NOTE).where(*here).values(values))

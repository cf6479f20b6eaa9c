"""The words of a project's tasks, kept for the search: begun by a job when a project is searched for the first time,
and from then on written by whoever writes tasks' data, in the same transaction.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, column, delete, insert, literal, select, table, text
from sqlalchemy.orm import Session

from labelwright.errors import Unavailable
from labelwright.job_kinds import JobSpec
from labelwright.models import Project, SearchedText, SearchIndex, Task, table_of
from labelwright.services import counters
from labelwright.services.bulk.among import among
from labelwright.services.context import Context

from . import words

KIND = "index-search"
BLOCK = 1000
"""Tasks that are read in one transaction, which is over in less than a tenth of a second."""
LOCKS = 0x4C57 << 48
"""Where our numbers for PostgreSQL's advisory locks begin; a project's own is added."""
PATIENCE_S = 60
COLUMNS = ("task_id", "project_id", "words")
TEXTS = table_of(SearchedText)
FULL_TEXT = table("lw_fts_words", column("rowid"), column("words"), column("lw_fts_words"))
"""SQLite's full-text table over the words; on PostgreSQL there is a GIN index instead. A column of its own name takes
its commands, and what is looked for."""
ADD = text(
    f"INSERT INTO {TEXTS.name} (task_id, project_id, words) SELECT new.task_id, :project, new.words "
    "FROM unnest(CAST(:ids AS bigint[]), CAST(:words AS text[])) AS new (task_id, words) ON CONFLICT DO NOTHING"
)
INDEXED = (FULL_TEXT.c.rowid, FULL_TEXT.c.words)


def keep(
    ctx: Context,
    session: Session,
    project_id: int,
    texts: Iterable[tuple[int, str]],
    *,
    are_new: bool = False,
) -> None:
    """Keep the words of tasks whose data is written in this transaction, if the project is searched.

    Whoever writes ``Task.data`` calls this. Deleted tasks take their words with them.

    :param texts: ids of tasks and their data as JSON.
    """
    if not _is_searched(ctx, session, project_id):
        return
    rows = [(task_id, project_id, words.of_data(data)) for task_id, data in texts]
    ids = [row[0] for row in rows]
    if not are_new:
        forget(session, ids)
    ctx.database.insert_rows(session, TEXTS, COLUMNS, rows)
    _index(session, ids)


def forget(session: Session, ids: Sequence[int]) -> None:
    """Drop the words of tasks that are deleted in this transaction."""
    kept = among(session, SearchedText.task_id, ids)
    if session.get_bind().dialect.name == "sqlite":
        gone = select(literal("delete"), SearchedText.task_id, SearchedText.words).where(kept)
        session.execute(insert(FULL_TEXT).from_select([FULL_TEXT.c.lw_fts_words, *INDEXED], gone))
    session.execute(delete(SearchedText).where(kept).execution_options(synchronize_session=False))


def is_ready(session: Session, project_id: int) -> bool:
    """Whether the words of all of a project's tasks are kept, as they are read today."""
    query = select(SearchIndex.version).where(
        SearchIndex.project_id == project_id, SearchIndex.is_ready.is_(True)
    )
    return session.scalar(query) == words.VERSION


def plan(ctx: Context, session: Session, project: Project) -> None:
    """Ask for the job that begins to keep a project's words."""
    spec = JobSpec(KIND, {"project_id": project.id}, project.id, idempotency_key=str(project.id))
    ctx.queue.add(session, spec, organization=project.organization_id)


def make(ctx: Context, project_id: int, progress: Any = None) -> dict[str, int]:
    """Read the tasks of a project. Twice is safe: what is kept is not read again.

    :returns: of how many tasks the words were read.
    """
    if not _begin(ctx, project_id):
        return {"tasks": 0}
    made, last = 0, 0
    while True:
        with ctx.database.write() as session:
            ids = _read_block(ctx, session, project_id, last)
        if not ids:
            break
        made, last = made + len(ids), ids[-1]
        if progress is not None:
            progress.progress(made)
    ctx.database.learn_sizes(TEXTS)
    with ctx.database.write() as session:
        row = session.get(SearchIndex, project_id)
        if row is None or row.version != words.VERSION:
            return {"tasks": 0}
        row.is_ready = True
        counters.touch(session, project_id)  # what was counted until now was found by parts of words
        if not ctx.database.is_sqlite:
            session.execute(text("SELECT gin_clean_pending_list('ix_lw_fts_words')"))
    return {"tasks": made}


def different(session: Session, texts: Sequence[Any]) -> dict[int, tuple[str | None, str]]:
    """The tasks whose kept words are not those of their data: what is kept, and what should be.

    :param texts: rows with ``id`` and ``data``.
    """
    query = select(SearchedText.task_id, SearchedText.words)
    kept = dict(session.execute(query.where(SearchedText.task_id.in_([row.id for row in texts]))).all())
    wanted = ((row.id, words.of_data(row.data)) for row in texts)
    return {number: (kept.get(number), own) for number, own in wanted if kept.get(number) != own}


def read_again(ctx: Context, session: Session, project_id: int, ids: Sequence[int]) -> None:
    """Keep what stands in tasks now, whatever was kept until now."""
    query = select(Task.id, Task.data).where(Task.id.in_(ids), Task.project_id == project_id)
    rows = session.execute(query.order_by(Task.id).with_for_update()).all()
    keep(ctx, session, project_id, ((row.id, row.data) for row in rows))


def _is_searched(ctx: Context, session: Session, project_id: int) -> bool:
    """Whether words are kept, or about to be: whoever asks is waited for before the job begins to read."""
    if not ctx.database.is_sqlite:
        session.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": LOCKS + project_id})
    query = select(SearchIndex.version).where(SearchIndex.project_id == project_id)
    return session.scalar(query) == words.VERSION


def _begin(ctx: Context, project_id: int) -> bool:
    """Have everybody keep the words of what they write from now on. :returns: whether there is anything to read."""
    with ctx.database.write() as session:
        _wait_for_writers(ctx, session, project_id)
        project, row = session.get(Project, project_id), session.get(SearchIndex, project_id)
        if project is None or project.deleting:
            return False
        if row is not None and row.version == words.VERSION:
            return not row.is_ready
        if row is not None:
            session.delete(row)
    _forget_all(ctx, project_id)
    with ctx.database.write() as session:
        _wait_for_writers(ctx, session, project_id)
        session.merge(SearchIndex(project_id=project_id, version=words.VERSION, is_ready=False))
    return True


def _wait_for_writers(ctx: Context, session: Session, project_id: int) -> None:
    """Until nobody is writing tasks of the project who may not know yet. Nobody is made to queue behind us.

    :raises Unavailable: after a minute; the job is tried again.
    """
    if ctx.database.is_sqlite:
        return  # which has one writer at a time
    ends = time.monotonic() + PATIENCE_S
    ask = text("SELECT pg_try_advisory_xact_lock(:key)")
    while not session.scalar(ask, {"key": LOCKS + project_id}):
        if time.monotonic() > ends:
            raise Unavailable("The project is being written to without a pause.")
        time.sleep(0.05)


def _read_block(ctx: Context, session: Session, project_id: int, last: int) -> list[int]:
    """Keep the words of the next tasks. Who changes one meanwhile has kept its new words, or overwrites ours."""
    query = select(Task.id, Task.data).where(Task.project_id == project_id, Task.id > last)
    found = session.execute(
        query.order_by(Task.id).limit(BLOCK).with_for_update(read=True, key_share=True)
    ).all()
    kept = set(session.scalars(_kept([row.id for row in found], session)))
    new = [(row.id, project_id, words.of_data(row.data)) for row in found if row.id not in kept]
    if ctx.database.is_sqlite:
        ctx.database.insert_rows(session, TEXTS, COLUMNS, new)
        _index(session, [row[0] for row in new])
    elif new:
        ids, _, read = zip(*new, strict=True)
        session.execute(ADD, {"project": project_id, "ids": list(ids), "words": list(read)})
    return [row.id for row in found]


def _kept(ids: Sequence[int], session: Session) -> Select[int]:
    return select(SearchedText.task_id).where(among(session, SearchedText.task_id, ids))


def _index(session: Session, ids: Sequence[int]) -> None:
    """Put new words into SQLite's full-text table, in one statement: after each, it writes what it has to its disk."""
    if session.get_bind().dialect.name == "sqlite":
        new = select(SearchedText.task_id, SearchedText.words).where(
            among(session, SearchedText.task_id, ids)
        )
        session.execute(insert(FULL_TEXT).from_select(INDEXED, new))


def _forget_all(ctx: Context, project_id: int) -> None:
    """Drop what another version's reading has left, block by block."""
    query = select(Task.id).where(Task.project_id == project_id).order_by(Task.id).limit(BLOCK)
    last = 0
    while True:
        with ctx.database.write() as session:
            ids = session.scalars(query.where(Task.id > last)).all()
            forget(session, ids)
        if not ids:
            return
        last = ids[-1]

"""Indexes for what a project's tabs filter and sort by: made by a job when the project is large, dropped when no tab
asks any more.

Each holds one project's tasks only, so that it costs other projects nothing. On PostgreSQL they are made without
stopping anybody; on SQLite a write waits for the second or two that it takes.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, delete, exc, select, text
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields
from labelwright.job_kinds import JobSpec
from labelwright.models import FieldIndex, Project, Task, View
from labelwright.services import counters
from labelwright.services.context import Context

from .columns import DATA, PLAIN, Columns
from .conditions import TEXT_OPERATORS
from .filters import Condition, Ordering, every, read, read_ordering

log = logging.getLogger(__name__)

KIND = "index-fields"
OF_EVERY_PROJECT = frozenset({"id", "inner_id"})
"""Columns that an index of the table serves anyway."""
WORDS = ("contains", "not_contains", "regex", "starts_with", "ends_with")
TRIGRAMS = "pg_trgm"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An index that tabs would use.

    :param use: ``sort``; ``text`` to compare whole texts; ``number`` to compare numbers; ``words`` to look inside.
    """

    column: str
    use: str


def plan(ctx: Context, session: Session, project: Project) -> None:
    """Ask for the job, in the transaction that changed a tab, if there is anything to make or to drop."""
    if _is_due(ctx, session, project):
        spec = JobSpec(KIND, {"project_id": project.id}, project.id, idempotency_key=str(project.id))
        ctx.queue.add(session, spec, organization=project.organization_id)


def plan_all(ctx: Context) -> None:
    """Ask for the jobs of projects that have grown since their tabs were made."""
    with ctx.database.write() as session:
        query = select(Project).where(Project.id.in_(select(View.project_id)), Project.deleting.is_(False))
        for project in session.scalars(query.limit(1000)):
            plan(ctx, session, project)


def is_large(ctx: Context, session: Session, project: Project) -> bool:
    """Whether reading a project through takes longer than an index is worth."""
    tasks = counters.totals(session, [project.id])[project.id]["tasks"]
    return tasks >= int(ctx.settings["data_manager.index_from"])


def _is_due(ctx: Context, session: Session, project: Project) -> bool:
    have = {_as_wanted(row) for row in _kept(session, project.id)}
    return have != set(_wanted(ctx, session, project))


def make(ctx: Context, project_id: int) -> dict[str, int]:
    """Make the indexes that a project's tabs ask for, and drop the others. Twice is safe.

    A tab that is changed meanwhile plans no job beside this one, so its wishes are looked at before the end.

    :returns: how many were made and dropped.
    """
    made = dropped = 0
    while any(done := _make(ctx, project_id)):
        made, dropped = made + done[0], dropped + done[1]
    return {"made": made, "dropped": dropped}


def _make(ctx: Context, project_id: int) -> tuple[int, int]:
    """What the tabs ask for now: how many indexes were made and dropped."""
    with ctx.database.read() as session:
        project = session.get(Project, project_id)
        if project is None or project.deleting:
            return 0, 0
        wanted = list(_wanted(ctx, session, project))
        kept = list(_kept(session, project_id))
        columns = Columns(ctx, session, project)
        statements = {want: _statement(ctx, columns, project_id, want) for want in wanted}
    useless = [row for row in kept if _as_wanted(row) not in statements]
    for row in useless:
        _drop(ctx, row.name)
    have = {_as_wanted(row) for row in kept}
    made = 0
    for want, statement in statements.items():
        if want in have:
            continue
        name = name_of(project_id, want)
        _drop(ctx, name)  # a try that was killed leaves one that is never used
        if statement is not None:
            _execute(ctx, statement)
        with ctx.database.write() as session:
            session.add(FieldIndex(project_id=project_id, column_name=want.column, use=want.use, name=name))
        made += 1
    if made:
        ctx.database.learn_sizes(Task.__table__)  # type: ignore[arg-type]
    return made, len(useless)


def drop_all(ctx: Context, project_id: int) -> None:
    """Drop a project's indexes, before it goes."""
    with ctx.database.read() as session:
        names = [row.name for row in _kept(session, project_id)]
    for name in names:
        _drop(ctx, name)


def name_of(project_id: int, want: Wanted) -> str:
    """The name says also what the index is made of: one that is made otherwise by now has another name."""
    made_of = f"{want.column} {want.use}" + ("" if want.column.startswith(DATA) else " import")
    return f"ix_lw_dm_{project_id}_{hashlib.sha256(made_of.encode()).hexdigest()[:10]}"


def _as_wanted(row: FieldIndex) -> Wanted | None:
    """What an index is there for; ``None`` if it would be made otherwise today."""
    want = Wanted(row.column_name, row.use)
    return want if row.name == name_of(row.project_id, want) else None


def _kept(session: Session, project_id: int) -> Iterable[FieldIndex]:
    return session.scalars(select(FieldIndex).where(FieldIndex.project_id == project_id)).all()


def _wanted(ctx: Context, session: Session, project: Project) -> Iterator[Wanted]:
    """What the tabs filter and sort by, those of the left first, as many as a project may have."""
    most = ctx.settings["data_manager.indexes"]
    if not is_large(ctx, session, project):
        return
    views = session.scalars(
        select(View).where(View.project_id == project.id).order_by(View.position, View.id)
    )
    found = dict.fromkeys(want for view in views for want in _of_view(view))
    sqlite_cannot = {"words"} if ctx.database.is_sqlite else set()
    yield from [want for want in found if want.use not in sqlite_cannot][:most]


def _of_view(view: View) -> Iterator[Wanted]:
    try:
        filters, ordering = read(orjson.loads(view.filters)), read_ordering(orjson.loads(view.ordering))
    except InvalidFields:
        return
    for condition in every(filters):
        yield from _of_condition(condition)
    for order in ordering[:1]:
        if _is_indexable(order.column):
            yield Wanted(order.column, "sort")


def _of_condition(condition: Condition) -> Iterator[Wanted]:
    column, operator = condition.column, condition.operator
    if not _is_indexable(column):
        return
    if not column.startswith(DATA):
        yield Wanted(column, "sort")
    elif operator in WORDS:
        yield Wanted(column, "words")
    elif condition.type in ("Number", "Time"):
        yield Wanted(column, "number")
    elif operator in TEXT_OPERATORS:
        yield Wanted(column, "text")


def _is_indexable(column: str) -> bool:
    return column.startswith(DATA) or (column in PLAIN and column not in OF_EVERY_PROJECT)


def _statement(ctx: Context, columns: Columns, project_id: int, want: Wanted) -> str | None:
    """The statement that makes an index; ``None`` where the database has nothing for it."""
    condition = f"project_id = {project_id}"
    method, postfix = "", ""
    parts: list[Any]
    if want.column.startswith(DATA):
        field = columns.data_field(want.column)
        if want.use == "words":
            if not _has_trigrams(ctx):
                return None
            parts, method, postfix = [field.text], "USING gin ", " gin_trgm_ops"
        elif want.use == "sort":
            parts = [*field.order, Task.id]
            condition += f" AND {_text(ctx, field.cut)} IS NOT NULL"
        else:
            parts = [field.cut if want.use == "text" else field.number, Task.id]
    else:
        # With the import, which every list asks for, a page is counted off by the index alone.
        parts = [columns.sort(Ordering(want.column, False, "")).keys[0], Task.id, Task.import_id]
    listed = ", ".join(f"({_text(ctx, part)}){postfix}" for part in parts)
    if ctx.database.is_sqlite:  # whose planner takes an index of the same beginning that saves it the sorting
        return f"CREATE INDEX {name_of(project_id, want)} ON lw_task (project_id, {listed}) WHERE {condition}"
    return f"CREATE INDEX CONCURRENTLY {name_of(project_id, want)} ON lw_task {method}({listed}) WHERE {condition}"


def _text(ctx: Context, expression: ColumnElement[Any]) -> str:
    compiled = expression.compile(
        dialect=ctx.database.engine.dialect, compile_kwargs={"literal_binds": True, "include_table": False}
    )
    return str(compiled)


def _has_trigrams(ctx: Context) -> bool:
    """Whether PostgreSQL knows trigrams, which an administrator may have to allow."""
    with ctx.database.read() as session:
        known = text("SELECT 1 FROM pg_extension WHERE extname = :name")
        if session.scalar(known, {"name": TRIGRAMS}):
            return True
        try:
            session.execute(text(f"CREATE EXTENSION IF NOT EXISTS {TRIGRAMS}"))
        except exc.DBAPIError as error:
            log.info("no index for parts of texts: %s", error.orig)
            return False
    return True


def _drop(ctx: Context, name: str) -> None:
    concurrently = "" if ctx.database.is_sqlite else "CONCURRENTLY "
    _execute(ctx, f"DROP INDEX {concurrently}IF EXISTS {name}")
    with ctx.database.write() as session:
        session.execute(
            delete(FieldIndex).where(FieldIndex.name == name).execution_options(synchronize_session=False)
        )


def _execute(ctx: Context, statement: str) -> None:
    """Run a statement that makes or drops an index; PostgreSQL wants it outside a transaction."""
    opened = ctx.database.write() if ctx.database.is_sqlite else ctx.database.read()
    with opened as session:
        session.connection().exec_driver_sql(statement)

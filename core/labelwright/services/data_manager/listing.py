"""A page of tasks: which ids, then their rows, then what hangs on these rows; as many queries for a million tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, select
from sqlalchemy.orm import Session

from labelwright.errors import NotFound
from labelwright.models import Project, Task, TaskFact
from labelwright.services import counters, tasks
from labelwright.services.context import Caller, Context
from labelwright.services.permissions import require
from labelwright.services.tasks import FAR, TaskPage

from . import matching, search, selection, totals
from .columns import Columns, Sort
from .requests import Request


def page(
    ctx: Context,
    session: Session,
    caller: Caller,
    project: Project,
    request: Request,
    *,
    number: int = 1,
    size: int = 100,
    full: bool = False,
    include: frozenset[str] = frozenset(),
) -> TaskPage:
    """A page of the tasks that a request asks for, with the totals of all that match.

    :param full: with annotations, predictions and drafts; :param include: these members only.
    :raises NotFound: past the end.
    :raises InvalidFields: naming the member of the request at fault.
    """
    with matching.within_limit(session, matching.patterns(request.filters)):
        return _page(ctx, session, caller, project, request, number, size, full, include)


def _page(
    ctx: Context, session: Session, caller: Caller, project: Project, request: Request, number: int, size: int,
    full: bool, include: frozenset[str],
) -> TaskPage:  # fmt: skip
    require(ctx, caller, "tasks.view", session=session, project=project.id)
    columns = Columns(ctx, session, project)
    sorts = [columns.sort(ordering) for ordering in request.ordering]
    where = selection.where(ctx, session, project, request)
    found = _counted(ctx, session, project, request, where)
    total = found.totals.tasks
    offset = (number - 1) * size
    if number < 1 or (number > 1 and offset >= total):
        raise NotFound("Invalid page.", code="no-page", params={"page": number})
    if request.search:
        search.ensure_index(ctx, session, project)
    if total == 0:
        return TaskPage([], 0, 0, 0)
    by_id = not sorts or (len(sorts) == 1 and request.ordering[0].column == "id")
    backwards = bool(sorts) and request.ordering[0].descending
    if by_id and request.is_all:
        ids: Sequence[int] = tasks.page_of_ids(session, project.id, total, offset, size, backwards)
        ids = sorted(ids, reverse=backwards)
    elif by_id:
        ids = _by_id(session, where, found, offset, size, backwards)
    elif len(sorts) == 1:
        ids = _by_one(session, project, request, where, sorts[0], found, offset, size)
    else:
        ids = _by_many(session, project, request, where, sorts, offset, size)
    rows = {row.id: row for row in session.execute(select(*Task.__table__.c).where(Task.id.in_(ids)))}
    listed = [rows[task_id] for task_id in ids if task_id in rows]
    shown = tasks.to_json(ctx, session, caller, project, listed, full=full, include=include)
    return TaskPage(shown, total, found.totals.annotations, found.totals.predictions)


def _counted(
    ctx: Context, session: Session, project: Project, request: Request, where: ColumnElement[bool]
) -> totals.Counted:
    """The totals; of the whole project they are kept anyway."""

    def count() -> totals.Totals:
        if not request.is_all:
            return totals.count(session, where)
        sums = counters.totals(session, [project.id])[project.id]
        return totals.Totals(sums["tasks"], sums["annotations"], sums["predictions"])

    version = counters.version(session, project.id)
    key = f"{project.id} {project.model_version} {request.key}"
    return totals.counts_of(ctx.database).get(key, version, count)


def _by_id(
    session: Session,
    where: ColumnElement[bool],
    found: totals.Counted,
    offset: int,
    size: int,
    backwards: bool,
) -> Sequence[int]:
    """In the order of the ids, from the nearest place that an earlier page has marked."""
    if backwards:
        begin = max(0, found.totals.tasks - offset - size)
        count = found.totals.tasks - offset - begin
        return list(reversed(_forwards(session, where, found, begin, count)))
    return _forwards(session, where, found, offset, size)


def _forwards(
    session: Session, where: ColumnElement[bool], found: totals.Counted, offset: int, size: int
) -> Sequence[int]:
    known, after = found.before(offset)
    left = found.totals.tasks - offset
    if left < (offset - known):
        rows = session.scalars(
            select(Task.id)
            .where(where)
            .order_by(Task.id.desc())
            .limit(min(size, left))
            .offset(max(0, left - size))
        ).all()
        ids = list(reversed(rows))
    else:
        query = select(Task.id).where(where, Task.id > after).order_by(Task.id)
        ids = list(session.scalars(query.limit(size).offset(offset - known)))
    if ids:
        found.mark(offset + len(ids), ids[-1])
    return ids


def _by_one(
    session: Session, project: Project, request: Request, where: ColumnElement[bool], sort: Sort,
    found: totals.Counted, offset: int, size: int,
) -> Sequence[int]:  # fmt: skip
    """By one column: first those that have a value, along its index in either direction, then the others."""
    ordering = request.ordering[0]
    having = _joined(select(Task.id), project, sort).where(where)
    if sort.present is not None:
        having = having.where(sort.present)
    tie = TaskFact.task_id if sort.facts else Task.id

    def along(descending: bool, count: int, skipped: int) -> list[int]:
        order = [key.desc() if descending else key.asc() for key in (*sort.keys, tie)]
        return list(session.scalars(having.order_by(*order).limit(count).offset(skipped)))

    def present() -> int:
        """How many have a value; counted only where a page needs it."""
        if sort.present is None and sort.facts is None:
            return found.totals.tasks
        if ordering.column not in found.present:
            counted = session.scalar(select(func.count()).select_from(having.subquery()))
            found.present[ordering.column] = counted or 0
        return found.present[ordering.column]

    if offset >= FAR and offset > found.totals.tasks // 2:  # from the nearer end
        count = max(0, min(size, present() - offset))
        ids = along(not ordering.descending, count, present() - offset - count)[::-1] if count else []
    else:
        ids = along(ordering.descending, size, offset)
    if len(ids) == size or (sort.present is None and sort.facts is None):
        return ids
    before = present()
    if sort.facts:
        has_none: ColumnElement[bool] = ~Task.id.in_(
            select(TaskFact.task_id).where(
                TaskFact.project_id == project.id,
                TaskFact.column_name == sort.facts,
                sort.keys[0].is_not(None),
            )
        )
    else:
        has_none = ~sort.present if sort.present is not None else false()
    rest = select(Task.id).where(where, has_none).order_by(Task.id)
    return [*ids, *session.scalars(rest.limit(size - len(ids)).offset(max(0, offset - before)))]


def _by_many(
    session: Session, project: Project, request: Request, where: ColumnElement[bool], sorts: Sequence[Sort],
    offset: int, size: int,
) -> Sequence[int]:  # fmt: skip
    """By several columns, missing values last in each; ties in the order of the ids."""
    query: Any = select(Task.id)
    order: list[Any] = []
    for ordering, sort in zip(request.ordering, sorts, strict=True):
        keys = sort.keys
        if sort.facts:
            fact = select(_value(sort)).where(TaskFact.task_id == Task.id, TaskFact.column_name == sort.facts)
            keys = (fact.scalar_subquery(),)
        if len(keys) > 1:  # numbers before texts, and backwards in reverse: what is missing is last in both
            order.append(keys[-1].is_(None))
            order += [
                key.desc().nulls_first() if ordering.descending else key.asc().nulls_last() for key in keys
            ]
        else:
            order.append((keys[0].desc() if ordering.descending else keys[0].asc()).nulls_last())
    order.append(Task.id)
    return session.scalars(query.where(where).order_by(*order).limit(size).offset(offset)).all()


def _joined(query: Select[Any], project: Project, sort: Sort) -> Any:
    """The query with the table of plugins' values, where that is sorted by."""
    if sort.facts is None:
        return query
    return query.join(
        TaskFact,
        and_(
            TaskFact.task_id == Task.id,
            TaskFact.project_id == project.id,
            TaskFact.column_name == sort.facts,
            _value(sort).is_not(None),
        ),
    )


def _value(sort: Sort) -> Any:
    return sort.keys[0]

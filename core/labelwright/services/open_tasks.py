"""The statements that find a labeller's next task, each built once; they read rows of the tables, not objects.

All ask for ``:project`` and ``:user``, and for ``:ahead``, the task that is being labelled meanwhile. A task is given
out only while ``taken < overlap``, in the statement that counts it as taken and passes by what is locked.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal_column,
    select,
    true,
    update,
)

from labelwright.models import (
    Annotation,
    Draft,
    Import,
    Project,
    ProjectMembership,
    StreamPosition,
    Task,
    TaskLease,
    table_of,
)

NEAR = 200
"""Open tasks looked at from the front of the sequence before the search goes on from where the labeller was."""
NEAR_BEGUN = 1000
"""Tasks that somebody has begun, looked at before fresh ones: who works ahead of all others has begun many."""

TASK, LEASE, POSITION = table_of(Task), table_of(TaskLease), table_of(StreamPosition)
PROJECT, ROLE = table_of(Project), table_of(ProjectMembership)
ANNOTATION, DRAFT, IMPORT = table_of(Annotation), table_of(Draft), table_of(Import)
_IS_BEGUN = TASK.c.total_annotations > literal_column("0")


@cache
def situation(ahead: bool) -> Select[Any]:
    """The project and where the labeller is in it, in one row.

    Of the tasks that the labeller holds and has not answered, those shown before come before those only loaded ahead.

    :param ahead: look for a task loaded ahead of another.
    """
    held = (
        select(LEASE.c.task_id)
        .join(TASK, TASK.c.id == LEASE.c.task_id)
        .where(
            LEASE.c.project_id == bindparam("project"), LEASE.c.user_id == bindparam("user"),
            LEASE.c.expires_at >= bindparam("moment"), TASK.c.is_labeled == false(),
        )
        .order_by(LEASE.c.prefetched, LEASE.c.created_at)
        .limit(1)
    )  # fmt: skip
    if ahead:
        held = held.where(LEASE.c.task_id != bindparam("ahead"), LEASE.c.prefetched == true())
    expired = exists().where(
        LEASE.c.project_id == bindparam("project"), LEASE.c.expires_at < bindparam("moment")
    )
    return (
        select(
            *PROJECT.c, ROLE.c.role, POSITION.c.task_id.label("position"), POSITION.c.history,
            held.scalar_subquery().label("held"), expired.label("has_expired"),
        )
        .outerjoin(ROLE, and_(ROLE.c.project_id == PROJECT.c.id, ROLE.c.user_id == bindparam("user")))
        .outerjoin(POSITION, and_(POSITION.c.project_id == PROJECT.c.id, POSITION.c.user_id == bindparam("user")))
        .where(
            PROJECT.c.id == bindparam("project"), PROJECT.c.organization_id == bindparam("organization"),
            PROJECT.c.deleting == false(),
        )
    )  # fmt: skip


@cache
def taking(narrowed: str, overlapping: bool, ahead: bool) -> Update:
    """Find an open task and count it as taken.

    :param narrowed: which open tasks, and in what order: see below.
    """
    query = select(TASK.c.id).where(*_open(overlapping, ahead))
    order: tuple[ColumnElement[Any], ...] = (TASK.c.id,)
    match narrowed:
        case "near":
            query = query.where(TASK.c.id.in_(_first(NEAR, overlapping, TASK.c.id)))
        case "onwards":
            query = query.where(TASK.c.id > bindparam("position"))
        case "one":
            query = query.where(TASK.c.id == bindparam("task"))
        case "ground truths":
            query = query.where(TASK.c.total_ground_truths > literal_column("0"))
        case "begun":
            most_begun = (TASK.c.total_annotations.desc(), TASK.c.id)
            begun = _first(NEAR_BEGUN, overlapping, *most_begun, where=_IS_BEGUN)
            query = query.where(TASK.c.id.in_(begun))
            # Sorted by a sum, so that SQLite begins with those found and does not walk along an index again.
            order = ((TASK.c.total_annotations + literal_column("0")).desc(), TASK.c.id)
        case "uncertain":
            query = query.where(TASK.c.prediction_score_count > 0)
            order = (TASK.c.prediction_score_sum / TASK.c.prediction_score_count, TASK.c.id)
    return _taken(query.order_by(*order))


def taking_of(*conditions: ColumnElement[bool], order: Sequence[Any] = (), ahead: bool = False) -> Update:
    """Find the first open task for which conditions hold, and count it as taken.

    :param order: what decides before the ids.
    """
    query = select(TASK.c.id).where(*_open(False, ahead), *conditions)
    return _taken(query.order_by(*order, TASK.c.id))


def _taken(query: Select[Any]) -> Update:
    """Count the first task of a query, which gives ids, as taken; what another transaction has locked is passed by."""
    first = query.limit(1).with_for_update(of=TASK, skip_locked=True).correlate(None).scalar_subquery()
    return update(TASK).where(TASK.c.id == first).values(taken=TASK.c.taken + 1).returning(*TASK.c)


def _first(
    number: int, overlapping: bool, *order: ColumnElement[Any], where: ColumnElement[bool] | None = None
) -> Select[Any]:
    """The first tasks that have a free place, whoever asks."""
    wanted = [*_places(overlapping), *([] if where is None else [where])]
    return select(TASK.c.id).where(*wanted).order_by(*order).limit(number).correlate(None)


@cache
def sample(above: bool, overlapping: bool, ahead: bool) -> Select[Any]:
    pivot: ColumnElement[int] = bindparam("pivot")
    where = TASK.c.id >= pivot if above else TASK.c.id < pivot
    query = select(TASK.c.id).where(*_open(overlapping, ahead), where)
    return query.order_by(TASK.c.id).limit(bindparam("size"))


def _places(overlapping: bool = False) -> list[ColumnElement[bool]]:
    """A task of the project that has a free place; an index holds no others."""
    places = [TASK.c.project_id == bindparam("project"), TASK.c.taken < TASK.c.overlap]
    return [*places, TASK.c.overlap > literal_column("1")] if overlapping else places


def _open(overlapping: bool, ahead: bool) -> list[ColumnElement[bool]]:
    """The conditions of a task that the labeller may be given."""
    user: ColumnElement[int] = bindparam("user")
    hidden = select(IMPORT.c.id).where(
        IMPORT.c.project_id == bindparam("project"), IMPORT.c.state != literal_column("'published'")
    )
    conditions = [
        *_places(overlapping),
        ~exists().where(ANNOTATION.c.task_id == TASK.c.id, ANNOTATION.c.completed_by_id == user),
        ~exists().where(LEASE.c.task_id == TASK.c.id, LEASE.c.user_id == user),
        ~exists().where(DRAFT.c.task_id == TASK.c.id, DRAFT.c.user_id == user, DRAFT.c.was_postponed == true()),
        TASK.c.import_id.not_in(hidden),
    ]  # fmt: skip
    return [*conditions, TASK.c.id != bindparam("ahead")] if ahead else conditions


def chosen_in_hand(chosen: ColumnElement[bool]) -> Select[Any]:
    """The task among chosen ones that the labeller has had in hand the longest."""
    return (
        select(*TASK.c)
        .join(LEASE, and_(LEASE.c.task_id == TASK.c.id, LEASE.c.user_id == bindparam("user")))
        .where(TASK.c.project_id == bindparam("project"), chosen)
        .order_by(LEASE.c.created_at)
        .limit(1)
        .with_for_update(of=TASK, skip_locked=True)
    )


def _mine(what: FromClause, owner: ColumnElement[Any], where: ColumnElement[bool]) -> Select[Any]:
    """An unfinished task with something of the labeller's, the oldest first."""
    return (
        select(*TASK.c)
        .join(what, and_(what.c.task_id == TASK.c.id, owner == bindparam("user"), where))
        .where(
            TASK.c.project_id == bindparam("project"), TASK.c.is_labeled == false(), TASK.c.id != bindparam("ahead")
        )
        .order_by(what.c.updated_at)
        .limit(1)
        .with_for_update(of=TASK, skip_locked=True)
    )  # fmt: skip


POSTPONED = _mine(DRAFT, DRAFT.c.user_id, DRAFT.c.was_postponed == true())
OWN_SKIPPED = _mine(ANNOTATION, ANNOTATION.c.completed_by_id, ANNOTATION.c.was_cancelled == true())
BOUNDS = select(func.min(TASK.c.id), func.max(TASK.c.id)).where(*_places())
TASK_BY_ID = select(*TASK.c).where(TASK.c.id == bindparam("task"))
TAKE_AGAIN = update(TASK).where(TASK.c.id == bindparam("task")).values(taken=TASK.c.taken + 1)

"""Which tasks are meant: the one place from which lists and all work on many tasks at once take their condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, and_, any_, bindparam, false, func, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from labelwright.models import Project, Task
from labelwright.services import projects
from labelwright.services.context import Caller, Context
from labelwright.services.visible import published

from . import matching, requests, search, views
from .columns import Columns
from .requests import Request, Selected


@dataclass(frozen=True, slots=True)
class Chosen:
    """The tasks that somebody has selected."""

    where: ColumnElement[bool]
    """The condition on :class:`Task` that picks exactly them."""
    patterns: tuple[str, ...] = ()
    """Where in the request regular expressions stand: have statements with the condition run within their limit."""


def chosen(
    ctx: Context,
    session: Session,
    caller: Caller,
    project: Project | int,
    *,
    view_id: int | None = None,
    request: Mapping[str, Any] | None = None,
) -> Chosen:
    """The tasks that somebody has selected, as a condition.

    Use it in the statement that does the work; it names the project, and hides unpublished imports. Without
    ``selectedItems`` it picks all tasks that match; with an empty list of them, none.

    :param view_id: the tab that the selection was made in: its filters, and what is ticked in it, count unless
        ``request`` brings its own.
    :param request: ``{"selectedItems", "filters", "search"}``, each of which may be missing.
    :raises NotFound: of another organisation's project, or a view of another project.
    :raises InvalidFields: naming the member of the request at fault.
    :raises NotReady: while what is searched for is not found by words yet.
    """
    found = projects.get(session, caller, project) if isinstance(project, int) else project
    view = None if view_id is None else views.get(session, caller, view_id, project_id=found.id)
    wanted = requests.over_view(view, request or {}, with_ticked=True)
    if wanted.search:
        search.require_words(session, found, wanted.search)
    return Chosen(where(ctx, session, found, wanted), matching.patterns(wanted.filters))


def where(ctx: Context, session: Session, project: Project, request: Request) -> ColumnElement[bool]:
    """The condition on tasks of a request that has been read."""
    parts: list[ColumnElement[bool]] = [
        Task.project_id == bindparam(None, project.id, literal_execute=True),
        published(project.id),
    ]
    filtered = Columns(ctx, session, project).where(request.filters)
    if filtered is not None:
        parts.append(filtered)
    if request.annotated_only:
        parts.append(Task.total_annotations > 0)
    if request.search:
        parts.append(search.where(ctx, session, project, request.search))
    if request.selected is not None:
        parts.append(_ticked(ctx, request.selected))
    return and_(*parts)


def _ticked(ctx: Context, selected: Selected) -> ColumnElement[bool]:
    if not selected.ids:
        return true() if selected.all else false()
    ids = sorted(selected.ids)
    if ctx.database.is_sqlite:  # as one value, however many they are
        listed = func.json_each(literal(orjson.dumps(ids).decode())).table_valued("value")
        within: ColumnElement[bool] = Task.id.in_(select(listed.c.value))
    else:
        within = Task.id == any_(literal(ids, ARRAY(BigInteger)))
    return ~within if selected.all else within

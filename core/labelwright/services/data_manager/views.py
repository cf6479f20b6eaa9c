"""Tabs of the data manager: kept as Label Studio keeps them, seen by everybody who sees the project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields, NotFound
from labelwright.models import Project, View
from labelwright.services import projects
from labelwright.services.context import Caller, Context
from labelwright.services.permissions import require

from . import field_indexes, filters
from .columns import Columns

MOST_BYTES = 1_000_000
"""Of one tab's settings."""
MOST_VIEWS = 1_000
"""Tabs of one project."""


def get(session: Session, caller: Caller, view_id: int, *, project_id: int | None = None) -> View:
    """The tab.

    :raises NotFound: also for another organisation's, and for one of another project than ``project_id``.
    """
    view = session.scalar(_own(caller).where(View.id == view_id))
    if view is None or project_id not in (None, view.project_id):
        raise NotFound("No View matches the given query.", code="no-view", params={"id": view_id})
    return view


def find(session: Session, caller: Caller, project_id: int | None = None) -> Sequence[View]:
    """The tabs of a project, or of all of the organisation's, from left to right."""
    query = _own(caller).order_by(View.position, View.id)
    if project_id is not None:
        query = query.where(View.project_id == project_id)
    return session.scalars(query).all()


def create(ctx: Context, caller: Caller, project_id: int, data: Any) -> View:
    """Add a tab at the right.

    :param data: its settings; ``filters`` and ``ordering`` are checked, the rest is kept as it is.
    :raises InvalidFields: naming the member at fault.
    """
    with ctx.database.write() as session:
        project = _project(session, caller, project_id)
        require(ctx, caller, "views.create", session=session, project=project_id)
        last, count = session.execute(
            select(func.max(View.position), func.count()).where(View.project_id == project_id)
        ).one()
        if count >= MOST_VIEWS:
            raise InvalidFields({"project": [f"A project has {MOST_VIEWS} tabs at most."]})
        view = View(
            project_id=project_id,
            user_id=caller.user_id,
            position=0 if last is None else last + 1,
            data="{}",
            ordering="[]",
            filters="null",
            selected_items="{}",
        )
        _assign(ctx, session, project, view, data)
        session.add(view)
        session.flush()
        field_indexes.plan(ctx, session, project)
    return view


def change(ctx: Context, caller: Caller, view_id: int, data: Any) -> View:
    """Replace a tab's settings; filters and order stay when they are not named, as in Label Studio.

    :raises InvalidFields: naming the member at fault.
    """
    with ctx.database.write() as session:
        view = get(session, caller, view_id)
        require(ctx, caller, "views.change", session=session, project=view.project_id)
        project = projects.get(session, caller, view.project_id)
        _assign(ctx, session, project, view, data)
        session.flush()
        field_indexes.plan(ctx, session, project)
    return view


def remove(ctx: Context, caller: Caller, view_id: int) -> None:
    """Delete a tab. :raises NotFound: if it is not there."""
    with ctx.database.write() as session:
        view = get(session, caller, view_id)
        require(ctx, caller, "views.delete", session=session, project=view.project_id)
        project = projects.get(session, caller, view.project_id)
        session.delete(view)
        session.flush()
        field_indexes.plan(ctx, session, project)


def remove_all(ctx: Context, caller: Caller, project_id: int) -> None:
    """Delete all tabs of a project."""
    with ctx.database.write() as session:
        project = projects.get(session, caller, project_id)
        require(ctx, caller, "views.delete", session=session, project=project_id)
        session.execute(
            delete(View).where(View.project_id == project_id).execution_options(synchronize_session=False)
        )
        field_indexes.plan(ctx, session, project)


def arrange(ctx: Context, caller: Caller, project_id: int, ids: Sequence[int]) -> None:
    """Put a project's tabs in the order of these ids; ids of no tab of it are ignored."""
    with ctx.database.write() as session:
        _project(session, caller, project_id)
        require(ctx, caller, "views.change", session=session, project=project_id)
        places = {view_id: place for place, view_id in enumerate(ids)}
        if places:
            session.execute(
                update(View)
                .where(View.project_id == project_id, View.id.in_(places))
                .values(position=case(places, value=View.id))
                .execution_options(synchronize_session=False)
            )


def to_json(view: View) -> dict[str, Any]:
    """A tab as Label Studio answers it: filters and order stand among its settings."""
    data: dict[str, Any] = orjson.loads(view.data)
    saved, ordering = orjson.loads(view.filters), orjson.loads(view.ordering)
    if saved is not None:
        data["filters"] = saved
    if ordering:
        data["ordering"] = ordering
    return {
        "id": view.id,
        "data": data,
        "order": view.position,
        "user": view.user_id,
        "project": view.project_id,
    }


def _assign(ctx: Context, session: Session, project: Project, view: View, data: Any) -> None:
    settings = {} if data is None else data
    if not isinstance(settings, Mapping):
        raise InvalidFields({"data": ["Expected an object."]})
    settings = dict(settings)
    columns = Columns(ctx, session, project)
    if "filters" in settings:
        wanted = settings.pop("filters")
        columns.where(filters.read(wanted, "data.filters"))
        view.filters = _text(wanted or None)
    if "ordering" in settings:
        wanted = settings.pop("ordering")
        for ordering in filters.read_ordering(wanted, "data.ordering"):
            columns.sort(ordering)
        view.ordering = _text(wanted or [])
    view.selected_items = _text(settings.get("selectedItems") or {})
    view.data = _text(settings)


def _text(value: Any) -> str:
    try:
        text = orjson.dumps(value)
    except TypeError:
        raise InvalidFields({"data": ["Whole numbers of more than 64 bits cannot be kept here."]}) from None
    if len(text) > MOST_BYTES:
        raise InvalidFields({"data": [f"The settings of a tab have {MOST_BYTES} bytes at most."]})
    return text.decode()


def _project(session: Session, caller: Caller, project_id: int) -> Project:
    """The project that a body names. :raises InvalidFields: if there is none."""
    try:
        return projects.get(session, caller, project_id)
    except NotFound:
        raise InvalidFields({"project": [f'Invalid pk "{project_id}" - object does not exist.']}) from None


def _own(caller: Caller) -> Any:
    own = select(Project.id).where(
        Project.organization_id == caller.organization_id, Project.deleting.is_(False)
    )
    return select(View).where(View.project_id.in_(own))

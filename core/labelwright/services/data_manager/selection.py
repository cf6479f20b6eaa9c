"""Which tasks somebody means: the one condition that all work on many tasks takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields, NotFound
from labelwright.models import Project, View
from labelwright.services.context import Caller, Context


def chosen(
    ctx: Context,
    session: Session,
    caller: Caller,
    project: Project,
    *,
    view_id: int | None = None,
    request: Mapping[str, Any],
) -> ColumnElement[bool]:
    """The condition on tasks that picks those of a view.

    :raises NotFound: if the project has no such view.
    :raises InvalidFields: if the view filters, which is not there yet.
    """
    if view_id is None:
        return true()
    view = session.get(View, view_id)
    if view is None or view.project_id != project.id:
        raise NotFound("No View matches the given query.", code="no-view", params={"id": view_id})
    if orjson.loads(view.filters):
        raise InvalidFields({"view": ["Views with filters cannot be chosen yet."]}, code="no-view-filter")
    return true()

"""Which tasks of a project a request means: those of a tab, and those that are ticked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnElement, any_, bindparam, column, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields, NotFound
from labelwright.models import Task, View
from labelwright.services.context import Caller, Context


def chosen(
    ctx: Context,
    session: Session,
    caller: Caller,
    project: Any,
    *,
    view_id: int | None = None,
    request: Mapping[str, Any],
) -> ColumnElement[bool]:
    """The condition on :class:`Task` that holds for the chosen tasks of a project.

    :param view_id: a tab, whose stored selection counts where the request has none.
    :param request: the body: ``selectedItems`` as ``{"all": bool, "included": [...], "excluded": [...]}``; without it
        all tasks are meant, and with an empty ``included`` none.
    """
    selection = request.get("selectedItems")
    if view_id is not None:
        view = session.scalar(select(View).where(View.id == view_id, View.project_id == project.id))
        if view is None:
            raise NotFound("No View matches the given query.", code="no-view", params={"id": view_id})
        selection = selection or orjson.loads(view.selected_items or "{}")
    if not selection:
        return true()
    if not isinstance(selection, Mapping):
        raise InvalidFields(
            {"selectedItems": ['Expected {"all": true or false, "included" or "excluded": [...]}.']}
        )
    if selection.get("all"):
        excluded = _ids(selection, "excluded")
        return ~_among(ctx, excluded) if excluded else true()
    return _among(ctx, _ids(selection, "included"))


def _ids(selection: Mapping[str, Any], name: str) -> list[int]:
    ids = selection.get(name) or []
    if not isinstance(ids, list) or not all(type(item) is int and 0 < item < 2**63 for item in ids):
        raise InvalidFields({f"selectedItems.{name}": ["Expected a list of task ids."]})
    return ids


def _among(ctx: Context, ids: Sequence[int]) -> ColumnElement[bool]:
    """One parameter, however many ids."""
    if ctx.database.is_sqlite:
        given = func.json_each(orjson.dumps(list(ids)).decode()).table_valued("value")
        return Task.id.in_(select(column("value")).select_from(given))
    return Task.id == any_(bindparam(None, list(ids), ARRAY(BigInteger)))

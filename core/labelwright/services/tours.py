"""Guided tours of pages: which there are, and how far each person has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import exc, select
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields
from labelwright.models import ProductTour

from . import serializers
from .context import Caller, Context

NAMES = ("create_prompt", "prompts_page", "show_ask_ai", "show_autolabel_button")
"""Label Studio's tours. Their pages are none of ours, so they have no steps here; what is kept of them stays."""
STATES = ("ready", "completed", "skipped")
MOST_BYTES = 16 * 1024


def show(ctx: Context, caller: Caller, name: str) -> dict[str, Any]:
    """The caller's state in a tour; begun by the first look.

    :raises InvalidFields: if there is no such tour.
    """
    _check(name)
    with ctx.database.read() as session:
        row = _row(session, caller, name)
    return _json(row if row is not None else _begun(ctx, caller, name))


def change(ctx: Context, caller: Caller, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Note how far the caller has come.

    :param values: ``state``, ``interaction_data``; only what is named changes.
    """
    show(ctx, caller, name)
    with ctx.database.write() as session:
        row = _row(session, caller, name)
        assert row is not None, "a tour that was shown is there"
        row.state = values.get("state", row.state)
        if "interaction_data" in values:
            text = orjson.dumps(values["interaction_data"]).decode()
            if len(text) > MOST_BYTES:
                raise InvalidFields({"interaction_data": [f"At most {MOST_BYTES} bytes are kept."]})
            row.interaction_data = text
    return _json(row)


def _check(name: str) -> None:
    if not name:
        raise InvalidFields({"non_field_errors": ["Name is required"]})
    if name not in NAMES:
        raise InvalidFields(
            {"name": [f"Product tour {name[:64]} not found. Available tours: {', '.join(NAMES)}"]},
            code="no-tour", params={"name": name[:64]},
        )  # fmt: skip


def _row(session: Session, caller: Caller, name: str) -> ProductTour | None:
    return session.scalar(
        select(ProductTour).where(ProductTour.user_id == caller.user_id, ProductTour.name == name)
    )


def _begun(ctx: Context, caller: Caller, name: str) -> ProductTour:
    try:
        with ctx.database.write() as session:
            row = ProductTour(user_id=caller.user_id, name=name)
            session.add(row)
    except exc.IntegrityError:  # another request of the same person was first
        with ctx.database.read() as session:
            found = _row(session, caller, name)
        assert found is not None
        return found
    return row


def _json(row: ProductTour) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": row.state,
        "name": row.name,
        "interaction_data": orjson.loads(row.interaction_data),
        "user": row.user_id,
        "created_at": serializers.moment(row.created_at),
        "updated_at": serializers.moment(row.updated_at),
        "awaiting": False,
        "steps": [],
    }

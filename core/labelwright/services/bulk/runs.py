"""Runs of bulk actions: begun, ended, listed, and forgotten in time."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from labelwright.actions import Action, ActionResult
from labelwright.errors import NotFound
from labelwright.models import ActionRun, ActionUndo, Job, now
from labelwright.services import projects, serializers
from labelwright.services.context import Caller, Context
from labelwright.services.queue import UNFINISHED

MOST_LISTED = 100
LARGEST_REQUEST = 10_000
"""Characters of a request that are kept after the end; the ids of a long selection are not."""
REMEMBERED = timedelta(days=90)
WHY_NOT = {
    "none": "What {title!r} does cannot be taken back: what it deletes is gone.",
    "too-large": "{title!r} changed more than is kept to take it back.",
    "expired": "{title!r} was too long ago: what was needed to take it back is gone.",
    "used": "{title!r} has been taken back already.",
}


def add(
    session: Session, caller: Caller, project_id: int, action: Action, request: Any, view_id: int | None
) -> ActionRun:
    """Write the row of a run that is about to begin."""
    run = ActionRun(
        project_id=project_id,
        user_id=caller.user_id,
        action=action.id,
        title=action.title[:256],
        view_id=view_id,
        request=json.dumps(request, ensure_ascii=False),
        undo="kept" if action.can_be_undone else "none",
    )
    session.add(run)
    session.flush()
    return run


def get(session: Session, caller: Caller, run_id: int) -> ActionRun:
    """The run. :raises NotFound: also for another organisation's."""
    run = session.get(ActionRun, run_id)
    if run is not None:
        try:
            projects.get(session, caller, run.project_id)
        except NotFound:
            run = None
    if run is None:
        raise NotFound("No ActionRun matches the given query.", code="no-action-run", params={"id": run_id})
    return run


def find(session: Session, caller: Caller, project_id: int) -> list[dict[str, Any]]:
    """A project's newest runs."""
    projects.get(session, caller, project_id)
    rows = session.scalars(
        select(ActionRun)
        .where(ActionRun.project_id == project_id)
        .order_by(ActionRun.id.desc())
        .limit(MOST_LISTED)
    ).all()
    return [to_json(row) for row in rows]


def end(
    ctx: Context, run_id: int, state: str, *, result: ActionResult | None = None, error: str = ""
) -> None:
    """Note how a run ended."""
    values: dict[str, Any] = {"state": state, "finished_at": now(), "error": error or None}
    if result is not None:
        values["result"] = orjson.dumps(result.to_json(), default=str).decode()
    with ctx.database.write() as session:
        run = session.get(ActionRun, run_id)
        if run is None:
            return
        for name, value in values.items():
            setattr(run, name, value)
        if len(run.request) > LARGEST_REQUEST:
            run.request = "{}"


def to_json(run: ActionRun) -> dict[str, Any]:
    """A run as the browser gets it. ``undo_refused`` says why it cannot be taken back; null where it can."""
    return {
        "id": run.id,
        "action": run.action,
        "title": run.title,
        "project": run.project_id,
        "user": run.user_id,
        "state": run.state,
        "result": serializers.raw(run.result),
        "error": run.error,
        "can_undo": run.undo == "kept" and run.state in ("done", "failed", "cancelled"),
        "undo": run.undo,
        "undo_refused": why_not(run),
        "job": run.job_id,
        "created_at": serializers.moment(run.created_at),
        "finished_at": serializers.moment(run.finished_at),
        "undone_by": run.undone_by_id,
        "undone_at": serializers.moment(run.undone_at),
    }


def why_not(run: ActionRun) -> str | None:
    """Why a run cannot be taken back, in words; ``None`` if it can."""
    return None if run.undo == "kept" else WHY_NOT[run.undo].format(title=run.title)


def clear_up(ctx: Context) -> None:
    """End runs whose job is gone, forget how old ones are taken back, and forget very old ones."""
    moment = now()
    alive = exists().where(Job.id == ActionRun.job_id, Job.state.in_(UNFINISHED))
    old = ActionRun.created_at < moment - timedelta(seconds=ctx.settings.actions_undo_lifetime_s)
    with ctx.database.write() as session:
        _set(
            session, (ActionRun.state.in_(("running", "undoing")), ~alive), state="failed", finished_at=moment
        )
        expired = select(ActionRun.id).where(old, ActionRun.undo == "kept", ActionRun.state != "running")
        _delete(session, ActionUndo, ActionUndo.run_id.in_(expired))
        _set(session, (old, ActionRun.undo == "kept", ActionRun.state != "running"), undo="expired")
        _delete(session, ActionRun, ActionRun.created_at < moment - REMEMBERED)


def _set(session: Session, conditions: tuple[Any, ...], **values: Any) -> None:
    session.execute(
        update(ActionRun).where(*conditions).values(**values).execution_options(synchronize_session=False)
    )


def _delete(session: Session, table: Any, condition: Any) -> None:
    session.execute(delete(table).where(condition).execution_options(synchronize_session=False))

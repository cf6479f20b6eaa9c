"""Bulk actions asked for: listed, with their forms, done at once or by a job."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from labelwright.actions import Action, ActionResult
from labelwright.errors import Conflict, InvalidInput, LabelwrightError, NotAllowed, TooLarge
from labelwright.job_kinds import JobSpec
from labelwright.models import ActionRun, ActionUndo, Project, Task
from labelwright.services import callers, projects
from labelwright.services.context import Caller, Context
from labelwright.services.data_manager import selection
from labelwright.services.data_manager.matching import within_limit
from labelwright.services.data_manager.search import begun_where_missing
from labelwright.services.data_manager.selection import Chosen
from labelwright.services.imports.run import Cancelled, Lost
from labelwright.services.permissions import require
from labelwright.services.queue import words_of
from labelwright.services.visible import published

from . import runs, undo
from .keep import Keep
from .working import Choice, ProjectFacts, Watch, Working

KIND = "bulk-action"
SHOWN_EVERY_S = 1.0


def find(ctx: Context, caller: Caller, project_id: int) -> list[dict[str, Any]]:
    """What the caller may do with many tasks of a project, in the menu's order."""
    with ctx.database.read() as session:
        projects.get(session, caller, project_id)
        shown = [
            action
            for action in ctx.registry.actions.values()
            if not action.hidden and (ctx.settings.actions_experimental or not action.experimental)
        ]
        allowed = [action for action in shown if _may(ctx, session, caller, project_id, action)]
    messages = ctx.registry.ui()
    return [
        action.info() | {"messages": messages.get(ctx.registry.owner("register_actions", action.id), {})}
        for action in sorted(allowed, key=lambda action: (action.order, action.id))
    ]


def form(ctx: Context, caller: Caller, project_id: int, action_id: str) -> list[dict[str, Any]]:
    """The questions of an action's dialog, in the shape of Label Studio's data manager.

    :raises InvalidInput: if there is no such action; the message names those there are.
    """
    action = action_of(ctx, action_id)
    with ctx.database.read() as session:
        _require(ctx, session, caller, project_id, action)
    fields = action.form(ProjectFacts(ctx, caller, project_id, _settings(ctx, action)))
    return [{"columnCount": 1, "fields": [field.to_json() for field in fields]}] if fields else []


def action_of(ctx: Context, action_id: str) -> Action:
    """:raises InvalidInput: if there is no such action; the message names those there are."""
    action = ctx.registry.actions.get(action_id)
    if action is None:
        known = sorted(ctx.registry.actions)
        raise InvalidInput(
            f"There is no action {action_id[:80]!r}; known are {', '.join(known)}.",
            code="unknown-action", params={"action": action_id[:80], "actions": known}, field="id",
        )  # fmt: skip
    return action


def at_once(
    ctx: Context,
    caller: Caller,
    project_id: int,
    action_id: str,
    request: Mapping[str, Any],
    view_id: int | None = None,
) -> dict[str, Any]:
    """Do an action inside the request, and answer its result.

    :param request: the body: the selection, and the answers of the form.
    :raises TooLarge: if more tasks are chosen than the settings allow; as a job, any number can be.
    """
    action = action_of(ctx, action_id)
    choose = _choice(ctx, caller, project_id, action, request, view_id)
    with begun_where_missing(ctx), ctx.database.read() as session:
        project = _require(ctx, session, caller, project_id, action)
        chosen = choose(session)
        if action.is_recorded:
            _refuse_many(ctx, session, project, chosen)
    if not action.is_recorded:
        with Working(ctx, caller, project_id, _settings(ctx, action), choose) as working:
            return action.run(working, request).to_json()
    with ctx.database.write() as session:
        run_id, job = _begin(ctx, session, caller, project_id, action, request, view_id, running=True)
    watch = InlineWatch(ctx, job)
    try:
        result = work(ctx, run_id, watch, {})
    except Cancelled as error:
        ctx.queue.stop(job, "cancelled")
        raise Conflict("The action was cancelled.", code="action-cancelled") from error
    except Lost as error:
        raise Conflict(
            "The server was stopped during this action; a job goes on with it.", code="action-interrupted"
        ) from error
    except BaseException as error:
        ctx.queue.stop(job, "failed", error if isinstance(error, LabelwrightError) else None)
        raise
    ctx.queue.stop(job, "done", result=result)
    return result


def later(
    ctx: Context,
    caller: Caller,
    project_id: int,
    action_id: str,
    request: Mapping[str, Any],
    view_id: int | None = None,
) -> int:
    """Have an action done by a job. :returns: the job's id."""
    action = action_of(ctx, action_id)
    choose = _choice(ctx, caller, project_id, action, request, view_id)
    with begun_where_missing(ctx), ctx.database.write() as session:
        _require(ctx, session, caller, project_id, action)
        choose(session)
        _, job = _begin(ctx, session, caller, project_id, action, request, view_id, running=False)
    return job


def work(ctx: Context, run_id: int, watch: Watch, resume: Mapping[str, Any]) -> dict[str, Any]:
    """Do a run, or go on with one whose process died. What a failed one has done is taken back where that can be.

    :raises Cancelled: when somebody asked to stop; what was done stays, and can be taken back.
    :raises Lost: when another worker has the job now.
    """
    with ctx.database.read() as session:
        run = session.get(ActionRun, run_id)
        if run is None:
            raise Conflict("The project of this action is gone.", code="project-gone")
        if run.state == "done":
            return dict(orjson.loads(run.result or "{}"))
        caller = callers.member(session, run.user_id, _organization(session, run))
    try:
        action = action_of(ctx, run.action)
        result = _run(ctx, caller, run, action, watch, resume)
    except Lost:
        raise
    except Cancelled:
        runs.end(ctx, run_id, "cancelled")
        raise
    except BaseException as error:
        words = words_of(error) if isinstance(error, LabelwrightError) else "The server made a mistake."
        runs.end(ctx, run_id, "failed", error=words)
        if isinstance(error, LabelwrightError):
            _take_back(ctx, caller, run_id, watch)
        raise
    runs.end(ctx, run_id, "done", result=result)
    return result.to_json()


def undo_at_once(ctx: Context, caller: Caller, run_id: int) -> dict[str, Any]:
    """Take a run back inside the request.

    :raises Conflict: if that cannot be, or newer work would be lost: then it names that.
    :raises TooLarge: if it is as large as only a job may be.
    """
    with ctx.database.read() as session:
        _refuse_large_undo(ctx, session, runs.get(session, caller, run_id))
    job = undo.begin(ctx, caller, run_id, in_job=False)
    watch = InlineWatch(ctx, job)
    try:
        result = undo.work(ctx, caller, run_id, watch)
    except Cancelled as error:
        ctx.queue.stop(job, "cancelled")
        raise Conflict("The undoing was cancelled.", code="action-cancelled") from error
    except BaseException as error:
        ctx.queue.stop(job, "failed", error if isinstance(error, LabelwrightError) else None)
        raise
    ctx.queue.stop(job, "done", result=result)
    return result


def undo_by(ctx: Context, run_id: int, user_id: int, watch: Watch) -> dict[str, Any]:
    """Take a run back for somebody, as a job."""
    with ctx.database.read() as session:
        run = session.get(ActionRun, run_id)
        if run is None:
            raise Conflict("The project of this action is gone.", code="project-gone")
        caller = callers.member(session, user_id, _organization(session, run))
    return undo.work(ctx, caller, run_id, watch)


def _organization(session: Session, run: ActionRun) -> int:
    project = session.get(Project, run.project_id)
    return project.organization_id if project is not None else 0


def _refuse_large_undo(ctx: Context, session: Session, run: ActionRun) -> None:
    most = ctx.settings.actions_most_inline
    items = session.scalar(select(func.sum(ActionUndo.items)).where(ActionUndo.run_id == run.id)) or 0
    if items > most:
        raise _too_many(most)


def _run(
    ctx: Context, caller: Caller, run: ActionRun, action: Action, watch: Watch, resume: Mapping[str, Any]
) -> ActionResult:
    with ctx.database.read() as session:
        _require(ctx, session, caller, run.project_id, action)
    request = json.loads(run.request)
    choose = _choice(ctx, caller, run.project_id, action, request, run.view_id)
    keep = Keep(run.id if run.undo == "kept" else None, ctx.settings.actions_undo_max_bytes)
    settings = _settings(ctx, action)
    with Working(
        ctx, caller, run.project_id, settings, choose, keep=keep, resume=resume, watch=watch
    ) as working:
        result = action.run(working, request)
    if not isinstance(result, ActionResult):
        raise TypeError(f"the action {action.id} must return an ActionResult, not {result!r}")
    return result


def _take_back(ctx: Context, caller: Caller, run_id: int, watch: Watch) -> None:
    """Nothing half done: what an action did before it was refused goes again, where it can be undone."""
    with ctx.database.read() as session:
        run = session.get(ActionRun, run_id)
    if run is not None and run.undo == "kept" and run.undo_bytes:
        undo.take_back(ctx, caller, run_id, None)
        runs.end(ctx, run_id, "failed", error=run.error or "")


def _begin(
    ctx: Context,
    session: Session,
    caller: Caller,
    project_id: int,
    action: Action,
    request: Mapping[str, Any],
    view_id: int | None,
    *,
    running: bool,
) -> tuple[int, int]:
    run = runs.add(session, caller, project_id, action, request, view_id)
    spec = JobSpec(KIND, {"run_id": run.id}, project=project_id)
    job = ctx.queue.add(
        session, spec, owner=caller.user_id, organization=caller.organization_id, running=running
    )
    assert job is not None, "an action's job has no key that could make it superfluous"
    run.job_id = job
    return run.id, job


def _choice(
    ctx: Context,
    caller: Caller,
    project_id: int,
    action: Action,
    request: Mapping[str, Any],
    view_id: int | None,
) -> Choice:
    asked: Mapping[str, Any] = {} if action.whole_project else request
    view = None if action.whole_project else view_id

    def choose(session: Session) -> Chosen:
        project = projects.get(session, caller, project_id)
        return selection.chosen(ctx, session, caller, project, view_id=view, request=asked)

    return choose


def _refuse_many(ctx: Context, session: Session, project: Project, chosen: Chosen) -> None:
    most = ctx.settings.actions_most_inline
    here = select(Task.id).where(Task.project_id == project.id, published(project.id), chosen.where)
    with within_limit(session, chosen.patterns):
        is_more = session.scalar(here.order_by(Task.id).offset(most).limit(1)) is not None
    if is_more:
        raise _too_many(most)


def _too_many(most: int) -> TooLarge:
    return TooLarge(
        f"More than {most} tasks are concerned. Send the header 'Prefer: respond-async' to have it done by a job.",
        code="too-many-tasks", params={"limit": most},
    )  # fmt: skip


def _require(ctx: Context, session: Session, caller: Caller, project_id: int, action: Action) -> Project:
    project = projects.get(session, caller, project_id)
    for permission in action.permissions:
        require(ctx, caller, permission, session=session, project=project_id)
    return project


def _may(ctx: Context, session: Session, caller: Caller, project_id: int, action: Action) -> bool:
    try:
        _require(ctx, session, caller, project_id, action)
    except NotAllowed:
        return False
    return True


def _settings(ctx: Context, action: Action) -> dict[str, Any]:
    return ctx.registry.settings_for("register_actions", action.id, ctx.settings)


class InlineWatch:
    """Progress of work inside a request, for the others who look at the project."""

    def __init__(self, ctx: Context, job: int) -> None:
        self.job = job
        self._queue = ctx.queue
        self._shown_at, self._cancelled = time.monotonic(), False

    def progress(self, done: int, total: int | None = None, message: str | None = None) -> None:
        if time.monotonic() - self._shown_at < SHOWN_EVERY_S:
            return
        self._queue.progress(self.job, done, total, message)
        self._cancelled = self._queue.beat([self.job]).get(self.job, True)
        self._shown_at = time.monotonic()

    def cancelled(self) -> bool:
        return self._cancelled

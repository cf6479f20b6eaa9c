"""Models as people connect them: found, made, changed, removed; their secrets never come out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields, InvalidInput, LabelwrightError, NotFound
from labelwright.ml import MLConnector
from labelwright.models import MLBackend, Project, now
from labelwright.services import declared_options, model_versions, projects, serializers
from labelwright.services.context import Caller, Context
from labelwright.services.permissions import require

from . import opened

STATES = {"CO": "Connected", "DI": "Disconnected", "ER": "Error", "TR": "Training", "PR": "Predicting"}
COMMON = ("title", "description", "is_interactive", "auto_update", "model_version")
"""What may be said of each model, whatever its kind, besides its time limit."""
MAY_BE_NULL = ("title", "description", "model_version")
TIMEOUT_S = 100.0


def get(session: Session, caller: Caller, backend_id: int) -> MLBackend:
    """The model, if the caller's organisation has it.

    :raises NotFound: also for another organisation's.
    """
    row = session.scalar(
        select(MLBackend)
        .join(Project, Project.id == MLBackend.project_id)
        .where(
            MLBackend.id == backend_id,
            Project.organization_id == caller.organization_id,
            Project.deleting.is_(False),
        )
    )
    if row is None:
        raise NotFound("No MLBackend matches the given query.", code="no-model", params={"id": backend_id})
    return row


def get_for(ctx: Context, caller: Caller, backend_id: int, permission: str) -> tuple[MLBackend, Project]:
    """The model and its project. :raises NotAllowed: of who may not do that with the project's models."""
    with ctx.database.read() as session:
        row = get(session, caller, backend_id)
        require(ctx, caller, permission, session=session, project=row.project_id)
        return row, projects.get(session, caller, row.project_id)


def find(
    ctx: Context, session: Session, caller: Caller, project_id: int, is_interactive: bool | None = None
) -> Sequence[MLBackend]:
    """A project's models whose plugins are at work, the oldest first.

    :param is_interactive: only those that answer to what labellers draw, or only the others; ``None``: all.
    """
    projects.get(session, caller, project_id)
    require(ctx, caller, "models.view", session=session, project=project_id)
    kinds = list(ctx.registry.ml_connectors)
    own = select(MLBackend).where(MLBackend.project_id == project_id, MLBackend.kind.in_(kinds))
    if is_interactive is not None:
        own = own.where(MLBackend.is_interactive.is_(is_interactive))
    return session.scalars(own.order_by(MLBackend.id)).all()


def create(ctx: Context, caller: Caller, kind: type[MLConnector], values: Mapping[str, Any]) -> MLBackend:
    """Connect a model. It is tried before anything is kept.

    :param values: by the names of the API, checked by the kind's fields.
    :raises InvalidFields: if it cannot be reached, in the words of the kind.
    """
    project = _project(ctx, caller, values["project"], "models.create")
    version = check(ctx, caller, project, kind, values)
    row = MLBackend(project_id=project.id, kind=kind.kind, timeout_s=TIMEOUT_S, title="", description="")
    _assign(ctx, caller, row, kind, values, {})
    row.title = row.title or _free_title(ctx, project.id)
    row.state = "CO"
    if values.get("model_version") is None or row.auto_update:
        row.model_version = version
    with ctx.database.write() as session:
        project = projects.get(session, caller, row.project_id)
        if not model_versions.titles(session, project.id):
            project.model_version = row.title
        session.add(row)
    return row


def change(ctx: Context, caller: Caller, backend_id: int, values: Mapping[str, Any]) -> MLBackend:
    """Change a model. Only what is named changes; a secret that is sent empty stays as it is.

    :raises InvalidFields: if it cannot be reached so, and of another project.
    """
    row, project = get_for(ctx, caller, backend_id, "models.change")
    if values.get("project", row.project_id) != row.project_id:
        raise InvalidFields({"project": ["A model stays in its project."]}, code="model-moves")
    kind = opened.kind_of(ctx, row.kind)
    before = opened.options_of(ctx, row)
    version = check(ctx, caller, project, kind, values, before, row.timeout_s)
    with ctx.database.write() as session:
        row, project = get(session, caller, backend_id), projects.get(session, caller, row.project_id)
        named = row.title
        _assign(ctx, caller, row, kind, values, before)
        row.state, row.error_message, row.updated_at = "CO", None, now()
        if row.auto_update:
            row.model_version = version
        if named and project.model_version == named:
            project.model_version = row.title
    return row


def remove(ctx: Context, caller: Caller, backend_id: int) -> None:
    """Forget a model. Its predictions stay."""
    with ctx.database.write() as session:
        row = get(session, caller, backend_id)
        require(ctx, caller, "models.delete", session=session, project=row.project_id)
        project = projects.get(session, caller, row.project_id)
        if project.model_version == row.title:
            project.model_version = ""
        session.delete(row)


def tried(ctx: Context, caller: Caller, values: Mapping[str, Any], backend_id: int | None) -> None:
    """Try a model without keeping it.

    :param backend_id: what is not sent (its secrets, above all) is that one's.
    :raises InvalidFields: if it cannot be reached.
    """
    if backend_id is None:
        project = _project(ctx, caller, values["project"], "models.create")
        check(ctx, caller, project, opened.kind_of(ctx, values["kind"]), values)
        return
    row, project = get_for(ctx, caller, backend_id, "models.change")
    before = opened.options_of(ctx, row)
    check(ctx, caller, project, opened.kind_of(ctx, row.kind), values, before, row.timeout_s)


def check(
    ctx: Context,
    caller: Caller,
    project: Project,
    kind: type[MLConnector],
    values: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
    timeout_s: float = TIMEOUT_S,
) -> str:
    """Refuse a model that cannot be reached, or cannot do with the configuration. :returns: its version."""
    options = declared_options.merged(kind.fields, values, before or {})
    missing = [one.name for one in kind.fields if one.required and options[one.name] in (None, "")]
    if missing:
        raise InvalidFields({name: ["This field is required."] for name in missing})
    limit = values.get("timeout") or timeout_s
    try:
        with opened.made(ctx, kind, options, project, limit, caller.user_id) as connector:
            connector.health()
            return str(connector.setup(opened.config_of(ctx, project)) or "")
    except InvalidFields:
        raise
    except LabelwrightError as error:
        field = (error.field if isinstance(error, InvalidInput) else None) or "non_field_errors"
        raise InvalidFields({field: [error.message]}, code=error.code, params=error.params) from error


def to_json(ctx: Context, row: MLBackend) -> dict[str, Any]:
    """A model as the API shows it: all but its secrets."""
    kind = opened.kind_of(ctx, row.kind)
    options = orjson.loads(row.options)
    has_secrets = orjson.loads(ctx.keys.decrypt(row.secrets)).keys() if row.secrets else ()
    shown = {one.name: options.get(one.name, one.default) for one in kind.fields if one.kind != "secret"} | {
        f"{one.name}_is_set": one.name in has_secrets for one in kind.fields if one.kind == "secret"
    }
    return {
        "id": row.id,
        "kind": row.kind,
        "state": row.state,
        "readable_state": STATES[row.state],
        **{name: getattr(row, name) for name in COMMON},
        **shown,
        "error_message": row.error_message,
        "timeout": row.timeout_s,
        "created_at": serializers.moment(row.created_at),
        "updated_at": serializers.moment(row.updated_at),
        "project": row.project_id,
    }


def _project(ctx: Context, caller: Caller, project_id: int, permission: str) -> Project:
    """:raises InvalidFields: if there is none; the body names it."""
    with ctx.database.read() as session:
        try:
            project = projects.get(session, caller, project_id)
        except NotFound as error:
            words = f'Invalid pk "{project_id}" - object does not exist.'
            raise InvalidFields({"project": [words]}, code="no-project", params={"id": project_id}) from error
        require(ctx, caller, permission, session=session, project=project_id)
        return project


def _free_title(ctx: Context, project_id: int) -> str:
    """A name of the project's own for a model that nobody has given one."""
    with ctx.database.read() as session:
        taken = set(session.scalars(select(MLBackend.title).where(MLBackend.project_id == project_id)))
    names = ("default" if number == 1 else f"default {number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _assign(
    ctx: Context,
    caller: Caller,
    row: MLBackend,
    kind: type[MLConnector],
    values: Mapping[str, Any],
    before: Mapping[str, Any],
) -> None:
    for name in COMMON:
        if name in values and (values[name] is not None or name in MAY_BE_NULL):
            setattr(row, name, values[name])
    row.timeout_s = values.get("timeout") or row.timeout_s
    row.connected_by_id = caller.user_id
    declared_options.keep(ctx, row, kind.fields, declared_options.merged(kind.fields, values, before))

"""Storages as people set them up: found, made, changed, removed; their secrets never come out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields, InvalidInput, NotFound
from labelwright.models import Job, Project, Storage, StorageLink, StoredAnswer, now
from labelwright.services import declared_options, projects, serializers
from labelwright.services.context import Caller, Context
from labelwright.services.permissions import require
from labelwright.services.queue import UNFINISHED
from labelwright.storages import Side
from labelwright.storages import Storage as Kind

from . import filters, opened

COMMON = ("title", "description", "synchronizable", "regex_filter", "use_blob_urls")
OF_SIDE: dict[str, tuple[str, ...]] = {
    "source": ("recursive_scan", "presign", "presign_ttl"),
    "target": ("can_delete_objects",),
}
"""What may be said of each storage, whatever its kind; of sources and of targets alone."""
BLOCK = 5000
"""Links deleted in one transaction."""


def get(session: Session, caller: Caller, side: Side, kind: str, storage_id: int) -> Storage:
    """The storage, if the caller's organisation has it.

    :raises NotFound: also for another organisation's, and of another kind or side.
    """
    row = session.scalar(
        select(Storage)
        .join(Project, Project.id == Storage.project_id)
        .where(
            Storage.id == storage_id,
            Storage.side == side,
            Storage.kind == kind,
            Project.organization_id == caller.organization_id,
            Project.deleting.is_(False),
        )
    )
    if row is None:
        raise NotFound("No Storage matches the given query.", code="no-storage", params={"id": storage_id})
    return row


def get_to_view(
    ctx: Context, session: Session, caller: Caller, side: Side, kind: str, storage_id: int
) -> Storage:
    """:raises NotAllowed: of who may not look at the project's storages."""
    row = get(session, caller, side, kind, storage_id)
    require(ctx, caller, "storages.view", session=session, project=row.project_id)
    return row


def find(
    ctx: Context, session: Session, caller: Caller, project_id: int, side: Side, kind: str | None = None
) -> Sequence[Storage]:
    """A project's storages, the oldest first; of one kind, or of all whose plugins are at work."""
    projects.get(session, caller, project_id)
    require(ctx, caller, "storages.view", session=session, project=project_id)
    kinds = [kind] if kind is not None else list(ctx.registry.storages)
    query = select(Storage).where(
        Storage.project_id == project_id, Storage.side == side, Storage.kind.in_(kinds)
    )
    return session.scalars(query.order_by(Storage.id)).all()


def create(ctx: Context, caller: Caller, side: Side, kind: type[Kind], values: Mapping[str, Any]) -> Storage:
    """Set a storage up. It is tried before anything is kept.

    :param values: by the names of the API, checked by the kind's fields.
    :raises InvalidFields: if it cannot be reached, in the words of the kind.
    """
    with ctx.database.read() as session:
        projects.get(session, caller, values["project"])
        require(ctx, caller, "storages.create", session=session, project=values["project"])
    check(ctx, side, kind, values)
    row = Storage(
        project_id=values["project"], created_by_id=caller.user_id, side=side, kind=kind.name, options="{}"
    )
    _assign(ctx, row, side, kind, values, {})
    with ctx.database.write() as session:
        projects.get(session, caller, row.project_id)
        session.add(row)
    return row


def change(
    ctx: Context, caller: Caller, side: Side, kind: type[Kind], storage_id: int, values: Mapping[str, Any]
) -> Storage:
    """Change a storage. Only what is named changes; a secret that is sent empty stays as it is.

    :raises InvalidFields: if it cannot be reached so, and of another project.
    """
    with ctx.database.read() as session:
        row = get(session, caller, side, kind.name, storage_id)
        require(ctx, caller, "storages.change", session=session, project=row.project_id)
    if values.get("project", row.project_id) != row.project_id:
        raise InvalidFields({"project": ["A storage stays in its project."]}, code="storage-moves")
    before = opened.options_of(ctx, row)
    check(ctx, side, kind, values, before)
    with ctx.database.write() as session:
        row = get(session, caller, side, kind.name, storage_id)
        _assign(ctx, row, side, kind, values, before)
        row.updated_at = now()
    return row


def remove(ctx: Context, caller: Caller, side: Side, kind: str, storage_id: int) -> None:
    """Forget a storage. Its objects, the tasks that came from it and the answers that went there stay."""
    with ctx.database.write() as session:
        row = get(session, caller, side, kind, storage_id)
        require(ctx, caller, "storages.delete", session=session, project=row.project_id)
        if row.job_id is not None:
            ctx.queue.cancel(session, row.job_id)
    for table, key in ((StorageLink, StorageLink.task_id), (StoredAnswer, StoredAnswer.annotation_id)):
        while True:
            with ctx.database.write() as session:
                here = table.storage_id == storage_id
                some = session.scalars(select(key).where(here).limit(BLOCK)).all()
                session.execute(
                    delete(table).where(here, key.in_(some)).execution_options(synchronize_session=False)
                )
            if len(some) < BLOCK:
                break
    with ctx.database.write() as session:
        session.execute(
            delete(Storage).where(Storage.id == storage_id).execution_options(synchronize_session=False)
        )


def tried(
    ctx: Context, caller: Caller, side: Side, kind: type[Kind], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Try a storage without keeping it.

    :param values: with an ``id``, what is not sent (its secrets, above all) is that storage's.
    :returns: all that was filled in, with defaults.
    :raises InvalidFields: if it cannot be reached.
    """
    before: dict[str, Any] = {}
    with ctx.database.read() as session:
        if values.get("id") is not None:
            row = get(session, caller, side, kind.name, values["id"])
            project_id, before = row.project_id, opened.options_of(ctx, row)
        elif values.get("project") is not None:
            project_id = projects.get(session, caller, values["project"]).id
        else:
            raise InvalidFields({"project": ["This field is required."]})
        require(ctx, caller, "storages.change", session=session, project=project_id)
    return check(ctx, side, kind, values, before)


def check(
    ctx: Context,
    side: Side,
    kind: type[Kind],
    values: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Refuse a storage that cannot be reached, or whose filter cannot be read. :returns: its options."""
    filters.compiled(values.get("regex_filter"), kind)
    options = declared_options.merged(kind.fields_of(side), values, before or {})
    missing = [one.name for one in kind.fields_of(side) if one.required and options[one.name] in (None, "")]
    if missing:
        raise InvalidFields({name: ["This field is required."] for name in missing})
    try:
        with opened.made(ctx, kind, options, side) as storage:
            storage.check()
    except InvalidFields:
        raise
    except InvalidInput as error:
        field = error.field or "non_field_errors"
        raise InvalidFields({field: [error.message]}, code=error.code, params=error.params) from error
    return options


def to_json(ctx: Context, session: Session, rows: Sequence[Storage]) -> list[dict[str, Any]]:
    """Storages as the API shows them: all but their secrets."""
    jobs = _jobs(session, rows)
    return [_one(ctx, row, jobs.get(row.job_id or 0)) for row in rows]


def _one(ctx: Context, row: Storage, job: Job | None) -> dict[str, Any]:
    side: Side = "target" if row.side == "target" else "source"
    kind = opened.kind_of(ctx, row.kind, side)
    status, words = _state(row, job)
    kept = orjson.loads(row.options)
    shown = {name: getattr(row, name) for name in (*COMMON, *names_of(side, kind))}
    return {
        "id": row.id,
        "type": row.kind,
        **shown,
        **{one.name: kept.get(one.name, one.default) for one in kind.fields_of(side) if one.kind != "secret"},
        "last_sync": serializers.moment(row.last_sync),
        "last_sync_count": row.last_sync_count,
        "last_sync_job": None if row.job_id is None else str(row.job_id),
        "status": status,
        "traceback": words,
        "meta": serializers.raw(row.meta),
        "created_at": serializers.moment(row.created_at),
        "project": row.project_id,
    }


def names_of(side: Side, kind: type[Kind]) -> tuple[str, ...]:
    """What may be said of a storage of this kind besides what all have in common."""
    without = {"recursive_scan": kind.folders, "presign": kind.links, "presign_ttl": kind.links}
    return tuple(name for name in OF_SIDE[side] if without.get(name, True))


def _state(row: Storage, job: Job | None) -> tuple[str, str | None]:
    """The status, also of a synchronisation whose process died and will not be tried again."""
    if row.status not in ("queued", "in_progress"):
        return row.status, row.traceback
    if job is None or job.state not in UNFINISHED:
        return "failed", (job.message if job is not None else "") or row.traceback or "It was stopped."
    return row.status, row.traceback


def _jobs(session: Session, rows: Sequence[Storage]) -> dict[int, Job]:
    wanted = [row.job_id for row in rows if row.job_id and row.status in ("queued", "in_progress")]
    if not wanted:
        return {}
    return {job.id: job for job in session.scalars(select(Job).where(Job.id.in_(wanted)))}


def _assign(
    ctx: Context,
    row: Storage,
    side: Side,
    kind: type[Kind],
    values: Mapping[str, Any],
    before: Mapping[str, Any],
) -> None:
    for name in (*COMMON, *names_of(side, kind)):
        if name in values and (values[name] is not None or name in ("title", "description", "regex_filter")):
            setattr(row, name, values[name])
    fields = kind.fields_of(side)
    declared_options.keep(ctx, row, fields, declared_options.merged(fields, values, before))

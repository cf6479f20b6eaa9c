"""Drafts: work kept while it goes on. The page sends small changes against a revision; Label Studio's
clients send it whole.

A change that was made against another revision is refused with what the server holds, so that nobody's work disappears
silently; the same change sent twice (the answer was lost on the way) counts once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import exc, select, update
from sqlalchemy.orm import Session

from labelwright.errors import Conflict, InvalidFields, NotFound
from labelwright.models import Annotation, Draft, Task, now

from . import annotations as annotation_rules
from . import counters, leases, serializers, tasks
from .context import Caller, Context
from .permissions import require


def get(session: Session, caller: Caller, draft_id: int, *, for_update: bool = False) -> Draft:
    """The caller's own draft.

    :raises NotFound: also for somebody else's.
    """
    query = select(Draft).where(Draft.id == draft_id, Draft.user_id == caller.user_id)
    draft = session.scalar(query.with_for_update() if for_update else query)
    if draft is None:
        raise NotFound(
            "No AnnotationDraft matches the given query.", code="no-draft", params={"id": draft_id}
        )
    tasks.get(session, caller, draft.task_id)
    return draft


def of_task(session: Session, caller: Caller, task_id: int, annotation_id: int | None = None) -> list[Draft]:
    """The caller's drafts of a task, or of one of its annotations."""
    tasks.get(session, caller, task_id)
    where = [Draft.task_id == task_id, Draft.user_id == caller.user_id]
    if annotation_id is not None:
        where.append(Draft.annotation_id == annotation_id)
    return list(session.scalars(select(Draft).where(*where).order_by(Draft.id)))


def create(
    ctx: Context, caller: Caller, task_id: int, values: Mapping[str, Any], annotation_id: int | None = None
) -> Draft:
    """Begin a draft. The same ``client`` and ``seq`` again is answered with the draft that is there.

    :param values: ``result`` as JSON text, ``lead_time`` in seconds, ``was_postponed``, ``client``, ``seq``.
    """
    try:
        with ctx.database.write() as session:
            task = tasks.get(session, caller, task_id, for_update=True)
            require(ctx, caller, "annotations.create", session=session, project=task.project_id)
            if annotation_id is not None:
                _refuse_foreign(session, caller, task_id, annotation_id)
            if values.get("client") and (known := _begun_by(session, caller, task_id, values)) is not None:
                return known
            draft = Draft(
                task_id=task.id,
                project_id=task.project_id,
                annotation_id=annotation_id,
                user_id=caller.user_id,
                result=_result_text(values.get("result", b"[]")),
                lead_time=values.get("lead_time"),
                was_postponed=bool(values.get("was_postponed")),
                client=values.get("client"),
                client_seq=values.get("seq") or 0,
            )
            session.add(draft)
            task.total_drafts += 1
            counters.touch(session, task.project_id)
            _postpone(session, caller, task, draft)
            session.flush()
    except exc.IntegrityError as error:
        raise NotFound("No Task matches the given query.", code="no-task", params={"id": task_id}) from error
    return draft


def replace(ctx: Context, caller: Caller, draft_id: int, values: Mapping[str, Any]) -> Draft:
    """Store a draft whole, as Label Studio's clients do."""
    with ctx.database.write() as session:
        draft = get(session, caller, draft_id, for_update=True)
        if "result" in values:
            draft.result = _result_text(values["result"])
        if values.get("lead_time") is not None:
            draft.lead_time = values["lead_time"]
        if values.get("was_postponed") is not None:
            draft.was_postponed = values["was_postponed"]
            task = counters.lock_task(session, draft.task_id)
            if task is not None:
                _postpone(session, caller, task, draft)
        draft.revision += 1
        draft.updated_at = now()
    return draft


def apply(
    ctx: Context,
    caller: Caller,
    draft_id: int,
    *,
    revision: int,
    client: str,
    seq: int,
    ops: Sequence[Mapping[str, Any]],
    lead_time: float | None = None,
) -> Draft:
    """Apply changes to a draft.

    :param revision: what the client believes the draft's revision to be.
    :param client: the page that speaks, :param seq: the number of its change, from 1.
    :param ops: ``{"op": "set", "key", "value"}``, ``{"op": "remove", "key"}``, ``{"op": "order", "keys"}``;
        see :func:`key_of`.
    :raises Conflict: if the revision is another; the answer holds the draft as the server has it.
    :raises InvalidFields: if an operation is malformed; nothing is changed.
    """
    with ctx.database.write() as session:
        draft = get(session, caller, draft_id, for_update=True)
        if draft.client == client and draft.client_seq == seq:
            return draft
        if draft.revision != revision:
            persons = serializers.people(session, {draft.user_id})
            raise Conflict(
                "The draft was changed elsewhere since this page loaded it.",
                code="draft-conflict",
                params={"revision": draft.revision},
                state={"draft": serializers.draft(draft, persons)},
            )
        # Other clients may keep anything in a draft; what is no item cannot be changed, nor shown.
        items = {key_of(item): item for item in orjson.loads(draft.result) if isinstance(item, dict)}
        draft.result = orjson.dumps(list(applied(items, ops).values())).decode()
        draft.revision += 1
        draft.client, draft.client_seq = client, seq
        if lead_time is not None:
            draft.lead_time = lead_time
        draft.updated_at = now()
    return draft


def remove(ctx: Context, caller: Caller, draft_id: int) -> None:
    """Throw a draft away."""
    with ctx.database.write() as session:
        draft = get(session, caller, draft_id, for_update=True)
        session.delete(draft)
        session.execute(
            update(Task)
            .where(Task.id == draft.task_id)
            .values(total_drafts=Task.total_drafts - 1)
            .execution_options(synchronize_session=False)
        )
        counters.touch(session, draft.project_id)


def key_of(item: Mapping[str, Any]) -> str:
    """What identifies an item of a result: region, control and type, or a relation's two ends."""
    if item.get("type") == "relation":
        return f"relation/{item.get('from_id')}/{item.get('to_id')}"
    return f"{item.get('id')}/{item.get('from_name')}/{item.get('type')}"


def applied(items: dict[str, Any], ops: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The items after the operations, in order.

    :raises InvalidFields: naming the operation at fault.
    """
    for place, op in enumerate(ops):
        match op:
            case {"op": "set", "key": str(key), "value": dict(value)}:
                items[key] = value
            case {"op": "remove", "key": str(key)}:
                items.pop(key, None)
            case {"op": "order", "keys": list(keys)}:
                first = [key for key in keys if isinstance(key, str) and key in items]
                items = {key: items[key] for key in dict.fromkeys([*first, *items])}
            case _:
                raise InvalidFields(
                    {f"ops.{place}": ["An operation is set (key, value), remove (key) or order (keys)."]},
                    code="bad-operation",
                )
    return items


def _begun_by(session: Session, caller: Caller, task_id: int, values: Mapping[str, Any]) -> Draft | None:
    return session.scalar(
        select(Draft).where(
            Draft.task_id == task_id, Draft.user_id == caller.user_id, Draft.client == values["client"],
            Draft.client_seq >= (values.get("seq") or 0),
        )
    )  # fmt: skip


def _refuse_foreign(session: Session, caller: Caller, task_id: int, annotation_id: int) -> None:
    annotation: Annotation = annotation_rules.get(session, caller, annotation_id)
    if annotation.task_id != task_id:
        raise NotFound(
            "No Annotation matches the given query.", code="no-annotation", params={"id": annotation_id}
        )


def _postpone(session: Session, caller: Caller, task: Task, draft: Draft) -> None:
    """A postponed task is no longer held: the stream goes on to the next."""
    if draft.was_postponed and leases.release(session, task.id, caller.user_id):
        task.taken -= 1


def _result_text(value: bytes) -> str:
    if not isinstance(orjson.loads(value), list):
        raise InvalidFields({"result": ["Expected a list of items."]}, code="result-not-a-list")
    return value.decode()

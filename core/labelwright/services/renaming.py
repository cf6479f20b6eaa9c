"""A label renamed in the answers of projects: exactly, in blocks, with the derived table and events.

The derived table says which annotations have the label, so nothing else is read. Each block is a transaction of its
own: a rename that is stopped half-way is finished by asking again.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import orjson
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields, NotFound
from labelwright.events import AnnotationsChanged
from labelwright.job_kinds import JobContext, JobSpec
from labelwright.models import Annotation, AnnotationLabel, Project, Task, now

from . import counters, projects
from .context import Caller, Context
from .permissions import require
from .visible import published

KIND = "label-rename"
BLOCK = 1000
"""Annotations that are rewritten in one transaction."""

_items = msgspec.json.Decoder(list[msgspec.Raw])
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])


def begin(ctx: Context, caller: Caller, old: Any, new: Any, project_id: int | None) -> int:
    """Have a job rename a label. :returns: the job's id."""
    chosen = _chosen(ctx, caller, old, new, project_id)
    with ctx.database.write() as session:
        params = {"old": old, "new": new, "projects": chosen, "user": caller.user_id}
        spec = JobSpec(KIND, params, project=project_id)
        job = ctx.queue.add(session, spec, owner=caller.user_id, organization=caller.organization_id)
    assert job is not None, "only a job with a key can be superfluous"
    return job


def rename(ctx: Context, caller: Caller, old: Any, new: Any, project_id: int | None) -> int:
    """Rename a label in the answers of a project, or of all the organisation's.

    :param old: a text; a list that is the path to it, or the whole list of an answer. :param new: what takes its place.
    :returns: how many annotations were changed.
    """
    return work(ctx, _chosen(ctx, caller, old, new, project_id), old, new, caller.user_id)


def work(
    ctx: Context, project_ids: Sequence[int], old: Any, new: Any, user_id: int, job: JobContext | None = None
) -> int:
    """Rewrite the answers of these projects. Twice is safe: what is renamed is not found again."""
    renamed = 0
    for place, project_id in enumerate(project_ids):
        for block in _blocks(ctx, project_id, old):
            if job is not None:
                if job.cancelled():
                    return renamed
                job.progress(place, len(project_ids), "Renaming")
            renamed += _rewrite(ctx, project_id, block, old, new, user_id)
    return renamed


def _chosen(ctx: Context, caller: Caller, old: Any, new: Any, project_id: int | None) -> list[int]:
    """The projects in which the caller may rename."""
    wrong = [name for name, label in (("old_label", old), ("new_label", new)) if not _is_label(label)]
    if wrong:
        words = "Expected a label: a text, or a list of texts."
        raise InvalidFields({name: [words] for name in wrong}, code="no-label")
    with ctx.database.read() as session:
        if project_id is None:
            require(ctx, caller, "labels.change")
            require(ctx, caller, "annotations.change")
            own = Project.organization_id == caller.organization_id, Project.deleting.is_(False)
            found = session.scalars(select(Project.id).where(*own).order_by(Project.id)).all()
            return [one for one in found if _names_with(session, one, old)]
        try:
            projects.get(session, caller, project_id)
        except NotFound:
            raise InvalidFields(
                {"project": [f'Invalid pk "{project_id}" - object does not exist.']}, code="no-such-object"
            ) from None
        for permission in ("labels.change", "annotations.change"):
            require(ctx, caller, permission, session=session, project=project_id)
        return [project_id]


def _blocks(ctx: Context, project_id: int, old: Any) -> Iterator[Sequence[int]]:
    """The annotations that may have the label, by their ids: eight bytes each, whatever their number."""
    with ctx.database.snapshot() as session:
        names = _names_with(session, project_id, old)
        query = (
            select(AnnotationLabel.annotation_id)
            .where(
                AnnotationLabel.project_id == project_id,
                AnnotationLabel.from_name.in_(names),
                AnnotationLabel.label.in_(_texts(old)),
            )
            .distinct()
            .order_by(AnnotationLabel.annotation_id)
            .execution_options(yield_per=10_000)
        )
        ids = array("q", session.scalars(query))
    for begin in range(0, len(ids), BLOCK):
        yield ids[begin : begin + BLOCK].tolist()


def _names_with(session: Session, project_id: int, old: Any) -> list[str]:
    """The project's controls that have one of the texts: a walk over the index that touches each control once."""
    names: list[str] = []
    last: str | None = None
    here = AnnotationLabel.project_id == project_id
    while True:
        query = select(func.min(AnnotationLabel.from_name)).where(here)
        last = session.scalar(query if last is None else query.where(AnnotationLabel.from_name > last))
        if last is None:
            return names
        named = here, AnnotationLabel.from_name == last, AnnotationLabel.label.in_(_texts(old))
        if session.scalar(select(AnnotationLabel.annotation_id).where(*named).limit(1)) is not None:
            names.append(last)


def _rewrite(ctx: Context, project_id: int, ids: Sequence[int], old: Any, new: Any, user_id: int) -> int:
    with ctx.database.write() as session:
        project = session.get(Project, project_id)
        if project is None or project.deleting:
            return 0
        rows = _locked(session, project_id, ids)
        changed = {row.id: (row.task_id, text) for row in rows if (text := renamed(row.result, old, new))}
        if not changed:
            return 0
        moment = now()
        session.execute(
            update(Annotation),
            [
                {"id": key, "result": text, "updated_at": moment, "updated_by_id": user_id}
                for key, (_, text) in changed.items()
            ],
        )
        _relabel(session, project_id, changed)
        tasks = tuple(dict.fromkeys(task_id for task_id, _ in changed.values()))
        session.execute(
            update(Task)
            .where(Task.id.in_(tasks))
            .values(updated_at=moment, updated_by_id=user_id)
            .execution_options(synchronize_session=False)
        )
        event = AnnotationsChanged(project_id, updated=tuple(changed), tasks=tasks)
        counters.touch(session, project_id)
        ctx.plan_for(
            session, "plan_annotations_changed", event, organization=project.organization_id, owner=user_id
        )
    ctx.tell("on_annotations_changed", event)
    return len(changed)


def _locked(session: Session, project_id: int, ids: Sequence[int]) -> Sequence[Any]:
    """The annotations, behind the locks of their tasks, which everyone who changes an annotation takes first."""
    of_these = select(Annotation.task_id).where(Annotation.id.in_(ids))
    visible = Task.project_id == project_id, published(project_id)
    tasks = session.scalars(
        select(Task.id).where(Task.id.in_(of_these), *visible).order_by(Task.id).with_for_update()
    ).all()
    return session.execute(
        select(Annotation.id, Annotation.task_id, Annotation.result)
        .where(Annotation.id.in_(ids), Annotation.task_id.in_(tasks), Annotation.result.is_not(None))
        .order_by(Annotation.id)
    ).all()


def _relabel(session: Session, project_id: int, changed: dict[int, tuple[int, str]]) -> None:
    session.execute(
        delete(AnnotationLabel)
        .where(AnnotationLabel.annotation_id.in_(changed))
        .execution_options(synchronize_session=False)
    )
    rows = [
        {
            "annotation_id": key, "task_id": task_id, "project_id": project_id, "from_name": from_name,
            "to_name": to_name, "type": kind, "label": label, "n": n,
        }
        for key, (task_id, text) in changed.items()
        for (from_name, to_name, kind, label), n in counters.labels_of(orjson.loads(text)).items()
    ]  # fmt: skip
    if rows:
        session.execute(insert(AnnotationLabel), rows)


# --- one result -----------------------------------------------------------------------------------------------


def renamed(result: str, old: Any, new: Any) -> str | None:
    """The result with the label renamed, all else as the bytes it was; ``None`` if it does not have the label."""
    items = _items.decode(result)
    is_changed = False
    for place, item in enumerate(items):
        text = _renamed_item(item, old, new)
        if text is not None:
            items[place], is_changed = msgspec.Raw(text), True
    return msgspec.json.encode(items).decode() if is_changed else None


def _renamed_item(item: msgspec.Raw, old: Any, new: Any) -> bytes | None:
    try:
        members = _members.decode(item)
        kind = msgspec.json.decode(members["type"], type=str)
        value = _members.decode(members["value"])
        labels = msgspec.json.decode(value[kind])
    except (KeyError, msgspec.ValidationError):
        return None
    if not isinstance(labels, list):
        return None
    changed = _renamed_labels(labels, old, new)
    if changed is None:
        return None
    value[kind] = msgspec.Raw(msgspec.json.encode(changed))
    members["value"] = msgspec.Raw(msgspec.json.encode(value))
    return msgspec.json.encode(members)


def _renamed_labels(labels: list[Any], old: Any, new: Any) -> list[Any] | None:
    """The list with the label renamed, where it is the whole list or one of its labels; no label stands twice then."""
    if labels == old:
        return _path(new) if new != old else None
    before, after = _path(old), _path(new)
    if before == after or before not in map(_path, labels):
        return None
    found: list[Any] = []
    for label in labels:
        if _path(label) != before:
            replaced = [label]
        else:
            replaced = [after] if isinstance(label, list) else after
        found += [one for one in replaced if one not in found]
    return found


def _path(label: Any) -> list[Any]:
    return label if isinstance(label, list) else [label]


def _is_label(value: Any, depth: int = 3) -> bool:
    """A text, a path of texts, or a list of such."""
    if isinstance(value, list):
        return depth > 1 and bool(value) and all(_is_label(one, depth - 1) for one in value)
    return isinstance(value, str) and bool(value)


def _texts(label: Any) -> list[str]:
    """How the derived table may have it: as one label, or as the first of an answer's list."""
    first = label[0] if isinstance(label, list) else label
    return list(dict.fromkeys((counters.label_text(label), counters.label_text(first))))

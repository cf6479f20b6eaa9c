"""Rows as the API's JSON: field by field, under Label Studio's names.

Stored JSON (task data, results) is passed on as text, never parsed. Functions take rows or anything with
their attributes.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from labelwright.models import User, now

from .context import Caller

NO_BREAK_SPACE = "\xa0"
DRAWN = uuid.UUID("c2d6f0a4-3b1e-5f27-9d58-7a6f1be0c943")
"""The name space of ids that no client gave."""


@dataclass(frozen=True, slots=True)
class Person:
    """What answers say of a user besides the id."""

    id: int
    email: str
    first_name: str
    last_name: str
    avatar: str = ""

    @property
    def username(self) -> str:
        """First and last name, e-mail, id: as Label Studio writes ``created_username``."""
        name = f"{self.first_name} {self.last_name}"
        return f"{name} {self.email}, {self.id}" if name.strip() else f" {self.email}, {self.id}"


def people(session: Session, ids: Sequence[int | None] | set[int | None]) -> dict[int, Person]:
    """The users of these ids, in one query."""
    wanted = {user_id for user_id in ids if user_id is not None}
    if not wanted:
        return {}
    rows = session.execute(
        select(User.id, User.email, User.first_name, User.last_name, User.avatar).where(User.id.in_(wanted))
    )
    return {row.id: Person(*row) for row in rows}


def person_of(caller: Caller) -> Person:
    """Who asks, as a person: known without a query."""
    return Person(caller.user_id, caller.email, caller.first_name, caller.last_name)


def moment(value: datetime | None) -> str | None:
    """A time as the API writes it: UTC, microseconds, ``Z``; three times as fast as ``strftime``."""
    return None if value is None else value.isoformat(timespec="microseconds")[:26] + "Z"


def raw(text: str | None) -> Any:
    """Stored JSON as it is."""
    return None if text is None else orjson.Fragment(text)


def ago(value: datetime) -> str:
    """How long ago in the two largest units, with no-break spaces: ``2 hours, 5 minutes``."""
    seconds = max(0, int((now() - value).total_seconds()))
    units = (
        (31_536_000, "year"),
        (2_592_000, "month"),
        (604_800, "week"),
        (86_400, "day"),
        (3600, "hour"),
        (60, "minute"),
    )
    for place, (size, name) in enumerate(units):
        count = seconds // size
        if count:
            text = _counted(count, name)
            if place + 1 < len(units):
                below_size, below = units[place + 1]
                rest = seconds % size // below_size
                if rest:
                    text += ", " + _counted(rest, below)
            return text
    return _counted(0, "minute")


def _counted(count: int, unit: str) -> str:
    return f"{count}{NO_BREAK_SPACE}{unit}{'' if count == 1 else 's'}"


def annotation(row: Any, persons: Mapping[int, Person]) -> dict[str, Any]:
    """An annotation. ``row`` has the columns of ``models.Annotation``."""
    author = persons.get(row.completed_by_id) if row.completed_by_id else None
    return {
        "id": row.id,
        "result": raw(row.result),
        "created_username": author.username if author else "",
        "created_ago": ago(row.created_at),
        "completed_by": row.completed_by_id,
        **_answer(row),
        **_origin(row),
    }


def exported_annotation(row: Any, author: Any) -> dict[str, Any]:
    """An annotation as exports have it. :param author: what stands for who completed it."""
    return {
        "id": row.id,
        "completed_by": author,
        "result": raw(row.result),
        **_answer(row),
        "prediction": raw(row.prediction),
        "result_count": row.result_count,
        "unique_id": row.unique_id or drawn_id(row),
        **_origin(row),
    }


def drawn_id(row: Any) -> str:
    """What stands for the id that a client gives an answer, where none did: the same in each export, and no other's.

    Nothing is stored for it. Label Studio draws one for each answer, and programs that read exports count on it.
    """
    return str(uuid.uuid5(DRAWN, f"{row.id} {row.created_at.isoformat()}"))


def _answer(row: Any) -> dict[str, Any]:
    return {
        "was_cancelled": row.was_cancelled,
        "ground_truth": row.ground_truth,
        "created_at": moment(row.created_at),
        "updated_at": moment(row.updated_at),
        "draft_created_at": moment(row.draft_created_at),
        "lead_time": row.lead_time,
    }


def _origin(row: Any) -> dict[str, Any]:
    return {
        "import_id": row.import_id,
        "last_action": row.last_action,
        "bulk_created": row.bulk_created,
        "task": row.task_id,
        "project": row.project_id,
        "updated_by": row.updated_by_id,
        "parent_prediction": row.parent_prediction_id,
        "parent_annotation": row.parent_annotation_id,
        "last_created_by": row.last_created_by_id,
    }


def exported_author(person: Person) -> dict[str, Any]:
    """Who completed an annotation, where an export is asked for more than the id."""
    return {
        "id": person.id,
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
    }


def draft(row: Any, persons: Mapping[int, Person]) -> dict[str, Any]:
    """A draft. ``revision`` is ours: what the next change must name."""
    return exported_draft(row, persons) | {"revision": row.revision}


def exported_draft(row: Any, persons: Mapping[int, Person]) -> dict[str, Any]:
    """A draft as exports have it."""
    author = persons.get(row.user_id) if row.user_id else None
    return {
        "id": row.id,
        "user": author.email if author else "",
        "created_username": author.username.lstrip() if author else "",
        "created_ago": ago(row.created_at),
        "result": raw(row.result),
        "lead_time": row.lead_time,
        "was_postponed": row.was_postponed,
        "import_id": row.import_id,
        "created_at": moment(row.created_at),
        "updated_at": moment(row.updated_at),
        "task": row.task_id,
        "annotation": row.annotation_id,
    }


def prediction(row: Any) -> dict[str, Any]:
    """A prediction; exports have it so too."""
    return {
        "id": row.id,
        "result": raw(row.result),
        "model_version": row.model_version,
        "created_ago": ago(row.created_at),
        "score": row.score,
        "cluster": row.cluster,
        "neighbors": raw(row.neighbors),
        "mislabeling": row.mislabeling,
        "created_at": moment(row.created_at),
        "updated_at": moment(row.updated_at),
        "model": None,
        "model_run": None,
        "task": row.task_id,
        "project": row.project_id,
    }


def file_name(path: str | None) -> str | None:
    """``upload/3/0a1b2c3d-cat.png`` as tasks name it: the last part."""
    return None if path is None else path.rsplit("/", 1)[-1]


def base_task(row: Any, file: str | None = None) -> dict[str, Any]:
    """A task's own columns, without what hangs on it.

    :param row: the columns of ``models.Task``; :param file: the path of its uploaded file.
    """
    return {
        "id": row.id,
        "data": raw(row.data),
        "meta": _meta(row),
        "created_at": moment(row.created_at),
        "updated_at": moment(row.updated_at),
        "is_labeled": row.is_labeled,
        "overlap": row.overlap,
        **_counts(row),
        "project": row.project_id,
        "updated_by": row.updated_by_id,
        "file_upload": file_name(file),
        "comment_authors": [],
    }


def exported_task(
    row: Any,
    *,
    data: str,
    file: str | None,
    annotations: Sequence[Any],
    drafts: Sequence[Any],
    predictions: Sequence[Any],
) -> dict[str, Any]:
    """A task as exports have it, with what hangs on it; ``file_upload`` is left out where there is none.

    :param data: its data, with the names that the configuration gives.
    """
    task: dict[str, Any] = {"id": row.id, "annotations": annotations}
    if file is not None:
        task["file_upload"] = file_name(file)
    return task | {
        "drafts": drafts,
        "predictions": predictions,
        "data": raw(data),
        "meta": _meta(row),
        "created_at": moment(row.created_at),
        "updated_at": moment(row.updated_at),
        "allow_skip": row.allow_skip,
        **_counts(row),
        "project": row.project_id,
        "updated_by": row.updated_by_id,
        "comment_authors": [],
    }


def _meta(row: Any) -> Any:
    return raw(row.meta) if row.meta is not None else {}


def _counts(row: Any) -> dict[str, Any]:
    return {
        "inner_id": row.inner_id,
        "total_annotations": row.total_annotations,
        "cancelled_annotations": row.cancelled_annotations,
        "total_predictions": row.total_predictions,
        "comment_count": row.comment_count,
        "unresolved_comment_count": row.unresolved_comment_count,
        "last_comment_updated_at": moment(row.last_comment_updated_at),
    }

"""The columns of a project's data manager: the one list of what may be filtered and sorted by, and what that is in SQL.

Nothing of a request becomes part of a statement but through this list and as a bound value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Text, and_, cast, false, func, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from labelwright.models import (
    Annotation,
    AnnotationLabel,
    DataColumn,
    FileUpload,
    Prediction,
    Project,
    Task,
    TaskFact,
)
from labelwright.services import label_configs, model_versions, undefined
from labelwright.services.context import Context
from labelwright.services.storages import names
from labelwright.task_columns import Column

from . import conditions
from .data_fields import CUT, DataField
from .filters import Condition, Group, Ordering, refuse

Made = ColumnElement[bool]
NUMBERS = ("Number", "Time", "AgreementSelected")
TIMES = ("Datetime", "Date")
TYPES = frozenset((*NUMBERS, *TIMES, "Boolean", "List", "String", "Unknown", "TaskState"))
"""The types that a condition may name, besides those of the objects that plugins show."""
DATA = "data."


@dataclass(frozen=True)
class Sort:
    """What a column is sorted by.

    :param keys: expressions, the first counts first.
    :param present: that a task has a value at all; the others come last, whatever the direction.
    :param facts: the plugin's column whose table must be joined.
    """

    keys: tuple[Any, ...]
    present: Made | None = None
    facts: str | None = None


class Columns:
    """The columns of one project.

    :param session: used for the few things that a column's meaning depends on.
    """

    def __init__(self, ctx: Context, session: Session, project: Project) -> None:
        self._ctx, self._session, self._project = ctx, session, project
        self._is_sqlite = ctx.database.is_sqlite

    # conditions

    def where(self, group: Group | None) -> Made | None:
        """The condition on tasks that filters ask for.

        :raises InvalidFields: naming the member at fault.
        """
        if group is None:
            return None
        parts = [
            self.where(item) if isinstance(item, Group) else self._with_child(item) for item in group.items
        ]
        kept = [part for part in parts if part is not None]
        if not kept:
            return None
        return and_(*kept) if group.conjunction == "and" else or_(*kept)

    def _with_child(self, condition: Condition) -> Made:
        own = self._condition(condition)
        return own if condition.child is None else and_(own, self._condition(condition.child))

    def _condition(self, condition: Condition) -> Made:
        self._check_type(condition)
        name = condition.column
        if name.startswith(DATA):
            return self._of_data(condition, self.data_field(name))
        if name.startswith(LABELS):
            return self._of_labels(condition, name.removeprefix(LABELS).removeprefix("."))
        if (make := CORE.get(name)) is not None:
            return make(self, condition)
        if (column := self._ctx.registry.columns.get(name)) is not None:
            return self._of_facts(condition, column)
        return refuse(f"{condition.path}.filter", f'There is no column "{name}".')

    def _check_type(self, condition: Condition) -> None:
        if condition.type not in TYPES and self._ctx.registry.tags.find(condition.type) is None:
            refuse(f"{condition.path}.type", f'"{condition.type}" is not a valid choice.')

    def data_field(self, name: str) -> DataField:
        """The field of a name ``data.a.b``; where the tasks have a field ``a.b``, it is that one."""
        inside = name.removeprefix(DATA)
        path = tuple(inside.split("."))
        if len(path) > 1 and (not all(path) or self._has_field(inside)):
            path = (inside,)
        return DataField(path, self._is_sqlite, self._uploaded(path))

    def _uploaded(self, path: tuple[str, ...]) -> DataField | None:
        """The field of uploaded files, which has the configuration's name for it only when it is shown."""
        config = label_configs.parse(self._ctx, self._project.label_config)
        if path != (config.upload_field,):
            return None
        return DataField((undefined.KEY,), self._is_sqlite) if self._has_field(undefined.KEY) else None

    def _has_field(self, name: str) -> bool:
        """Whether tasks of the project have a field of this name, by the derived table."""
        query = select(DataColumn.tasks).where(
            DataColumn.project_id == self._project.id, DataColumn.name == name[:512]
        )
        return bool(self._session.scalar(query))

    def _of_data(self, condition: Condition, field: DataField) -> Made:
        kind, operator = condition.type, condition.operator
        if kind in NUMBERS and operator in conditions.NUMBER_OPERATORS:
            return conditions.of_number(condition, field.number)
        if kind in TIMES and operator in conditions.TIME_OPERATORS:
            return conditions.of_time_text(condition, field.cut)
        if kind == "Boolean" and operator == "equal":
            wanted = conditions.boolean(condition.value, f"{condition.path}.value")
            return field.cut == literal("true" if wanted else "false", Text())
        if kind == "List" and operator in ("contains", "not_contains") and isinstance(condition.value, list):
            return conditions.of_members(
                condition,
                lambda items: or_(*(self._like(field.text, item) for item in items)),
                _json_text,
                false(),
            )
        return conditions.of_text(condition, field.text, is_sqlite=self._is_sqlite, cut=field.cut, length=CUT)

    def _like(self, text: Any, value: str) -> Made:
        return conditions.like(text, "contains", value, is_sqlite=self._is_sqlite)

    def _of_facts(self, condition: Condition, column: Column) -> Made:
        own = select(TaskFact.task_id).where(
            TaskFact.project_id == self._project.id, TaskFact.column_name == column.name
        )
        value: Any = TaskFact.num if column.type == "Number" else TaskFact.txt
        if condition.operator in ("empty", "exists", "not_exists"):
            has = Task.id.in_(own.where(value.is_not(None)))
            return conditions.of_members(condition, _nothing, _as_it_is, ~has)
        positive = conditions.OPPOSITE.get(condition.operator, condition.operator)
        if column.type == "Number":
            found = conditions.of_number(condition, value)
            return Task.id.in_(own.where(found))
        plain = Condition(condition.column, positive, condition.type, condition.value, condition.path)
        found = Task.id.in_(own.where(conditions.of_text(plain, value, is_sqlite=self._is_sqlite)))
        return found if positive == condition.operator else ~found

    def _of_labels(self, condition: Condition, control: str) -> Made:
        """The labels in a task's annotations: ``annotations.label``, or ``annotations.label.<control>``."""

        def has(labels: list[Any]) -> Made:
            return Task.id.in_(own.where(AnnotationLabel.label.in_(labels)))

        own = select(AnnotationLabel.task_id).where(AnnotationLabel.project_id == self._project.id)
        if control:
            own = own.where(AnnotationLabel.from_name == control)
        return conditions.of_members(
            condition, has, _label, ~Task.id.in_(own.where(AnnotationLabel.label != ""))
        )

    def _of_results(
        self, condition: Condition, table: type[Annotation] | type[Prediction], empty: Made
    ) -> Made:
        """All results of a task as text: JSON, where letters beyond ASCII may be written as they are or escaped."""
        if condition.operator in ("empty", "exists", "not_exists"):
            return conditions.of_members(condition, _nothing, _as_it_is, empty)
        positive = conditions.OPPOSITE.get(condition.operator, condition.operator)
        text = cast(table.result, Text)
        found = or_(*(
            conditions.of_text(
                Condition(condition.column, positive, condition.type, value, condition.path), text,
                is_sqlite=self._is_sqlite,
            ) for value in _spellings(condition, positive)
        ))  # fmt: skip
        own = Task.id.in_(select(table.task_id).where(table.project_id == self._project.id, found))
        return own if positive == condition.operator else ~own

    def _annotation_ids(self, condition: Condition) -> Made:
        conditions.check_operator(condition, (*conditions.LIST_OPERATORS, "regex"))
        path = f"{condition.path}.value"

        def has(ids: list[Any]) -> Made:
            return Task.id.in_(
                select(Annotation.task_id).where(
                    Annotation.project_id == self._project.id, Annotation.id.in_(ids)
                )
            )

        if condition.operator == "regex":
            refuse(f"{condition.path}.operator", "Ids are listed, not searched by a regular expression.")
        value = condition.value
        if isinstance(value, str) and condition.operator not in ("empty", "exists", "not_exists"):
            value = [
                conditions.whole_number(piece, path) for piece in re.split(r"[\s,;]+", value.strip()) if piece
            ]
        ids = Condition(condition.column, condition.operator, "List", value, condition.path)
        return conditions.of_members(ids, has, conditions.whole_number, _no_annotations())

    def _annotators(self, condition: Condition) -> Made:
        own = select(Annotation.task_id).where(Annotation.project_id == self._project.id)

        def has(users: list[Any]) -> Made:
            return Task.id.in_(own.where(Annotation.completed_by_id.in_(users)))

        nobody = ~Task.id.in_(own.where(Annotation.completed_by_id.is_not(None)))
        return conditions.of_members(condition, has, conditions.whole_number, nobody)

    def _updated_by(self, condition: Condition) -> Made:
        return conditions.of_members(
            condition,
            lambda users: Task.updated_by_id.in_(users),
            conditions.whole_number,
            Task.updated_by_id.is_(None),
        )

    def _model_versions(self, condition: Condition) -> Made:
        own = select(Prediction.task_id).where(Prediction.project_id == self._project.id)

        def has(versions: list[Any]) -> Made:
            return Task.id.in_(own.where(Prediction.model_version.in_(versions)))

        return conditions.of_members(condition, has, _label, Task.total_predictions == 0)

    def _file_upload(self, condition: Condition) -> Made:
        return conditions.of_text(condition, self._file_name(), is_sqlite=self._is_sqlite)

    def _file_name(self) -> Any:
        """The last part of the path ``upload/<project>/<name>``."""
        before = len(f"upload/{self._project.id}/")
        return (
            select(func.substr(FileUpload.file, before + 1))
            .where(FileUpload.id == Task.file_upload_id)
            .scalar_subquery()
        )

    def _score(self) -> Any:
        """The mean score of a task's predictions, of the project's model version where it names one.

        While all predictions are of that version, it is the mean that stands on the task.
        """
        wanted = model_versions.wanted(self._session, self._project)
        if wanted:
            others = or_(
                Prediction.model_version < wanted,
                Prediction.model_version > wanted,
                Prediction.model_version.is_(None),
            )
            here = Prediction.project_id == self._project.id
            if self._session.scalar(select(Prediction.id).where(here, others).limit(1)) is not None:
                return (
                    select(func.avg(Prediction.score))
                    .where(Prediction.task_id == Task.id, Prediction.model_version == wanted)
                    .scalar_subquery()
                )
        return Task.prediction_score_sum / func.nullif(Task.prediction_score_count, 0)

    # sorting

    def sort(self, ordering: Ordering) -> Sort:
        """What a column is sorted by.

        :raises InvalidFields: of a column that is not there, or has no order.
        """
        name = ordering.column
        if name.startswith(DATA):
            field = self.data_field(name)
            return Sort(field.order, field.cut.is_not(None))
        if (column := self._ctx.registry.columns.get(name)) is not None:
            value: Any = TaskFact.num if column.type == "Number" else TaskFact.txt
            return Sort((value,), facts=name)
        if name in PLAIN:
            value = PLAIN[name]
            return Sort((value,), value.is_not(None) if name in MAY_BE_MISSING else None)
        computed: dict[str, Callable[[], Any]] = {
            "avg_lead_time": _lead_time,
            "predictions_score": self._score,
            "file_upload": self._file_name,
            "storage_filename": names.of_task_column,
            "draft_exists": lambda: Task.total_drafts > 0,
            "ground_truth": lambda: Task.total_ground_truths > 0,
            "annotators": lambda: self._first(Annotation, Annotation.completed_by_id),
            "annotations_ids": lambda: self._first(Annotation, Annotation.id),
            "annotations_results": lambda: self._first(
                Annotation, func.substr(cast(Annotation.result, Text), 1, CUT)
            ),
            "predictions_results": lambda: self._first(
                Prediction, func.substr(cast(Prediction.result, Text), 1, CUT)
            ),
            "predictions_model_versions": lambda: self._first(Prediction, Prediction.model_version),
        }
        if name not in computed:
            refuse(ordering.path, f'There is no column "{name}" to sort by.')
        value = computed[name]()
        return Sort((value,), value.is_not(None))

    def _first(self, table: Any, value: Any) -> Any:
        """Of all of a task's, the least."""
        return select(func.min(value)).where(table.task_id == Task.id).scalar_subquery()


LABELS = "annotations.label"

PLAIN: Mapping[str, InstrumentedAttribute[Any]] = {
    "id": Task.id,
    "inner_id": Task.inner_id,
    "total_annotations": Task.total_annotations,
    "cancelled_annotations": Task.cancelled_annotations,
    "total_predictions": Task.total_predictions,
    "comment_count": Task.comment_count,
    "unresolved_comment_count": Task.unresolved_comment_count,
    "completed_at": Task.completed_at,
    "created_at": Task.created_at,
    "updated_at": Task.updated_at,
    "last_comment_updated_at": Task.last_comment_updated_at,
    "updated_by": Task.updated_by_id,
}
"""Columns that are columns of the table."""
MAY_BE_MISSING = frozenset({"completed_at", "last_comment_updated_at", "updated_by"})
COUNTERS = (
    "total_annotations", "cancelled_annotations", "total_predictions", "comment_count", "unresolved_comment_count",
)  # fmt: skip


def _lead_time() -> Any:
    return Task.lead_time_sum / func.nullif(Task.lead_time_count, 0)


def _no_annotations() -> Made:
    return and_(Task.total_annotations == 0, Task.cancelled_annotations == 0)


def _counter(name: str) -> Callable[[Columns, Condition], Made]:
    column = PLAIN[name]
    return lambda columns, condition: conditions.of_number(condition, column, empty=column == 0, whole=True)


def _time(name: str) -> Callable[[Columns, Condition], Made]:
    return lambda columns, condition: conditions.of_time(condition, PLAIN[name])


def _id(name: str) -> Callable[[Columns, Condition], Made]:
    def make(columns: Columns, condition: Condition) -> Made:
        if condition.operator in ("contains", "not_contains"):
            return conditions.of_text(condition, cast(PLAIN[name], Text), is_sqlite=columns._is_sqlite)
        return conditions.of_number(condition, PLAIN[name], whole=True)

    return make


CORE: dict[str, Callable[[Columns, Condition], Made]] = {
    "id": _id("id"),
    "inner_id": _id("inner_id"),
    **{name: _counter(name) for name in COUNTERS},
    **{name: _time(name) for name in ("completed_at", "created_at", "updated_at", "last_comment_updated_at")},
    "annotators": Columns._annotators,
    "annotations_results": lambda columns, condition: columns._of_results(
        condition, Annotation, Task.total_annotations == 0
    ),
    "predictions_results": lambda columns, condition: columns._of_results(
        condition, Prediction, Task.total_predictions == 0
    ),
    "annotations_ids": Columns._annotation_ids,
    "predictions_score": lambda columns, condition: conditions.of_number(condition, columns._score()),
    "predictions_model_versions": Columns._model_versions,
    "file_upload": Columns._file_upload,
    "storage_filename": lambda columns, condition: conditions.of_text(
        condition, names.of_task_column(), is_sqlite=columns._is_sqlite
    ),
    "updated_by": Columns._updated_by,
    "avg_lead_time": lambda columns, condition: conditions.of_number(condition, _lead_time()),
    "draft_exists": lambda columns, condition: conditions.of_flag(condition, Task.total_drafts > 0),
    "ground_truth": lambda columns, condition: conditions.of_flag(condition, Task.total_ground_truths > 0),
}
"""Name of a column to what makes its conditions."""


def _label(value: Any, path: str) -> str:
    if not isinstance(value, str) or len(value) > 512:
        refuse(path, "Not a valid string.")
    return value


def _json_text(value: Any, path: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        refuse(path, "Expected a text or a number.")
    return str(value)


def _as_it_is(value: Any, path: str) -> Any:
    return value


def _nothing(items: Sequence[Any]) -> Made:
    return true()


def _spellings(condition: Condition, operator: str) -> list[Any]:
    """A value as it may stand in JSON."""
    value = condition.value
    if not isinstance(value, str) or operator in ("regex", "in_list"):
        return [value]
    escaped = value.encode("ascii", "backslashreplace").decode() if not value.isascii() else value
    spelt = [value, re.sub(r"\\x(..)", r"\\u00\1", escaped)]
    if operator == "equal":
        with suppress(orjson.JSONDecodeError):
            spelt.append(orjson.dumps(orjson.loads(value)).decode())
    return list(dict.fromkeys(spelt))

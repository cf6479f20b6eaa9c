"""One batch of a bulk action: its transaction, the powers over its tasks, and what is settled before the commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.orm import Session

from labelwright.actions import Answer, NewAnnotation
from labelwright.errors import InvalidInput
from labelwright.events import LARGEST_BATCH, AnnotationsChanged, TasksDeleted
from labelwright.exporters import Row
from labelwright.label_config import LabelConfig
from labelwright.models import Annotation, AnnotationLabel, Draft, Prediction, Project, Task, now
from labelwright.services import counters, projects, removal, row_ids, tasks
from labelwright.services.context import Caller, Context
from labelwright.services.data_manager import searched_texts
from labelwright.services.exports import rows as export_rows
from labelwright.services.imports.rows import LABEL_COLUMNS

from .among import among
from .keep import Keep, digest
from .recount import recount, sums

ANNOTATION_COLUMNS = (
    "id", "task_id", "project_id", "completed_by_id", "updated_by_id", "result", "result_count", "was_cancelled",
    "ground_truth", "created_at", "updated_at", "parent_prediction_id", "parent_annotation_id", "bulk_created",
    "prediction",
)  # fmt: skip
Pairs = list[tuple[int, int]]
"""Annotation ids, each with its task's."""


class TaskBatch:
    """Tasks of one project, locked by the session's transaction.

    :param keep: notes what is needed to take the work back.
    """

    def __init__(
        self,
        ctx: Context,
        session: Session,
        caller: Caller,
        project: Project,
        ids: Sequence[int],
        keep: Keep | None = None,
    ) -> None:
        self._ctx, self._session, self._caller, self._project = ctx, session, caller, project
        self._keep = keep or Keep(None, 0)
        self._config: LabelConfig = projects.config_of(ctx, project)
        self.tasks: tuple[int, ...] = tuple(ids)
        self._texts: dict[int, str] | None = None
        self._before: dict[str, int] | None = None
        self._created: Pairs = []
        self._updated: Pairs = []
        self._deleted: Pairs = []
        self._gone: list[int] = []
        self._has_changed = False

    # what is there

    def data(self) -> dict[int, dict[str, Any]]:
        return {task: orjson.loads(text) for task, text in self._stored_data().items()}

    def rows(self) -> Iterator[Row]:
        selection = export_rows.Selection(self.tasks, annotated_only=False, full_predictions=True)
        yield from export_rows.read(self._session, self._project.id, self._config, selection)

    def annotations(self) -> list[Answer]:
        found = self._session.execute(
            select(Annotation.id, Annotation.task_id, Annotation.result, Annotation.completed_by_id)
            .where(among(self._session, Annotation.task_id, self.tasks))
            .order_by(Annotation.task_id, Annotation.id)
        )
        return [Answer(row.id, row.task_id, row.result or "[]", author=row.completed_by_id) for row in found]

    def predictions(
        self, *, model_versions: Sequence[str] | None = None, unused: bool = False
    ) -> list[Answer]:
        query = select(Prediction.id, Prediction.task_id, Prediction.result, Prediction.model_version).where(
            among(self._session, Prediction.task_id, self.tasks)
        )
        if model_versions is not None:
            query = query.where(Prediction.model_version.in_(model_versions))
        if unused:
            used = exists().where(
                Annotation.task_id == Prediction.task_id, Annotation.parent_prediction_id == Prediction.id
            )
            query = query.where(~used)
        found = self._session.execute(query.order_by(Prediction.task_id, Prediction.id))
        return [
            Answer(row.id, row.task_id, row.result or "[]", model_version=row.model_version) for row in found
        ]

    # powers

    def change_data(self, data: Mapping[int, Mapping[str, Any]]) -> int:
        stored = self._stored_data()
        texts = {}
        for task, values in data.items():
            self._own(task)
            text = orjson.dumps(dict(values)).decode()
            if text != stored[task]:
                self._config.check_task(values)
                texts[task] = text
        self.write_data(texts)
        return len(data)

    def write_data(self, texts: Mapping[int, str]) -> None:
        """Store task data as it is given."""
        stored = self._stored_data()
        columns: Counter[str] = Counter()
        for task, text in texts.items():
            columns.update(orjson.loads(text).keys())
            columns.subtract(orjson.loads(stored[task]).keys())
        moment, user = now(), self._caller.user_id
        self._ctx.database.update_rows(
            self._session, Task.__table__, ("data", "updated_at", "updated_by_id"),  # type: ignore[arg-type]
            [(task, text, moment, user) for task, text in texts.items()],
        )  # fmt: skip
        searched_texts.keep(self._ctx, self._session, self._project.id, texts.items())
        changed = {name: number for name, number in columns.items() if number}
        tasks.count_columns(self._session, self._project.id, changed)
        self._keep.note(
            self._session, "data", {task: [stored[task], digest(text)] for task, text in texts.items()}
        )
        stored.update(texts)
        self._has_changed |= bool(texts)

    def create_annotations(self, new: Sequence[NewAnnotation]) -> int:
        if not new:
            return 0
        results = [orjson.loads(one.result) if isinstance(one.result, str) else one.result for one in new]
        for one, result in zip(new, results, strict=True):
            self._own(one.task)
            self._ask(one.task, result)
        self._count()
        numbers = row_ids.reserve(self._session, Annotation.__table__, len(new))  # type: ignore[arg-type]
        moment, user = now(), self._caller.user_id
        self._ctx.database.insert_rows(self._session, Annotation.__table__, ANNOTATION_COLUMNS, [  # type: ignore[arg-type]
            (number, one.task, self._project.id, user, user, _text(one.result), len(result), False, False, moment,
             moment, one.parent_prediction, one.parent_annotation, False, "{}")
            for number, one, result in zip(numbers, new, results, strict=True)
        ])  # fmt: skip
        own = [(number, one.task) for number, one in zip(numbers, new, strict=True)]
        self._add_labels(own, results)
        self._created += own
        kept = {number: digest(_text(one.result)) for number, one in zip(numbers, new, strict=True)}
        self._keep.note(self._session, "annotations", kept)
        return len(new)

    def change_results(self, results: Mapping[int, Sequence[Any]]) -> int:
        texts = {number: orjson.dumps(list(result)).decode() for number, result in results.items()}
        return self.write_results(texts)

    def write_results(self, texts: Mapping[int, str], *, asked: bool = True) -> int:
        """Store results as they are given. :param asked: whether guards may refuse them."""
        found = {
            row.id: row
            for row in self._session.execute(
                select(Annotation.id, Annotation.task_id, Annotation.result).where(
                    among(self._session, Annotation.id, list(texts)),
                    among(self._session, Annotation.task_id, self.tasks),
                )
            )
        }
        if missing := sorted(set(texts) - set(found)):
            raise InvalidInput(f"The annotations {missing[:10]} are not of this batch's tasks.")
        parsed = {number: orjson.loads(text) for number, text in texts.items()}
        if asked:
            for number, result in parsed.items():
                self._ask(found[number].task_id, result)
        moment, user = now(), self._caller.user_id
        self._ctx.database.update_rows(
            self._session, Annotation.__table__,  # type: ignore[arg-type]
            ("result", "result_count", "updated_at", "updated_by_id"),
            [(number, text, len(parsed[number]), moment, user) for number, text in texts.items()],
        )  # fmt: skip
        self._drop(AnnotationLabel, among(self._session, AnnotationLabel.annotation_id, list(texts)))
        own = [(number, found[number].task_id) for number in texts]
        self._add_labels(own, list(parsed.values()))
        self._touch({task for _, task in own})
        self._updated += own
        self._keep.note(
            self._session,
            "results",
            {number: [found[number].result or "[]", digest(text)] for number, text in texts.items()},
        )
        return len(texts)

    def merge(self, groups: Sequence[Sequence[int]]) -> int:
        into = {task: group[0] for group in groups for task in group[1:]}
        for task in {*into, *into.values()}:
            self._own(task)
        if not into:
            return 0
        self._count()
        self._keep.merged(self._session, into)
        moved = self._move(
            {
                number: into[task]
                for number, task in self._pairs(among(self._session, Annotation.task_id, list(into)))
            }
        )
        self._move_drafts(into)
        self._updated += moved
        return self._delete(list(into))

    def hand_back(
        self, ids: Sequence[int], annotations: Mapping[int, int], drafts: Mapping[int, int]
    ) -> None:
        """Take tasks that have just come back into the batch, and give them what was theirs.

        :param annotations: and :param drafts: id to task; those that are gone by now stay gone.
        """
        self._count()
        self._session.flush()
        fresh = sums(self._session, ids)
        counters.add_delta(self._session, self._project.id, fresh)
        assert self._before is not None
        self._before = {name: count + fresh[name] for name, count in self._before.items()}
        self.tasks += tuple(ids)
        own = Annotation.project_id == self._project.id
        there = self._session.scalars(
            select(Annotation.id).where(own, among(self._session, Annotation.id, list(annotations)))
        )
        self._updated += self._move({number: annotations[number] for number in there})
        table: Any = Draft.__table__
        rows = list(drafts.items())
        self._ctx.database.update_rows(self._session, table, ("task_id",), rows)

    def _move(self, to: Mapping[int, int]) -> Pairs:
        """Give annotations to other tasks, with their labels."""
        table: Any = Annotation.__table__
        self._ctx.database.update_rows(self._session, table, ("task_id",), list(to.items()))
        new_task = select(Annotation.task_id).where(Annotation.id == AnnotationLabel.annotation_id)
        self._session.execute(
            update(AnnotationLabel)
            .where(among(self._session, AnnotationLabel.annotation_id, list(to)))
            .values(task_id=new_task.scalar_subquery())
            .execution_options(synchronize_session=False)
        )
        return list(to.items())

    def _move_drafts(self, into: Mapping[int, int]) -> None:
        drafts = self._session.execute(
            select(Draft.id, Draft.task_id).where(among(self._session, Draft.task_id, list(into)))
        ).all()
        table: Any = Draft.__table__
        rows = [(row.id, into[row.task_id]) for row in drafts]
        self._ctx.database.update_rows(self._session, table, ("task_id",), rows)

    def delete_tasks(self) -> int:
        return self._delete([task for task in self.tasks if task not in set(self._gone)])

    def delete_annotations(self, author: int | None = None) -> int:
        mine: ColumnElement[bool] = among(self._session, Annotation.task_id, self.tasks)
        drafts: ColumnElement[bool] = among(self._session, Draft.task_id, self.tasks)
        if author is not None:
            mine &= Annotation.completed_by_id == author
            drafts &= Draft.user_id == author
        removed = self.remove_annotations(mine)
        self._drop(Draft, drafts)
        return removed

    def remove_annotations(self, mine: ColumnElement[bool]) -> int:
        """Delete the annotations that a condition holds for, with their labels and drafts."""
        self._count()
        pairs = self._pairs(mine)
        of_them = select(Annotation.id).where(mine)
        self._drop(AnnotationLabel, AnnotationLabel.annotation_id.in_(of_them))
        self._drop(Draft, Draft.annotation_id.in_(of_them))
        self._drop(Annotation, mine)
        self._touch({task for _, task in pairs})
        self._deleted += pairs
        return len(pairs)

    def delete_predictions(self) -> int:
        self._count()
        self._session.execute(
            update(Annotation)
            .where(
                among(self._session, Annotation.task_id, self.tasks),
                Annotation.parent_prediction_id.is_not(None),
            )
            .values(parent_prediction_id=None)
            .execution_options(synchronize_session=False)
        )
        return self._drop(Prediction, among(self._session, Prediction.task_id, self.tasks))

    # before the commit

    def settle(self) -> list[tuple[str, Any]]:
        """Set the counters right, and write the jobs that plugins want.

        :returns: hooks and events to tell after the commit.
        """
        self._settle_counters()
        events = list(self._events())
        for hook, event in events:
            self._ctx.plan(self._session, f"plan_{hook}", event, self._caller)
        if self._has_changed or events:
            counters.touch(self._session, self._project.id)
        return [(f"on_{hook}", event) for hook, event in events]

    def _events(self) -> Iterator[tuple[str, Any]]:
        for kind, pairs in (
            ("created", self._created),
            ("updated", self._updated),
            ("deleted", self._deleted),
        ):
            for begin in range(0, len(pairs), LARGEST_BATCH):
                some = pairs[begin : begin + LARGEST_BATCH]
                ids = tuple(number for number, _ in some)
                own = tuple(dict.fromkeys(task for _, task in some))
                yield "annotations_changed", AnnotationsChanged(self._project.id, tasks=own, **{kind: ids})
        if self._gone:
            yield "tasks_deleted", TasksDeleted(self._project.id, tuple(self._gone))

    def _count(self) -> None:
        """Remember what the tasks add to the totals, before the first change of it."""
        self._has_changed = True
        if self._before is None:
            left = [task for task in self.tasks if task not in set(self._gone)]
            self._before = sums(self._session, left)

    def _settle_counters(self) -> None:
        if self._before is None:
            return
        left = [task for task in self.tasks if task not in set(self._gone)]
        recount(self._session, self._project, left)
        after = sums(self._session, left)
        delta = {name: after[name] - count for name, count in self._before.items() if name != "tasks"}
        counters.add_delta(self._session, self._project.id, delta)
        self._before = None

    def _delete(self, ids: Sequence[int]) -> int:
        self._settle_counters()
        gone = removal.delete_block(self._session, self._project.id, ids)
        self._gone += gone
        self._has_changed = True
        return len(gone)

    # parts

    def _own(self, task: int) -> None:
        if task not in self._stored_data():
            raise InvalidInput(f"The task {task} is not of this batch.")

    def _ask(self, task: int, result: Sequence[Any]) -> None:
        self._ctx.registry.check(
            "check_annotations",
            project=self._project.id,
            task=task,
            user=self._caller.user_id,
            results=[result],
        )

    def _stored_data(self) -> dict[int, str]:
        if self._texts is None:
            found = self._session.execute(
                select(Task.id, Task.data).where(among(self._session, Task.id, self.tasks)).order_by(Task.id)
            )
            self._texts = {row.id: row.data for row in found}
        return self._texts

    def _pairs(self, condition: ColumnElement[bool]) -> Pairs:
        found = self._session.execute(
            select(Annotation.id, Annotation.task_id).where(condition).order_by(Annotation.id)
        )
        return [(row.id, row.task_id) for row in found]

    def _add_labels(self, own: Pairs, results: Sequence[Sequence[Any]]) -> None:
        rows = [
            (number, from_name, to_name, kind, label, task, self._project.id, n)
            for (number, task), result in zip(own, results, strict=True)
            for (from_name, to_name, kind, label), n in counters.labels_of(result).items()
        ]
        self._ctx.database.insert_rows(self._session, AnnotationLabel.__table__, LABEL_COLUMNS, rows)  # type: ignore[arg-type]

    def _touch(self, ids: set[int]) -> None:
        self._session.execute(
            update(Task)
            .where(among(self._session, Task.id, list(ids)))
            .values(updated_at=now(), updated_by_id=self._caller.user_id)
            .execution_options(synchronize_session=False)
        )

    def _drop(self, table: Any, condition: ColumnElement[bool]) -> int:
        removed = self._session.execute(
            delete(table).where(condition).execution_options(synchronize_session=False)
        )
        return int(removed.rowcount)  # type: ignore[attr-defined]


def _text(result: str | Sequence[Any]) -> str:
    return result if isinstance(result, str) else orjson.dumps(list(result)).decode()

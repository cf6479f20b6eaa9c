"""Predictions for tasks that are there already, many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields, InvalidRegion
from labelwright.label_config import LabelConfig
from labelwright.models import Prediction, Project, Task, now
from labelwright.services import counters, label_configs, projects, row_ids, short_results, visible
from labelwright.services.context import Caller, Context
from labelwright.services.permissions import require

from .rows import PREDICTION_COLUMNS

MOST = 50_000
"""Predictions in one request, which is one transaction."""


def import_predictions(
    ctx: Context, caller: Caller, project_id: int, items: Sequence[Mapping[str, Any]]
) -> int:
    """Store predictions for tasks of a project, all or none.

    :param items: each ``{"task": id, "result": ..., "score"?, "model_version"?}``; short forms of results too.
    :returns: how many were stored.
    :raises InvalidFields: naming the item and what is wrong with it.
    """
    if len(items) > MOST:
        raise _bad(MOST, f"one request may bring {MOST} predictions", code="too-many-predictions")
    with ctx.database.write() as session:
        project = projects.get(session, caller, project_id)
        require(ctx, caller, "predictions.any", session=session, project=project_id)
        config = label_configs.parse(ctx, project.label_config)
        data = _data_of(session, project_id, [item.get("task") for item in items])
        rows = [_row(ctx, config, project, index, item, data) for index, item in enumerate(items)]
        _store(ctx, session, project, rows)
    return len(rows)


def store_found(ctx: Context, caller: Caller, project_id: int, items: Sequence[Mapping[str, Any]]) -> int:
    """Store a model's predictions, which have been held to the configuration. Those of tasks that are gone are left.

    :param items: each ``{"task": id, "result": list, "score", "model_version"}``.
    :returns: how many were stored.
    """
    if not items:
        return 0
    with ctx.database.write() as session:
        project = projects.get(session, caller, project_id)
        there = _data_of(session, project_id, [item["task"] for item in items])
        rows = [
            _new_row(project, item["task"], item["result"], item) for item in items if item["task"] in there
        ]
        _store(ctx, session, project, rows)
    return len(rows)


def _row(ctx: Context, config: LabelConfig, project: Project, index: int, item: Mapping[str, Any],
         data: Mapping[int, str]) -> tuple[Any, ...]:  # fmt: skip
    task_id = _id(item.get("task"))
    if task_id is None or task_id not in data:
        raise _bad(index, f"there is no task {item.get('task')!r} in this project", code="no-task")
    if "result" not in item:
        raise _bad(index, 'Prediction must have "result" fields', code="result-missing")
    score = item.get("score")
    if score is not None and (isinstance(score, bool) or not isinstance(score, int | float)):
        raise _bad(index, "score must be a number", code="not-a-number")
    try:
        result = short_results.expand(item["result"], config)
        config.check(result, orjson.loads(data[task_id]))
    except InvalidRegion as error:
        raise _bad(index, f"{error.message} ({error.field})", code=error.code) from error
    if ctx.settings.predictions_validate and (
        wrong := config.prediction_errors({"result": result, "score": score})
    ):
        raise _bad(index, f"Error validating prediction: {wrong}", code="prediction-misfit")
    return _new_row(project, task_id, result, item)


def _new_row(project: Project, task_id: int, result: Any, item: Mapping[str, Any]) -> tuple[Any, ...]:
    moment, version = now(), item.get("model_version")
    return (
        task_id, project.id, orjson.dumps(result).decode(), item.get("score"),
        "undefined" if version is None else str(version), 0.0, moment, moment,
    )  # fmt: skip


def _store(ctx: Context, session: Session, project: Project, rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    ids = row_ids.reserve(session, Prediction.__table__, len(rows))  # type: ignore[arg-type]
    numbered = [(number, *row) for number, row in zip(ids, rows, strict=True)]
    counts, scores, scored = Counter[int](), Counter[int](), Counter[int]()
    for task_id, _, _, score, *_rest in rows:
        counts[task_id] += 1
        if score is not None:
            scores[task_id] += score
            scored[task_id] += 1
    table = Task.__table__
    session.connection().execute(
        update(table)  # type: ignore[arg-type]
        .where(table.c.id == bindparam("of_task"))
        .values(
            total_predictions=table.c.total_predictions + bindparam("more"),
            prediction_score_sum=table.c.prediction_score_sum + bindparam("score"),
            prediction_score_count=table.c.prediction_score_count + bindparam("scored"),
        ),
        # In one order, so that two imports at once never wait for each other in a circle.
        [
            {"of_task": task, "more": counts[task], "score": float(scores[task]), "scored": scored[task]}
            for task in sorted(counts)
        ],
    )
    ctx.database.insert_rows(session, Prediction.__table__, PREDICTION_COLUMNS, numbered)  # type: ignore[arg-type]
    counters.add_delta(session, project.id, {"predictions": len(rows)})
    if not project.model_version:
        project.model_version = str(rows[-1][4])


def _data_of(session: Session, project_id: int, given: Sequence[Any]) -> dict[int, str]:
    wanted = sorted({task for task in map(_id, given) if task is not None})
    found: dict[int, str] = {}
    for start in range(0, len(wanted), 1000):
        rows = session.execute(
            select(Task.id, Task.data).where(
                Task.project_id == project_id,
                Task.id.in_(wanted[start : start + 1000]),
                visible.published(project_id),
            )
        )
        found.update((row.id, row.data) for row in rows)
    return found


def _id(given: Any) -> int | None:
    if isinstance(given, str) and given.isdecimal() and len(given) < 19:
        return int(given)
    is_id = isinstance(given, int) and not isinstance(given, bool) and 0 < given < 2**63
    return given if is_id else None


def _bad(index: int, message: str, *, code: str) -> InvalidFields:
    return InvalidFields(
        {"non_field_errors": [f"Error at item {index}: {message}"]}, code=code, params={"index": index}
    )

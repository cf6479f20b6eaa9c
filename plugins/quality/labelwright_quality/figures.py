"""What is shown of agreement: read from what the jobs have added up, a few rows for a project of any size."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from labelwright.api import InvalidFields, InvalidInput, NotFound, RequestContext
from labelwright_quality import setups, work
from labelwright_quality.comparing import comparison_of, metric_for, metrics_for
from labelwright_quality.tables import (
    BANDS,
    WHOLE,
    BandTotal,
    LabelTotal,
    PairTotal,
    Setup,
    Stale,
    TaskFigures,
)

MOST_COUNTED = 10_000
"""Waiting tasks; more are said to be this many."""
MOST_LABELS = 60
"""In a table of what is taken for what: the most frequent."""
MOST_PEOPLE = 200
"""In a matrix of people: those with most tasks in common with others."""
TOP = 10

Matrix = list[list[float | None]]


def overview(context: RequestContext, project: int) -> dict[str, Any]:
    """All that the project's page shows, but for the tables of labels."""
    snapshot = context.queries.project(project)
    with context.read() as session:
        pairs = _pairs(session, project)
        by_control = _by_control(session, project)
        own = setups.chosen(session, project)
        setup = session.get(Setup, project)
        bands = _bands(session, project)
        waiting = session.scalar(
            select(func.count()).select_from(
                select(Stale.task_id).where(Stale.project_id == project).limit(MOST_COUNTED).subquery()
            )
        )
    people, matrix, common = _matrix(pairs)
    comparison = comparison_of(snapshot, context.metrics, own)
    controls = []
    for name, control in snapshot.label_config.controls.items():
        agreement, n = by_control.get(name, (None, 0))
        compared = comparison.controls.get(name)
        weights = snapshot.control_weights.get(name) or {}
        controls.append({
            "name": name,
            "tag": control.element,
            "agreement": agreement,
            "pairs": n,
            "metric": compared.metric if compared else None,
            "chosen": (own.get(name) or {}).get("metric", ""),
            "params": dict(compared.question.params) if compared else {},
            "weight": weights.get("overall", 1.0),
            "metrics": [context.describe_metric(one.name) for one in metrics_for(control, context.metrics)],
        })  # fmt: skip
    agreement, tasks_ = _mean(row for row in pairs if not row.person_a and not row.person_b)
    return {
        "agreement": agreement,
        "tasks": tasks_,
        "histogram": bands,
        "controls": controls,
        "users": [{"id": person} for person in people],
        "matrix": matrix,
        "common_tasks": common,
        "waiting": waiting or 0,
        "problems": orjson.loads(setup.problems) if setup else [],
    }


def choose(context: RequestContext, project: int, controls: Mapping[str, Any]) -> None:
    """Keep the metrics that somebody chose, and compute everything by them.

    :param controls: control to ``{"metric": name, "params": {}}``; an empty name goes back to the best.
    :raises InvalidFields: naming the control and what is wrong.
    """
    snapshot = context.queries.project(project)
    with context.read() as session:
        own = setups.chosen(session, project)
    for name, given in controls.items():
        path = f"controls.{name}"
        control = snapshot.label_config.controls.get(name)
        if control is None:
            raise InvalidFields({path: ["The configuration has no such control."]}, code="no-control")
        wanted, params = given.get("metric", ""), given.get("params") or {}
        serving = [metric.name for metric in metrics_for(control, context.metrics)]
        if wanted and wanted not in serving:
            raise InvalidFields(
                {f"{path}.metric": [f"Choose one of: {', '.join(serving)}."]}, code="no-metric"
            )
        metric = metric_for(control, context.metrics, wanted)
        if metric is not None:
            try:
                metric.read_params(params)
            except InvalidInput as error:
                raise InvalidFields(
                    {f"{path}.params.{error.field}": [error.message]}, code="bad-param"
                ) from error
        own[name] = {"metric": wanted, "params": params}
    kept = {name: one for name, one in own.items() if one["metric"] or one["params"]}
    fingerprint = comparison_of(snapshot, context.metrics, kept).fingerprint
    with context.write() as session:
        before = setups.fingerprint(session, project)
        setups.keep(session, project, metrics=orjson.dumps(kept).decode())
        if before != fingerprint:
            work.recompute(context, session, project, fingerprint)


def recompute(context: RequestContext, project: int) -> int | None:
    """Compute everything anew. :returns: the job's id."""
    fingerprint = setups.comparison(context, project).fingerprint
    with context.write() as session:
        return work.recompute(context, session, project, fingerprint)


# --- tasks


def least(context: RequestContext, project: int, size: int) -> list[dict[str, Any]]:
    """The tasks that people agree least about."""
    query = (
        select(TaskFigures.task_id, TaskFigures.agreement, TaskFigures.detail)
        .where(TaskFigures.project_id == project)
        .order_by(TaskFigures.agreement, TaskFigures.task_id)
        .limit(size)
    )
    with context.read() as session:
        rows = session.execute(query).all()
    return [_task_json(row) for row in rows]


def of_task(context: RequestContext, project: int, task: int) -> dict[str, Any]:
    """Who agrees with whom about one task. :raises NotFound: if the project has no such task."""
    if not context.queries.task_records(project, [task]):
        raise NotFound("No Task matches the given query.", code="no-task", params={"id": task})
    query = select(TaskFigures.task_id, TaskFigures.agreement, TaskFigures.detail).where(
        TaskFigures.project_id == project, TaskFigures.task_id == task
    )
    with context.read() as session:
        row = session.execute(query).first()
    if row is None:
        return {"task": task, "agreement": None, "users": [], "matrix": [], "pairs": []}
    found = _task_json(row)
    people = sorted({person for pair in found["pairs"] for person in pair["users"]})
    shares = {frozenset(pair["users"]): pair["agreement"] for pair in found["pairs"]}
    matrix = [
        [1.0 if one == other else shares.get(frozenset((one, other))) for other in people] for one in people
    ]
    return found | {"users": [{"id": person} for person in people], "matrix": matrix}


def _task_json(row: Any) -> dict[str, Any]:
    pairs = [
        {
            "users": [one, other],
            "agreement": share / WHOLE,
            "controls": {name: part / WHOLE for name, part in controls.items()},
        }
        for one, other, share, controls in orjson.loads(row.detail)["pairs"]
    ]
    return {"task": row.task_id, "agreement": row.agreement / WHOLE, "pairs": pairs}


# --- people


def people(context: RequestContext, project: int) -> tuple[list[int], Matrix, list[list[int]]]:
    """Who agrees how far with whom, over how many tasks."""
    with context.read() as session:
        return _matrix(_pairs(session, project))


def deviation(matrix: Matrix) -> float | None:
    """How much the pairs of people differ."""
    values = [value for at, row in enumerate(matrix) for value in row[at + 1 :] if value is not None]
    return statistics.pstdev(values) if values else None


def of_people(context: RequestContext, project: int) -> dict[int, float]:
    """How far each agrees with all others."""
    with context.read() as session:
        rows = _pairs(session, project)
    n: Counter[int] = Counter()
    shares: Counter[int] = Counter()
    for row in rows:
        if row.person_a:
            for person in (row.person_a, row.person_b):
                n[person] += row.n
                shares[person] += row.share
    return {person: shares[person] / WHOLE / n[person] for person in n}


def total(context: RequestContext, project: int) -> tuple[float | None, int]:
    """The mean agreement of tasks, and how many have one."""
    with context.read() as session:
        return _mean(row for row in _pairs(session, project) if not row.person_a)


def distribution(context: RequestContext, project: int) -> list[int]:
    with context.read() as session:
        return _bands(session, project)


def _pairs(session: Session, project: int) -> Sequence[Any]:
    """How far people agree as a whole, a row for each two; that of tasks is the row of nobody."""
    query = select(PairTotal.person_a, PairTotal.person_b, PairTotal.n, PairTotal.share).where(
        PairTotal.project_id == project, PairTotal.control == "", PairTotal.n > 0
    )
    return session.execute(query).all()


def _by_control(session: Session, project: int) -> dict[str, tuple[float | None, int]]:
    query = (
        select(PairTotal.control, func.sum(PairTotal.n).label("n"), func.sum(PairTotal.share).label("share"))
        .where(PairTotal.project_id == project, PairTotal.control != "", PairTotal.n > 0)
        .group_by(PairTotal.control)
    )
    return {row.control: _mean([row]) for row in session.execute(query)}


def _bands(session: Session, project: int) -> list[int]:
    rows = session.execute(select(BandTotal.band, BandTotal.n).where(BandTotal.project_id == project))
    counts = {row.band: row.n for row in rows}
    return [counts.get(band, 0) for band in range(BANDS)]


def _mean(rows: Iterable[Any]) -> tuple[float | None, int]:
    """The mean of totals, and over how many it goes."""
    n = share = 0
    for row in rows:
        n, share = n + int(row.n), share + int(row.share)
    return (share / WHOLE / n, n) if n else (None, 0)


def _matrix(pairs: Sequence[Any]) -> tuple[list[int], Matrix, list[list[int]]]:
    whole = {(row.person_a, row.person_b): row for row in pairs if row.person_a}
    counts: Counter[int] = Counter()
    for (one, other), row in whole.items():
        counts[one] += row.n
        counts[other] += row.n
    shown = sorted(person for person, _ in counts.most_common(MOST_PEOPLE))
    matrix: Matrix = [[1.0 if one == other else None for other in shown] for one in shown]
    common = [[0] * len(shown) for _ in shown]
    place = {person: at for at, person in enumerate(shown)}
    for (one, other), row in whole.items():
        if one in place and other in place:
            for i, j in ((place[one], place[other]), (place[other], place[one])):
                matrix[i][j], common[i][j] = row.share / WHOLE / row.n, row.n
    return shown, matrix, common


# --- labels


def confusion(
    context: RequestContext, project: int, control: str | None, users: Sequence[int]
) -> dict[str, Any]:
    """What is taken for what.

    :param control: only this one; :param users: two people: rows are the first one's words, columns the second one's.
        Without them the table is symmetric.
    """
    counts = _label_counts(context, project, control, users)
    seen: Counter[str] = Counter()
    for (one, other), n in counts.items():
        seen[one] += n
        seen[other] += n
    labels = sorted(
        (label for label, _ in seen.most_common(MOST_LABELS)), key=lambda label: (not label, label)
    )
    matrix = [[counts[one, other] for other in labels] for one in labels]
    wrong = Counter({
        pair: n for pair, n in counts.items() if pair[0] != pair[1] and (users or pair[0] < pair[1])
    })  # fmt: skip
    missed = sum(wrong.values())
    return {
        "labels": labels,
        "matrix": matrix,
        "precision": [_share(matrix[at][at], sum(row[at] for row in matrix)) for at in range(len(labels))],
        "recall": [_share(row[at], sum(row)) for at, row in enumerate(matrix)],
        "top_confusion_pairs": [
            {"label": other, "actual": one, "count": n, "rate": n / missed, "from_name": control}
            for (one, other), n in sorted(wrong.items(), key=lambda item: (-item[1], item[0]))[:TOP]
        ],
    }


def per_label(context: RequestContext, project: int) -> dict[str, float]:
    """How far people agree about each label: twice what both said, by what either did."""
    counts = _label_counts(context, project, None, ())
    labels = {label for pair in counts for label in pair if label}
    found = {}
    for label in sorted(labels):
        missed = sum(n for (one, other), n in counts.items() if one == label != other)
        found[label] = 2 * counts[label, label] / (2 * counts[label, label] + missed)
    return found


def _label_counts(
    context: RequestContext, project: int, control: str | None, users: Sequence[int]
) -> Counter[tuple[str, str]]:
    query = (
        select(LabelTotal.label_a, LabelTotal.label_b, func.sum(LabelTotal.n).label("n"))
        .where(LabelTotal.project_id == project, LabelTotal.n > 0)
        .group_by(LabelTotal.label_a, LabelTotal.label_b)
    )
    if control is not None:
        query = query.where(LabelTotal.control == control)
    if users:
        low, high = sorted(users)
        query = query.where(LabelTotal.person_a == low, LabelTotal.person_b == high)
    counts: Counter[tuple[str, str]] = Counter()
    with context.read() as session:
        for one, other, n in session.execute(query):
            is_turned = bool(users) and users[0] > users[1]
            counts[(other, one) if is_turned else (one, other)] += int(n)
            if not users and one != other:
                counts[other, one] += int(n)
    return counts


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0

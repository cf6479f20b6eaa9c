"""What the figures of tasks add up to: the difference is added when a task's figures are replaced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from labelwright_quality.comparing import Figures
from labelwright_quality.tables import BANDS, WHOLE, BandTotal, LabelTotal, PairTotal, Stale, TaskFigures

Key = tuple[Any, ...]


def replace(
    session: Session, project: int, figures: Mapping[int, Figures], marks: Mapping[int, int]
) -> dict[int, Figures]:
    """Put new figures in the place of the old ones, and wipe out the marks that they were computed for.

    :param marks: task to the mark that was read before its answers were; where it is another by now, somebody else
        has computed the task, or will: it is left alone.
    :returns: the figures that were kept.
    """
    ours = set(
        session.scalars(
            delete(Stale)
            .where(Stale.project_id == project, tuple_(Stale.task_id, Stale.mark).in_(sorted(marks.items())))
            .returning(Stale.task_id)
            .execution_options(synchronize_session=False)
        )
    )
    kept = {task: one for task, one in figures.items() if task in ours}
    before = _before(session, project, sorted(kept))
    _keep(session, project, kept, before)
    _add(session, project, before.values(), kept.values())
    return kept


def _before(session: Session, project: int, wanted: Sequence[int]) -> dict[int, Figures]:
    rows = session.execute(
        select(TaskFigures.task_id, TaskFigures.agreement, TaskFigures.detail).where(
            TaskFigures.project_id == project, TaskFigures.task_id.in_(wanted)
        )
    )
    return {row.task_id: Figures.from_json(row.agreement, row.detail) for row in rows}


def _keep(session: Session, project: int, kept: Mapping[int, Figures], before: Mapping[int, Figures]) -> None:
    if before:
        session.execute(
            delete(TaskFigures)
            .where(TaskFigures.project_id == project, TaskFigures.task_id.in_(sorted(before)))
            .execution_options(synchronize_session=False)
        )
    rows = [
        {"project_id": project, "task_id": task, "agreement": one.agreement, "detail": one.to_json()}
        for task, one in sorted(kept.items())
        if one.agreement is not None
    ]
    if rows:
        session.execute(_insert(session, TaskFigures), rows)


def _add(session: Session, project: int, before: Iterable[Figures], after: Iterable[Figures]) -> None:
    sums: Counter[Key] = Counter()
    shares: Counter[Key] = Counter()
    for sign, side in ((-1, before), (1, after)):
        for figures in side:
            _count(figures, sign, sums, shares)
    pairs, labels, bands = [], [], []
    for (table, *key), n in sorted(sums.items()):
        share = shares[(table, *key)]
        if table == "pair" and (n or share):
            pairs.append(dict(zip(PAIR_KEYS, (project, *key), strict=True)) | {"n": n, "share": share})
        elif table == "label" and n:
            labels.append(dict(zip(LABEL_KEYS, (project, *key), strict=True)) | {"n": n})
        elif table == "band" and n:
            bands.append(dict(zip(BAND_KEYS, (project, *key), strict=True)) | {"n": n})
    _upsert(session, PairTotal, PAIR_KEYS, ("n", "share"), pairs)
    _upsert(session, LabelTotal, LABEL_KEYS, ("n",), labels)
    _upsert(session, BandTotal, BAND_KEYS, ("n",), bands)


PAIR_KEYS = ("project_id", "control", "person_a", "person_b")
LABEL_KEYS = (*PAIR_KEYS, "label_a", "label_b")
BAND_KEYS = ("project_id", "band")


def _count(figures: Figures, sign: int, sums: Counter[Key], shares: Counter[Key]) -> None:
    if figures.agreement is None:
        return
    found = [(("pair", "", 0, 0), figures.agreement)]
    for one, other, share, by_control in figures.pairs:
        found.append((("pair", "", one, other), share))
        found += [(("pair", control, one, other), part) for control, part in by_control.items()]
    for key, share in found:
        sums[key] += sign
        shares[key] += sign * share
    sums["band", min(BANDS - 1, figures.agreement * BANDS // WHOLE)] += sign
    for label, n in figures.labels.items():
        sums["label", *label] += sign * n


def _upsert(
    session: Session, table: Any, keys: Sequence[str], sums: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    if not rows:
        return
    statement = _insert(session, table)
    added = {name: getattr(table, name) + statement.excluded[name] for name in sums}
    session.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=added), rows)


def _insert(session: Session, table: Any) -> Any:
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(table)

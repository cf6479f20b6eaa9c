"""The jobs that compute agreement: what is marked, all of a project, and what lost its job."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from labelwright.api import Answer, JobContext, JobKind, JobSpec, NotFound, PluginContext, tasks
from labelwright_quality import setups, totals
from labelwright_quality.column import Agreement
from labelwright_quality.comparing import Comparer
from labelwright_quality.marks import CHECK, COMPUTE, RECOMPUTE, job_for, mark_all
from labelwright_quality.tables import WHOLE, Stale, TaskFigures

BATCH = 200
"""Tasks that are computed and written at once."""
MARKED_AT_ONCE = 5_000


class Compute(JobKind):
    """What is marked in a project, computed. Twice is safe: a mark is wiped out with the figures, and once."""

    kind = COMPUTE
    title = "Agreement"

    def run(self, context: JobContext, *, organization: int) -> None:
        if context.project is not None:
            drain(context, context.within(organization), context.project)


class Recompute(JobKind):
    """All tasks of a project that several people have answered. Begun again, it goes on where it was."""

    kind = RECOMPUTE
    title = "Agreement of all tasks"

    def run(self, context: JobContext) -> dict[str, Any]:
        if context.project is None:
            return {}
        with context.write() as session:
            setups.keep(session, context.project, problems="[]")
        self._mark(context, context.project)
        with context.read() as session:
            waiting = select(func.count()).select_from(Stale).where(Stale.project_id == context.project)
            total = session.scalar(waiting) or 0
        done = drain(
            context, context, context.project, lambda done: context.progress(done, total, "Comparing answers")
        )
        return {"tasks": done}

    def _mark(self, context: JobContext, project: int) -> None:
        """Mark what has several answers, then what has figures and none any more."""
        after = context.resume.get("after", 0)
        while chosen := context.queries.answered_by_several(project, after=after, limit=MARKED_AT_ONCE):
            after = chosen[-1]
            self._note(context, project, chosen, {"after": after})
        left = context.resume.get("left", 0)
        while chosen := self._with_figures(context, project, left):
            left = chosen[-1]
            self._note(context, project, chosen, {"after": after, "left": left})

    def _note(self, context: JobContext, project: int, chosen: list[int], state: dict[str, int]) -> None:
        with context.write() as session:
            mark_all(session, context.organization or 0, project, chosen)
        context.checkpoint(state)
        context.progress(0)

    def _with_figures(self, context: JobContext, project: int, after: int) -> list[int]:
        query = (
            select(TaskFigures.task_id)
            .where(TaskFigures.project_id == project, TaskFigures.task_id > after)
            .order_by(TaskFigures.task_id)
            .limit(MARKED_AT_ONCE)
        )
        with context.read() as session:
            return list(session.scalars(query))


class Check(JobKind):
    """Whether a project's figures are still what its configuration and weights say; otherwise all are made anew."""

    kind = CHECK
    title = "Agreement"

    def run(self, context: JobContext, *, organization: int) -> None:
        if context.project is None:
            return
        within = context.within(organization)
        try:
            recompute_if_changed(within, context.project)
        except NotFound:
            return


class Tidy(JobKind):
    """Marks whose job ended in the moment in which they were made get another one. Twice is safe."""

    kind = "agreement-tidying"
    title = "Tidying up"
    tries = 1
    every_s = 60

    def run(self, context: JobContext) -> None:
        with context.read() as session:
            waiting = session.execute(select(Stale.project_id, Stale.organization_id).distinct()).all()
        for project, organization in waiting:
            with context.write() as session:
                context.plan(session, job_for(project, organization))


def recompute_if_changed(context: PluginContext, project: int) -> int | None:
    """Plan the computation of a whole project, if its figures were made by other rules than those of now.

    :returns: the job's id.
    :raises NotFound: if the project is gone.
    """
    fingerprint = setups.comparison(context, project).fingerprint
    with context.write() as session:
        if setups.fingerprint(session, project) in ("", fingerprint):
            return None
        return recompute(context, session, project, fingerprint)


def recompute(context: PluginContext, session: Session, project: int, fingerprint: str) -> int | None:
    """Plan the computation of a whole project, in the transaction of what asks for it."""
    setups.keep(session, project, fingerprint=fingerprint)
    return context.plan(session, JobSpec(RECOMPUTE, project=project))


def drain(
    context: JobContext, within: PluginContext, project: int, told: Callable[[int], None] = lambda done: None
) -> int:
    """Compute what is marked, until nothing is.

    Several may do it at once: who comes second finds the mark gone, and leaves what the first has written.

    :param within: the same for the project's organisation; :param told: hears how many are done.
    :returns: how many were computed.
    """
    done = 0
    while not context.cancelled():
        with context.read() as session:
            query = select(Stale.task_id, Stale.mark).where(Stale.project_id == project)
            marks = {
                row.task_id: row.mark for row in session.execute(query.order_by(Stale.task_id).limit(BATCH))
            }
        if not marks:
            break
        try:
            done += _compute(context, within, project, marks)
        except NotFound:
            break
        told(done)
    return done


def _compute(context: JobContext, within: PluginContext, project: int, marks: dict[int, int]) -> int:
    comparison = setups.comparison(within, project)
    answers: dict[int, list[Answer]] = defaultdict(list)
    for answer in within.queries.answers(project, list(marks)):
        answers[answer.task].append(answer)
    comparer = Comparer(comparison, within.measure)
    figures = {task: comparer.figures(answers[task]) for task in marks}
    with context.write() as session:
        _hold(session, project, list(marks))
        kept = totals.replace(session, project, figures, marks)
        shares = {task: one.agreement for task, one in kept.items()}
        values = {task: None if share is None else share / WHOLE for task, share in shares.items()}
        context.set_facts(Agreement.name, values, session)
        setups.begin(session, project, comparison.fingerprint)
        if comparer.problems:
            problems = orjson.dumps(list(comparer.problems.values())).decode()
            setups.keep(session, project, problems=problems)
    return len(kept)


def _hold(session: Session, project: int, chosen: list[int]) -> None:
    """Keep tasks from being changed for a moment: who changes them marks them, and both would wait for each other."""
    session.execute(
        select(tasks.c.id)
        .where(tasks.c.project_id == project, tasks.c.id.in_(chosen))
        .order_by(tasks.c.id)
        .with_for_update(read=True, key_share=True)
    ).all()

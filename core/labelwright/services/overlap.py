"""How many annotations each task is to get: the project's maximum, for all of its tasks or a part of them."""

from __future__ import annotations

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.orm import Session

from labelwright.models import Project, Task, TaskLease

from . import counters
from .counters import IGNORE_SKIPPED


def of_new_task(project: Project, inner_id: int) -> int:
    """The overlap of a task that is added: the share of the cohort is kept by its number, not by chance."""
    share = project.overlap_cohort_percentage
    if project.maximum_annotations <= 1 or share >= 100:
        return max(1, project.maximum_annotations)
    return project.maximum_annotations if (inner_id * share) // 100 != ((inner_id - 1) * share) // 100 else 1


def spread(session: Session, project: Project) -> None:
    """Give all tasks their overlap anew, and settle what follows from it. A few statements, whatever the number."""
    share, most = project.overlap_cohort_percentage, max(1, project.maximum_annotations)
    chosen = (Task.inner_id * share) // 100 != ((Task.inner_id - 1) * share) // 100
    overlap = most if share >= 100 or most == 1 else case((chosen, most), else_=1)
    counted = Task.total_annotations + (
        Task.cancelled_annotations if project.skip_queue == IGNORE_SKIPPED else 0
    )
    leases = select(func.count()).where(TaskLease.task_id == Task.id).scalar_subquery()
    where = Task.project_id == project.id
    before = _finished(session, project.id)
    session.execute(
        update(Task).where(where).values(overlap=overlap).execution_options(synchronize_session=False)
    )
    session.execute(
        update(Task)
        .where(where, or_(Task.is_labeled != (counted >= Task.overlap), Task.taken != counted + leases))
        .values(is_labeled=counted >= Task.overlap, taken=counted + leases)
        .execution_options(synchronize_session=False)
    )
    counters.add_delta(session, project.id, {"finished_tasks": _finished(session, project.id) - before})


def _finished(session: Session, project_id: int) -> int:
    query = (
        select(func.count()).select_from(Task).where(Task.project_id == project_id, Task.is_labeled.is_(True))
    )
    return session.scalar(query) or 0

"""Which tasks are there for everybody: those of an import that is not published yet are not."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from labelwright.models import Import, Task


def published(project_id: int) -> ColumnElement[bool]:
    """The condition on :class:`Task` that hides what unfinished, failed and running imports have brought so far.

    The inner query finds the few imports that are under way, so the condition costs nothing on a project of a million.
    """
    hidden = select(Import.id).where(Import.project_id == project_id, Import.state != "published")
    return Task.import_id.not_in(hidden)

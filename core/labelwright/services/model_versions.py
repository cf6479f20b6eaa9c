"""What the model version of a project's settings means: a connected model by its title, or predictions by theirs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from labelwright.models import MLBackend


def titles(session: Session, project_id: int) -> list[str]:
    """The titles of a project's connected models, the oldest first."""
    own = select(MLBackend.title).where(MLBackend.project_id == project_id).order_by(MLBackend.id)
    return [title for title in session.scalars(own) if title]


def wanted(session: Session, project: Any) -> str | None:
    """The version whose predictions count; empty: all.

    :param project: a row of the table of projects.
    """
    named: str | None = project.model_version
    if not named:
        return named
    of_model = select(MLBackend.model_version).where(
        MLBackend.project_id == project.id, MLBackend.title == named
    )
    found = session.execute(of_model.order_by(MLBackend.id).limit(1)).first()
    return named if found is None else found.model_version

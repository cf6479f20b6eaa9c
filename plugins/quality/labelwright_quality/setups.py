"""What a project has chosen: the metric and its parameters for each control."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from labelwright.api import PluginContext
from labelwright_quality.comparing import Comparison, comparison_of
from labelwright_quality.tables import Setup


def chosen(session: Session, project: int) -> dict[str, Any]:
    """Control to ``{"metric": name, "params": {}}``; empty where nobody has chosen."""
    text = session.scalar(select(Setup.metrics).where(Setup.project_id == project))
    return dict(orjson.loads(text)) if text else {}


def comparison(context: PluginContext, project: int) -> Comparison:
    """How a project compares answers now. :raises NotFound: if it is gone, or another organisation's."""
    snapshot = context.queries.project(project)
    with context.read() as session:
        own = chosen(session, project)
    return comparison_of(snapshot, context.metrics, own)


def keep(session: Session, project: int, **values: Any) -> None:
    """Change what is named of a project's setup."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row: Mapping[str, Any] = {
        "project_id": project,
        "metrics": "{}",
        "fingerprint": "",
        "problems": "[]",
        **values,
    }
    session.execute(
        insert(Setup).values(row).on_conflict_do_update(index_elements=["project_id"], set_=values)
    )


def begin(session: Session, project: int, fingerprint: str) -> None:
    """Note what the first figures of a project are computed by."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"project_id": project, "metrics": "{}", "fingerprint": fingerprint, "problems": "[]"}
    session.execute(insert(Setup).values(row).on_conflict_do_nothing(index_elements=["project_id"]))
    session.execute(
        update(Setup)
        .where(Setup.project_id == project, Setup.fingerprint == "")
        .values(fingerprint=fingerprint)
        .execution_options(synchronize_session=False)
    )


def fingerprint(session: Session, project: int) -> str:
    return session.scalar(select(Setup.fingerprint).where(Setup.project_id == project)) or ""

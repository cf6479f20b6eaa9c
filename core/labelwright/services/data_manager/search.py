"""Words in the tasks' data: every word must stand somewhere in it, in any case.

A project that is searched gets an index for that, when it is large and PostgreSQL knows trigrams; until the index is
there, and on SQLite, the tasks are read through.
"""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, Text, and_, cast, or_, select
from sqlalchemy.orm import Session

from labelwright.models import FieldIndex, Project, Task
from labelwright.services.context import Context

from . import conditions, field_indexes

MOST_WORDS = 10


def where(ctx: Context, session: Session, project: Project, words: str) -> ColumnElement[bool]:
    """The condition that each of the words stands in a task's data."""
    return and_(*(_contains(ctx, word) for word in words.split()[:MOST_WORDS]))


def ensure_index(ctx: Context, session: Session, project: Project) -> None:
    """Ask for the index of a project that is searched for the first time."""
    if ctx.database.is_sqlite or not field_indexes.is_large(ctx, session, project):
        return
    known = select(FieldIndex.id).where(
        FieldIndex.project_id == project.id, FieldIndex.column_name == field_indexes.ALL_DATA
    )
    if session.scalar(known) is None:
        with ctx.database.write() as writing:
            field_indexes.plan_search(ctx, writing, project)


def _contains(ctx: Context, word: str) -> ColumnElement[bool]:
    """A word in JSON, where letters beyond ASCII, quotes and backslashes may stand escaped."""
    text = cast(Task.data, Text)
    quoted = word.replace("\\", "\\\\").replace('"', '\\"')
    escaped = re.sub(r"\\x(..)", r"\\u00\1", quoted.encode("ascii", "backslashreplace").decode())
    spelt = dict.fromkeys((quoted, escaped))
    return or_(*(conditions.like(text, "contains", one, is_sqlite=ctx.database.is_sqlite) for one in spelt))

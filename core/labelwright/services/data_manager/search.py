"""Words in the tasks' data."""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, Text, and_, cast, or_
from sqlalchemy.orm import Session

from labelwright.models import Project, Task
from labelwright.services.context import Context

from . import conditions

MOST_WORDS = 10


def where(ctx: Context, session: Session, project: Project, words: str) -> ColumnElement[bool]:
    """The condition that each of the words stands in a task's data, in any case."""
    return and_(*(_contains(ctx, word) for word in words.split()[:MOST_WORDS]))


def _contains(ctx: Context, word: str) -> ColumnElement[bool]:
    """A word in JSON, where letters beyond ASCII stand as they are or escaped."""
    text = cast(Task.data, Text)
    escaped = re.sub(r"\\x(..)", r"\\u00\1", word.encode("ascii", "backslashreplace").decode())
    spelt = dict.fromkeys((word, escaped))
    return or_(*(conditions.like(text, "contains", one, is_sqlite=ctx.database.is_sqlite) for one in spelt))

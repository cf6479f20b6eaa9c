"""What an order of labelling can be: which task comes next.

A queue never sees tasks. It says in SQL which tasks it may hand out and in what order; permissions, overlap, skipped
tasks and leases are added by the server around it, in one statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause


@dataclass(frozen=True, slots=True)
class QueueRequest:
    """Who asks for a next task, and in which project."""

    project: int
    user: int


class Queue:
    """A way to choose the next task, named by a project's ``sampling`` setting."""

    name: ClassVar[str]
    """As the project's ``sampling`` has it: ``Sequential sampling``. Unique among all plugins."""
    title: ClassVar[str] = ""
    """English msgid; the name when empty."""
    description: ClassVar[str] = ""
    """For the person who sets up the project; English msgid."""

    def where(self, tasks: FromClause, request: QueueRequest) -> ColumnElement[bool] | None:
        """Which tasks this queue may hand out.

        :param tasks: the table of tasks, possibly aliased.
        :returns: an SQL condition on ``tasks``; ``None`` for all.
        """
        return None

    def order(self, tasks: FromClause, request: QueueRequest) -> Sequence[ColumnElement[object]]:
        """In what order; the task's id is always added as the last. An index must serve it: no sorting of a project."""
        return ()

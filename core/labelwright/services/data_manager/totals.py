"""How many tasks match a request, exactly, and counted once while nothing changes.

Every change of a project's tasks leaves a row among its deltas (``counters.add_delta``, ``counters.touch``), so that
the number of them ever written is a version that only grows.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from labelwright.db import Database
from labelwright.models import Task

MOST_KEPT = 2_000
MOST_BOOKMARKS = 200
KEPT_S = 600


@dataclass(frozen=True, slots=True)
class Totals:
    """Of the tasks that match."""

    tasks: int
    annotations: int
    predictions: int


@dataclass(slots=True)
class Counted:
    """A count, the version that it is of, and where pages begin: ``(offset, id of the task before)``."""

    version: int
    totals: Totals
    at: float
    present: dict[str, int] = field(default_factory=dict)
    bookmarks: list[tuple[int, int]] = field(default_factory=list)

    def before(self, offset: int) -> tuple[int, int]:
        """The nearest known place at or before an offset."""
        place = bisect_right(self.bookmarks, (offset, 2**63))
        return self.bookmarks[place - 1] if place else (0, 0)

    def mark(self, offset: int, task_id: int) -> None:
        """Remember that ``task_id`` is the last of the first ``offset`` tasks."""
        if offset and len(self.bookmarks) < MOST_BOOKMARKS and self.before(offset)[0] != offset:
            self.bookmarks = sorted([*self.bookmarks, (offset, task_id)])


class Counts:
    """The counts that one process keeps of one database."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Counted] = OrderedDict()

    def get(self, key: str, version: int, count: Callable[[], Totals]) -> Counted:
        """What is kept under a key, counted anew when the version is another."""
        with self._lock:
            known = self._kept.get(key)
            if known and known.version == version and time.monotonic() - known.at < KEPT_S:
                self._kept.move_to_end(key)
                return known
        fresh = Counted(version, count(), time.monotonic())
        with self._lock:
            self._kept[key] = fresh
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return fresh


_counts: WeakKeyDictionary[Database, Counts] = WeakKeyDictionary()


def counts_of(database: Database) -> Counts:
    """The counts kept of a database."""
    return _counts.setdefault(database, Counts())


def count(session: Session, where: ColumnElement[bool]) -> Totals:
    """Count the tasks that match, and what hangs on them."""
    row = session.execute(
        select(func.count(), func.sum(Task.total_annotations), func.sum(Task.total_predictions)).where(where)
    ).one()
    return Totals(int(row[0]), int(row[1] or 0), int(row[2] or 0))

"""What plugins are told: batches of ids, never rows.

An event holds at most 5,000 ids of one project; a larger change comes as several events. What the ids stand for is read
by whoever wants it, later, because the rows may have changed again by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

LARGEST_BATCH = 5000
"""The most ids that one event holds."""


def in_batches(ids: Iterable[int], size: int = LARGEST_BATCH) -> Iterator[tuple[int, ...]]:
    """The ids in tuples that fit into an event; none for no ids."""
    rest = iter(ids)
    while batch := tuple(islice(rest, size)):
        yield batch


@dataclass(frozen=True, slots=True)
class TasksCreated:
    project: int
    tasks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TasksDeleted:
    """The rows, and the annotations, drafts and predictions on them, are gone."""

    project: int
    tasks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AnnotationsChanged:
    """Annotations of one project were saved, changed or deleted; drafts are not counted."""

    project: int
    created: tuple[int, ...] = ()
    updated: tuple[int, ...] = ()
    deleted: tuple[int, ...] = ()
    tasks: tuple[int, ...] = ()
    """The tasks whose annotations these are, each once."""


@dataclass(frozen=True, slots=True)
class LabelLinksChanged:
    """Links between a project's controls and labels of the organisation were made, changed or deleted."""

    project: int
    created: tuple[int, ...] = ()
    updated: tuple[int, ...] = ()
    deleted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectsChanged:
    """Projects of one organisation were made, changed (settings, configuration, members) or deleted."""

    organization: int
    created: tuple[int, ...] = ()
    updated: tuple[int, ...] = ()
    deleted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class JobsEnded:
    """Jobs came to one of their ends: ``done``, ``failed`` or ``cancelled``."""

    jobs: tuple[int, ...]

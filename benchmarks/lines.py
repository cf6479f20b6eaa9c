"""The lines of one server at one size, in the order of a project's life."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import bulk, exports, imports, labelling, lists
from benchmarks.figures import Figure
from benchmarks.target import Target

GROUPS = ("lists", "search", "labelling", "export", "imports", "bulk")
"""What can be asked for by name. Every group but ``bulk`` needs the first import, and that is measured with them."""


def measure(target: Target, size: int, groups: tuple[str, ...] = GROUPS) -> Iterator[Figure]:
    if groups != ("bulk",):
        yield from _life(target, size, groups)
    if "bulk" in groups:
        yield from bulk.measure(target, size)
    if (peak := target.peak_memory_mb()) is not None:
        yield Figure("memory, most ever", peak, "MB", at_most=300)


def _life(target: Target, size: int, groups: tuple[str, ...]) -> Iterator[Figure]:
    with target.project() as project:
        yield imports.import_json(target, project, size)
        if "lists" in groups:
            yield from lists.pages(target, project, size)
            yield from lists.queries(target, project, size)
            yield from lists.projects(target, project)
        if "search" in groups:
            yield from lists.searches(target, project, size)
        if "labelling" in groups:
            yield from labelling.alone(target, project)
            yield from labelling.together(target, project)
        if "export" in groups:
            yield from exports.export(target, project, size)
        yield imports.delete(target, project, size)
    if "imports" in groups:
        yield from imports.others(target, size)

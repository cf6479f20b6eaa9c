"""The core's own kinds of jobs. Unlike a plugin's, they work with the application's parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelwright.job_kinds import JobContext, JobKind
from labelwright.services import chunked_uploads, counters, renaming
from labelwright.services.bulk import perform, runs, undo
from labelwright.services.context import Context
from labelwright.services.data_manager import field_indexes, searched_texts
from labelwright.services.exports import snapshots
from labelwright.services.imports import intake
from labelwright.services.storages import begun, sync, targets, writing


class ImportTasks(JobKind):
    """An import that was put off. Twice is safe: it begins from nothing, and is published once."""

    kind = intake.KIND
    title = "Import"

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(self, context: Any, *, import_id: int) -> Mapping[str, Any] | None:
        is_last = context.attempt >= self.tries
        return intake.work(self._ctx, import_id, context.job, context, is_last_try=is_last)


class ExportSnapshot(JobKind):
    """A snapshot of a project's answers, written to a file. Twice is safe: the file is written anew."""

    kind = snapshots.KIND
    title = "Export"

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(self, context: JobContext, *, export_id: int) -> Mapping[str, Any] | None:
        return snapshots.write(self._ctx, export_id, context)


class ConvertSnapshot(JobKind):
    """A snapshot turned into a format. Twice is safe: the file is written anew."""

    kind = snapshots.CONVERT_KIND
    title = "Export"

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(self, context: JobContext, *, converted_id: int) -> Mapping[str, Any] | None:
        return snapshots.write_converted(self._ctx, converted_id, context)


class RenameLabel(JobKind):
    """A label renamed in answers. Twice is safe: what is renamed is not found again."""

    kind = renaming.KIND
    title = "Renaming a label"

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(
        self, context: JobContext, *, old: Any, new: Any, projects: list[int], user: int
    ) -> Mapping[str, Any]:
        return {"annotations_updated": renaming.work(self._ctx, projects, old, new, user, context)}


class IndexFields(JobKind):
    """Indexes for what a project's tabs filter and sort by. Twice is safe: what is there is not made again."""

    kind = field_indexes.KIND
    title = "Index"

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(self, context: JobContext, *, project_id: int) -> Mapping[str, Any] | None:
        return field_indexes.make(self._ctx, project_id)


class IndexSearch(JobKind):
    """The words of a project that is searched. Twice is safe: what is kept is not read again."""

    kind = searched_texts.KIND
    title = "Index"

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(self, context: JobContext, *, project_id: int) -> Mapping[str, Any] | None:
        return searched_texts.make(self._ctx, project_id, context)


class BulkAction(JobKind):
    """A bulk action on chosen tasks. Twice is safe: it goes on behind the last batch that was committed."""

    kind = perform.KIND
    title = "Bulk action"

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(self, context: Any, *, run_id: int) -> Mapping[str, Any] | None:
        return perform.work(self._ctx, run_id, context, context.resume)


class BulkActionUndo(JobKind):
    """A bulk action taken back. Twice is safe: what is undone is forgotten in the same transaction."""

    kind = undo.KIND
    title = "Undoing a bulk action"

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(self, context: Any, *, run_id: int, user_id: int) -> Mapping[str, Any] | None:
        return perform.undo_by(self._ctx, run_id, user_id, context)


class SynchroniseStorage(JobKind):
    """A storage synchronised. Twice is safe: what is taken in or written is known, and is not done again."""

    kind = sync.KIND
    title = "Synchronising a storage"

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(self, context: Any, *, storage_id: int) -> Mapping[str, Any] | None:
        is_last = context.attempt >= self.tries
        return begun.work(
            self._ctx, storage_id, context.job, context, dict(context.resume), is_last_try=is_last
        )


class WriteAnswers(JobKind):
    """Answers written to a target as they come. Twice is safe: an object is replaced by the same."""

    kind = targets.KIND
    title = "Writing answers to a storage"

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(self, context: Any, *, storage_id: int) -> Mapping[str, Any] | None:
        is_last = context.attempt >= self.tries
        return writing.work(
            self._ctx, storage_id, context.job, context, everything=False, resume={}, is_last_try=is_last
        )


class TidyUp(JobKind):
    """Sums folded, and what dead processes have left removed. Twice is safe."""

    kind = "tidy-up"
    title = "Tidying up"
    tries = 1
    every_s = 300

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def run(self, context: JobContext) -> None:
        intake.clear_up(self._ctx)
        chunked_uploads.clear_up(self._ctx)
        snapshots.clear_up(self._ctx)
        runs.clear_up(self._ctx)
        self._ctx.queue.forget_old()
        field_indexes.plan_all(self._ctx)
        with self._ctx.database.write() as session:
            self._ctx.queue.plan(session, targets.forgotten(session), organization=None)
        with self._ctx.database.read() as session:
            worth = counters.worth_folding(session)
        for project in worth:
            with self._ctx.database.write() as session:
                counters.fold(session, project)


def core_kinds(ctx: Context) -> dict[str, JobKind]:
    """Kind to the one that does it."""
    kinds = (
        ImportTasks(ctx), ExportSnapshot(ctx), ConvertSnapshot(ctx), BulkAction(ctx), BulkActionUndo(ctx),
        RenameLabel(ctx), IndexFields(ctx), IndexSearch(ctx),
        SynchroniseStorage(ctx), WriteAnswers(ctx), TidyUp(ctx),
    )  # fmt: skip
    return {kind.kind: kind for kind in kinds}

"""Exports by download: which formats there are, and one of them, streamed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, Any

from labelwright.errors import InvalidFields
from labelwright.exporters import ExportContext, Exporter, Row
from labelwright.label_config import LabelConfig
from labelwright.models import Project, now
from labelwright.services import label_configs, media, projects
from labelwright.services.context import Caller, Context
from labelwright.services.permissions import require
from labelwright.snapshots import ProjectSnapshot

from . import archive, rows, streams


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the query of an export says."""

    format: str = "JSON"
    ids: tuple[int, ...] | None = None
    all_tasks: bool = False
    with_media: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way: its first piece is there, so what could be refused has been."""

    filename: str
    media_type: str
    pieces: Iterator[bytes]


def formats(ctx: Context, caller: Caller, project_id: int) -> list[dict[str, Any]]:
    """Every format: those that suit the project's configuration, then the others, marked ``disabled``."""
    with ctx.database.read() as session:
        config = label_configs.parse(ctx, projects.get(session, caller, project_id).label_config)
    offered: list[dict[str, Any]] = []
    disabled: list[dict[str, Any]] = []
    messages = ctx.registry.ui()
    for exporter in ctx.registry.exporters.values():
        owner = ctx.registry.owner("register_exporters", exporter.name)
        row = exporter.info() | {"messages": messages.get(owner, {})}
        if _is_offered(ctx, exporter, config):
            offered.append(row)
        else:
            disabled.append(row | {"disabled": True})
    return offered + disabled


def _is_offered(ctx: Context, exporter: Exporter, config: LabelConfig) -> bool:
    """A format whose plugin fails at the question is not offered; the others are."""
    try:
        return exporter.offered(config)
    except Exception as error:
        if ctx.registry.blame(error) is None:
            raise
        return False


def exporter_of(ctx: Context, name: str, *, field: str = "exportType") -> Exporter:
    """:raises InvalidFields: if there is no such format; the message names those there are."""
    exporter = ctx.registry.exporters.get(name)
    if exporter is None:
        known = sorted(ctx.registry.exporters)
        raise InvalidFields(
            {field: [f'"{name[:80]}" is not a valid choice. Allowed: {", ".join(known)}.']},
            code="unknown-export-format", params={"format": name[:80], "formats": known},
        )  # fmt: skip
    return exporter


def download(ctx: Context, caller: Caller, project_id: int, wanted: Wanted) -> Download:
    """Export a project in one format, as it is at this moment.

    :raises InvalidFields: if there is no such format.
    """
    exporter = exporter_of(ctx, wanted.format)
    with ctx.database.read() as session:
        project = projects.get(session, caller, project_id)
        require(ctx, caller, "exports.create", session=session, project=project_id)
        config = label_configs.parse(ctx, project.label_config)
    selection = rows.Selection(ids=wanted.ids, annotated_only=not wanted.all_tasks)
    context = context_of(ctx, project, config, exporter, wanted)

    def write(out: IO[bytes]) -> None:
        with ctx.database.snapshot() as session:
            write_format(exporter, rows.read(session, project_id, config, selection), out, context)

    stream = streams.pieces(write)
    first = next(stream, b"")
    return Download(file_name(project_id, exporter), media_type(exporter), _opened(first, stream))


def write_format(exporter: Exporter, tasks: Iterator[Row], out: IO[bytes], context: ExportContext) -> None:
    """Write a format's one file, or the zip of its several."""
    if exporter.is_archive():
        archive.write(exporter.files(tasks, context), out)
    else:
        exporter.write(tasks, out, context)


def context_of(
    ctx: Context, project: Project, config: LabelConfig, exporter: Exporter, wanted: Wanted
) -> ExportContext:
    """What the format knows besides its rows."""
    snapshot = snapshot_of(project, config)
    settings = ctx.registry.settings_for("register_exporters", exporter.name, ctx.settings)
    if not (wanted.with_media or exporter.needs_media):
        return ExportContext(snapshot, config, options=wanted.options, settings=settings)
    open_media = media.opener(ctx, project.id)
    return ExportContext(snapshot, config, open_media, True, options=wanted.options, settings=settings)


def snapshot_of(project: Project, config: LabelConfig) -> ProjectSnapshot:
    return ProjectSnapshot(project.id, project.title, project.organization_id, config, project.created_at)


def file_name(project_id: int, exporter: Exporter) -> str:
    """``project-3-at-2026-01-31-12-59-0a1b2c3d.json``, as Label Studio names them."""
    suffix = ".zip" if exporter.is_archive() else exporter.suffix
    return f"project-{project_id}-at-{now():%Y-%m-%d-%H-%M}-{secrets.token_hex(4)}{suffix}"


def media_type(exporter: Exporter) -> str:
    """Label Studio writes the suffix with its dot: ``application/.json``."""
    return f"application/{'.zip' if exporter.is_archive() else exporter.suffix}"


def _opened(first: bytes, rest: Any) -> Iterator[bytes]:
    try:
        yield from chain((first,), rest) if first else rest
    finally:
        rest.close()

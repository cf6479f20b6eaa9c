"""Exports by download: which formats there are, and one of them, streamed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import IO, Any

import orjson
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields, LabelwrightError, NotFound
from labelwright.exporters import ExportContext, Exporter, Row
from labelwright.label_config import LabelConfig
from labelwright.models import Project, now
from labelwright.services import label_configs, media, projects
from labelwright.services.context import Caller, Context
from labelwright.services.data_manager import selection
from labelwright.services.data_manager.search import begun_where_missing
from labelwright.services.permissions import require
from labelwright.snapshots import ProjectSnapshot

from . import archive, rows, streams

DEFAULT = "JSON"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the query of an export says."""

    format: str = DEFAULT
    ids: tuple[int, ...] | None = None
    all_tasks: bool = False
    with_media: bool = False
    each_frame: bool = False
    view: int | None = None
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
        if exporter.options:
            row["options"] = _options(ctx, exporter)
        if _is_offered(ctx, exporter, config):
            offered.append(row)
        else:
            disabled.append(row | {"disabled": True})
    return sorted(offered, key=_comes_later) + sorted(disabled, key=_comes_later)


def _comes_later(row: Mapping[str, Any]) -> bool:
    """The format that is taken when none is named comes first, with those that are called after it."""
    return not row["name"].startswith(DEFAULT)


def _options(ctx: Context, exporter: Exporter) -> list[dict[str, Any]]:
    """The switches of a format, each as the settings have it when nobody says otherwise."""
    settings = ctx.registry.settings_for("register_exporters", exporter.name, ctx.settings)
    return [one.to_json() | {"value": bool(settings.get(one.name, False))} for one in exporter.options]


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

    :raises InvalidFields: if there is no such format, or no such view.
    """
    exporter = exporter_of(ctx, wanted.format)
    with begun_where_missing(ctx), ctx.database.read() as session:
        project = projects.get(session, caller, project_id)
        require(ctx, caller, "exports.create", session=session, project=project_id)
        config = label_configs.parse(ctx, project.label_config)
        view = None if wanted.view is None else in_view(ctx, session, caller, project, wanted.view, "view")
    chosen = rows.Selection(
        ids=wanted.ids,
        annotated_only=not wanted.all_tasks,
        each_frame=wanted.each_frame,
        where=(view.where,) if view else (),
        patterns=view.patterns if view else (),
    )
    context = context_of(ctx, project, config, exporter, wanted)

    def write(out: IO[bytes]) -> None:
        with ctx.database.snapshot() as session:
            write_format(exporter, rows.read(session, project_id, config, chosen), out, context)

    stream = streams.pieces(write)
    first = next(stream, b"")
    return Download(file_name(project_id, exporter), media_type(exporter), _opened(first, stream))


def in_view(
    ctx: Context, session: Session, caller: Caller, project: Project, view_id: int, field: str
) -> selection.Chosen:
    """The tasks that a view shows.

    :param field: where the request names the view.
    :raises InvalidFields: if there is no such view.
    :raises NotReady: while what it searches for is not found by words yet.
    """
    try:
        chosen = selection.chosen(
            ctx,
            session,
            caller,
            project,
            view_id=view_id,
            request={"selectedItems": {"all": True, "excluded": []}},
        )
    except NotFound:
        raise InvalidFields(
            {field: [f'Invalid pk "{view_id}" - object does not exist.']}, code="no-such-object"
        ) from None
    return replace(chosen, patterns=tuple(f"{field}.{path}" for path in chosen.patterns))


def write_format(exporter: Exporter, tasks: Iterator[Row], out: IO[bytes], context: ExportContext) -> None:
    """Write a format's one file, or the zip of its several.

    A format that does not suit the configuration is tried all the same: many can write something.

    :raises InvalidFields: if it does not suit, and cannot.
    """
    try:
        if exporter.is_archive():
            archive.write(exporter.files(tasks, context), out)
        else:
            exporter.write(tasks, out, context)
    except (LabelwrightError, SQLAlchemyError, OSError):
        raise  # not for lack of anything to write
    except Exception as error:
        if exporter.offered(context.label_config):
            raise
        sentence = f"{exporter.name} cannot hold what the labelling configuration of this project asks for."
        raise InvalidFields({"exportType": [sentence]}, code="unsuited-export-format") from error


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
    return ProjectSnapshot(
        project.id,
        project.title,
        project.organization_id,
        config,
        project.created_at,
        control_weights=orjson.loads(project.control_weights or "{}") or {},
    )


def file_name(project_id: int, exporter: Exporter, at: datetime | None = None, digest: str = "") -> str:
    """``project-3-at-2026-01-31-12-59-0a1b2c3d.json``, as Label Studio names them.

    :param at: the moment of what is in it, :param digest: of its content; now, and any, where they are not known.
    """
    mark = digest[:8] or secrets.token_hex(4)
    return f"project-{project_id}-at-{at or now():%Y-%m-%d-%H-%M}-{mark}{suffix_of(exporter)}"


def suffix_of(exporter: Exporter) -> str:
    """With its dot."""
    return ".zip" if exporter.is_archive() else exporter.suffix


def media_type(exporter: Exporter) -> str:
    """Label Studio writes the suffix of one file with its dot: ``application/.json``."""
    return "application/zip" if exporter.is_archive() else f"application/{exporter.suffix}"


def _opened(first: bytes, rest: Any) -> Iterator[bytes]:
    try:
        yield from chain((first,), rest) if first else rest
    finally:
        rest.close()

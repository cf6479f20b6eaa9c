"""``labelwright import`` and ``labelwright export``: tasks in and answers out, here or on another server.

Without ``--url`` they work on the database itself, with the same checks as the server and also while it runs: an
administrator needs no token, and a large file is read where it lies. With ``--url`` they ask that server.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from labelwright.cli.options import place_options
from labelwright.cli.people import opened
from labelwright.cli.progress import Progress
from labelwright.errors import ConfigurationError, InvalidFields, NotFound

if TYPE_CHECKING:
    from labelwright.client import Labelwright
    from labelwright.services.context import Caller, Context

T = TypeVar("T")
REFUSED = 1
"""The exit status when the data, and not the command, are at fault."""
SHOWN_ERRORS = 20


def server_to_ask(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that name another server."""
    for option in (
        click.option(
            "--token",
            metavar="TOKEN",
            envvar="LABEL_STUDIO_API_KEY",
            help="A token of that server, of either kind; or in LABEL_STUDIO_API_KEY.",
        ),
        click.option(
            "--url",
            metavar="URL",
            help="The server to ask, with --token. Not given: the database of this installation is used itself, which "
            "needs no token and no running server, but the right to read the data folder or the database.",
        ),
    ):
        command = option(command)
    return command


@click.command("import")
@click.argument("project", type=int)
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--column",
    "columns",
    metavar="OLD=NEW",
    multiple=True,
    help="Give a column another name in the tasks; OLD= leaves it out. May be given several times.",
)
@click.option(
    "--errors",
    "report",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what is wrong with the items to a file: a table (.csv), or a line of JSON for each (.jsonl).",
)
@server_to_ask
@place_options
@click.pass_context
def import_(
    ctx: click.Context,
    project: int,
    files: tuple[Path, ...],
    columns: tuple[str, ...],
    report: Path | None,
    url: str | None,
    token: str | None,
    **options: Any,
) -> None:
    """Import FILEs into PROJECT (its id): JSON, JSON Lines, CSV, TSV, text, pictures, whatever the plugins read.

    All tasks of the files are stored or none; with --url each file is for itself. Files are read as a stream, whatever
    their size. Progress goes to stderr, what was imported to stdout as JSON. The exit status is 0 when all is
    imported, 1 when the data are refused (stderr says where), 2 when the command cannot be carried out.
    """
    names = _names(columns)
    try:
        with _client(url, token) if url else nullcontext(None) as client:
            if client is not None:
                for file in files:
                    click.echo(json.dumps(_sent(client, project, file, names)))
                return
        with opened(ctx, options) as context:
            click.echo(json.dumps(_imported(context, project, files, names), default=str))
    except _DataRefused as refused:
        _tell(refused.errors, report)
        ctx.exit(REFUSED)


@click.command()
@click.argument("project", type=int)
@click.argument("export_format", metavar="[FORMAT]", required=False)
@click.option(
    "-f",
    "--format",
    "named_format",
    metavar="FORMAT",
    help="JSON, JSON_MIN, CSV, TSV ...; JSON if not given.",
)
@click.option(
    "-o",
    "--out",
    "--export-path",
    "out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A file, or a folder, or - for stdout; the current folder if not given.",
)
@click.option("--all-tasks", is_flag=True, help="Also the tasks without annotations.")
@click.option(
    "--option",
    "switches",
    metavar="NAME=VALUE",
    multiple=True,
    help="An option of the format, such as bom=1 of CSV. May be given several times.",
)
@server_to_ask
@place_options
@click.pass_context
def export(
    ctx: click.Context,
    project: int,
    export_format: str | None,
    named_format: str | None,
    out: Path | None,
    all_tasks: bool,
    switches: tuple[str, ...],
    url: str | None,
    token: str | None,
    **options: Any,
) -> None:
    """Write the export of PROJECT (its id) in FORMAT to a file, which appears when it is whole.

    It is written as it is read, whatever its size. Progress goes to stderr, the file's name to stdout.
    """
    name = named_format or export_format or "JSON"
    given = dict(_pair(text, "--option") for text in switches)
    if url:
        with _client(url, token) as client:
            pieces = client.projects.export_file(project, name, download_all_tasks=all_tasks, **given)
            first = _asked(lambda: next(pieces, b""))
            _write(chain([first], pieces), out, f"project-{project}.{name.lower()}")
        return
    from labelwright.services.exports import downloads

    with opened(ctx, options) as context:
        wanted = downloads.Wanted(format=name, all_tasks=all_tasks, options=given)
        download = downloads.download(context, _owner_of(context, project), project, wanted)
        _write(download.pieces, out, download.filename)


class _DataRefused(Exception):
    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(f"{len(errors)} items are refused")
        self.errors = errors


def _imported(
    context: Context, project: int, files: tuple[Path, ...], columns: Mapping[str, str]
) -> dict[str, Any]:
    """Import into the database itself."""
    from labelwright.services.imports import intake, problems
    from labelwright.services.imports.run import Options

    caller = _owner_of(context, project)
    sources, own = _taken(context, caller, project, files)
    wanted = intake.Wanted(sources, Options(columns=columns), uploads=own, own=own)
    try:
        with Progress("tasks") as progress:
            return intake.at_once(context, caller, project, wanted, follow=progress.show)
    except InvalidFields as error:
        words = [
            {"item": None, "field": "", "reason": word} for listed in error.fields.values() for word in listed
        ]
        raise _DataRefused(problems.report_of(error) or words) from error


def _taken(
    context: Context, caller: Caller, project: int, files: tuple[Path, ...]
) -> tuple[list[Any], list[int]]:
    """What is imported: lists of tasks from where they lie, media and packed files as uploads."""
    from labelwright.importers import Archive
    from labelwright.services import uploads
    from labelwright.services.imports.sources import SourceFile, importer_of

    read: list[SourceFile] = []
    sent: list[SourceFile] = []
    for path in files:
        source = SourceFile(path=path, name=path.name)
        importer = importer_of(context.registry, source)
        (sent if importer is None or isinstance(importer, Archive) else read).append(source)
    rows = []
    for begin in range(0, len(sent), most := context.settings.upload_max_files):
        with uploads.incoming(context, caller, project) as incoming:
            for source in sent[begin : begin + most]:
                with source.open() as stream:
                    _copy(stream, incoming.open(source.name))
            rows += incoming.keep()
    return [*read, *uploads.sources_of(context, rows)], [row.id for row in rows]


def _copy(source: IO[bytes], to: IO[bytes]) -> None:
    while piece := source.read(1024 * 1024):
        to.write(piece)


def _sent(client: Labelwright, project: int, file: Path, columns: Mapping[str, str]) -> dict[str, Any]:
    """Have another server import a file."""
    from labelwright.client import Job, JobFailed

    with Progress("tasks", file.name) as progress:
        job = _asked(lambda: client.projects.import_file(project, file, columns=columns, respond_async=True))
        assert isinstance(job, Job)
        import_id = job.raw.get("import")
        try:
            done = client.jobs.wait(
                job.id,
                on_progress=lambda now: progress.show(
                    now.progress or 0.0, now.raw.get("params", {}).get("count", 0)
                ),
            )
        except JobFailed as failed:
            errors = client.projects.import_errors(project, import_id) if import_id else []
            raise _DataRefused(errors or [{"item": None, "field": "", "reason": str(failed)}]) from failed
    return dict(done.result or {})


def _client(url: str, token: str | None) -> Any:
    try:
        from labelwright.client import Labelwright
    except ImportError as error:
        raise ConfigurationError(str(error)) from error
    if not token:
        raise click.UsageError("--url needs --token, or the token in LABEL_STUDIO_API_KEY.")
    return nullcontext(Labelwright(base_url=url, api_key=token))


def _asked(call: Callable[[], T]) -> T:
    """What a call answers. :raises ConfigurationError: if the server refuses it or is not there."""
    from labelwright.client import ApiError, Unreachable

    try:
        return call()
    except ApiError as error:
        body = error.body if isinstance(error.body, dict) else {}
        words = [word for listed in body.get("validation_errors", {}).values() for word in listed]
        reason = " ".join(words) or body.get("detail") or "no reason given"
        raise ConfigurationError(f"the server answers {error.status_code}: {reason}") from error
    except Unreachable as error:
        raise ConfigurationError(f"the server cannot be reached: {error}") from error


def _write(pieces: Iterator[bytes], out: Path | None, name: str) -> None:
    """Put pieces into a file that is there when it is whole, or onto stdout."""
    from labelwright.doors.files import whole_file

    with Progress("bytes") as progress:
        if str(out) == "-":
            _put(pieces, sys.stdout.buffer, progress)
            sys.stdout.buffer.flush()
            return
        path = out or Path()
        path = path / name if path.is_dir() else path
        try:
            with whole_file(path) as file:
                _put(pieces, file, progress)
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from error
    click.echo(str(path))


def _put(pieces: Iterator[bytes], out: IO[bytes], progress: Progress) -> None:
    size = 0
    for piece in pieces:
        out.write(piece)
        size += len(piece)
        progress.show(None, size)


def _tell(errors: list[dict[str, Any]], report: Path | None) -> None:
    """Say what is wrong: the first on stderr, all in a file."""
    for error in errors[:SHOWN_ERRORS]:
        place = ", ".join(
            part for part in (f"item {error['item']}" if error["item"] else "", error["field"] or "") if part
        )
        click.echo(f"labelwright: {place + ': ' if place else ''}{error['reason']}", err=True)
    if len(errors) > SHOWN_ERRORS:
        click.echo(
            f"labelwright: and {len(errors) - SHOWN_ERRORS} more; --errors FILE has them all", err=True
        )
    click.echo("labelwright: nothing was imported", err=True)
    if report is not None:
        from labelwright.services.imports import reports

        kind = "lines" if report.suffix.lower() in (".jsonl", ".ndjson", ".json") else "table"
        report.write_bytes(b"".join(reports.written(errors, kind)))
        click.echo(f"labelwright: the list of errors is in {report}", err=True)


def _names(columns: tuple[str, ...]) -> dict[str, str]:
    names = dict(_pair(text, "--column") for text in columns)
    given = [name for name in names.values() if name]
    if len(set(given)) < len(given):
        raise click.UsageError("--column gives two columns one name.")
    return names


def _pair(text: str, option: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not name or not mark:
        raise click.UsageError(f"{option} {text!r}: write NAME=VALUE.")
    return name, value


def _owner_of(context: Context, project_id: int) -> Caller:
    """Who made the project, or an owner of the organisation: these commands are an administrator's.

    :raises NotFound: if there is no such project.
    """
    from sqlalchemy import select

    from labelwright.models import Membership, Project
    from labelwright.services.context import Caller

    with context.database.read() as session:
        found = session.execute(
            select(Project.organization_id, Project.created_by_id).where(Project.id == project_id)
        ).first()
        if found is None:
            raise NotFound("No Project matches the given query.")
        owner = select(Membership.user_id).where(
            Membership.organization_id == found[0],
            Membership.role == "owner",
            Membership.deleted_at.is_(None),
        )
        user_id = found[1] or session.scalar(owner.order_by(Membership.user_id).limit(1))
    if user_id is None:
        raise NotFound(
            "The project's organisation has no owner: make one with labelwright user create --owner."
        )
    return Caller(user_id=user_id, email="", organization_id=found[0], role="owner", is_superuser=True)

"""Commands that keep the data in order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labelwright.cli.options import open_data_dir, place_options, settings_of
from labelwright.cli.people import opened
from labelwright.errors import ConfigurationError, NotFound

if TYPE_CHECKING:
    from labelwright.config import Settings
    from labelwright.db import Database
    from labelwright.services.context import Caller, Context


@click.command()
@click.option(
    "--check", "only_look", is_flag=True, help="Change nothing; status 1 when something is to be done."
)
@place_options
@click.pass_context
def migrate(ctx: click.Context, only_look: bool, **options: Any) -> None:
    """Bring the database's tables to this version."""
    from labelwright import app, plugins, schema
    from labelwright.registry import Registry

    settings = settings_of(ctx, options)
    loaded = plugins.load(settings)
    models = Registry(loaded).models
    database = _database(settings)
    try:
        if only_look:
            owners = [schema.CORE, *(schema.plugin_migrations(name, tables) for name, tables in models)]
            behind = schema.pending(database, owners)
            click.echo(f"to be migrated: {', '.join(behind)}" if behind else "the tables are of this version")
            ctx.exit(1 if behind else 0)
        applied = app.migrate(database, loaded)
        click.echo("\n".join(f"applied {name}" for name in applied) or "the tables are of this version")
        failed = [loaded[name] for name, _ in models if loaded[name].state != "loaded"]
        for plugin in failed:
            click.echo(f"{plugin.name}: {plugin.reason}", err=True)
        ctx.exit(1 if failed else 0)
    finally:
        database.close()


@click.command()
@click.option("--mend", is_flag=True, help="Correct what is wrong.")
@place_options
@click.pass_context
def check(ctx: click.Context, mend: bool, **options: Any) -> None:
    """Prove all counters against the rows they count; status 1 when something is wrong."""
    from labelwright.services import check as proof

    found = 0
    with opened(ctx, options) as context:
        for difference in proof.check(context, mend=mend):
            found += 1
            click.echo(str(difference))
    if not found:
        click.echo("all counters are right")
    elif mend:
        click.echo(f"{found} mended")
    ctx.exit(1 if found and not mend else 0)


@click.command("rotate-keys")
@click.option(
    "--print", "only_print", is_flag=True, help="Print new keys for the settings, and change nothing."
)
@place_options
@click.pass_context
def rotate_keys(ctx: click.Context, only_print: bool, **options: Any) -> None:
    """Make a new encryption key, and encrypt everything stored with it.

    Keys that the settings give are changed there: put the new one in front of encryption_keys, start the servers
    anew, run this command, then take the old one out.
    """
    from labelwright.doors import keys

    if only_print:
        click.echo(f"LABELWRIGHT_SECRET_KEY={keys.new_secret_key()}")
        click.echo(f"LABELWRIGHT_ENCRYPTION_KEYS={keys.new_encryption_key()}")
        return
    from labelwright.services import stored_secrets

    settings = settings_of(ctx, options)
    if not settings.encryption_keys:
        open_data_dir(settings)
        keys.rotate(settings.data_dir)
    with opened(ctx, options) as context:
        changed = stored_secrets.reencrypt(context)
        click.echo(f"{changed} stored secrets are encrypted with the key {next(iter(context.keys.ring))}")


def _database(settings: Settings) -> Database:
    from labelwright import db

    open_data_dir(settings)
    return db.open_database(settings.sqlalchemy_url, busy_timeout_s=settings.database_busy_timeout_s)


@click.command()
@click.argument("project", type=int)
@click.argument("export_format", metavar="FORMAT")
@click.option(
    "--export-path",
    type=click.Path(path_type=Path),
    help="A file, or a folder; the current folder if not given.",
)
@click.option("--all-tasks", is_flag=True, help="Also the tasks without annotations.")
@place_options
@click.pass_context
def export(
    ctx: click.Context,
    project: int,
    export_format: str,
    export_path: Path | None,
    all_tasks: bool,
    **options: Any,
) -> None:
    """Write the export of PROJECT (its id) in FORMAT, such as JSON, to a file."""
    from labelwright.doors.files import whole_file
    from labelwright.services.exports import downloads

    with opened(ctx, options) as context:
        caller = _owner_of(context, project)
        wanted = downloads.Wanted(format=export_format, all_tasks=all_tasks)
        download = downloads.download(context, caller, project, wanted)
        path = export_path or Path()
        path = path / download.filename if path.is_dir() else path
        try:
            with whole_file(path) as out:
                for piece in download.pieces:
                    out.write(piece)
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from error
    click.echo(str(path))


def _owner_of(context: Context, project_id: int) -> Caller:
    """Somebody who may export the project: this command is an administrator's.

    :raises NotFound: if there is no such project.
    """
    from sqlalchemy import select

    from labelwright.models import Project
    from labelwright.services.context import Caller

    with context.database.read() as session:
        found = session.execute(
            select(Project.organization_id, Project.created_by_id).where(Project.id == project_id)
        ).first()
    if found is None:
        raise NotFound("No Project matches the given query.")
    return Caller(user_id=found[1] or 0, email="", organization_id=found[0], role="owner", is_superuser=True)

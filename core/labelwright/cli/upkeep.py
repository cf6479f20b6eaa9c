"""Commands that keep the data in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from labelwright.cli.options import open_data_dir, place_options, settings_of
from labelwright.cli.people import opened

if TYPE_CHECKING:
    from labelwright.config import Settings
    from labelwright.db import Database


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

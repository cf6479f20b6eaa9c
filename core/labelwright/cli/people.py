"""Commands about accounts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from labelwright.cli.options import keep, open_data_dir, place_options, settings_of

if TYPE_CHECKING:
    from labelwright.services.context import Context


@click.group(invoke_without_command=True)
@click.option("--username", metavar="E-MAIL", help="Whom to show.")
@place_options
@click.pass_context
def user(ctx: click.Context, username: str | None, **options: Any) -> None:
    """Show an account with its legacy token, as JSON; or make, lock and unlock one."""
    keep(ctx, options)
    if ctx.invoked_subcommand is not None:
        return
    from labelwright.services import accounts

    with opened(ctx, options) as context:
        _show(accounts.describe(context, username or click.prompt("E-mail")))


@user.command()
@click.option("--username", metavar="E-MAIL", prompt="E-mail")
@click.option("--password", help="Asked for when not given.")
@click.option("--owner", is_flag=True, help="Let the user manage the organisation.")
@place_options
@click.pass_context
def create(ctx: click.Context, username: str, password: str | None, owner: bool, **options: Any) -> None:
    """Make an account in the organisation."""
    from labelwright.services import accounts

    with opened(ctx, options) as context:
        accounts.add(context, username, password or _asked(), owner=owner)
        _show(accounts.describe(context, username))


@user.command()
@click.option("--username", metavar="E-MAIL", prompt="E-mail")
@place_options
@click.pass_context
def lock(ctx: click.Context, username: str, **options: Any) -> None:
    """Lock an account: its sessions end and its tokens stop working."""
    _set_active(ctx, username, options, False)


@user.command()
@click.option("--username", metavar="E-MAIL", prompt="E-mail")
@place_options
@click.pass_context
def unlock(ctx: click.Context, username: str, **options: Any) -> None:
    """Unlock an account."""
    _set_active(ctx, username, options, True)


@click.command("reset_password")
@click.option("--username", metavar="E-MAIL", prompt="E-mail")
@click.option("--password", help="Asked for when not given.")
@place_options
@click.pass_context
def reset_password(ctx: click.Context, username: str, password: str | None, **options: Any) -> None:
    """Give an account a new password; its sessions end."""
    from labelwright.services import credentials

    with opened(ctx, options) as context:
        credentials.reset_password(context, username, password or _asked())
    click.echo(f"The password of {username} is changed; its sessions have ended.")


@contextmanager
def opened(ctx: click.Context, options: dict[str, Any]) -> Iterator[Context]:
    """The parts of the application, without the web; the database is closed afterwards."""
    settings = settings_of(ctx, options)
    open_data_dir(settings)
    from labelwright.app import build_context

    context = build_context(settings)
    try:
        yield context
    finally:
        context.database.close()


def _set_active(ctx: click.Context, username: str, options: dict[str, Any], is_active: bool) -> None:
    from labelwright.services import accounts

    with opened(ctx, options) as context:
        accounts.set_active(context, username, is_active)
        _show(accounts.describe(context, username))


def _asked() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _show(account: dict[str, Any]) -> None:
    click.echo(json.dumps(account, indent=1, ensure_ascii=False, default=str))

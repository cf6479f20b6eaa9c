"""Options that every command understands, and how they become settings."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from labelwright.config import Settings

F = TypeVar("F", bound=Callable[..., Any])

PLACES = [
    click.option("--data-dir", metavar="FOLDER", help="Where uploads, keys and the SQLite database live."),
    click.option(
        "-db",
        "--database",
        metavar="FILE|URL",
        help="An SQLite file, or postgresql://user:password@host/name.",
    ),
    click.option(
        "-c",
        "--config",
        metavar="FILE",
        help="The file with settings, instead of <data folder>/labelwright.toml.",
    ),
    click.option(
        "--log-level", type=click.Choice(["DEBUG", "INFO", "WARNING", "ERROR"], case_sensitive=False)
    ),
    click.option(
        "-d", "--debug", is_flag=True, help="Log everything, and put tracebacks into error answers."
    ),
    click.option("--safe-mode", is_flag=True, help="Leave the plugins of third parties out."),
]
SERVER = [
    click.option(
        "-p", "--port", type=int, help="The port to listen on. Not given: 8080, or the next one that is free."
    ),
    click.option(
        "--internal-host",
        metavar="ADDRESS",
        help="The address to listen on; 127.0.0.1 for this machine alone.",
    ),
    click.option(
        "--host", metavar="URL", help="The address people type, such as https://label.example.org/path."
    ),
    click.option("-b", "--no-browser", is_flag=True, help="Do not open the browser."),
    click.option("--username", metavar="E-MAIL", help="Make this user at the start."),
    click.option("--password", help="That user's password."),
    click.option("--user-token", help="That user's legacy token; switches legacy tokens on."),
    click.option(
        "--enable-legacy-api-token", is_flag=True, help="New organisations begin with legacy tokens on."
    ),
    click.option("--cert", hidden=True),
    click.option("--key", hidden=True),
    # Of Label Studio's command lines; nothing to do for them here.
    click.option("--agree-fix-sqlite", is_flag=True, hidden=True),
    click.option("--skip-long-migrations", is_flag=True, hidden=True),
]
SETTING = {
    "data_dir": "data_dir",
    "log_level": "log.level",
    "port": "port",
    "internal_host": "internal_host",
    "host": "host",
    "username": "first_user.username",
    "password": "first_user.password",
    "user_token": "first_user.token",
}
"""Options that are settings by another name."""
SWITCHES: dict[str, dict[str, Any]] = {
    "debug": {"log.level": "DEBUG", "debug_modal_exceptions": True},
    "safe_mode": {"safe_mode": True},
    "enable_legacy_api_token": {"tokens.legacy": True},
}


def place_options(command: F) -> F:
    """Where the data, the database and the settings are."""
    for option in reversed(PLACES):
        command = option(command)
    return command


def server_options(command: F) -> F:
    for option in reversed(SERVER):
        command = option(command)
    return command


def global_options(command: F) -> F:
    """All of them: like Label Studio's, they may stand before the command or after it."""
    return place_options(server_options(command))


def keep(ctx: click.Context, options: Mapping[str, Any]) -> dict[str, Any]:
    """Remember options given so far; those after the command win over those before it."""
    kept: dict[str, Any] = ctx.ensure_object(dict)
    kept.update({name: value for name, value in options.items() if value is not None and value is not False})
    return kept


def settings_of(ctx: click.Context, options: Mapping[str, Any] | None = None) -> Settings:
    """The settings with the options over them; begins the log.

    :raises ConfigurationError: if a setting is wrong.
    """
    from labelwright.config import load
    from labelwright.doors import logs

    given = keep(ctx, options or {})
    if given.get("cert") or given.get("key"):
        raise click.UsageError(
            "--cert and --key are not used: let a proxy such as nginx speak https, and name its address with --host."
        )
    overrides: dict[str, Any] = {SETTING[name]: value for name, value in given.items() if name in SETTING}
    for name, values in SWITCHES.items():
        if given.get(name):
            overrides = {**values, **overrides}
    overrides.update(_database(given.get("database")))
    environ = dict(os.environ)
    if given.get("config"):
        environ["LABELWRIGHT_CONFIG"] = str(given["config"])
    settings = load(environ=environ, overrides=overrides)
    logs.begin(settings.log_level, as_json=settings.log_json)
    return settings


def _database(given: str | None) -> dict[str, Any]:
    if not given:
        return {}
    if "://" in given:
        return {"database.url": given}
    return {"database.engine": "sqlite", "database.url": "", "database.path": Path(given)}


def open_data_dir(settings: Settings) -> None:
    """Make the data folder, or say why it cannot be used.

    :raises ConfigurationError: naming the folder and who chose it.
    """
    from labelwright.errors import ConfigurationError

    folder = settings.data_dir
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds password hashes and keys
        probe = folder / f".writable.{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ConfigurationError(
            f"the data folder {folder} cannot be used: {error.strerror}; "
            f"choose another with --data-dir ({settings.origin('data_dir')})"
        ) from error

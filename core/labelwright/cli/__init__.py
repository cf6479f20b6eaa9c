"""The command line: ``labelwright`` and its commands.

Only what a command needs is imported when it runs, so that ``--help`` answers at once. Mistakes that people can mend
(a setting, a port, a database) end with one sentence and status 2; a traceback is our own mistake.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Any

import click

from labelwright.cli.options import global_options, keep
from labelwright.errors import (
    ConfigurationError,
    ForeignDatabase,
    InvalidFields,
    LabelwrightError,
    PluginError,
)

COMMANDS = {
    "start": ("labelwright.cli.start:start", "Start the server."),
    "worker": ("labelwright.cli.start:worker", "Do jobs that servers left in Redis."),
    "config": ("labelwright.cli.look:config", "Print every setting, its value, and where it came from."),
    "plugins": (
        "labelwright.cli.look:plugins",
        "List the plugins: which are loaded, which are not, and why.",
    ),
    "plugin": (
        "labelwright.authoring:commands",
        "For authors of plugins: begin one, see it at work, check it, write its manifest.",
    ),
    "user": ("labelwright.cli.people:user", "Show, make, lock and unlock accounts."),
    "reset_password": ("labelwright.cli.people:reset_password", "Give an account a new password."),
    "migrate": ("labelwright.cli.upkeep:migrate", "Bring the database's tables to this version."),
    "check": ("labelwright.cli.upkeep:check", "Prove all counters against the rows, and mend them."),
    "rotate-keys": ("labelwright.cli.upkeep:rotate_keys", "Encrypt everything stored with a new key."),
    "import": ("labelwright.cli.transfer:import_", "Import files into a project."),
    "export": ("labelwright.cli.transfer:export", "Write a project's export to a file."),
    "version": ("labelwright.cli.look:version", "Print the versions of all parts, as JSON."),
}
"""Each command, where it is, and its line in ``--help``, for which nothing is imported."""


SPELLINGS = {"reset-password": "reset_password", "rotate_keys": "rotate-keys"}


class Commands(click.Group):
    """Commands that are imported when they are asked for; those of plugins come last."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        name = SPELLINGS.get(name, name)
        if name in COMMANDS:
            module, _, attribute = COMMANDS[name][0].partition(":")
            command: click.Command = getattr(importlib.import_module(module), attribute)
            return command
        return self._of_plugins(ctx).get(name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def _of_plugins(self, ctx: click.Context) -> dict[str, click.Command]:
        from labelwright.cli.look import registry_of
        from labelwright.cli.options import settings_of

        return dict(registry_of(settings_of(ctx)).commands)


@click.group(
    cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option("--version", is_flag=True, help="Print the versions of all parts, as JSON.")
@global_options
@click.pass_context
def labelwright(ctx: click.Context, version: bool, **options: Any) -> None:
    """Label data, alone or together. Without a command: start the server."""
    keep(ctx, options)
    if version:
        ctx.invoke(_command(ctx, "version"))
    elif ctx.invoked_subcommand is None:
        ctx.invoke(_command(ctx, "start"))


def _command(ctx: click.Context, name: str) -> click.Command:
    command = labelwright.get_command(ctx, name)
    assert command is not None
    return command


def main(arguments: Sequence[str] | None = None) -> None:
    """What the program ``labelwright`` runs."""
    try:
        status = labelwright.main(list(arguments) if arguments is not None else None, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = 2
    except click.Abort:
        status = 130
    except InvalidFields as error:
        status = refuse(" ".join(words for listed in error.fields.values() for words in listed))
    except (ConfigurationError, ForeignDatabase, PluginError, LabelwrightError) as error:
        status = refuse(str(error))
    sys.exit(status if isinstance(status, int) else 0)


def refuse(sentence: str) -> int:
    """Say on stderr why it does not go on. :returns: the exit status."""
    click.echo(f"labelwright: {sentence}", err=True)
    return 2

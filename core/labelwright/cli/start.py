"""``labelwright start`` and ``labelwright worker``: what runs until it is told to stop."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from labelwright import __version__
from labelwright.cli.entry import Entry
from labelwright.cli.options import global_options, keep, open_data_dir, place_options, settings_of
from labelwright.errors import ConfigurationError

if TYPE_CHECKING:
    from flask import Flask

    from labelwright.config import Settings

PORTS_TO_TRY = 100


@click.command()
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--template", metavar="NAME", help="Of a new project for PATH: the template to begin with.")
@click.option("--labels", metavar="A,B", help="Of a new project for PATH: its labels.")
@click.option(
    "--label-config",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Of a new project for PATH: its labelling configuration.",
)
@global_options
@click.pass_context
def start(
    ctx: click.Context,
    path: Path | None,
    template: str | None,
    labels: str | None,
    label_config: Path | None,
    **options: Any,
) -> None:
    """Start the server, making its database and its first user where there is none.

    With a PATH, open a project for it: a folder of pictures or texts, or one CSV, TSV, JSON or JSON Lines file. The
    configuration is guessed from what is there; the same path again opens the same project, and takes in the files
    that are new. Files are linked, not copied, where the disk allows it. The server then listens to this machine alone,
    unless --internal-host says otherwise, and the link that it opens logs you in.
    """
    opens_browser = not keep(ctx, options).get("no_browser")
    settings = settings_of(ctx, options)
    if path is not None and not settings.is_given("internal_host"):
        settings = settings.replace(internal_host="127.0.0.1")  # one person's own files
    settings = with_free_port(settings)
    open_data_dir(settings)
    from labelwright import app

    made = app.create_app(settings)
    entry = Entry("")
    if path is not None:
        from labelwright.cli.start_path import open_path

        entry = open_path(made.extensions["labelwright"], path, template, labels, label_config)

    def on_listening(url: str) -> None:
        click.echo("\n".join([banner(made, url), *entry.told(url)]))
        if opens_browser and has_display():
            import webbrowser

            address = entry.address(url, settings.data_dir)
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    app.serve(made, on_listening=on_listening)


@click.command()
@place_options
@click.option("--concurrency", type=click.IntRange(1, 64), help="Jobs done at once.")
@click.pass_context
def worker(ctx: click.Context, concurrency: int | None, **options: Any) -> None:
    """Do jobs that servers left in Redis. Start as many as there is work for."""
    settings = settings_of(ctx, options)
    if not settings.redis_address:
        raise ConfigurationError(
            "a worker needs redis.url (LABELWRIGHT_REDIS_URL, REDIS_LOCATION); without Redis the server does the jobs"
        )
    open_data_dir(settings)
    from labelwright.app import build_context
    from labelwright.jobs import worker as workers

    workers.run(
        build_context(settings), concurrency=concurrency, on_ready=lambda: click.echo("the worker is ready")
    )


def with_free_port(settings: Settings) -> Settings:
    """The settings with a port that can be listened on.

    A port that somebody chose is taken or refused; without a choice the next free one from 8080 on is used. The
    number that the system chooses for 0 stands in links, so it must be known before the application is built.

    :raises ConfigurationError: if the chosen port is in use.
    """
    from labelwright import serving

    last = settings.port if settings.is_given("port") else settings.port + PORTS_TO_TRY
    for port in range(settings.port, last + 1):
        try:
            with serving.listen(settings.internal_host, port) as probe:
                found = int(probe.getsockname()[1])
        except serving.PortInUse:
            if port == last:
                raise
            continue
        return settings if found == settings.port else settings.replace(port=found)
    raise AssertionError("the last port either was free or raised")


def banner(app: Flask, url: str) -> str:
    """What the server says when it is ready."""
    context = app.extensions["labelwright"]
    settings: Settings = context.settings
    reports = context.registry.report()
    loaded = [report for report in reports if report.state == "loaded"]
    lines = [
        f"Labelwright {__version__} is ready at {url}",
        f"  data      {settings.data_dir}",
        f"  database  {settings.shown_database}",
        f"  jobs      {'by workers on Redis' if settings.redis_address else 'in this process'}",
        f"  plugins   {len(loaded)} loaded",
    ]
    lines += [f"            {r.name} is {r.state}: {r.reason}" for r in reports if r.state != "loaded"]
    lines += [f"  warning   {warning}" for warning in settings.warnings]
    return "\n".join(lines)


def has_display() -> bool:
    """Whether a browser could show anything here."""
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

"""Commands that only look: settings, plugins, versions."""

from __future__ import annotations

import json
import platform
from importlib.metadata import distributions
from typing import TYPE_CHECKING, Any

import click

from labelwright import __version__
from labelwright.cli.options import global_options, place_options, settings_of

if TYPE_CHECKING:
    from labelwright.config import Settings
    from labelwright.registry import Registry


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON object, by setting.")
@global_options
@click.pass_context
def config(ctx: click.Context, as_json: bool, **options: Any) -> None:
    """Print every setting, its value, and where the value came from."""
    settings = settings_of(ctx, options)
    settings = settings.extended(registry_of(settings).settings)
    rows = [(name, settings.shown(name), settings.origin(name)) for name in settings]
    if as_json:
        told = {name: {"value": value, "origin": origin} for name, value, origin in rows}
        click.echo(json.dumps(told, indent=1, ensure_ascii=False))
        return
    name_width = max(len(name) for name, _, _ in rows)
    value_width = min(40, max(len(value) for _, value, _ in rows))
    for name, value, origin in rows:
        click.echo(f"{name:{name_width}}  {value:{value_width}}  {origin}".rstrip())
    click.echo(f"\nsettings file: {settings.config_file or 'none'}")
    for warning in settings.warnings:
        click.echo(f"warning: {warning}", err=True)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As a JSON list, with every detail.")
@place_options
@click.pass_context
def plugins(ctx: click.Context, as_json: bool, **options: Any) -> None:
    """List the plugins: which are loaded, which are not, and why."""
    from labelwright import authoring

    reports = registry_of(settings_of(ctx, options)).report()
    if as_json:
        rows = [report.to_json(is_admin=True) for report in reports]
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False, default=str))
    else:
        click.echo(authoring.table(reports))


@click.command()
def version() -> None:
    """Print the versions of all parts, as JSON."""
    parts = {
        found.metadata["Name"]: found.version
        for found in distributions()
        if found.metadata["Name"] and any(point.group == "labelwright" for point in found.entry_points)
    }
    told = {
        "labelwright": __version__,
        "python": platform.python_version(),
        "plugins": dict(sorted(parts.items())),
    }
    click.echo(json.dumps(told, indent=1))


def registry_of(settings: Settings) -> Registry:
    """The plugins, without a database."""
    from labelwright.plugins import load
    from labelwright.registry import Registry

    return Registry(load(settings))

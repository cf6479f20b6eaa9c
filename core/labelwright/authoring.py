"""What the command line offers to plugin authors: write the manifest, check the plugin, begin a new one."""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from labelwright import examination, laws, manifest, plugins, scaffold
from labelwright.errors import PluginError
from labelwright.plugin import in_words
from labelwright.reports import PluginReport


def subject(package: str) -> laws.Subject:
    """Import a plugin's package and ask it what it gives.

    :param package: ``labelwright_tag_image``; it must be importable.
    :raises PluginError: if it cannot be imported, or a hook of it is broken.
    """
    try:
        module = importlib.import_module(package)
    except Exception as error:
        raise PluginError(package, f"cannot be imported: {in_words(error)}") from error
    found, given = examination.examine(module, name_of(package))
    return laws.Subject(module, manifest.locate(package), found, given)


def name_of(package: str) -> str:
    """The plugin's name: its entry point's, else its manifest's, else the package's without ``labelwright_``."""
    for point in importlib.metadata.entry_points(group=plugins.GROUP):
        if point.value == package:
            return point.name
    try:
        return manifest.read(manifest.locate(package)).name
    except manifest.InvalidManifest:
        return package.rpartition(".")[2].removeprefix("labelwright_")


def write_manifest(package: str) -> Path:
    """Write a plugin's manifest from its code; the file is touched only if it says something else.

    :raises PluginError: as :func:`subject`.
    """
    plugin = subject(package)
    path = plugin.folder / manifest.FILE_NAME
    text = plugin.manifest.dumps()
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")
    return path


def check(package: str) -> list[str]:
    """What is wrong with a plugin, a sentence each; empty when all is well.

    :raises PluginError: as :func:`subject`.
    """
    plugin = subject(package)
    return [sentence for law in laws.LAWS for sentence in law(plugin)]


def table(reports: Iterable[PluginReport]) -> str:
    """Plugins as lines of text, for ``labelwright plugins``."""
    rows = [("plugin", "version", "state", "api", "what it is, or what is wrong")]
    rows += [
        (
            report.name + (" (third party)" if report.third_party else ""),
            report.version or "-",
            report.state,
            report.api or "-",
            report.reason or report.title,
        )
        for report in reports
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(
        [*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]
    ).rstrip()


@click.group("plugin")
def commands() -> None:
    """For authors of plugins: begin one, check it, write its manifest."""


@commands.command("manifest")
@click.argument("packages", nargs=-1, required=True)
def manifest_command(packages: tuple[str, ...]) -> None:
    """Write the manifest of each of PACKAGES from its code."""
    for package in packages:
        try:
            click.echo(write_manifest(package))
        except PluginError as error:
            raise click.ClickException(str(error)) from error


@commands.command("check")
@click.argument("packages", nargs=-1, required=True)
def check_command(packages: tuple[str, ...]) -> None:
    """Say what is wrong with each of PACKAGES; the exit code is 1 if anything is."""
    try:
        wrong = [f"{package}: {sentence}" for package in packages for sentence in check(package)]
    except PluginError as error:
        raise click.ClickException(str(error)) from error
    if wrong:
        raise click.ClickException("\n".join(["this is wrong:", *wrong]))
    click.echo("All is well.")


@commands.command("new")
@click.argument("kind", type=click.Choice(sorted(scaffold.KINDS)))
@click.argument("name")
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), default=Path("."), help="Parent folder."
)
def new_command(kind: str, name: str, into: Path) -> None:
    """Write a complete small plugin of KIND, called NAME (lower case), to change into yours."""
    try:
        folder = scaffold.write(kind, name, into)
    except (ValueError, FileExistsError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{folder} is a plugin. Install it with: pip install -e {folder}")


if __name__ == "__main__":
    commands()

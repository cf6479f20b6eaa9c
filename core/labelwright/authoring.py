"""What the command line offers to plugin authors: begin a plugin, serve it, check it, write its manifest."""

from __future__ import annotations

import importlib
import importlib.metadata
import sys
import traceback
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from labelwright import examination, laws, manifest, plugins, scaffold
from labelwright.errors import PluginError
from labelwright.plugin import in_words
from labelwright.reports import PluginReport
from labelwright.workshop import sources


def subject(package: str, name: str = "", called: str = "") -> laws.Subject:
    """Import a plugin's package and ask it what it gives.

    :param package: ``labelwright_tag_image``; it must be importable.
    :param name: the plugin's, where its sources say it.
    :param called: what its author calls it, where that is not the package.
    :raises PluginError: if it cannot be imported, or a hook of it is broken.
    """
    try:
        module = importlib.import_module(package)
    except (Exception, SystemExit) as error:
        place = _place_in(package, error)
        raise PluginError(package, f"cannot be imported: {place}{in_words(error)}") from error
    found, given = examination.examine(module, name or name_of(package))
    return laws.Subject(module, manifest.locate(package), found, given, called or package)


def _place_in(package: str, error: BaseException) -> str:
    """Where in the package it broke, ``__init__.py:12: ``; empty if it broke elsewhere."""
    if isinstance(error, SyntaxError) and error.filename:
        frames = [(error.filename, error.lineno)]
    else:
        frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    inside = [(file, line) for file, line in frames if package.rpartition(".")[2] in Path(file).parts]
    return f"{Path(inside[-1][0]).name}:{inside[-1][1]}: " if inside else ""


def name_of(package: str) -> str:
    """The plugin's name: its entry point's, else its manifest's, else the package's without ``labelwright_``."""
    for point in importlib.metadata.entry_points(group=plugins.GROUP):
        if point.value == package:
            return point.name
    try:
        return manifest.read(manifest.locate(package)).name
    except manifest.InvalidManifest:
        return package.rpartition(".")[2].removeprefix("labelwright_")


def package_of(word: str) -> tuple[str, str]:
    """The package that somebody means, made importable, and the plugin's name where it is known.

    :param word: a folder with a plugin's sources, a plugin's name, or a package.
    :raises NoPlugin: if the folder holds none.
    """
    if Path(word).is_dir() and (Path(word).parts[1:] or word in (".", "..") or sources.is_plugin(Path(word))):
        found = sources.find(Path(word))
        sys.path.insert(0, str(found.root))
        return found.package, found.plugin
    for point in importlib.metadata.entry_points(group=plugins.GROUP):
        if point.name == word:
            return point.value.partition(":")[0], word
    return word, ""


def write_manifest(package: str, name: str = "") -> Path:
    """Write a plugin's manifest from its code; the file is touched only if it says something else.

    :raises PluginError: as :func:`subject`.
    """
    plugin = subject(package, name)
    path = plugin.folder / manifest.FILE_NAME
    text = plugin.manifest.dumps()
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")
    return path


def check(package: str, name: str = "", called: str = "") -> list[laws.Finding]:
    """What is wrong with a plugin; empty when all is well.

    :raises PluginError: as :func:`subject`.
    """
    plugin = subject(package, name, called)
    return [finding for law in laws.LAWS for finding in law(plugin)]


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
    """For authors of plugins: begin one, see it at work, check it, write its manifest."""


@commands.command("manifest")
@click.argument("plugins_", metavar="PATH|NAME...", nargs=-1, required=True)
def manifest_command(plugins_: tuple[str, ...]) -> None:
    """Write the manifest of each plugin from its code: of a folder with its sources, or of one that is installed."""
    for word in plugins_:
        try:
            click.echo(write_manifest(*package_of(word)))
        except (PluginError, sources.NoPlugin) as error:
            raise click.ClickException(str(error)) from error


@commands.command("check")
@click.argument("plugins_", metavar="PATH|NAME...", nargs=-1, required=True)
def check_command(plugins_: tuple[str, ...]) -> None:
    """Say what is wrong with each plugin, where, and what to do; the exit code is 1 if anything is."""
    wrong = []
    for word in plugins_:
        try:
            package, name = package_of(word)
            wrong += [
                f"{package}/{finding}" if finding.file else f"{package}: {finding}"
                for finding in check(package, name, word)
            ]
        except (PluginError, sources.NoPlugin) as error:
            raise click.ClickException(str(error)) from error
    if wrong:
        raise click.ClickException("\n".join(["this is wrong:", *wrong]))
    click.echo("All is well.")


@commands.command("new")
@click.argument("kind", metavar=f"[{'|'.join(scaffold.KINDS)}]")
@click.argument("name")
@click.option(
    "--into", type=click.Path(path_type=Path, file_okay=False), default=Path("."), help="Parent folder."
)
def new_command(kind: str, name: str, into: Path) -> None:
    """Write a complete small plugin of a kind, called NAME (lower case), to change into yours."""
    try:
        folder = scaffold.write(kind, name, into)
    except (ValueError, FileExistsError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{folder} is a plugin. See it at work: labelwright plugin dev {folder}")
    click.echo(f"Its tests need it installed:       pip install -e {folder} && pytest {folder}")


@commands.command("dev")
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "-p", "--port", type=click.IntRange(1, 65535), help="Not given: 8080, or the next one that is free."
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the data here; else it goes at the end.",
)
@click.option("-b", "--no-browser", is_flag=True, help="Do not open the browser.")
def dev_command(path: Path, port: int | None, data_dir: Path | None, no_browser: bool) -> None:
    """Serve with the plugin in PATH, not installed, signed in; follow each change of its Python and JavaScript."""
    from labelwright.workshop import dev

    try:
        with ExitStack() as kept:
            scratch = data_dir or Path(kept.enter_context(TemporaryDirectory(prefix="labelwright-dev-")))
            sys.exit(dev.serve(path, scratch.resolve(), port, click.echo, opens_browser=not no_browser))
    except sources.NoPlugin as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    commands()

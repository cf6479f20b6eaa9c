"""A plugin's sources: a folder with a ``setup.cfg`` or ``pyproject.toml``, a package, and no need to be installed."""

from __future__ import annotations

import configparser
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelwright.plugins import GROUP


class NoPlugin(ValueError):
    """A folder holds no plugin; the message says what is missing, and what would be right."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a plugin that is being written lies."""

    folder: Path
    """With ``setup.cfg`` or ``pyproject.toml``."""
    root: Path
    """What must be on ``sys.path``."""
    distribution: str
    version: str
    plugin: str
    """The entry point's name: ``tag_stars``."""
    package: str

    @property
    def package_folder(self) -> Path:
        return self.root.joinpath(*self.package.split("."))

    def write_metadata(self, into: Path) -> None:
        """Write what an installed distribution has, so that a Python with ``into`` and ``root`` on its path finds the
        plugin; it wins over an installed distribution of the same name."""
        name = re.sub(r"[-_.]+", "_", self.distribution)
        info = into / f"{name}-{self.version}.dist-info"
        info.mkdir(parents=True, exist_ok=True)
        metadata = f"Metadata-Version: 2.1\nName: {self.distribution}\nVersion: {self.version}\n"
        (info / "METADATA").write_text(metadata, "utf-8")
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n{self.plugin} = {self.package}\n", "utf-8")


def find(path: Path) -> Sources:
    """The sources in a folder, or around a package's folder.

    :raises NoPlugin: if there are none.
    """
    folder = path.resolve()
    if not folder.is_dir():
        raise NoPlugin(f"{path} is no folder")
    if not _describes(folder) and (folder / "__init__.py").exists():
        folder = folder.parent.parent if folder.parent.name == "src" else folder.parent
    if not _describes(folder):
        raise NoPlugin(
            f"{path} has no setup.cfg or pyproject.toml; begin a plugin with: labelwright plugin new"
        )
    facts = _of_pyproject(folder) or _of_setup_cfg(folder)
    if facts is None:
        raise NoPlugin(
            f"{folder.name} declares no plugin: its entry points need a group '{GROUP}' with a line such as "
            "tag_stars = labelwright_tag_stars"
        )
    for root in (folder, folder / "src"):
        if (root.joinpath(*facts["package"].split(".")) / "__init__.py").exists():
            return Sources(folder, root, **facts)
    raise NoPlugin(
        f"{folder.name} names the package {facts['package']}, but has no such folder with an __init__.py"
    )


def is_plugin(path: Path) -> bool:
    """Whether a folder holds a plugin's sources."""
    try:
        find(path)
    except NoPlugin:
        return False
    return True


def _describes(folder: Path) -> bool:
    return (folder / "setup.cfg").exists() or (folder / "pyproject.toml").exists()


def _of_setup_cfg(folder: Path) -> dict[str, Any] | None:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(folder / "setup.cfg", "utf-8")
    except configparser.Error as error:
        raise NoPlugin(f"setup.cfg cannot be read: {error}") from error
    lines = parser.get("options.entry_points", GROUP, fallback="").split("\n")
    points = dict(_point(line) for line in lines if "=" in line)
    return _facts(points, parser["metadata"] if parser.has_section("metadata") else {})


def _of_pyproject(folder: Path) -> dict[str, Any] | None:
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8")).get("project", {})
    except FileNotFoundError:
        return None
    except tomllib.TOMLDecodeError as error:
        raise NoPlugin(f"pyproject.toml cannot be read: {error}") from error
    return _facts(project.get("entry-points", {}).get(GROUP, {}), project)


def _point(line: str) -> tuple[str, str]:
    name, _, value = line.partition("=")
    return name.strip(), value.strip()


def _facts(points: Mapping[str, str], project: Mapping[str, Any]) -> dict[str, Any] | None:
    """Of a distribution with several plugins, the first."""
    for plugin, value in points.items():
        version = str(project.get("version", "0"))
        return {
            "distribution": str(project.get("name", plugin)),
            "version": version if version[:1].isdigit() else "0",
            "plugin": plugin,
            "package": value.partition(":")[0].strip(),
        }
    return None

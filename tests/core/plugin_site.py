"""Plugins made for a test: real packages with real metadata, in a folder of their own."""

from __future__ import annotations

import importlib
import importlib.metadata
import itertools
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from typing import Any

from labelwright import authoring, plugins
from labelwright.plugins import Choice, LoadedPlugins
from labelwright.registry import Registry

STARS = '''
"""Stars: rate with stars."""
from labelwright.api import Number, Tag, hookimpl

class Stars(Tag):
    "Rate with stars."
    name = "Stars"
    result_type = "stars"
    ui = "stars.js"
    value = {"stars": Number(minimum=0)}

@hookimpl
def register_tags():
    return [Stars]
'''

_numbers = itertools.count(1)


class PluginSite:
    """A folder on ``sys.path`` that plugins are installed into."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def install(
        self,
        name: str,
        code: str = STARS,
        *,
        manifest: Mapping[str, Any] | str | None = None,
        author: str = "Somebody",
        files: Mapping[str, str] | None = None,
        distribution: str = "",
    ) -> str:
        """Write a distribution with one plugin and give back its package.

        :param manifest: its text; or facts that replace those of a plain manifest; ``None``: written from the code.
        """
        package = f"made_{next(_numbers)}_{name}"
        folder = self.root / package
        folder.mkdir()
        (folder / "__init__.py").write_text(dedent(code))
        for path, text in (files or {}).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        self._write_metadata(distribution or f"made-{name}", author, f"{name} = {package}")
        importlib.invalidate_caches()
        if manifest is None:
            authoring.write_manifest(package)
            sys.modules.pop(package)
        else:
            plain = {"name": name, "title": name, "description": name, "api": ">=1.0,<2"}
            text = manifest if isinstance(manifest, str) else json.dumps({**plain, **manifest})
            (folder / "labelwright-plugin.json").write_text(text)
        return package

    def _write_metadata(self, distribution: str, author: str, entry_point: str) -> None:
        info = self.root / f"{distribution.replace('-', '_')}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2\nAuthor: {author}\n"
        )
        (info / "entry_points.txt").write_text(f"[labelwright]\n{entry_point}\n")

    def load(self, **choice: Any) -> LoadedPlugins:
        """Load the plugins of this folder and no others."""
        found = importlib.metadata.distributions(path=[str(self.root)])
        points = [point for one in found for point in one.entry_points if point.group == plugins.GROUP]
        return plugins.load(Choice(**choice), points)

    def registry(self, **choice: Any) -> Registry:
        return Registry(self.load(**choice))


@contextmanager
def plugin_site(root: Path) -> Iterator[PluginSite]:
    """A :class:`PluginSite` for as long as the block lasts."""
    sys.path.insert(0, str(root))
    try:
        yield PluginSite(root)
    finally:
        sys.path.remove(str(root))
        for name in [name for name in sys.modules if name.startswith("made_")]:
            del sys.modules[name]

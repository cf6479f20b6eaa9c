"""The files that a plugin brings for the browser: its static folder and its translations."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

log = logging.getLogger("labelwright.plugins")


class Assets:
    """The browser's part of one plugin, read when it is first asked for.

    :param folder: the plugin's package; ``None`` for a plugin without files.
    """

    def __init__(self, folder: Path | None) -> None:
        self.root = (folder / "static").resolve() if folder else None
        self._locale = folder / "locale" if folder else None

    @cached_property
    def files(self) -> Mapping[str, Path]:
        """Path below the static folder, with ``/``, to the file; links that lead out of the folder are left out."""
        if self.root is None or not self.root.is_dir():
            return {}
        found = (path for path in sorted(self.root.rglob("*")) if not path.name.startswith("."))
        return {path.relative_to(self.root).as_posix(): path for path in found if self._is_inside(path)}

    @cached_property
    def hash(self) -> str:
        """Of all names and contents, so that addresses with it can be kept for ever."""
        digest = hashlib.sha256()
        for name, path in self.files.items():
            try:
                content = path.read_bytes()
            except OSError as error:
                log.error("%s cannot be read: %s", path, error)
                content = b""
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()[:16]

    def find(self, name: str) -> Path | None:
        """The file of this name. Only names of the folder's own listing are found: no path is built from user text."""
        path = self.files.get(name)
        return path if path is not None and self._is_inside(path) else None

    def _is_inside(self, path: Path) -> bool:
        return self.root is not None and path.is_file() and path.resolve().is_relative_to(self.root)

    @cached_property
    def messages(self) -> Mapping[str, Mapping[str, str]]:
        """Locale to msgid to text; a catalogue that cannot be read is logged and left out."""
        if self._locale is None or not self._locale.is_dir():
            return {}
        catalogues = {}
        for path in sorted(self._locale.glob("*.json")):
            try:
                catalogues[path.stem] = {
                    str(key): str(text) for key, text in json.loads(path.read_bytes()).items()
                }
            except (ValueError, AttributeError, OSError) as error:
                log.error("the translations in %s cannot be read: %s", path, error)
        return catalogues

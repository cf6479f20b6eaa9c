"""A folder below the administrator's root: listed, read, written to, and never left.

Keys are whole paths, with their links followed: they stay what they are when a storage is given another folder.
Addresses in task data are below the root, which an administrator may move.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from labelwright.api import (
    Content,
    InvalidInput,
    NotAllowed,
    NotFound,
    Storage,
    StorageField,
    StoredObject,
    Unavailable,
)

ADDRESS = "/data/local-files"
CLOSED = (Path("/proc"), Path("/sys"), Path("/dev"))
"""What is no place for files, whatever the root is."""
OFF = "Serving local files is switched off: set LOCAL_FILES_SERVING_ENABLED and LOCAL_FILES_DOCUMENT_ROOT."


def serves(settings: Mapping[str, Any]) -> Path:
    """The root. :raises NotAllowed: if local files are switched off."""
    if not settings.get("serving_enabled") or not settings.get("document_root"):
        raise NotAllowed(OFF, code="local-files-off")
    return Path(settings["document_root"])


def address_of(path: str) -> str:
    """What stands in task data for a path below the root."""
    return f"{ADDRESS}/?d={quote(path)}"


class LocalFiles(Storage):
    """A folder of this machine."""

    name = "localfiles"
    title = "Local files"
    description = "A folder of the server, below the one that its administrator has opened for this."
    fields = (
        StorageField(
            "path",
            "Absolute local path",
            help="The folder on the server. A target's folder is made if it is not there.",
            placeholder="/data/my-folder",
        ),
    )
    filters_names = True
    parallel = 1

    @classmethod
    def why_unavailable(cls, settings: Mapping[str, Any]) -> str:
        try:
            serves(settings)
        except NotAllowed as error:
            return error.message
        return "" if settings.get("offered", True) else "Local files are not offered on this server."

    # where it is

    @property
    def _root(self) -> Path:
        return serves(self.context.settings).resolve()

    @property
    def _folder(self) -> Path:
        """The storage's own folder, with its links followed.

        :raises InvalidInput: if it is none that may be used, in words that say what was tried.
        """
        given = str(self.options.get("path") or "")
        if not os.path.isabs(given) or "\0" in given:
            raise InvalidInput(
                f'"{given}" is not an absolute path.', code="local-path", params={"path": given}
            )
        root, folder = self._root, _resolved(Path(given))
        if root not in folder.parents or _is_closed(folder, self.context.closed_folders):
            raise InvalidInput(
                f'Absolute local path "{given}" must be a subdirectory of LOCAL_FILES_DOCUMENT_ROOT="{root}".',
                code="local-path-outside",
                params={"path": given, "root": str(root)},
            )
        return folder

    def check(self) -> None:
        try:
            folder = self._folder
        except NotAllowed as error:
            raise InvalidInput(error.message, code=error.code) from error
        if self.context.side == "target":
            self._make(folder)
        elif not folder.is_dir():
            given = self.options["path"]
            raise InvalidInput(
                f'Absolute local path "{given}" does not exist',
                code="local-path-missing",
                params={"path": given},
            )
        right = os.W_OK if self.context.side == "target" else os.R_OK
        if not os.access(folder, right | os.X_OK):
            word = "written to" if right == os.W_OK else "read"
            raise InvalidInput(
                f'"{self.options["path"]}" may not be {word} by the server.', code="local-path-closed"
            )

    # as a source

    def list(self, after: str, recursive: bool) -> Iterator[StoredObject]:
        folder = self._folder
        if not folder.is_dir():
            raise InvalidInput(
                f'Absolute local path "{self.options["path"]}" does not exist', code="local-path-missing"
            )
        for key in _walk(folder, f"{folder.as_posix()}/", recursive):
            if key <= after:
                continue
            with suppress(OSError, NotFound):
                found = self._file(key).stat()
                yield StoredObject(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def read(self, key: str, start: int = 0, end: int | None = None) -> Content:
        path = self._file(key)
        try:
            stream = open(path, "rb")
        except OSError:
            raise NotFound("Not found.") from None
        found = os.fstat(stream.fileno())
        stream.seek(min(start, found.st_size))
        return Content(
            stream,
            found.st_size,
            datetime.fromtimestamp(found.st_mtime, UTC),
            f"{found.st_ino}-{found.st_mtime_ns}",
        )

    def _file(self, key: str) -> Path:
        """:raises NotFound: of what is no file, or lies outside of the storage's folder once its links are followed."""
        parts = key.split("/")
        if parts[0] or "\0" in key or "\\" in key or any(part in ("", ".", "..") for part in parts[1:]):
            raise NotFound("Not found.")
        try:
            folder = self._folder
            path = _resolved(Path(key))
        except (InvalidInput, NotAllowed):
            raise NotFound("Not found.") from None
        if (
            folder not in path.parents
            or _is_closed(path, self.context.closed_folders)
            or not os.path.isfile(path)
        ):
            raise NotFound("Not found.")
        return path

    # as a target

    def write(self, key: str, body: bytes) -> None:
        try:
            folder = self._folder
            self._make(folder)
        except InvalidInput as error:  # it was fine when it was set up, and may be so again
            raise Unavailable(error.message, code=error.code, params=error.params) from error
        path = folder / key.rpartition("/")[2]
        fresh = folder / f".{path.name}.{secrets.token_hex(8)}.part"
        try:
            fresh.write_bytes(body)
            os.replace(fresh, path)
        except OSError as error:
            with suppress(OSError):
                fresh.unlink()
            raise Unavailable(
                f'"{path}" could not be written: {error.strerror}', code="local-path-write"
            ) from error

    def delete(self, key: str) -> None:
        path = self._folder / key.rpartition("/")[2]
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(
                f'"{path}" could not be deleted: {error.strerror}', code="local-path-write"
            ) from error

    def _make(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidInput(
                f'The folder "{folder}" could not be made: {error.strerror}', code="local-path-closed"
            ) from error

    # names

    def key_for(self, name: str) -> str:
        return f"{self._folder.as_posix()}/{name}"

    def uri(self, key: str) -> str:
        return address_of(Path(key).relative_to(self._root).as_posix())

    def key_of(self, uri: str) -> str | None:
        found = urlsplit(uri)
        if found.scheme or found.netloc or not found.path.rstrip("/").endswith(ADDRESS):
            return None
        try:
            key = f"{self._root.as_posix()}/" + parse_qs(found.query)["d"][0].lstrip("/")
            self._file(key)
        except (KeyError, NotFound, NotAllowed):
            return None
        return key


def _walk(folder: Path, prefix: str, recursive: bool) -> Iterator[str]:
    """Keys of files in a folder, in the order of their characters. Links to folders are not entered: some go round."""
    try:
        with os.scandir(folder) as found:
            names = sorted(
                one.name + "/" if one.is_dir(follow_symlinks=False) else one.name
                for one in found
                if not one.name.startswith(".")
            )
    except OSError:
        return
    for name in names:
        if not name.endswith("/"):
            yield prefix + name
        elif recursive:
            yield from _walk(folder / name[:-1], prefix + name, recursive)


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        raise NotFound("Not found.") from None


def _is_closed(path: Path, folders: Any) -> bool:
    """Whether it lies in a folder that is nobody's business, or has one inside."""
    closed = [*CLOSED, *(Path(folder).resolve() for folder in folders)]
    return any(path == one or one in path.parents or path in one.parents for one in closed)

"""What an import reads: staged files, each by the importer of its kind; a file that is no list of tasks is a task."""

from __future__ import annotations

import io
import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import msgspec
import orjson

from labelwright.errors import InvalidTask, UnsupportedMedia
from labelwright.importers import ImportContext, Importer
from labelwright.label_config import LabelConfig
from labelwright.notices import Notices
from labelwright.registry import Registry
from labelwright.services import undefined
from labelwright.services.context import Context

LONGEST_PATH = 1024

Item = bytes | msgspec.Raw | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read.

    :param path: where it lies; :param content: its bytes, when they are few and only in memory.
    :param name: as the person called it.
    :param media_type: of a request body, which has no name; otherwise the name's suffix decides.
    :param upload_id: its row, if it stays as an upload; :param url: where a browser finds it then.
    :param member: its path in the packed file that it came in.
    :param beside: the media that came with it: their paths there, and where a browser finds them.
    """

    path: Path | None = None
    content: bytes = b""
    name: str = ""
    media_type: str = ""
    upload_id: int | None = None
    url: str = ""
    member: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.content) if self.path is None else self.path.stat().st_size

    def open(self) -> IO[bytes]:
        return io.BytesIO(self.content) if self.path is None else open(self.path, "rb")

    @property
    def suffix(self) -> str:
        return Path(self.name).suffix.lower()


@dataclass(slots=True)
class Found:
    """What was seen while reading; part of the answer."""

    formats: Counter[str] = field(default_factory=Counter)
    could_be_tasks_list: bool = False
    columns: set[str] | None = None
    """Fields that all files have in common; ``None`` before the first."""
    warnings: Notices = field(default_factory=Notices)
    offset: int = 0
    """Bytes of all files read so far."""


def read(
    ctx: Context,
    files: Sequence[SourceFile],
    label_config: LabelConfig,
    found: Found,
    *,
    as_tasks_list: bool = True,
) -> Iterator[tuple[Item, int | None]]:
    """The items of all files, each with the upload it came from.

    :param as_tasks_list: ``False`` makes each file of a table or of lines one task, by its address.
    :raises InvalidTask: if a file is not what it says; the message names the file.
    :raises UnsupportedMedia: of a request body that no importer reads.
    """
    for file in files:
        importer = importer_of(ctx.registry, file)
        if file.name:
            found.formats[file.suffix] += 1
        if importer is None or (file.url and not as_tasks_list and importer.one_task):
            yield _by_address(file, label_config, found)
            continue
        found.could_be_tasks_list = found.could_be_tasks_list or (bool(file.name) and importer.one_task)
        addresses = _addresses(file)
        context = ImportContext(file.name, label_config, _settings(ctx, importer))
        before = found.offset
        with file.open() as stream:
            try:
                for place, item in enumerate(importer.read(stream, context)):
                    if place == 0:
                        _share_columns(found, item, file)
                    found.offset = before + stream.tell()
                    yield (addresses.put(item) if addresses else item), file.upload_id
            except InvalidTask as error:
                if file.name and not error.params.get("file"):
                    error.message = f"{file.name}: {error.message}"
                    error.params["file"] = file.name
                raise
        found.offset = before + file.size
        found.warnings.extend(context.warnings[: Notices.MOST - len(found.warnings)])


def importer_of(registry: Registry, file: SourceFile) -> Importer | None:
    """Who reads a file; ``None`` if it is itself the thing to label.

    :raises UnsupportedMedia: of a request body that no importer reads.
    """
    for importer in dict.fromkeys(registry.importers.values()):
        if file.suffix in importer.suffixes if file.name else file.media_type in importer.media_types:
            return importer
    if not file.name:
        raise UnsupportedMedia(
            f'Unsupported media type "{file.media_type}" in request.',
            params={"media_type": file.media_type},
        )
    return None


class _Addresses:
    """Puts the addresses of media into tasks that name them by their paths in the packed file."""

    def __init__(self, folder: str, beside: Mapping[str, str]) -> None:
        self._folder, self._beside = folder, beside
        names = Counter(posixpath.basename(path) for path in beside)
        self._by_name = {
            posixpath.basename(path): url
            for path, url in beside.items()
            if names[posixpath.basename(path)] == 1
        }

    def put(self, item: Item) -> Item:
        task = dict(item) if isinstance(item, Mapping) else _loads(item)
        if not isinstance(task, dict):
            return item
        data = task.get("data", task)
        if not isinstance(data, dict):
            return item
        found = {name: self._in(value) for name, value in data.items()}
        if found == data:
            return item
        return task | {"data": found} if "data" in task else found

    def _in(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._in(one) for one in value]
        if not isinstance(value, str) or not value or len(value) > LONGEST_PATH or "://" in value:
            return value
        near = posixpath.normpath(posixpath.join(self._folder, value))
        whole = posixpath.normpath(value)
        return self._beside.get(near) or self._beside.get(whole) or self._by_name.get(whole) or value


def _addresses(file: SourceFile) -> _Addresses | None:
    return _Addresses(posixpath.dirname(file.member), file.beside) if file.beside else None


def _settings(ctx: Context, importer: Importer) -> Mapping[str, Any]:
    return ctx.registry.settings_for("register_importers", importer.name, ctx.settings)


def _by_address(file: SourceFile, label_config: LabelConfig, found: Found) -> tuple[Item, int | None]:
    if not label_config.takes_files:
        raise InvalidTask(
            f"Failed to parse input file {file.name}: Your label config has more than one data key and direct file "
            "upload supports only one data key. To import data with multiple data keys, use a JSON or CSV file.",
            code="file-for-many-fields",
            params={"file": file.name, "fields": list(label_config.fields)},
            field="data",
        )
    item = {"data": {undefined.KEY: file.url}}
    _share_columns(found, item, file)
    return item, file.upload_id


def _share_columns(found: Found, item: Item, file: SourceFile) -> None:
    columns = _columns_of(item)
    common = columns if found.columns is None else found.columns & columns
    if not common:
        own, others = (
            ", ".join(f'"{name}"' for name in sorted(names)) for names in (columns, found.columns or ())
        )
        raise InvalidTask(
            f'You\'re trying to import inconsistent data:\nuploading data from "{file.name}" with data key(s) {own}, '
            f"clashes with data key(s) found from other files:\n{others}",
            code="no-common-field", params={"file": file.name}, field="data",
        )  # fmt: skip
    found.columns = common


def _columns_of(item: Item) -> set[str]:
    value = item if isinstance(item, Mapping) else _loads(item)
    data = value.get("data", value) if isinstance(value, Mapping) else {}
    return set(data) if isinstance(data, Mapping) and data else {""}


def _loads(item: bytes | msgspec.Raw) -> Any:
    try:
        return orjson.loads(bytes(item))
    except orjson.JSONDecodeError:
        return None

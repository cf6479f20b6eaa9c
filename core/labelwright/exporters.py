"""What an export format can be: rows in, bytes out.

A format is one class. It gets an iterator over the tasks and a binary file to write to; where the rows come from, who
may read them, jobs, zips and downloads are ours. Rows arrive one by one and are forgotten: an exporter that keeps none
exports a million tasks in the memory of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, BinaryIO, ClassVar, Protocol

import orjson

from labelwright.notices import Notices

if TYPE_CHECKING:
    from labelwright.label_config import LabelConfig
    from labelwright.snapshots import ProjectSnapshot


class Row:
    """One task with its annotations, predictions and drafts, in Label Studio's shape.

    It reads like a dictionary (``row["data"]``, ``row["annotations"]``) that is parsed at the first look, and
    ``row.raw`` is its JSON as bytes, which costs nothing when nobody has looked inside.
    """

    __slots__ = ("_raw", "_value")

    def __init__(self, raw: bytes | None = None, value: dict[str, Any] | None = None) -> None:
        if raw is None and value is None:
            raise TypeError("a row needs its JSON or its value")
        self._raw = raw
        self._value = value

    @property
    def raw(self) -> bytes:
        """The task as UTF-8 JSON."""
        if self._raw is None:
            self._raw = orjson.dumps(self._value)
        return self._raw

    @property
    def value(self) -> dict[str, Any]:
        """The task as a dictionary; the row's own, so copy before you change it."""
        if self._value is None:
            self._value = orjson.loads(self._raw or b"")
        return self._value

    def __getitem__(self, key: str) -> Any:
        return self.value[key]

    def get(self, key: str, default: Any = None) -> Any:
        """As a dictionary's."""
        return self.value.get(key, default)

    def __repr__(self) -> str:
        return f"<Row {self.get('id')}>"


class MediaUnavailable(Exception):
    """The file that a task speaks of cannot be had; the message says why. An exporter leaves it out and goes on."""


class OpenMedia(Protocol):
    """Opens a file that task data names: an upload, an object of the project's storage, a URL that may be fetched."""

    def __call__(self, url: str) -> AbstractContextManager[BinaryIO]:
        """:raises MediaUnavailable: if it is gone, refused or too large."""


def _no_media(url: str) -> AbstractContextManager[BinaryIO]:
    raise MediaUnavailable(f"media are not part of this export: {url}")


@dataclass(frozen=True, slots=True)
class ExportContext:
    """What an export knows besides its rows."""

    project: ProjectSnapshot
    label_config: LabelConfig
    open_media: OpenMedia = _no_media
    """Opens the file behind a task's URL; refuses unless the media were asked for or are needed."""
    download_resources: bool = False
    """Whether the person asked for the media too."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Further query parameters of the request, as they came."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """The settings that the exporter's plugin registered, by their names there."""
    warnings: Notices = field(default_factory=Notices)
    """What the job shows when the export is done."""

    def warn(self, msgid: str, **params: Any) -> None:
        """Tell the person who exports what was left out and why: ``warn("{n} pictures are gone", n=3)``."""
        self.warnings.add(msgid, **params)


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file of an export of several.

    :param name: path inside the zip, with ``/``; made safe and unique by the server.
    :param content: its bytes, or an iterable of pieces of them, read once.
    """

    name: str
    content: bytes | Iterable[bytes]


@dataclass(frozen=True, slots=True)
class ExportOption:
    """A switch of a format: ``context.options`` holds it under ``name``, as the text of the request.

    Where the request does not name it, the plugin's setting of that name holds, if there is one.

    :param label, hint: what the person who exports reads; English msgids.
    """

    name: str
    label: str
    hint: str = ""

    def to_json(self) -> dict[str, str]:
        return {"name": self.name, "label": self.label, "hint": self.hint}


class Exporter:
    """An export format.

    A format of one file has ``write``; a format of several has ``files``, and comes as a zip::

        class Lines(Exporter):
            name = "LINES"
            title = "JSON lines"
            suffix = ".jsonl"

            def write(self, rows, out, context):
                for row in rows:
                    out.write(row.raw + b"\\n")
    """

    name: ClassVar[str]
    """What ``exportType=`` says: ``CSV``. Unique among all plugins."""
    title: ClassVar[str] = ""
    """English msgid; the name when empty."""
    description: ClassVar[str] = ""
    """One or two sentences for the person who chooses; English msgid."""
    link: ClassVar[str] = ""
    """A page about the format."""
    tags: ClassVar[tuple[str, ...]] = ()
    """Words to find it by: ``("image segmentation", "object detection")``."""
    suffix: ClassVar[str] = ".json"
    """With the dot, of the one file; ``.zip`` is used by itself for several."""
    media_type: ClassVar[str] = "application/octet-stream"
    """Of the one file."""
    options: ClassVar[tuple[ExportOption, ...]] = ()
    """Switches that the person who exports may set."""
    needs_media: ClassVar[bool] = False
    """Whether the media belong to the format, asked for or not."""

    def offered(self, label_config: LabelConfig) -> bool:
        """Whether this format can hold what the configuration asks for. Pure and quick: called for each list."""
        return True

    def write(self, rows: Iterator[Row], out: IO[bytes], context: ExportContext) -> None:
        """Write the one file.

        :param rows: tasks in order of their ids; read once.
        :param out: a binary file, not to be closed, possibly not seekable.
        """
        raise NotImplementedError(f"{type(self).__name__} needs write() or files()")

    def files(self, rows: Iterator[Row], context: ExportContext) -> Iterator[ExportFile]:
        """Give the files of a format of several, one by one; each is packed before the next is asked for."""
        raise NotImplementedError(f"{type(self).__name__} needs write() or files()")

    @classmethod
    def is_archive(cls) -> bool:
        """Whether the format has several files, and so comes as a zip."""
        return cls.files is not Exporter.files

    @classmethod
    def info(cls) -> dict[str, Any]:
        """What ``GET /api/projects/{id}/export/formats`` says of it."""
        facts: dict[str, Any] = {
            "name": cls.name,
            "title": cls.title or cls.name,
            "description": cls.description,
            "link": cls.link,
        }
        if cls.tags:
            facts["tags"] = list(cls.tags)
        return facts

"""What an import format can be: a stream of bytes in, tasks out, one by one.

A format is one class. It never sees the database: tasks that it gives are checked against the project's labelling
configuration and stored by us, all or none.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, ClassVar

from labelwright.errors import InvalidTask
from labelwright.notices import Notices

if TYPE_CHECKING:
    from labelwright.label_config import LabelConfig


@dataclass(frozen=True, slots=True)
class ImportContext:
    """What an import knows besides its bytes."""

    filename: str
    """As the person called it; for messages."""
    label_config: LabelConfig | None = None
    """``None`` while the project has none."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """The settings that the importer's plugin registered, by their names there."""
    warnings: Notices = field(default_factory=Notices)
    """What the person sees when the import is done."""

    def warn(self, msgid: str, **params: Any) -> None:
        """Tell the person who imports what was changed or left out: ``warn("line {line} is empty", line=3)``."""
        self.warnings.add(msgid, **params)


class Importer(ABC):
    """An import format::

    class Lines(Importer):
        name = "lines"
        suffixes = (".jsonl",)

        def read(self, stream, context):
            yield from stream
    """

    name: ClassVar[str]
    """Unique among all plugins: ``csv``."""
    title: ClassVar[str] = ""
    """English msgid; the name when empty."""
    suffixes: ClassVar[tuple[str, ...]]
    """Lower case with the dot; the file's name decides which importer reads it."""
    media_types: ClassVar[tuple[str, ...]] = ()
    """Of a request body without a file name: ``("text/csv",)``."""

    one_task: ClassVar[bool] = False
    """Whether a file may also be one task as a whole, by its address: the table of a time series, a long text."""

    @abstractmethod
    def read(self, stream: IO[bytes], context: ImportContext) -> Iterator[bytes | dict[str, Any]]:
        """Give the tasks of a file, one by one.

        :param stream: the file, seekable, at its beginning; its size is already within the limits.
        :returns: each task as the bytes of one JSON object (kept as they are: the quickest way) or as a dictionary;
            either ``{"data": {...}, "annotations": [...], "predictions": [...]}`` or the data alone.
        :raises InvalidTask: if the file is not what it says; ``field`` is the place (``line 3``, ``2.data.image``),
            and nothing of the file is stored.
        """


@dataclass(frozen=True, slots=True)
class Member:
    """One file within a packed file."""

    path: str
    """Its name there, with its folders: ``images/1.jpg``."""
    size: int
    """Bytes, unpacked, as the packed file says; more of them are never read."""
    packed_size: int
    """Bytes that it takes there."""
    open: Callable[[], IO[bytes]]
    """Unpacks it while it is read."""


class Archive(Importer):
    """A packed file, such as a zip: each file in it becomes an upload of its own, as if it had come alone.

    Where some of them are lists of tasks, the others are media that these name by their paths.
    """

    @abstractmethod
    def members(self, stream: IO[bytes], context: ImportContext) -> Sequence[Member]:
        """Say what is in a packed file, without unpacking any of it.

        Leave out what no person put there (folders, hidden files). How many there are, how large they are and what
        they are called is checked by us before the first is opened.

        :param stream: the file, seekable, at its beginning; it stays open until all members are read.
        :raises InvalidTask: if the file is damaged, or of a kind that is not read.
        """

    def read(self, stream: IO[bytes], context: ImportContext) -> Iterator[bytes | dict[str, Any]]:
        raise InvalidTask(
            f"{context.filename} is a packed file; it has no tasks of its own", code="packed-file"
        )

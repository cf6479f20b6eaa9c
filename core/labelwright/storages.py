"""What a storage can be: a place outside whose objects become tasks, and to which answers are written.

A kind of storage is one class with a few methods over keys. The form that people fill in, the API, synchronising, the
encryption of its secrets, and who may see what are ours. An object of the class stands for one place that somebody has
set up, lives for one request or one job, and may be used by several threads at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    from labelwright.plugin_context import OutboundClient

Kind = Literal["text", "long_text", "json", "secret", "number", "flag", "choice"]
Side = Literal["source", "target"]
"""Tasks come from a source; answers go to a target."""


@dataclass(frozen=True, slots=True)
class StorageField:
    """One thing to fill in: it makes the form, the check of what was sent, and the API's description.

    :param name: of it in the API: ``bucket``.
    :param label, help: what people read; English msgids.
    :param kind: a ``secret`` is kept encrypted and never shown again; ``json`` is any value, written as JSON.
    :param default: where nothing was sent; ``None``: nothing.
    :param required: whether it may not be left empty.
    :param choices: of a ``choice``.
    :param side: ``source`` or ``target``, where it is for one of them alone.
    :param placeholder: an example in the empty field.
    :param choice_labels: what people read for each of ``choices``, English msgids; the choices themselves if not given.
    :param only_if: another field and its value, ``("auth_method", "BASIC_AUTH")``: asked for only with that.
    """

    name: str
    label: str
    kind: Kind = "text"
    default: str | int | bool | None = None
    required: bool = False
    help: str = ""
    choices: Sequence[str] = ()
    side: Side | None = None
    placeholder: str = ""
    choice_labels: Sequence[str] = ()
    only_if: tuple[str, str] | None = None

    def to_json(self) -> dict[str, Any]:
        """As the form is made from it."""
        return {
            "name": self.name,
            "label": self.label,
            "kind": self.kind,
            "default": self.default,
            "required": self.required,
            "help": self.help,
            "choices": list(self.choices),
            "side": self.side,
            "placeholder": self.placeholder,
            "choice_labels": list(self.choice_labels),
            "only_if": list(self.only_if) if self.only_if else None,
        }


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object of a storage.

    :param key: what it is called there, with ``/`` between folders. It must name the same object whatever becomes of
        the storage's settings: a key holds the prefix that the storage is narrowed to.
    """

    key: str
    size: int | None = None
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """An object, or the part of it that was asked for.

    :param stream: its bytes from there on; closed by us.
    :param size: of the whole object, in bytes.
    :param etag: changes when the object does; empty: nobody knows.
    """

    stream: IO[bytes]
    size: int
    modified_at: datetime | None = None
    etag: str = ""


@dataclass(frozen=True, slots=True)
class StorageContext:
    """What a storage knows besides what somebody filled in."""

    side: Side = "source"
    settings: Mapping[str, Any] = field(default_factory=dict)
    """The settings that the storage's plugin registered, by their names there."""
    closed_folders: Sequence[Path] = ()
    """Folders of the server's own (its data, its keys) that no storage may reach."""
    outbound: OutboundClient | None = None
    """The guarded way to other servers, by the administrator's list for storages; ``None`` only in tests."""


class Storage:
    """A kind of storage.

    One that keeps things in rooms::

        class Shelf(Storage):
            name = "shelf"
            title = "Shelf"
            scheme = "shelf"
            fields = (StorageField("room", "Room", required=True),)

            def list(self, after, recursive):
                for name in sorted(shelves[self.options["room"]]):
                    yield StoredObject(name)

            def read(self, key, start=0, end=None):
                content = shelves[self.options["room"]][key]
                return Content(io.BytesIO(content[start:end]), len(content))
    """

    name: ClassVar[str]
    """Unique among all plugins, lower case; it stands in addresses: ``/api/storages/<name>/``."""
    title: ClassVar[str]
    """What people choose it by; English msgid."""
    description: ClassVar[str] = ""
    """A sentence below the title; English msgid."""
    fields: ClassVar[Sequence[StorageField]] = ()
    """What is filled in; ``self.options`` holds it by name."""
    sides: ClassVar[Sequence[Side]] = ("source", "target")
    """What it can be. A source needs :meth:`list` and :meth:`read`; a target :meth:`write`, and :meth:`delete`."""
    scheme: ClassVar[str] = ""
    """Of addresses of its objects in task data, ``shelf``: what begins with ``shelf://`` is asked for at the server,
    which looks for the storage that has it. Empty: its addresses are ones that a browser can ask for."""
    links: ClassVar[bool] = False
    """Whether :meth:`link` gives addresses; people may then choose between these and the way through the server."""
    folders: ClassVar[bool] = True
    """Whether it can be listed without what lies in deeper folders."""
    filters_names: ClassVar[bool] = False
    """Whether the filter looks at an object's name alone, without its folders."""
    parallel: ClassVar[int] = 8
    """How many objects are read or written at once."""

    def __init__(self, options: Mapping[str, Any], context: StorageContext | None = None) -> None:
        self.options = options
        self.context = context or StorageContext()

    def check(self) -> None:
        """Try whether it can be reached with these options. Called before they are kept, and when somebody asks.

        :raises InvalidInput: in words for whoever filled them in; ``field`` names the option at fault, where one is.
        """

    def list(self, after: str, recursive: bool) -> Iterator[StoredObject]:
        """Give the objects one by one, in the order of their keys; never all at once.

        :param after: only keys that come after this one; empty: all. Without an order, all of them again are fine.
        :param recursive: whether deeper folders count.
        :raises Unavailable: if the storage does not answer; the job is tried again.
        :raises InvalidInput: if it refuses.
        """
        raise NotImplementedError

    def read(self, key: str, start: int = 0, end: int | None = None) -> Content:
        """Open an object.

        :param key: as :meth:`list` gave it, or as somebody who sees the project wrote it: check that it lies inside.
        :param start, end: bytes from ``start`` up to, and without, ``end``; ``None``: to its end.
        :raises NotFound: if there is none, or it lies outside of what the options name.
        :raises Unavailable: if the storage does not answer.
        """
        raise NotImplementedError

    def write(self, key: str, body: bytes) -> None:
        """Store an object whole, in place of one that was there. Twice is safe.

        :param key: as :meth:`key_for` gave it.
        :raises Unavailable: if the storage does not answer; it is tried again later.
        :raises InvalidInput: if it refuses.
        """
        raise NotImplementedError

    def delete(self, key: str) -> None:
        """Remove an object. One that is not there is gone already."""
        raise NotImplementedError

    def key_for(self, name: str) -> str:
        """The key of what a target calls ``name``: with the folder or prefix of its options in front."""
        return name

    def uri(self, key: str) -> str:
        """The address of an object in task data; it outlives the storage's secrets. :meth:`key_of` reads it."""
        return f"{self.scheme}://{key}"

    def key_of(self, uri: str) -> str | None:
        """The key that an address of task data names; ``None`` if it is not of this storage."""
        prefix = f"{self.scheme}://"
        return uri.removeprefix(prefix) if self.scheme and uri.startswith(prefix) else None

    def link(self, key: str, lasts_s: int) -> str | None:
        """An address at which a browser may itself read an object for some seconds; ``None``: through the server."""
        return None

    def close(self) -> None:
        """Let connections go."""

    @classmethod
    def why_unavailable(cls, settings: Mapping[str, Any]) -> str:
        """Why nobody can set one up on this server; empty: everybody can. An English msgid.

        :param settings: of the plugin.
        """
        return ""

    @classmethod
    def fields_of(cls, side: Side) -> tuple[StorageField, ...]:
        """What is filled in for one side."""
        return tuple(one for one in cls.fields if one.side in (None, side))

    @classmethod
    def info(cls) -> dict[str, Any]:
        """As the browser knows it."""
        return {
            "name": cls.name,
            "title": cls.title,
            "description": cls.description,
            "sides": list(cls.sides),
            "fields": [one.to_json() for one in cls.fields],
            "links": cls.links,
            "folders": cls.folders,
            "filters_names": cls.filters_names,
        }


LONGEST_KEY = 1024
"""Bytes of a key, as in most object stores. What is called longer is left out, and named."""

"""Objects of sources as people meet them: a list to look at before synchronising, and the file behind an address."""

from __future__ import annotations

import base64
import binascii
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from labelwright.errors import InvalidInput, LabelwrightError, NotFound
from labelwright.models import Project, Storage
from labelwright.services import projects, serializers
from labelwright.services.context import Caller, Context
from labelwright.services.permissions import require
from labelwright.storages import Content, Side
from labelwright.storages import Storage as Kind

from . import filters, opened

PREVIEW_S = 30.0
"""Longest time for a list that somebody waits for."""
LONGEST_URI = 8192
PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """Where the object behind an address is."""

    row: Storage
    key: str


class Sending:
    """An object on its way out: an iterator over its bytes, which closes what it is read from.

    :param size: of the whole object; :param start, end: the bytes that are sent, ``end`` left out.
    """

    def __init__(self, content: Content, start: int, end: int, ends: ExitStack) -> None:
        self.content, self.start, self.end, self._ends = content, start, end, ends
        self.size = content.size

    @property
    def etag(self) -> str:
        """Changes when the object does; empty where nobody can tell."""
        moment = self.content.modified_at
        known = self.content.etag or ("" if moment is None else f"{self.size}-{moment.timestamp()}")
        return known and hashlib.sha256(known.encode()).hexdigest()[:32]

    def __iter__(self) -> Iterator[bytes]:
        left = self.end - self.start
        try:
            while left > 0 and (piece := self.content.stream.read(min(PIECE, left))):
                left -= len(piece)
                yield piece
        finally:
            self.close()

    def close(self) -> None:
        self._ends.close()


def preview(
    ctx: Context,
    side: Side,
    kind: type[Kind],
    options: Mapping[str, Any],
    values: Mapping[str, Any],
    limit: int,
) -> list[dict[str, Any]]:
    """The first objects that a source would take in. A row without a key says that there may be more.

    :param values: the filter, and whether deeper folders count.
    """
    is_wanted = filters.compiled(values.get("regex_filter"), kind)
    ends, found = time.monotonic() + PREVIEW_S, list[dict[str, Any]]()
    more = {"key": None, "last_modified": None, "size": None}
    with opened.made(ctx, kind, options, side) as storage:
        for one in storage.list("", bool(values.get("recursive_scan")) or not kind.folders):
            if time.monotonic() > ends:
                return [*found, more]
            if not is_wanted(one.key):
                continue
            if len(found) == limit:
                return [*found, more]
            found.append(
                {"key": one.key, "last_modified": serializers.moment(one.modified_at), "size": one.size}
            )
    return found


def uri_of(text: str) -> str:
    """The address in a request's ``fileuri``, in base64 of either alphabet.

    :raises NotFound: of what is none: nothing is called so.
    """
    try:
        padded = text.replace("+", "-").replace("/", "_") + "=" * (-len(text) % 4)
        uri = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise NotFound("Not found.") from None
    if not 0 < len(uri) <= LONGEST_URI or "\x00" in uri:
        raise NotFound("Not found.")
    return uri


def in_project(ctx: Context, session: Session, caller: Caller, project_id: int, uri: str) -> Place:
    """The object behind an address, if a source of the project has it.

    :raises NotFound: otherwise, whether or not something is there.
    """
    projects.get(session, caller, project_id)
    require(ctx, caller, "projects.view", session=session, project=project_id)
    return _first(ctx, session, [Storage.project_id == project_id], uri, lambda project: True)


def of_kind(ctx: Context, session: Session, caller: Caller, kind: str, uri: str) -> Place:
    """The same, in any project that the caller may see.

    :raises NotFound: otherwise.
    """
    own = select(Project.id).where(
        Project.organization_id == caller.organization_id, Project.deleting.is_(False)
    )

    def may_see(project_id: int) -> bool:
        try:
            require(ctx, caller, "projects.view", session=session, project=project_id)
        except LabelwrightError:
            return False
        return True

    return _first(ctx, session, [Storage.kind == kind, Storage.project_id.in_(own)], uri, may_see)


def _first(
    ctx: Context,
    session: Session,
    where: list[ColumnElement[bool]],
    uri: str,
    may_see: Callable[[int], bool],
) -> Place:
    query = select(Storage).where(
        Storage.side == "source", Storage.kind.in_(list(ctx.registry.storages)), *where
    )
    for row in session.scalars(query.order_by(Storage.id)):
        with opened.opened(ctx, row) as storage:
            key = storage.key_of(uri)
        if key is not None and may_see(row.project_id):
            return Place(row, key)
    raise NotFound("Not found.")


def link(ctx: Context, place: Place) -> str | None:
    """The address by which a browser may read it itself for a while; ``None``: through us."""
    if not place.row.presign:
        return None
    with opened.opened(ctx, place.row) as storage:
        return storage.link(place.key, max(1, place.row.presign_ttl) * 60)


def send(ctx: Context, place: Place, start: int = 0, end: int | None = None) -> Sending:
    """Open an object to be sent.

    :param start: negative: so many bytes before its end.
    :raises NotFound: if it is gone, or lies outside of the storage.
    :raises RangeRefused: if it is shorter than that.
    """
    with ExitStack() as ends:
        storage = ends.enter_context(opened.opened(ctx, place.row))
        content = storage.read(place.key, max(0, start), end)
        ends.callback(content.stream.close)
        if start < 0 and content.size:
            content.stream.close()
            start = max(0, content.size + start)
            content = storage.read(place.key, start, end)
            ends.callback(content.stream.close)
        if start and start >= content.size:
            raise RangeRefused(content.size)
        last = content.size if end is None else min(end, content.size)
        return Sending(content, max(0, start), last, ends.pop_all())


class RangeRefused(InvalidInput):
    """What was asked for lies behind the end."""

    status = 416
    code = "no-such-range"

    def __init__(self, size: int) -> None:
        super().__init__("The file is shorter than that.", params={"size": size})
        self.size = size


@contextmanager
def open_in_project(ctx: Context, session: Session, project_id: int, uri: str) -> Iterator[BinaryIO | None]:
    """The object behind an address of a project's task, for an export; ``None`` if no source of it has it."""
    try:
        place = _first(ctx, session, [Storage.project_id == project_id], uri, lambda project: True)
    except NotFound:
        yield None
        return
    sending = send(ctx, place)
    try:
        yield sending.content.stream  # type: ignore[misc]
    finally:
        sending.close()

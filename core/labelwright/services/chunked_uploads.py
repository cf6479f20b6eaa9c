"""Large files, sent piece by piece: begun with their size, gone on with after any break, and uploads in the end.

The row says how much is safe; what lies behind that in the file is a piece that broke off, and is written over.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import orjson
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from labelwright.doors import media_types, paths
from labelwright.errors import Conflict, InvalidFields, InvalidInput, NotFound, TooLarge
from labelwright.models import ChunkedUpload, now

from . import projects, serializers, uploads
from .context import Caller, Context
from .permissions import require

if TYPE_CHECKING:
    from io import BufferedRandom

PIECE = 1024 * 1024
SHA256 = re.compile(r"[0-9a-f]{64}")
MOST_OPEN = 1000
"""Unfinished uploads of one project."""


def begin(
    ctx: Context, caller: Caller, project_id: int, *, name: str, size: int, sha256: str | None = None
) -> ChunkedUpload:
    """Make room for a file.

    :param sha256: of the whole file, in hexadecimal digits; held against what came, in the end.
    :raises InvalidInput: of a name or type that is not taken, or an empty file.
    :raises TooLarge: if the project's files would be more than its quota.
    """
    media_types.check_name(name, uploads.read_suffixes(ctx))
    paths.stored_name(name)
    if size < 1:
        raise InvalidFields({"size": ["The file is empty."]}, code="empty-file")
    if sha256 is not None and not SHA256.fullmatch(sha256 := sha256.lower()):
        raise InvalidFields({"sha256": ["64 hexadecimal digits are wanted."]}, code="bad-sha256")
    with ctx.database.write() as session:
        projects.get(session, caller, project_id)
        require(ctx, caller, "tasks.create", session=session, project=project_id)
        _refuse_many(session, project_id)
        row = ChunkedUpload(
            project_id=project_id,
            user_id=caller.user_id,
            name=name,
            part=f"{secrets.token_hex(16)}.chunked",
            size_bytes=size,
            sha256=sha256,
            expires_at=_expiry(ctx),
        )
        session.add(row)
        session.flush()
        uploads.check_quota(ctx, session, project_id)
    return row


def get(ctx: Context, session: Session, caller: Caller, project_id: int, upload_id: int) -> ChunkedUpload:
    """The upload's row. :raises NotFound: also for another organisation's, and when it has expired."""
    projects.get(session, caller, project_id)
    require(ctx, caller, "tasks.create", session=session, project=project_id)
    row = session.scalar(
        select(ChunkedUpload).where(ChunkedUpload.id == upload_id, ChunkedUpload.project_id == project_id)
    )
    if row is None or row.expires_at < now():
        raise NotFound("No Upload matches the given query.", code="no-upload", params={"id": upload_id})
    return row


def find(ctx: Context, session: Session, caller: Caller, project_id: int) -> Sequence[ChunkedUpload]:
    """The uploads of a project that are on their way, the oldest first."""
    projects.get(session, caller, project_id)
    require(ctx, caller, "tasks.create", session=session, project=project_id)
    return session.scalars(
        select(ChunkedUpload)
        .where(
            ChunkedUpload.project_id == project_id,
            ChunkedUpload.file_upload_ids.is_(None),
            ChunkedUpload.expires_at >= now(),
        )
        .order_by(ChunkedUpload.id)
    ).all()


def append(
    ctx: Context, caller: Caller, project_id: int, upload_id: int, offset: int, stream: IO[bytes]
) -> ChunkedUpload:
    """Add a piece. What came of one that broke off is kept, and counts.

    :param offset: where it begins; the ``offset`` that the upload shows.
    :raises Conflict: of another offset, or while another piece is written; ``offset`` in it says where to go on.
    :raises TooLarge: if it goes over the end of the file; nothing of the excess is kept.
    """
    with ctx.database.read() as session:
        row = get(ctx, session, caller, project_id, upload_id)
    if row.file_upload_ids is not None:
        raise _elsewhere(row, "The upload has ended.")
    path = _part(ctx, row)
    path.parent.mkdir(parents=True, exist_ok=True)
    with uploads.told_when_full(), _alone(path) as out:
        with ctx.database.read() as session:
            row = get(ctx, session, caller, project_id, upload_id)
        row.received_bytes = min(row.received_bytes, out.seek(0, os.SEEK_END))
        if row.file_upload_ids is not None or offset != row.received_bytes:
            raise _elsewhere(row, f"The upload goes on at {row.received_bytes}, not at {offset}.")
        out.seek(offset)
        out.truncate()
        received = offset
        try:
            while piece := stream.read(PIECE):
                if received + len(piece) > row.size_bytes:
                    raise TooLarge(
                        f"The file was said to have {row.size_bytes} bytes; this piece goes over its end.",
                        code="over-the-end", params={"size": row.size_bytes},
                    )  # fmt: skip
                out.write(piece)
                received += len(piece)
        finally:
            out.flush()
            os.fsync(out.fileno())
            with ctx.database.write() as session:
                session.execute(
                    update(ChunkedUpload)
                    .where(ChunkedUpload.id == row.id, ChunkedUpload.file_upload_ids.is_(None))
                    .values(received_bytes=received, expires_at=_expiry(ctx))
                    .execution_options(synchronize_session=False)
                )
    row.received_bytes = received
    return row


def complete(ctx: Context, caller: Caller, project_id: int, upload_id: int) -> ChunkedUpload:
    """Turn an upload that has come whole into a file of the project; a packed one into its files.

    Asked again, it answers the same.

    :raises Conflict: if something is missing; ``offset`` in it says where to go on.
    :raises InvalidInput: if it is not what its name or its ``sha256`` says; then it has to be sent anew.
    :raises TooLarge: if it is packed, and holds more than may be; it stays until it expires.
    """
    with ctx.database.read() as session:
        row = get(ctx, session, caller, project_id, upload_id)
    if row.file_upload_ids is not None:
        return row
    if row.received_bytes < row.size_bytes:
        raise _elsewhere(row, f"Only {row.received_bytes} of {row.size_bytes} bytes have come.")
    path = _part(ctx, row)
    with uploads.told_when_full(), _alone(path) as whole:
        with ctx.database.read() as session:
            row = get(ctx, session, caller, project_id, upload_id)
        if row.file_upload_ids is not None:
            path.unlink(missing_ok=True)
            return row
        row.received_bytes = min(row.size_bytes, whole.seek(0, os.SEEK_END))
        if row.received_bytes < row.size_bytes:
            raise _elsewhere(row, f"Only {row.received_bytes} of {row.size_bytes} bytes are on the disk.")
        whole.truncate(row.size_bytes)
        try:
            _check_sum(row, whole)
            with uploads.incoming(ctx, caller, project_id) as files:
                files.adopt(row.name, path)
                kept = files.keep(also=lambda session, ids: _done(session, row.id, ids))
        except InvalidInput:
            _forget(ctx, [row])
            raise
    path.unlink(missing_ok=True)
    row.file_upload_ids = orjson.dumps([one.id for one in kept]).decode()
    return row


def remove(ctx: Context, caller: Caller, project_id: int, upload_id: int) -> None:
    """Give an upload up. What it has become already stays."""
    with ctx.database.read() as session:
        row = get(ctx, session, caller, project_id, upload_id)
    _forget(ctx, [row])


def clear_up(ctx: Context) -> None:
    """Remove uploads that nobody has gone on with, and rows of finished ones, when their time is over."""
    with ctx.database.read() as session:
        rows = session.scalars(
            select(ChunkedUpload).where(ChunkedUpload.expires_at < now()).limit(1000)
        ).all()
    if rows:
        _forget(ctx, rows)


def to_json(row: ChunkedUpload) -> dict[str, Any]:
    return {
        "id": row.id,
        "project": row.project_id,
        "name": row.name,
        "size": row.size_bytes,
        "sha256": row.sha256,
        "offset": row.received_bytes,
        "file_upload_ids": None if row.file_upload_ids is None else orjson.loads(row.file_upload_ids),
        "expires_at": serializers.moment(row.expires_at),
    }


def _done(session: Session, upload_id: int, ids: Sequence[int]) -> None:
    """In the transaction that makes the files' rows: so an answer that was lost can be given again."""
    session.execute(
        update(ChunkedUpload)
        .where(ChunkedUpload.id == upload_id)
        .values(file_upload_ids=orjson.dumps(list(ids)).decode())
        .execution_options(synchronize_session=False)
    )


def _check_sum(row: ChunkedUpload, whole: BufferedRandom) -> None:
    if row.sha256 is None:
        return
    whole.seek(0)
    found = hashlib.file_digest(whole, "sha256").hexdigest()
    if found != row.sha256:
        raise InvalidFields(
            {"sha256": [f"What came has the SHA-256 {found}; the file has to be sent anew."]},
            code="other-sha256", params={"sha256": found},
        )  # fmt: skip


def _refuse_many(session: Session, project_id: int) -> None:
    unfinished = session.scalars(
        select(ChunkedUpload.id)
        .where(ChunkedUpload.project_id == project_id, ChunkedUpload.file_upload_ids.is_(None))
        .limit(MOST_OPEN)
    ).all()
    if len(unfinished) >= MOST_OPEN:
        raise TooLarge(
            f"A project may have {MOST_OPEN} unfinished uploads; end or delete some.",
            code="too-many-uploads", params={"limit": MOST_OPEN},
        )  # fmt: skip


def _forget(ctx: Context, rows: Sequence[ChunkedUpload]) -> None:
    with ctx.database.write() as session:
        session.execute(
            delete(ChunkedUpload)
            .where(ChunkedUpload.id.in_([row.id for row in rows]))
            .execution_options(synchronize_session=False)
        )
    for row in rows:
        _part(ctx, row).unlink(missing_ok=True)


def _part(ctx: Context, row: ChunkedUpload) -> Path:
    """Below the project's uploads: so the finished file is only renamed, and a deleted project takes it along."""
    return uploads.folder_of(ctx, row.project_id) / row.part


def _expiry(ctx: Context) -> datetime:
    return now() + timedelta(seconds=ctx.settings.upload_expires_s)


def _elsewhere(row: ChunkedUpload, message: str) -> Conflict:
    return Conflict(
        message,
        code="other-offset",
        params={"offset": row.received_bytes},
        state={"offset": row.received_bytes, "size": row.size_bytes},
    )


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[BufferedRandom]:
    """The file, for one writer at a time. :raises Conflict: while there is another."""
    with open(path, "r+b" if path.exists() else "x+b") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict("Another piece of this upload is being written.", code="upload-busy") from error
        yield stream

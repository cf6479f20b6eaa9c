"""Bodies of requests that hold tasks: a small one in memory, a large one in a file, one for a job safe on the disk."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from labelwright.doors.files import whole_file
from labelwright.errors import InvalidTask, TooLarge
from labelwright.models import Import
from labelwright.services import label_configs, projects
from labelwright.services.context import Caller, Context
from labelwright.services.permissions import require

from . import sources
from .sources import SourceFile

IN_MEMORY = 16 * 1024 * 1024
PIECE = 1024 * 1024
LEFT_S = 24 * 3600
"""A file that nobody has touched for a day is nobody's."""
EMPTY_CONFIG = "<View></View>"


def check(ctx: Context, session: Session, caller: Caller, project_id: int, media_type: str) -> None:
    """Refuse, before a long body is read, what would be refused afterwards.

    :raises NotFound: of a project that is not the caller's organisation's.
    :raises UnsupportedMedia: of a type that no importer reads.
    """
    projects.get(session, caller, project_id)
    require(ctx, caller, "tasks.create", session=session, project=project_id)
    sources.importer_of(ctx.registry, SourceFile(media_type=media_type))


@contextmanager
def held(
    ctx: Context, stream: IO[bytes], size: int | None, media_type: str, limit: int
) -> Iterator[SourceFile]:
    """A body for as long as its import lasts.

    :param size: what the request says it is; ``None`` if it does not.
    :raises TooLarge: if it is larger than ``limit`` bytes.
    """
    if size is not None and size <= IN_MEMORY:
        yield SourceFile(content=b"".join(_pieces(stream, limit)), media_type=media_type)
        return
    staged = stage(ctx, stream, media_type, limit)
    assert staged.path is not None
    try:
        yield staged
    finally:
        staged.path.unlink(missing_ok=True)


def stage(ctx: Context, stream: IO[bytes], media_type: str, limit: int) -> SourceFile:
    """A body on the disk, whole and safe, until its job is done.

    :raises TooLarge: if it is larger than ``limit`` bytes; nothing stays.
    :raises OutOfSpace: if the disk is full; nothing stays.
    """
    ctx.staging.mkdir(parents=True, exist_ok=True)
    path = ctx.staging / secrets.token_hex(16)
    with whole_file(path) as out:
        for piece in _pieces(stream, limit):
            out.write(piece)
    return SourceFile(path=path, media_type=media_type)


def clear_up(ctx: Context) -> None:
    """Remove files that killed processes have left: bodies that no import waits for, and uploads never finished."""
    with ctx.database.read() as session:
        waiting = session.scalars(select(Import.source).where(Import.state.in_(("staged", "running")))).all()
    wanted = {body["path"] for source in waiting for body in orjson.loads(source).get("bodies", ())}
    before = time.time() - LEFT_S
    for path in (*ctx.staging.glob("*"), *ctx.staging.glob(".*.part"), *ctx.media.glob("upload/*/.*.part")):
        with suppress(OSError):
            if str(path) not in wanted and path.stat().st_mtime < before:
                path.unlink()


def looked_at(ctx: Context, files: Sequence[SourceFile]) -> dict[str, Any]:
    """What is in files that are not imported yet. They are read to their ends, so that a broken one is told of now.

    :raises InvalidTask: naming the file and the place.
    """
    found, config = sources.Found(), label_configs.parse(ctx, EMPTY_CONFIG)
    try:
        count = sum(1 for _ in sources.read(ctx, files, config, found))
    except InvalidTask as error:
        raise InvalidTask(error.message, code=error.code, params=error.params) from error
    return {
        "task_count": count,
        "could_be_tasks_list": found.could_be_tasks_list,
        "found_formats": dict(found.formats),
        "data_columns": sorted(found.columns or ()),
    }


def _pieces(stream: IO[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    while piece := stream.read(PIECE):
        size += len(piece)
        if size > limit:
            raise TooLarge(f"The request is larger than {limit} bytes.", params={"limit": limit})
        yield piece

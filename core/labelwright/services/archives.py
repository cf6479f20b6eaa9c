"""Packed files: looked over before anything in them is unpacked, then unpacked no further than they said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import IO, BinaryIO

from labelwright.doors import media_types
from labelwright.errors import InvalidFields, InvalidInput, InvalidTask, LabelwrightError, TooLarge
from labelwright.importers import Archive, ImportContext, Member

from .context import Context

MOST_FOLD = 200
"""A file that says it is so many times as large as it is packed is there to fill the disk."""
SMALL = 1024 * 1024
"""Bytes below which nobody asks."""
LONGEST_PATH = 1024
PIECE = 1024 * 1024


def reader_of(ctx: Context, suffix: str) -> Archive | None:
    """Who unpacks files of this extension."""
    for importer in ctx.registry.importers.values():
        if isinstance(importer, Archive) and suffix in importer.suffixes:
            return importer
    return None


def members_of(ctx: Context, archive: Archive, stream: BinaryIO, name: str) -> Sequence[Member]:
    """What is in a packed file, when all of it may be unpacked.

    :param name: as the person calls it; for messages.
    :raises InvalidInput: naming the member at fault.
    :raises TooLarge: of too many files, or too many bytes.
    """
    stream.seek(0)
    try:
        members = archive.members(stream, ImportContext(name))
    except InvalidTask as error:
        raise _refusal(name, error) from error
    if not members:
        raise _refusal(name, InvalidInput("there is no file in it", code="empty-file"))
    _check_amount(ctx, name, members)
    taken = {suffix for importer in ctx.registry.importers.values() for suffix in importer.suffixes}
    for member in members:
        try:
            _check(member)
            suffix = media_types.check_name(member.path, taken)
            if reader_of(ctx, suffix) is not None:
                raise InvalidInput("a packed file in a packed file is not read", code="nested-archive")
        except InvalidInput as error:
            raise _refusal(f"{name}: {member.path[:200]}", error) from error
    return members


def unpack(member: Member, name: str, out: IO[bytes]) -> None:
    """Write the bytes of a member.

    :raises InvalidInput: if they are not as many as it says, or damaged.
    """
    left = member.size
    try:
        with member.open() as stream:
            while left >= 0 and (piece := stream.read(PIECE)):
                left -= len(piece)
                if left >= 0:
                    out.write(piece)
    except (InvalidTask, EOFError) as error:
        raise _damaged(name, member) from error
    if left:
        raise _damaged(name, member)


def _check_amount(ctx: Context, name: str, members: Sequence[Member]) -> None:
    most, most_bytes = ctx.settings.upload_max_unpacked_files, ctx.settings.upload_max_unpacked_bytes
    if len(members) > most:
        raise TooLarge(
            f"{name}: a packed file may hold {most} files, not {len(members)}.",
            code="too-many-members", params={"file": name, "limit": most},
        )  # fmt: skip
    if sum(member.size for member in members) > most_bytes:
        raise TooLarge(
            f"{name}: unpacked it would have more than {most_bytes} bytes.",
            code="unpacked-too-large", params={"file": name, "limit": most_bytes},
        )  # fmt: skip


def _check(member: Member) -> None:
    parts = PurePosixPath(member.path).parts
    has_control = any(ord(sign) < 32 for sign in member.path)
    if not parts or member.path.startswith("/") or ".." in parts or "\\" in member.path or has_control:
        raise InvalidInput("this path leads out of the packed file", code="member-path")
    if len(member.path) > LONGEST_PATH:
        raise InvalidInput(f"its path is longer than {LONGEST_PATH} characters", code="member-path")
    if member.size > SMALL and member.size > MOST_FOLD * max(member.packed_size, 1):
        raise InvalidInput(
            f"unpacked it would be more than {MOST_FOLD} times as large", code="unpacked-too-large"
        )


def _damaged(name: str, member: Member) -> LabelwrightError:
    return _refusal(
        f"{name}: {member.path[:200]}",
        InvalidInput("the packed file is damaged here", code="damaged-archive"),
    )


def _refusal(place: str, error: InvalidInput) -> InvalidFields:
    return InvalidFields(
        {"non_field_errors": [f"{place}: {error.message}"]},
        code=error.code, params={**error.params, "file": place},
    )  # fmt: skip

"""Pictures of people. Whatever is sent, a PNG of our own making is kept: nothing of the file reaches a browser."""

from __future__ import annotations

import io
import re
import secrets
from pathlib import Path

from sqlalchemy import select

from labelwright.doors.files import write_whole
from labelwright.errors import InvalidInput, NotAllowed, NotFound
from labelwright.models import Membership, User

from . import permissions, profiles
from .context import Caller, Context

MOST_BYTES = 1024 * 1024
MOST_PIXELS = 8_000_000
SIDE = 256
"""Pixels of the longer side as it is kept; the largest on a screen has 96 points."""
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
NAME = re.compile(r"[0-9a-f]{32}\.png")


def put(ctx: Context, caller: Caller, user_id: int, content: bytes) -> None:
    """Give the caller a picture in place of the one there was.

    :raises InvalidInput: if it is no picture, or too large a one.
    :raises NotAllowed: if it is for somebody else.
    """
    _own(ctx, caller, user_id)
    picture = as_png(content)
    name = f"{secrets.token_hex(16)}.png"
    folder = _folder(ctx)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / name, picture)
    _exchange(ctx, user_id, name)


def remove(ctx: Context, caller: Caller, user_id: int) -> None:
    """Take the caller's picture away. :raises NotAllowed: if it is somebody else's."""
    _own(ctx, caller, user_id)
    _exchange(ctx, user_id, "")


def path(ctx: Context, caller: Caller, name: str) -> Path:
    """The file of a picture of a member of the caller's organisation.

    :raises NotFound: if there is none.
    """
    if NAME.fullmatch(name) is None:
        raise NotFound("Not found.")
    with ctx.database.read() as session:
        is_known = session.scalar(
            select(User.id)
            .join(Membership, Membership.user_id == User.id)
            .where(
                User.avatar == name,
                Membership.organization_id == caller.organization_id,
                Membership.deleted_at.is_(None),
            )
        )
    found = _folder(ctx) / name
    if is_known is None or not found.is_file():
        raise NotFound("Not found.")
    return found


def as_png(content: bytes) -> bytes:
    """The picture, small and without anything but its pixels.

    :raises InvalidInput: if it is no picture, or too large a one; its size is known before it is unpacked.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(content) > MOST_BYTES:
        raise _refusal(f"A picture may have {MOST_BYTES // 1024} kB at most.", "avatar-too-large")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _refusal("The picture has too many pixels.", "avatar-too-large")
            image.draft("RGB", (SIDE, SIDE))
            upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
    ) as error:
        raise _refusal("This is no PNG, JPEG, GIF or WebP picture.", "avatar-type") from error
    upright.thumbnail((SIDE, SIDE))
    upright.info.clear()  # colour profiles and comments are bytes of the sender's choice
    made = io.BytesIO()
    upright.save(made, "PNG", optimize=True)
    return made.getvalue()


def forget(ctx: Context, name: str) -> None:
    """Delete a picture's file, if there is one."""
    if NAME.fullmatch(name):
        (_folder(ctx) / name).unlink(missing_ok=True)


def _own(ctx: Context, caller: Caller, user_id: int) -> None:
    permissions.require(ctx, caller, "avatar.any")
    profiles.get(ctx, caller, user_id)
    if user_id != caller.user_id:
        raise NotAllowed("You can only change your own picture.", code="not-own-profile")


def _exchange(ctx: Context, user_id: int, name: str) -> None:
    with ctx.database.write() as session:
        user = session.get_one(User, user_id)
        old, user.avatar = user.avatar, name
    forget(ctx, old)


def _folder(ctx: Context) -> Path:
    return ctx.media / "avatars"


def _refusal(message: str, code: str) -> InvalidInput:
    return InvalidInput(message, code=code, field="avatar")


def url(ctx: Context, name: str) -> str | None:
    """Where a member's picture is; ``None`` without one."""
    return f"{ctx.settings.base_path}/data/avatars/{name}" if name else None

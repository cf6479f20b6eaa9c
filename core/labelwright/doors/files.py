"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from labelwright.errors import OutOfSpace

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextlib.contextmanager
def whole_file(path: Path, *, mode: int = 0o640) -> Iterator[BinaryIO]:
    """A file that appears under its name when the block ends well, complete and on the disk.

    When the block raises, or the disk is full, nothing is left, and a file that was there before stays as it was.

    :raises OutOfSpace: if the disk is full.
    """
    fresh = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.part")
    try:
        with _told_when_full():
            handle = os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")
            with handle:
                yield handle
                handle.flush()
                os.fsync(handle.fileno())
            os.replace(fresh, path)
            _keep_name(path.parent)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: bytes, *, mode: int = 0o640) -> None:
    """Write a small file whole or not at all. :raises OutOfSpace: if the disk is full."""
    with whole_file(path, mode=mode) as handle:
        handle.write(content)


@contextlib.contextmanager
def _told_when_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise OutOfSpace("The disk is full; nothing was stored.") from error
        raise


def _keep_name(folder: Path) -> None:
    """A new name is only sure to survive a power cut when its folder is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

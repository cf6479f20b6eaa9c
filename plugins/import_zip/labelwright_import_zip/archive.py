"""What is in a zip. The list at its end is read, and nothing is unpacked, until all of it has been looked over."""

from __future__ import annotations

import functools
import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import IO, Any

from labelwright.api import Archive, ImportContext, InvalidTask, Member

METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""What every program writes; the others unpack with no bound on the memory they take."""
LONGEST_LIST = 16 * 1024 * 1024
"""Bytes of the list of members. It is read whole, and makes objects of twenty times its size."""
END, END_64, LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
END_BYTES, LOCATOR_BYTES = 22, 20
LONGEST_COMMENT = 65535
IN_64 = 0xFFFFFFFF
ENCRYPTED = 0x1


class ZipArchive(Archive):
    name = "zip"
    title = "Zip of media and lists of tasks"
    suffixes = (".zip",)
    media_types = ()

    def members(self, stream: IO[bytes], context: ImportContext) -> Sequence[Member]:
        if (size := _list_bytes(stream)) > LONGEST_LIST:
            raise InvalidTask(
                f"its list of files has {size} bytes; {LONGEST_LIST} are read", code="long-list"
            )
        try:
            packed = zipfile.ZipFile(stream)
            infos = [info for info in packed.infolist() if not _is_noise(info)]
        except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError) as error:
            raise _no_zip() from error
        for info in infos:
            if info.flag_bits & ENCRYPTED:
                raise InvalidTask(f"{info.filename}: it is encrypted", code="encrypted")
            if info.compress_type not in METHODS:
                raise InvalidTask(
                    f"{info.filename}: it is packed in a way that is not read; use plain zip (deflate)",
                    code="packing-method",
                )
        return [
            Member(info.filename, info.file_size, info.compress_size, functools.partial(_open, packed, info))
            for info in infos
        ]


def _open(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    try:
        return io.BufferedReader(_Unpacked(packed.open(info)))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        raise InvalidTask(f"{info.filename}: it is damaged", code="damaged-archive") from error


class _Unpacked(io.RawIOBase):
    """A member's bytes; its damages in one kind of error."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            piece = self._stream.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise InvalidTask("it is damaged", code="damaged-archive") from error
        buffer[: len(piece)] = piece
        return len(piece)


def _is_noise(info: zipfile.ZipInfo) -> bool:
    """Folders, and what operating systems add."""
    parts = PurePosixPath(info.filename).parts
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return info.is_dir() or hidden or "__MACOSX" in parts or parts[-1:] in (("Thumbs.db",), ("desktop.ini",))


def _list_bytes(stream: IO[bytes]) -> int:
    """How long the list of members is, by the record at the end of the file."""
    size = stream.seek(0, io.SEEK_END)
    tail_at = max(0, size - END_BYTES - LONGEST_COMMENT)
    stream.seek(tail_at)
    tail = stream.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_BYTES:
        raise _no_zip()
    (length,) = struct.unpack_from("<L", tail, at + 12)
    if length != IN_64:
        return int(length)
    stream.seek(max(0, tail_at + at - LOCATOR_BYTES))
    locator = stream.read(LOCATOR_BYTES)
    if not locator.startswith(LOCATOR_64) or len(locator) < LOCATOR_BYTES:
        raise _no_zip()
    (record_at,) = struct.unpack_from("<Q", locator, 8)
    if record_at > size:
        raise _no_zip()
    stream.seek(record_at)
    record = stream.read(56)
    if not record.startswith(END_64) or len(record) < 56:
        raise _no_zip()
    return int(struct.unpack_from("<Q", record, 40)[0])


def _no_zip() -> InvalidTask:
    return InvalidTask("this is no zip file, or it is damaged", code="damaged-archive")

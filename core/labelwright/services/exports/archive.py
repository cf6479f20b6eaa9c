"""Several files in one zip, written as they come. Their names stay inside, and never meet."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import IO

from labelwright.exporters import ExportFile

LONGEST_NAME = 200
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\\u202a-\u202e\u2066-\u2069]')


def write(files: Iterable[ExportFile], out: IO[bytes]) -> None:
    """Pack files one by one; none is held whole. ``out`` need not be seekable.

    A name that ends in a slash is an empty folder.
    """
    taken: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3, allowZip64=True) as archive:
        for file in files:
            name = unique(safe(file.name), taken)
            entry = zipfile.ZipInfo(name, time.localtime()[:6])
            entry.external_attr = (0o40755 << 16) | 0x10 if name.endswith("/") else 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name.endswith("/") else zipfile.ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as inside:
                for piece in [file.content] if isinstance(file.content, bytes) else file.content:
                    inside.write(piece)


def safe(name: str) -> str:
    """A path that stays inside of where the zip is unpacked, on every system."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", "..", ".")]
    cleaned = [_shortened(_UNSAFE.sub("_", part).rstrip(". ") or "_") for part in parts]
    return "/".join(cleaned or ["_"]) + ("/" if name.endswith("/") and cleaned else "")


def unique(name: str, taken: set[str]) -> str:
    """The name, or with a number before its suffix when it is taken; case does not tell two names apart."""
    path, number, candidate = PurePosixPath(name), 2, name
    while candidate.casefold() in taken:
        candidate = str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
        number += 1
    taken.add(candidate.casefold())
    return candidate


def _shortened(part: str) -> str:
    if len(part.encode()) <= LONGEST_NAME:
        return part
    stem, dot, suffix = part.rpartition(".")
    if not dot or len(suffix) > 10:
        stem, suffix = part, ""
    room = LONGEST_NAME - len(suffix.encode()) - 1
    return stem.encode()[:room].decode("utf-8", "ignore") + (f".{suffix}" if suffix else "")

"""Paths made of somebody else's words: what a file is stored as, and where a name may lead."""

from __future__ import annotations

import os
import secrets
import unicodedata
from pathlib import Path, PurePosixPath

from labelwright.errors import InvalidInput, NotFound

LONGEST_NAME = 100
MOST_BYTES = 200
"""File systems hold 255 bytes a name, and ours get nine in front and a suffix while they are written."""


def safe_path(root: Path, name: str) -> Path:
    """The real path of a file below a folder.

    Symbolic links are followed before it is decided, so ask again each time the file is served.

    :param name: parts with ``/`` between them, as in a URL, already unquoted.
    :raises NotFound: if it would lead out of the folder, whether or not something is there.
    """
    parts = PurePosixPath(name).parts
    wrong = not parts or "\0" in name or "\\" in name or name.startswith("/") or ".." in parts
    if wrong or any(len(part.encode("utf-8", "surrogatepass")) > 255 for part in parts):
        raise NotFound("Not found.")
    try:
        base = root.resolve()
        path = (base / name).resolve()
    except (OSError, RuntimeError, ValueError):
        raise NotFound("Not found.") from None
    if path == base or not path.is_relative_to(base):
        raise NotFound("Not found.")
    return path


def existing_file(root: Path, name: str) -> Path:
    """As :func:`safe_path`, of a file that is there. :raises NotFound: if it is none."""
    path = safe_path(root, name)
    if not os.path.isfile(path):  # false, too, of a path that is too long to be asked for
        raise NotFound("Not found.")
    return path


def stored_name(given: str) -> str:
    """The name under which an upload is kept: eight hexadecimal digits, ``-``, and what is usable of the given one.

    Folders are cut off, spaces become ``_``; quotes, control and direction characters and the like are left out; a
    long name is shortened before its extension.

    :raises InvalidInput: if nothing is left.
    """
    name = plain_name(given)
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 20:
        stem, dot, extension = name, "", ""
    tail = dot + extension
    while len(stem + tail) > LONGEST_NAME or len((stem + tail).encode()) > MOST_BYTES:
        stem = stem[:-1]
    if not (stem + tail).strip("._-"):
        raise InvalidInput("The file has no name that can be used.", code="file-name")
    return f"{secrets.token_hex(4)}-{stem}{tail}"


def plain_name(given: str) -> str:
    """The last part of a name, of letters, digits, ``-``, ``_`` and dots alone, in any script."""
    name = given.replace("\\", "/").rpartition("/")[2].strip()
    text = unicodedata.normalize("NFC", name).replace(" ", "_")
    return "".join(sign for sign in text if sign in "-_." or unicodedata.category(sign)[0] in "LMN")

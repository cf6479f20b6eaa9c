"""Users' files: which are taken, whether they are what their names say, and how they are served.

A file is served from our own address, so whatever could run there must not: the type follows from an allow-list of
extensions, the browser is told not to guess, and nothing in the file may run or load anything.
"""

from __future__ import annotations

import struct
from collections.abc import Collection
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from labelwright.errors import InvalidInput

MEDIA_TYPES = {
    ".bmp": "image/bmp",
    ".csv": "text/csv; charset=utf-8",
    ".flac": "audio/flac",
    ".gif": "image/gif",
    ".htm": "text/html; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".json": "application/json",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tsv": "text/tab-separated-values; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".xml": "application/xml",
}
"""What may be uploaded, and as what it is served."""

PICTURES = frozenset({".bmp", ".gif", ".jpg", ".jpeg", ".png", ".webp"})
DOCUMENTS = frozenset({".htm", ".html", ".pdf", ".svg", ".xml"})
"""Opened by themselves these could run; they are handed over as files instead, which ``<img>`` and scripts can read."""

SIGNATURES: dict[str, tuple[tuple[int, bytes], ...]] = {
    ".flac": ((0, b"fLaC"), (0, b"ID3")),
    ".m4a": ((4, b"ftyp"),),
    ".mp3": (
        (0, b"ID3"),
        (0, b"\xff\xfb"),
        (0, b"\xff\xfa"),
        (0, b"\xff\xf3"),
        (0, b"\xff\xf2"),
        (0, b"\xff\xe3"),
    ),
    ".mp4": ((4, b"ftyp"), (4, b"moov"), (4, b"mdat"), (4, b"free"), (4, b"wide"), (4, b"skip")),
    ".ogg": ((0, b"OggS"),),
    ".wav": ((0, b"RIFF"), (0, b"RF64"), (0, b"RIFX")),
    ".webm": ((0, b"\x1aE\xdf\xa3"),),
}
"""Bytes at a place, one of which a recording must have."""

NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src 'self'; sandbox"


def check_name(name: str, also: Collection[str] = ()) -> str:
    """The extension of a file that may be uploaded, in lower case.

    :param also: extensions that importers read.
    :raises InvalidInput: of any other, with Label Studio's words.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in MEDIA_TYPES and suffix not in also:
        allowed = sorted({*MEDIA_TYPES, *also})
        raise InvalidInput(
            f"{suffix} extension is not supported",
            code="file-extension",
            params={"extension": suffix, "allowed": allowed},
            field="file",
        )
    return suffix


def check_content(stream: IO[bytes], suffix: str, *, max_pixels: int) -> None:
    """Refuse a file that is not what its extension says, and a picture too large to be opened. Nothing is decoded.

    :param stream: seekable; left at its beginning.
    :param suffix: as :func:`check_name` answers.
    :raises InvalidInput: code ``file-content`` or ``image-size``.
    """
    stream.seek(0)
    try:
        if suffix in PICTURES:
            _check_picture(stream, max_pixels)
        elif suffix in SIGNATURES:
            begin = stream.read(16)
            if not any(begin[at : at + len(sign)] == sign for at, sign in SIGNATURES[suffix]):
                raise _other_content(suffix)
        elif suffix == ".pdf" and b"%PDF-" not in stream.read(1024):
            raise _other_content(suffix)
    finally:
        stream.seek(0)


def _check_picture(stream: IO[bytes], max_pixels: int) -> None:
    # The readers themselves, not Image.open: its limit on pixels is one number for the whole process.
    from PIL import BmpImagePlugin, GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

    readers: dict[bytes, Any] = {
        b"\x89PNG": PngImagePlugin.PngImageFile,
        b"\xff\xd8": JpegImagePlugin.JpegImageFile,
        b"GIF8": GifImagePlugin.GifImageFile,
        b"RIFF": WebPImagePlugin.WebPImageFile,
        b"BM": BmpImagePlugin.BmpImageFile,
    }
    begin = stream.read(4)
    stream.seek(0)
    reader = next((reader for sign, reader in readers.items() if begin.startswith(sign)), None)
    if reader is None:
        raise _no_picture()
    try:
        with reader(stream) as picture:
            width, height = picture.size
            picture.verify()
    except (OSError, SyntaxError, ValueError, TypeError, EOFError, IndexError, struct.error):
        raise _no_picture() from None
    if width * height > max_pixels:
        raise InvalidInput(
            f"The image has more than {max_pixels} pixels.",
            code="image-size",
            params={"max_pixels": max_pixels},
            field="file",
        )


def _no_picture() -> InvalidInput:
    return InvalidInput("This file is not an image, or is damaged.", code="file-content", field="file")


def serving_headers(name: str, *, download: bool = False) -> dict[str, str]:
    """Headers of an answer that carries a user's file.

    :param name: as it is stored; its extension decides the type.
    :param download: offer it as a file whatever it is.
    """
    suffix = Path(name).suffix.lower()
    kind = MEDIA_TYPES.get(suffix, "application/octet-stream")
    is_file = download or suffix in DOCUMENTS or suffix not in MEDIA_TYPES
    return {
        "Content-Type": kind,
        "Content-Disposition": content_disposition(name, is_file),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": NOTHING_RUNS,
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def content_disposition(name: str, is_file: bool = True) -> str:
    """``Content-Disposition`` for a name in any script; no sign of it can end the header."""
    word = "attachment" if is_file else "inline"
    simple = "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in "-_. ()") else "_" for sign in name
    )
    exact = quote(name.encode("utf-8", "replace"), safe="")
    return f'{word}; filename="{simple}"' + ("" if simple == name else f"; filename*=UTF-8''{exact}")


def _other_content(suffix: str) -> InvalidInput:
    return InvalidInput(
        f"The content of this file does not fit its extension {suffix}.",
        code="file-content",
        params={"extension": suffix},
        field="file",
    )

"""Text files as people have them: UTF-8 with and without a byte order mark, UTF-16 with one, GB18030.

Anything else is refused with the line at fault, rather than read as nonsense.
"""

from __future__ import annotations

import codecs
import io
from typing import IO

from labelwright.errors import InvalidTask

CHUNK = 1024 * 1024
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
COMMON_SHARE = 0.7
"""Of the characters beyond ASCII in a Chinese text, so many are of GB2312's 7,445; of mistaken Latin-1, few are."""
ACCEPTED = "UTF-8, UTF-16 with a byte order mark, GB18030"


class UnknownEncoding(InvalidTask):
    """A text file is in no encoding that we read, or holds a null character."""

    code = "unknown-encoding"


def open_text(stream: IO[bytes], *, newline: str | None = None) -> io.TextIOWrapper:
    """Read a file as text. Nothing of it is held; it is looked through once before.

    :param stream: seekable; read from its beginning.
    :param newline: as ``open()`` takes it.
    :raises UnknownEncoding: naming the line.
    """
    encoding = encoding_of(stream)
    stream.seek(0)
    return io.TextIOWrapper(stream, encoding=encoding, newline=newline)


def encoding_of(stream: IO[bytes]) -> str:
    """Python's name of the file's encoding. :raises UnknownEncoding: naming the line."""
    stream.seek(0)
    head = stream.read(4)
    marked = next((encoding for mark, encoding in MARKS if head.startswith(mark)), None)
    if marked is not None:
        _look_through(stream, marked)
        return marked
    try:
        _look_through(stream, "utf-8")
        return "utf-8"
    except UnknownEncoding as error:
        if error.params.get("null"):
            raise
        try:
            _look_through(stream, "gb18030")
        except UnknownEncoding:
            raise error from None
        return "gb18030"


def _look_through(stream: IO[bytes], encoding: str) -> None:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    line, foreign, common = 1, 0, 0
    while True:
        chunk = stream.read(CHUNK)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            broken = line + error.object[: error.start].count(b"\n")
            raise UnknownEncoding(
                f"line {broken} is not UTF-8. Accepted are {ACCEPTED}; save the file as UTF-8.",
                params={"line": broken}, field=f"line {broken}",
            ) from error  # fmt: skip
        if "\x00" in text:
            broken = line + text[: text.index("\x00")].count("\n")
            raise UnknownEncoding(
                f"line {broken} holds a null character, so this is no text file",
                params={"line": broken, "null": True}, field=f"line {broken}",
            )  # fmt: skip
        line += text.count("\n")
        if encoding == "gb18030":
            beyond = [letter for letter in text if letter > "\x7f"]
            foreign += len(beyond)
            common += len("".join(beyond).encode("gb2312", "ignore")) // 2
        if not chunk:
            break
    if foreign and common / foreign < COMMON_SHARE:
        raise UnknownEncoding("the file is not a text in GB18030", params={"line": 1}, field="line 1")

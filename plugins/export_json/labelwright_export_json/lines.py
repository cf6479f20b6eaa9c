"""Tasks from JSON Lines: an object on each line, kept as the bytes it came in. The memory is that of one line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import IO, NoReturn

import msgspec

from labelwright.api import ImportContext, Importer, InvalidTask, encoding_of, open_text

LARGEST_TASK = 64 * 1024 * 1024
_object = msgspec.json.Decoder(dict[str, msgspec.Raw])


class JsonLinesImporter(Importer):
    name = "jsonl"
    title = "JSON Lines"
    suffixes = (".jsonl", ".ndjson")
    media_types = ("application/jsonl", "application/x-ndjson", "application/x-jsonlines")

    def read(self, stream: IO[bytes], context: ImportContext) -> Iterator[bytes]:
        blank = 0
        for number, line in enumerate(_lines(stream), 1):
            if len(line) > LARGEST_TASK:
                _refuse(f"a task is larger than {LARGEST_TASK} bytes", number)
            if not line.strip():
                blank += 1
                continue
            try:
                _object.decode(line)
            except (msgspec.DecodeError, RecursionError) as error:
                _explain(line, number, error)
            yield line.strip()
        if blank:
            context.warn("{file}: {count} blank lines were left out", file=context.filename, count=blank)


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    encoding = encoding_of(stream)
    if encoding == "utf-8":
        stream.seek(0)
        yield from iter(lambda: stream.readline(LARGEST_TASK + 1), b"")
        return
    text: io.TextIOWrapper = open_text(stream)
    with text:
        for line in iter(lambda: text.readline(LARGEST_TASK + 1), ""):
            yield line.encode()


def _explain(line: bytes, number: int, error: Exception) -> NoReturn:
    """Name the place, which the quick reader does not know."""
    try:
        json.loads(line)
    except json.JSONDecodeError as found:
        _refuse(f"not valid JSON: {found.msg}, column {found.colno}", number)
    except (ValueError, RecursionError) as found:
        _refuse(f"not valid JSON: {found}", number)
    if not line.lstrip().startswith(b"{"):
        _refuse("each line must be an object, which is one task", number)
    _refuse(f"not valid JSON: {error}", number)


def _refuse(message: str, number: int) -> NoReturn:
    raise InvalidTask(
        f"line {number}: {message}", code="not-json", params={"line": number}, field=f"line {number}"
    )

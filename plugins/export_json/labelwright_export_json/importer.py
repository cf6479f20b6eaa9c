"""Tasks from JSON: one object, or a list of them, each kept as the bytes it came in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any, NoReturn

import msgspec

from labelwright.api import ImportContext, Importer, InvalidInput, InvalidTask, encoding_of, open_text

WHOLE_BYTES = 32 * 1024 * 1024
"""Up to here a file is read at once: four times as fast. Above, the memory stays that of its largest task."""
CHUNK = 1024 * 1024
LARGEST_TASK = 64 * 1024 * 1024
NEAR_END = 64
"""A fault this close to the end of what was read may only be that the rest is missing."""
SPACE = " \t\r\n"
_list = msgspec.json.Decoder(list[msgspec.Raw])


class JsonImporter(Importer):
    name = "json"
    title = "JSON"
    suffixes = (".json",)
    media_types = ("application/json",)

    def read(self, stream: IO[bytes], context: ImportContext) -> Iterator[bytes]:
        size = stream.seek(0, 2)
        encoding = encoding_of(stream)
        if size > WHOLE_BYTES:
            yield from _Scanner(open_text(stream, newline=""), context).items()
            return
        stream.seek(0)
        text = stream.read()
        if encoding != "utf-8":
            text = text.decode(encoding).encode()
        yield from _items(text, context)


def _items(text: bytes, context: ImportContext) -> Iterator[bytes]:
    first = text.lstrip()[:1]
    if first != b"[":
        _refuse_scalar(first.decode("utf-8", "replace"), context)
        _check_whole(text, context)
        yield text.strip()
        return
    try:
        items = _list.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        _check_whole(text, context)
        # Half a surrogate pair, which Python's reader lets pass.
        _refuse(str(error), 1, 1, context)
    for item in items:
        yield bytes(item)


def _check_whole(text: bytes, context: ImportContext) -> None:
    """Refuse what is no JSON with the line and column at fault, which the quick reader does not know."""
    try:
        json.loads(text.decode(), parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        _refuse(error.msg, error.lineno, error.colno, context)
    except (ValueError, RecursionError) as error:
        _refuse(str(error), 1, 1, context)


class _Scanner:
    """The items of a list that is too long to be held: as many characters as one item needs."""

    def __init__(self, text: IO[str], context: ImportContext) -> None:
        self._text, self._context = text, context
        self._decoder = json.JSONDecoder(parse_constant=_no_constant)
        self._held, self._at, self._lines, self._ended = "", 0, 1, False

    def items(self) -> Iterator[bytes]:
        first = self._next()
        if first != "[":
            _refuse_scalar(first, self._context)
            yield self._item()
            self._expect("", "end of file")
            return
        self._at += 1
        if self._next() == "]":
            self._at += 1
        else:
            while True:
                yield self._item()
                mark = self._next()
                self._at += 1
                if mark == "]":
                    break
                if mark != ",":
                    self._at -= 1
                    self._refuse("Expecting ',' delimiter", self._at)
                self._next()
        self._expect("", "end of file")

    def _item(self) -> bytes:
        want = CHUNK
        while True:
            try:
                _, end = self._decoder.raw_decode(self._held, self._at)
            except json.JSONDecodeError as error:
                is_open = (
                    error.msg.startswith("Unterminated string") or error.pos > len(self._held) - NEAR_END
                )
                if self._ended or not is_open:
                    self._refuse(error.msg, error.pos)
                if len(self._held) - self._at > LARGEST_TASK:
                    self._refuse("One task is larger than 64 MB", self._at)
                # Twice as much each time, so that a long item is not read again and again.
                self._more(want)
                want *= 2
            except (ValueError, RecursionError) as error:
                self._refuse(str(error), self._at)
            else:
                if end < len(self._held) or self._ended:
                    item = self._held[self._at : end]
                    self._at = end
                    return item.encode()
                self._more(CHUNK)

    def _next(self) -> str:
        """The next character that is no space; it stays. ``""`` at the end."""
        while True:
            while self._at < len(self._held):
                if self._held[self._at] not in SPACE:
                    return self._held[self._at]
                self._at += 1
            if self._ended:
                return ""
            self._more(CHUNK)

    def _more(self, characters: int) -> None:
        self._lines += self._held.count("\n", 0, self._at)
        self._held, self._at = self._held[self._at :], 0
        fresh = self._text.read(characters)
        self._ended = not fresh
        self._held += fresh

    def _expect(self, mark: str, words: str) -> None:
        if self._next() != mark:
            self._refuse(f"Expecting {words}", self._at)

    def _refuse(self, message: str, at: int) -> NoReturn:
        line = self._lines + self._held.count("\n", 0, at)
        _refuse(message, line, at - self._held.rfind("\n", 0, at), self._context)


def _refuse_scalar(first: str, context: ImportContext) -> None:
    if not first:
        raise InvalidTask("the file is empty", code="empty-file", field="line 1")
    if first != "{":
        _refuse("Expecting a list of tasks, or one task", 1, 1, context)


def _refuse(message: str, line: int, column: int, context: ImportContext) -> NoReturn:
    words = f"{message}: line {line} column {column}"
    params = {"line": line, "column": column}
    if not context.filename:
        raise InvalidInput(f"JSON parse error - {words}", code="not-json", params=params)
    raise InvalidTask(f"not valid JSON: {words}", code="not-json", params=params, field=f"line {line}")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")

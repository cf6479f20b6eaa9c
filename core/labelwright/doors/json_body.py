"""JSON from outside: read strictly, and kept as it came where it is only stored.

Refused, wherever they stand: NaN and Infinity, numbers that no double holds (``1e400``), bytes that are not UTF-8,
half surrogate pairs, ``\\u0000`` (PostgreSQL cannot store it), more than 200 levels. Whole numbers stay exact, however
long. Of two members with one name the last counts, as everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import accumulate
from typing import Any

import msgspec

from labelwright.errors import InvalidInput

DEEPEST = 200
BOM = b"\xef\xbb\xbf"
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
MAYBE_HUGE = re.compile(rb"[0-9](?:[eE]\+?[0-9]{3}|[0-9]{289})")
"""Begins with a digit whatever follows, so that the search passes text by: four times as fast."""
BYTE = re.compile(r" ?\(byte (\d+)\)")
STRING = re.compile(rb'"(?:[^"\\]+|\\.)*"')
ALL_BUT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}

_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_list = msgspec.json.Decoder(list[msgspec.Raw])
_any = msgspec.json.Decoder()
_skim = msgspec.json.Decoder(msgspec.Raw)


def parse(data: bytes, raw: Collection[str] = (), *, bom: bool = False) -> Any:
    """The value of a JSON text.

    :param raw: names of members of the object (or of each object of a list) that are answered as the ``bytes`` they
        came in, checked but not parsed.
    :param bom: whether a byte order mark may stand in front; files have them, requests do not.
    :raises InvalidInput: ``JSON parse error - ...`` with line and column.
    """
    data = _begun(data, bom)
    first = data[:1]
    _check(data)
    if not raw or first not in (b"{", b"["):
        return _decode(_any, data)
    if first == b"{":
        return _opened(_decode(_object, data), raw)
    return [_opened_item(item, raw) for item in _decode(_list, data)]


def items(data: bytes, *, bom: bool = False) -> list[bytes]:
    """The texts of a list's items, each checked; of an object, its own text alone."""
    data = _begun(data, bom)
    _check(data)
    if data[:1] != b"[":
        return [data]
    return [bytes(item) for item in _decode(_list, data)]


def check(data: bytes) -> None:
    """Refuse a text that :func:`parse` would refuse, without building what it says.

    :raises InvalidInput: ``JSON parse error - ...``.
    """
    _check(data)


def _begun(data: bytes, bom: bool) -> bytes:
    if data.startswith(BOM):
        if not bom:
            raise _error("Unexpected UTF-8 BOM", data, 0)
        data = data[len(BOM) :]
    return data.strip(b" \t\r\n")


def _opened(members: dict[str, msgspec.Raw], raw: Collection[str]) -> dict[str, Any]:
    return {name: bytes(value) if name in raw else _decode(_any, value) for name, value in members.items()}


def _opened_item(item: msgspec.Raw, raw: Collection[str]) -> Any:
    text = bytes(item)
    return _opened(_decode(_object, text), raw) if text[:1] == b"{" else _decode(_any, text)


def _check(data: bytes) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _error("Invalid UTF-8", data, error.start) from None
    _decode(_skim, data)
    if b"\\u0000" in data and (nul := NUL.search(data)):
        raise _error("The character \\u0000 cannot be stored", data, nul.end() - 6)
    if MAYBE_HUGE.search(data):
        _decode(_any, data)
    if _depth_is_over(data, DEEPEST):
        raise _error(f"More than {DEEPEST} levels", data, 0)


def _depth_is_over(data: bytes, most: int) -> bool:
    """Whether brackets of a well-formed text stand more than so deep in each other."""
    if data.count(b"[") + data.count(b"{") <= most:
        return False
    if data[:1] == b"[" and most > 1:  # of a list of tasks, each is so small that counting settles it
        return any(_depth_is_over(bytes(item), most - 1) for item in _decode(_list, data))
    brackets = STRING.sub(b"", data).translate(None, ALL_BUT_BRACKETS)
    return max(accumulate(map(STEPS.__getitem__, brackets))) > most


def _decode(decoder: Any, data: Any) -> Any:
    try:
        return decoder.decode(data)
    except RecursionError:
        raise _error(f"More than {DEEPEST} levels", b"", 0) from None
    except UnicodeDecodeError as error:
        raise _error("Invalid UTF-8", b"", error.start) from None
    except msgspec.DecodeError as error:  # also of numbers that are out of range
        words = str(error).removeprefix("JSON is malformed: ").partition(" - at `")[0]
        place = BYTE.search(words)
        words = BYTE.sub("", words)
        at = int(place[1]) if place else len(bytes(data)) if "truncated" in words else 0
        raise _error(words[:1].upper() + words[1:], bytes(data), at) from None


def _error(words: str, data: bytes, at: int) -> InvalidInput:
    before = data[:at]
    line = before.count(b"\n") + 1
    column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
    return InvalidInput(
        f"JSON parse error - {words}: line {line} column {column}",
        code="json-parse",
        params={"reason": words, "line": line, "column": column},
    )

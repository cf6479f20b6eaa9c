"""What was wrong with the items of an import, as a file: for a person to mend another by."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

COLUMNS = ("item", "field", "reason")
KINDS = {"table": ("text/csv; charset=utf-8", ".csv"), "lines": ("application/x-ndjson", ".jsonl")}
"""Kind to media type and suffix."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula; a field may be called so by whoever made the file."""


def written(errors: Sequence[dict[str, Any]], kind: str) -> Iterator[bytes]:
    """A line for each: ``item`` (from 1; nothing, where the file as a whole is wrong), ``field``, ``reason``."""
    if kind == "lines":
        yield from (orjson.dumps(error, option=orjson.OPT_APPEND_NEWLINE) for error in errors)
        return
    # The mark lets Excel read every script right.
    yield "\ufeff".encode() + _line(COLUMNS)
    for error in errors:
        yield _line([_guarded(error.get(column)) for column in COLUMNS])


def _guarded(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _line(cells: Sequence[Any]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue().encode()

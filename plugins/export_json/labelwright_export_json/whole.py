"""JSON: every task with all that hangs on it, as it is stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from labelwright.api import ExportContext, Exporter, Row


class JsonExporter(Exporter):
    """Rows are passed on as the bytes they come in: nothing is parsed, and nothing is held."""

    name = "JSON"
    title = "JSON"
    description = (
        "Tasks with their annotations in one file of JSON, as the API gives them. Nothing is left out."
    )
    suffix = ".json"
    media_type = "application/json"

    def write(self, rows: Iterator[Row], out: IO[bytes], context: ExportContext) -> None:
        separator = b"["
        for row in rows:
            out.write(separator)
            out.write(row.raw)
            separator = b","
        out.write(b"]" if separator == b"," else b"[]")

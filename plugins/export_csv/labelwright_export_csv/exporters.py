"""The two formats. A table's columns are known when its last row is: the rows wait on the disk, not in memory."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterator
from typing import IO, ClassVar

from labelwright.api import ExportContext, Exporter, ExportOption, InvalidFields, Row
from labelwright_export_csv.cells import Cells
from labelwright_export_csv.records import records
from labelwright_export_csv.table import Table

IN_MEMORY = 8 * 1024 * 1024
"""Up to here no file is made."""
PIECE = 128 * 1024
TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")


class CsvExporter(Exporter):
    """Label Studio's columns, order, quotes and bytes. The options change what they say, and are off by default."""

    name = "CSV"
    title = "CSV"
    description = (
        "One row for each annotation: the task's fields and the answers under their controls' names, separated by "
        "commas."
    )
    suffix = ".csv"
    media_type = "text/csv"
    options = (
        ExportOption(
            "bom", "For Excel", "Begins the file with a mark by which Excel reads every script right."
        ),
        ExportOption(
            "guard_formulas",
            "No formulas",
            "Puts ' before cells that a spreadsheet would take for a formula.",
        ),
    )
    separator: ClassVar[str] = ","

    def write(self, rows: Iterator[Row], out: IO[bytes], context: ExportContext) -> None:
        has_mark, is_guarded = (_is_on(context, option.name) for option in self.options)
        cells = Cells(guard=is_guarded)
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as spool:
            table = Table(spool, cells)
            for row in rows:
                for record in records(row, context.label_config):
                    table.put(record)
            if has_mark:
                out.write(codecs.BOM_UTF8)
            _write(table.lines(self.separator), out)


class TsvExporter(CsvExporter):
    """The same with tabs."""

    name = "TSV"
    title = "TSV"
    description = (
        "One row for each annotation: the task's fields and the answers under their controls' names, "
        "separated by tabs."
    )
    suffix = ".tsv"
    media_type = "text/tab-separated-values"
    separator = "\t"


def _write(lines: Iterator[str], out: IO[bytes]) -> None:
    """In pieces of a good size: a call for each line would cost more than the line."""
    held: list[str] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size > PIECE:
            out.write("".join(held).encode())
            held, size = [], 0
    out.write("".join(held).encode())


def _is_on(context: ExportContext, name: str) -> bool:
    """What the request says, or else the setting."""
    given = context.options.get(name)
    if given is None:
        return bool(context.settings.get(name, False))
    word = str(given).strip().lower()
    if word not in TRUE + FALSE:
        raise InvalidFields({name: ["Must be true or false."]}, code="not-a-flag")
    return word in TRUE

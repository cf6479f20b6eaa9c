"""Tables: a task for each row, a field for each column.

A file is read twice: once to see that no row has more cells than the first, and which columns hold numbers; then to
give its tasks. So a bad row is named before anything is stored, and the memory is that of one row.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from typing import IO, Any

from labelwright.api import ImportContext, Importer, InvalidTask, open_text

LARGEST_CELL = 1_310_720
"""Characters; Label Studio's limit."""
MOST_COLUMNS = 1024
WHOLE = re.compile(r"[+-]?(0|[1-9]\d{0,17})")
"""Not ``007``: a number with a leading zero is a code, and stays a text."""
DECIMAL = re.compile(r"[+-]?(\d{1,17}\.\d*|\.\d+|\d{1,17})([eE][+-]?\d{1,3})?")
TRUTH = {"True": True, "False": False, "TRUE": True, "FALSE": False, "true": True, "false": False}

csv.field_size_limit(max(csv.field_size_limit(), LARGEST_CELL))


class CsvImporter(Importer):
    """Cells are separated by commas, or by semicolons where the first line has more of them."""

    name = "csv"
    title = "CSV table"
    suffixes = (".csv",)
    media_types = ("text/csv",)
    one_task = True
    separator: str | None = None

    def read(self, stream: IO[bytes], context: ImportContext) -> Iterator[dict[str, Any]]:
        table = _Table(stream, self.separator)
        names, readers = table.look_through()
        if table.short:
            context.warn(
                "{file}: {count} rows have fewer cells than the first; the others are empty",
                file=context.filename, count=table.short,
            )  # fmt: skip
        for row in table.rows():
            yield {"data": {name: read(cell) for name, read, cell in zip(names, readers, row, strict=True)}}


class TsvImporter(CsvImporter):
    """Cells are separated by tabs."""

    name = "tsv"
    title = "TSV table"
    suffixes = (".tsv",)
    media_types = ("text/tab-separated-values",)
    separator = "\t"


class _Table:
    def __init__(self, stream: IO[bytes], separator: str | None) -> None:
        self._text = open_text(stream, newline="")
        if separator is None:
            first = self._text.readline()
            separator = ";" if first.count(";") > first.count(",") else ","
        self._separator = separator
        self.short = 0
        """Rows with fewer cells than the header."""

    def look_through(self) -> tuple[list[str], list[Callable[[str], Any]]]:
        """The names of the columns, and how their cells are read.

        :raises InvalidTask: naming the first line that does not fit.
        """
        rows = self._cells()
        header = next(rows, None)
        if header is None:
            raise InvalidTask("the file is empty", code="empty-file", field="line 1")
        names = _names(header)
        kinds = [_Kind() for _ in names]
        self.short = 0
        for row in rows:
            for kind, cell in zip(kinds, row, strict=True):
                kind.see(cell)
        return names, [kind.reader() for kind in kinds]

    def rows(self) -> Iterator[list[str]]:
        """The rows below the header."""
        rows = self._cells()
        next(rows)
        yield from rows

    def _cells(self) -> Iterator[list[str]]:
        self._text.seek(0)
        reader = csv.reader(self._text, delimiter=self._separator, strict=True)
        width = 0
        try:
            for row in reader:
                if not row:
                    continue
                if not width:
                    width = _width(row)
                if len(row) < width:
                    self.short += 1
                    row += [""] * (width - len(row))
                if len(row) > width:
                    line = reader.line_num
                    raise InvalidTask(
                        f"line {line} has more cells ({len(row)}) than the first ({width})",
                        code="ragged-table", params={"line": line, "cells": len(row), "expected": width},
                        field=f"line {line}",
                    )  # fmt: skip
                if max(map(len, row)) > LARGEST_CELL:
                    raise csv.Error(f"a cell is larger than {LARGEST_CELL} characters")
                yield row
        except csv.Error as error:
            line = reader.line_num
            raise InvalidTask(
                f"line {line} cannot be read: {error}",
                code="bad-table", params={"line": line}, field=f"line {line}",
            ) from error  # fmt: skip


class _Kind:
    """What the cells of a column have in common; empty cells say nothing."""

    def __init__(self) -> None:
        self.whole = self.decimal = self.truth = True
        self.is_empty = True

    def see(self, cell: str) -> None:
        if not cell:
            return
        self.is_empty = False
        if self.whole and not WHOLE.fullmatch(cell):
            self.whole = False
        if self.decimal and not _is_decimal(cell):
            self.decimal = False
        if self.truth and cell not in TRUTH:
            self.truth = False

    def reader(self) -> Callable[[str], Any]:
        if self.is_empty:
            return str
        kind: Callable[[str], Any] | None = (
            int if self.whole else float if self.decimal else TRUTH.__getitem__ if self.truth else None
        )
        return str if kind is None else lambda cell: kind(cell) if cell else ""


def _is_decimal(cell: str) -> bool:
    """Whether a number says the same as its digits: no leading zero, and nothing that overflows."""
    if not DECIMAL.fullmatch(cell) or re.match(r"[+-]?0\d", cell):
        return False
    return abs(float(cell)) < 1e300


def _width(header: list[str]) -> int:
    if len(header) > MOST_COLUMNS:
        raise InvalidTask(
            f"the first line has {len(header)} cells; a table may have {MOST_COLUMNS} columns",
            code="too-many-columns", params={"columns": len(header), "limit": MOST_COLUMNS}, field="line 1",
        )  # fmt: skip
    return len(header)


def _names(header: list[str]) -> list[str]:
    """The names of columns, as Label Studio makes them: nameless ones and doubles get a number."""
    names: list[str] = []
    for place, given in enumerate(header):
        name = base = given or f"Unnamed: {place}"
        number = 1
        while name in names:
            name = f"{base}.{number}"
            number += 1
        names.append(name)
    return names

"""A table whose columns nobody knows before its end: records go to a file, then come out as lines.

Records with the same fields share a *shape*: what is stored of each is its cells alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import IO, Any

import orjson

from labelwright_export_csv.cells import EMPTY, Cells
from labelwright_export_csv.records import Record

FACTS = ("annotator", "annotation_id", "created_at", "updated_at", "lead_time")
"""Columns of every table."""
RENAMED = "_data_{}"
"""A field of the data that has a control's name."""
Shape = tuple[tuple[str, ...], tuple[str, ...], bool]
"""Columns of the answers, fields of the data, and whether there is an agreement."""


class Table:
    """Takes records, then gives lines.

    :param spool: an empty file for the records, open for both.
    """

    def __init__(self, spool: IO[bytes], cells: Cells) -> None:
        self._spool, self._cells = spool, cells
        self._shapes: dict[Shape, int] = {}
        self._controls: set[str] = set()

    def put(self, record: Record) -> None:
        shape = (tuple(record.answers), tuple(record.data), bool(record.agreement))
        number = self._shapes.get(shape)
        if number is None:
            number = self._shapes[shape] = len(self._shapes)
        self._controls.update(record.controls)
        of, annotation = self._cells.of, record.annotation
        cells = [
            number,
            of(record.task),
            *map(self._cells.answer, record.answers.values()),
            *map(of, record.data.values()),
            of(record.annotator),
            *[of(annotation.get(name)) for name in ("id", "created_at", "updated_at", "lead_time")],
            *map(of, record.agreement),
        ]
        self._spool.write(orjson.dumps(cells))
        self._spool.write(b"\n")

    def lines(self, separator: str) -> Iterator[str]:
        """The header and the rows, each with its line end; nothing may be put after this."""
        shapes = [self._places(shape) for shape in self._shapes]
        columns = sorted({*FACTS, *(name for places in shapes for name in places)})
        yield _line(separator, [self._cells.text(name) for name in columns])

        @lru_cache(maxsize=1000)
        def cells_of(number: int) -> Callable[[Sequence[str]], Sequence[str]]:
            places = shapes[number]
            return itemgetter(*[places.get(name, 0) for name in columns])

        self._spool.seek(0)
        for line in self._spool:
            stored: list[Any] = orjson.loads(line)
            number, stored[0] = stored[0], EMPTY
            yield _line(separator, cells_of(number)(stored))

    def _places(self, shape: Shape) -> dict[str, int]:
        """Column to the place of its cell. Of two cells for one column the later stands, as in Label Studio."""
        answers, fields, has_agreement = shape
        names = [
            "id",
            *answers,
            *[RENAMED.format(name) if name in self._controls else name for name in fields],
            *FACTS,
            *(["agreement"] if has_agreement else []),
        ]
        return {name: place for place, name in enumerate(names, 1)}


def _line(separator: str, cells: Sequence[str]) -> str:
    return f"{separator.join(cells)}\r\n"

"""A task for each row. Row groups are read one after the other, in batches, so the memory is that of one batch."""

from __future__ import annotations

import base64
import datetime
import decimal
import math
from collections.abc import Iterator
from typing import IO, Any

from labelwright.api import ImportContext, Importer, InvalidTask

BATCH_ROWS = 2000
LARGEST_GROUP = 512 * 1024 * 1024
"""Bytes of one row group, unpacked: a file can say little and hold gigabytes."""
MOST_COLUMNS = 1024
MISSING = (
    "Parquet files need pyarrow, which is not installed on this server: "
    "pip install 'labelwright-import-parquet[parquet]'"
)


class ParquetImporter(Importer):
    name = "parquet"
    title = "Parquet table"
    suffixes = (".parquet",)
    media_types = ("application/vnd.apache.parquet",)
    one_task = False

    def read(self, stream: IO[bytes], context: ImportContext) -> Iterator[dict[str, Any]]:
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError as error:
            raise InvalidTask(MISSING, code="pyarrow-missing") from error
        row = 0
        try:
            table = pq.ParquetFile(stream, memory_map=False, pre_buffer=False)
            _check(table)
            for batch in table.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
                for values in batch.to_pylist():
                    yield {"data": {name: _json(value, row, name) for name, value in values.items()}}
                    row += 1
        except (pa.ArrowException, OSError) as error:
            words = str(error).split("\n")[0][:200]
            raise InvalidTask(
                f"row {row} cannot be read: {words}",
                code="bad-table",
                params={"row": row},
                field=f"row {row}",
            ) from error


def _check(table: Any) -> None:
    """Refuse, by what the file says of itself, what would not fit into the memory."""
    about = table.metadata
    if len(table.schema_arrow) > MOST_COLUMNS:
        raise InvalidTask(
            f"the table has {len(table.schema_arrow)} columns; it may have {MOST_COLUMNS}", code="too-many-columns",
            params={"columns": len(table.schema_arrow), "limit": MOST_COLUMNS}, field="columns",
        )  # fmt: skip
    for number in range(about.num_row_groups):
        size = about.row_group(number).total_byte_size
        if size > LARGEST_GROUP:
            raise InvalidTask(
                f"row group {number} has {size} bytes; it may have {LARGEST_GROUP}; write smaller groups",
                code="large-row-group", params={"group": number, "limit": LARGEST_GROUP}, field=f"row group {number}",
            )  # fmt: skip


def _json(value: Any, row: int, name: str) -> Any:
    """A value as JSON says it. Missing values become ``null``; times ISO 8601; bytes base64."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _json(one, row, name) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_json(one, row, name) for one in value]
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise InvalidTask(
        f"row {row}: the column {name} holds a {type(value).__name__}, which JSON has no word for",
        code="bad-value", params={"row": row, "column": name}, field=f"row {row}",
    )  # fmt: skip

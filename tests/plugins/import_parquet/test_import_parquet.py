"""Tables in columns: values as JSON says them, memory of one batch, and clear words for what cannot be read."""

from __future__ import annotations

import datetime
import decimal
import io
import sys
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labelwright.api import ImportContext, InvalidTask
from labelwright_import_parquet import ParquetImporter, rows


def table(columns: dict[str, Any], **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **options)
    return out.getvalue()


def read(content: bytes) -> list[dict[str, Any]]:
    return [item["data"] for item in ParquetImporter().read(io.BytesIO(content), ImportContext("t.parquet"))]


def test_each_row_is_a_task_over_all_row_groups() -> None:
    found = read(table({"text": [f"t{n}" for n in range(5000)], "n": list(range(5000))}, row_group_size=700))
    assert len(found) == 5000
    assert (found[0], found[-1]) == ({"text": "t0", "n": 0}, {"text": "t4999", "n": 4999})


def test_values_become_json() -> None:
    moment = datetime.datetime(2024, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)
    (found,) = read(
        table({
            "none": [None], "nan": [float("nan")], "list": [[1, 2]], "struct": [{"a": "x"}], "day": [moment.date()],
            "moment": [moment], "money": [decimal.Decimal("1.50")], "bytes": [b"\x00\xff"], "truth": [True],
        })
    )  # fmt: skip
    assert found == {
        "none": None, "nan": None, "list": [1, 2], "struct": {"a": "x"}, "day": "2024-01-02",
        "moment": "2024-01-02T03:04:05+00:00", "money": "1.50", "bytes": "AP8=", "truth": True,
    }  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no parquet at all" * 100, table({"a": [1]})[:-20]])
def test_what_is_no_parquet_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidTask) as refused:
        read(content)
    assert refused.value.code == "bad-table"


def test_a_flood_of_columns_or_bytes_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidTask, match="1500 columns"):
        read(table({f"c{n}": [n] for n in range(1500)}))
    monkeypatch.setattr(rows, "LARGEST_GROUP", 1000)
    with pytest.raises(InvalidTask, match="row group 0"):
        read(table({"a": [f"{n}" * 50 for n in range(100)]}))


def test_without_pyarrow_the_words_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    content = table({"a": [1]})
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InvalidTask, match=r"pip install 'labelwright-import-parquet\[parquet\]'"):
        read(content)

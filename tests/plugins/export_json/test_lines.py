"""JSON Lines: a task on each line."""

from __future__ import annotations

import io

import pytest

from labelwright.api import ImportContext, InvalidTask
from labelwright_export_json import JsonLinesImporter


def read(content: bytes, context: ImportContext | None = None) -> list[bytes]:
    return list(JsonLinesImporter().read(io.BytesIO(content), context or ImportContext("tasks.jsonl")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_each_line_is_a_task_in_its_own_bytes(encoding: str) -> None:
    text = '{"text":  "这是一个测试"}\r\n{"data":{"text":"b"}}'
    assert read(text.encode(encoding)) == ['{"text":  "这是一个测试"}'.encode(), b'{"data":{"text":"b"}}']


def test_blank_lines_are_left_out_and_told_of() -> None:
    context = ImportContext("t.jsonl")
    assert read(b'{"a":1}\n\n  \n{"a":2}\n', context) == [b'{"a":1}', b'{"a":2}']
    assert str(context.warnings[0]) == "t.jsonl: 2 blank lines were left out"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{oops}", "column 2"),
        (b'{"a":1} {"b":2}', "column 9"),
        (b"[1]", "each line must be an object"),
        (b"3", "each line must be an object"),
        (b'{"a":"\\ud800"}', "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
    ],
)
def test_a_bad_line_is_named(line: bytes, words: str) -> None:
    with pytest.raises(InvalidTask, match="line 2: ") as refused:
        read(b'{"a":1}\n' + line + b"\n")
    assert words in refused.value.message
    assert refused.value.field == "line 2"

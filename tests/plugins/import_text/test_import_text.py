"""Tables, texts and pages as tasks; and a clear place for everything that is wrong with them."""

from __future__ import annotations

import io
from typing import Any

import pytest

from labelwright.api import ImportContext, InvalidTask
from labelwright_import_text import CsvImporter, PageImporter, TextImporter, TsvImporter


def read(importer: Any, content: bytes | str) -> list[Any]:
    raw = content.encode() if isinstance(content, str) else content
    return [item["data"] for item in importer.read(io.BytesIO(raw), ImportContext("file"))]


def test_each_row_is_a_task() -> None:
    assert read(CsvImporter(), 'text,n\n"a, b",1\r\n"two\nlines",\n') == [
        {"text": "a, b", "n": 1},
        {"text": "two\nlines", "n": ""},
    ]


def test_semicolons_and_tabs_separate_too() -> None:
    assert read(CsvImporter(), "a;b\n1,5;x\n") == [{"a": "1,5", "b": "x"}]
    assert read(TsvImporter(), "a\tb\n1,5\tx\n") == [{"a": "1,5", "b": "x"}]


def test_a_column_of_numbers_holds_numbers() -> None:
    table = "whole,decimal,code,mixed,truth,huge\n1,1.5,007,1,True,99999999999999999999\n-2,2,010,b,False,1\n"
    assert read(CsvImporter(), table)[0] == {
        "whole": 1, "decimal": 1.5, "code": "007", "mixed": "1", "truth": True, "huge": "99999999999999999999",
    }  # fmt: skip


def test_nameless_and_double_columns_get_names() -> None:
    assert read(CsvImporter(), ",a,a\n0,1,2\n") == [{"Unnamed: 0": 0, "a": 1, "a.1": 2}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_is_read_in_its_encodings(encoding: str) -> None:
    assert read(CsvImporter(), "文本,标签\n这是一个测试,好\n".encode(encoding)) == [
        {"文本": "这是一个测试", "标签": "好"}
    ]
    assert read(TextImporter(), "第一行\n第二行\n".encode(encoding)) == [
        {"$undefined$": "第一行"},
        {"$undefined$": "第二行"},
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"a,b\n1,2,3\n", 2),
        (b'a,b\n1,2\n"open,3\n', 3),
        (b'a,b\n"x"y,3\n', 2),
        ("a,b\n1,2\ncafé,élan\n".encode("latin-1"), 3),
        (b"a,b\n1,\x00\n", 2),
        (b"a" + b",a" * 30_000 + b"\n", 1),
        (b"a\n" + b"x" * 2_000_000 + b"\n", 2),
    ],
    ids=[
        "empty",
        "long",
        "open quote",
        "stray quote",
        "latin-1",
        "NUL",
        "30,000 columns",
        "2 MB cell",
    ],
)
def test_a_bad_table_is_refused_with_its_line(content: bytes, line: int) -> None:
    with pytest.raises(InvalidTask) as refused:
        read(CsvImporter(), content)
    assert refused.value.field == f"line {line}"
    assert refused.value.params.get("line", 1) == line


def test_cells_that_a_row_lacks_are_empty_and_told_of() -> None:
    context = ImportContext("t.csv")
    items = list(CsvImporter().read(io.BytesIO(b"a,b,c\n1,2,3\n4\n"), context))
    assert items[1]["data"] == {"a": 4, "b": "", "c": ""}
    assert str(context.warnings[0]) == "t.csv: 1 rows have fewer cells than the first; the others are empty"


def test_blank_lines_are_left_out_and_told_of() -> None:
    context = ImportContext("notes.txt")
    items = list(TextImporter().read(io.BytesIO(b"one\n\n  \ntwo"), context))
    assert [item["data"]["$undefined$"] for item in items] == ["one", "two"]
    assert str(context.warnings[0]) == "notes.txt: 2 blank lines were left out"


def test_a_page_is_one_task() -> None:
    assert read(PageImporter(), "<p>a</p>\n<p>b</p>\n") == [{"$undefined$": "<p>a</p>\n<p>b</p>\n"}]

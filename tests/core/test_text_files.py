"""Texts in the encodings that people have, and the line of what is none."""

from __future__ import annotations

import io

import pytest

from labelwright.text_files import UnknownEncoding, encoding_of, open_text

CHINESE = "编号,文本\n1,今天天气很好，我们去公园。\n2,ASCII text\n"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
    ],
)
def test_chinese_is_recognised_and_read(encoding: str, found: str) -> None:
    stream = io.BytesIO(CHINESE.encode(encoding))
    assert encoding_of(stream) == found
    assert open_text(stream).read() == CHINESE


def test_ascii_is_utf_8() -> None:
    assert encoding_of(io.BytesIO(b"a,b\n1,2\n")) == "utf-8"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("one\ntwo\ncaf\u00e9\n".encode("latin-1"), 3),
        ("na\u00efve fa\u00e7ade\n".encode("latin-1"), 1),
        (b"ok\n\xff\xff\xff\n", 2),
        (b"ok\nzero\x00byte\n", 2),
        ("stra\u00dfe\n".encode("latin-1"), 1),
        (b"a\n" * 1_000_000 + b"\xc3(\n", 1_000_001),
    ],
    ids=["latin-1", "more latin-1", "bytes", "NUL", "eszett", "far down"],
)
def test_anything_else_is_refused_with_its_line(content: bytes, line: int) -> None:
    with pytest.raises(UnknownEncoding) as refused:
        encoding_of(io.BytesIO(content))
    assert refused.value.params["line"] == line

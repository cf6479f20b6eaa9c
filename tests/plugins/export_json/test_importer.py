"""Tasks from JSON: small files and large ones give the same, and what is wrong is named with its place."""

from __future__ import annotations

import io
import json
import tracemalloc

import pytest

from labelwright.api import ImportContext, InvalidInput, InvalidTask
from labelwright_export_json import importer
from labelwright_export_json.importer import JsonImporter

ITEMS = [{"text": f'{n} 名前 \\ " é'} for n in range(5000)]


def read(content: bytes, name: str = "tasks.json") -> list[bytes]:
    return list(JsonImporter().read(io.BytesIO(content), ImportContext(name)))


@pytest.fixture(params=["at once", "piece by piece"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read as a small file is, and as a large one is."""
    if request.param == "piece by piece":
        monkeypatch.setattr(importer, "WHOLE_BYTES", -1)
        monkeypatch.setattr(importer, "CHUNK", 50)


@pytest.mark.usefixtures("size")
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_list_gives_its_items(indent: int | None, encoding: str) -> None:
    content = json.dumps(ITEMS[:300], ensure_ascii=False, indent=indent).replace("é", "的")
    expected = json.loads(content)
    assert [json.loads(item) for item in read(content.encode(encoding))] == expected


@pytest.mark.usefixtures("size")
def test_items_keep_their_bytes() -> None:
    items = [b'{"a": 1.0, "b":12345678901234567890123, "a": "\\u00e9"}', b'{"x":{"y":[1,  2]}}']
    assert read(b"[" + b" ,\n".join(items) + b"]\n") == items


@pytest.mark.usefixtures("size")
def test_an_object_is_one_task() -> None:
    assert read(b' {"text": "a"}\n') == [b'{"text": "a"}']


@pytest.mark.usefixtures("size")
@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "line 1"),
        (b"  \n ", "line 1"),
        (b'[{"a": 1},\n{"a": 2},\n{"a": }]', "line 3"),
        (b'[{"a": 1}\n{"a": 2}]', "line 2"),
        (b'[{"a": 1},\n]', "line 2"),
        (b'[{"a": 1},\n{"a": "x', "line 2"),
        (b'[{"a": 1}', "line 1"),
        (b'{"a": 1}\nmore', "line 2"),
        (b'[{"a": 1}]\n[]', "line 2"),
        (b'[{"a": NaN}]', "line 1"),
        (b"5", "line 1"),
        (b'"text"', "line 1"),
        (b"<html>", "line 1"),
        (b'{"a": "\xff"}', "line 1"),
        (b"[" * 100_000, "line 1"),
    ],
)
def test_what_is_no_json_is_named_with_its_line(content: bytes, place: str) -> None:
    with pytest.raises(InvalidTask) as refused:
        read(content)
    assert refused.value.field == place


def test_a_body_is_refused_as_label_studio_does() -> None:
    with pytest.raises(InvalidInput, match="^JSON parse error - ") as refused:
        read(b"[1, 2", name="")
    assert not isinstance(refused.value, InvalidTask)


def test_hostile_commas_take_no_time() -> None:
    with pytest.raises(InvalidTask):
        read(b'["' + b"},{" * 200_000)


def test_a_long_list_needs_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.BytesIO(json.dumps([{"text": "x" * 1000}] * 40_000).encode())
    monkeypatch.setattr(importer, "WHOLE_BYTES", 0)
    tracemalloc.start()
    try:
        assert sum(1 for _ in JsonImporter().read(content, ImportContext("t.json"))) == 40_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 16 * 1024 * 1024

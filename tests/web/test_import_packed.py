"""Files that come packed in one: unpacked whole or not at all, and tasks that name the media beside them."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labelwright.models import FileUpload, Task
from tests.plugins.import_zip.test_import_zip import zipped
from tests.web.application import BOXES, SENTIMENT, Api, House, box
from tests.web.pictures import picture
from tests.web.shared import api, house
from tests.web.test_imports import files_of, proof, refusal, rows, send, small, tasks_of

__all__ = ["api", "house", "picture"]


def test_pictures_in_a_zip_become_tasks(api: Api, house: House, picture: bytes) -> None:
    project = api.project(BOXES)
    answer = send(api, project, ("all.zip", zipped(("a/1.png", picture), ("b/1.png", picture))))
    assert answer.status_code == 201, answer.text
    assert (answer.json["task_count"], answer.json["found_formats"]) == (2, {".png": 2})
    assert len(answer.json["file_upload_ids"]) == 2
    for task in tasks_of(api, project):
        assert api("GET", task["data"]["image"]).data == picture
    assert len(files_of(house, project)) == 2, "the zip itself is not kept"


def test_tasks_in_a_zip_name_the_pictures_beside_them(api: Api, house: House, picture: bytes) -> None:
    project = api.project(BOXES)
    listed = [
        {"data": {"image": "pictures/1.png", "note": "kept"}, "annotations": [{"result": [box()]}]},
        {"image": "./pictures/2.png"},
        {"image": "3.png"},
        {"image": "https://example.org/4.png"},
    ]
    content = zipped(
        ("set/tasks.json", json.dumps(listed).encode()),
        *((f"set/pictures/{n}.png", picture) for n in (1, 2, 3)),
    )
    answer = send(api, project, ("all.zip", content))
    assert answer.status_code == 201, answer.text
    assert (answer.json["task_count"], answer.json["annotation_count"]) == (4, 1)
    images = [task["data"]["image"] for task in tasks_of(api, project)]
    assert [image.rpartition("-")[2] for image in images[:3]] == ["1.png", "2.png", "3.png"]
    assert images[3] == "https://example.org/4.png"
    assert all(api("GET", image).data == picture for image in images[:3])
    again = api(
        "POST", f"/api/projects/{project}/reimport", json={"file_upload_ids": answer.json["file_upload_ids"]}
    )
    assert (again.status_code, again.json["task_count"]) == (201, 4)
    assert [task["data"]["image"] for task in tasks_of(api, project)] == images


def bomb() -> bytes:
    return zipped(("zeros.txt", b"\x00" * 50_000_000))


def lying(content: bytes, size: int) -> bytes:
    """A zip whose first member says that it is smaller than it is."""
    at = content.rfind(b"PK\x01\x02")
    return content[: at + 24] + size.to_bytes(4, "little") + content[at + 28 :]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK", "all.zip: this is no zip file, or it is damaged"),
        (zipped(), "all.zip: there is no file in it"),
        (bomb(), "all.zip: zeros.txt: unpacked it would be more than 200 times as large"),
        (lying(zipped(("a.txt", b"abc" * 10_000)), 10), "all.zip: a.txt: the packed file is damaged here"),
        (zipped(("../../a.txt", b"a")), "all.zip: ../../a.txt: this path leads out of the packed file"),
        (zipped(("/etc/a.txt", b"a")), "all.zip: /etc/a.txt: this path leads out of the packed file"),
        (zipped(("run.exe", b"MZ")), "all.zip: run.exe: .exe extension is not supported"),
        (zipped(("in.zip", zipped(("a.txt", b"a")))), "all.zip: in.zip: a packed file in a packed file is not read"),
        (zipped(("good.txt", b"a"), ("bad.png", b"<html>")), "This file is not an image, or is damaged."),
        (zipped(("good.csv", b"text\na\n"), ("bad.json", b"{oops")), "bad.json: not valid JSON"),
        (zipped(("good.txt", b"a"), ("empty.txt", b"")), "empty.txt: the file is empty"),
    ],
    ids=["none", "empty", "bomb", "lying", "up", "root", "program", "nested", "no picture", "bad list", "nothing"],
)  # fmt: skip
def test_a_bad_zip_is_refused_and_leaves_nothing(api: Api, house: House, content: bytes, words: str) -> None:
    project = api.project(SENTIMENT)
    assert words in refusal(send(api, project, ("good.csv", "text\na\n"), ("all.zip", content)))
    assert rows(house, Task, project) == rows(house, FileUpload, project) == 0
    assert files_of(house, project) == []


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        ({"upload_max_unpacked_files": 2}, "too-many-members"),
        ({"upload_max_unpacked_bytes": 5}, "unpacked-too-large"),
        ({"upload_quota_bytes": 5}, "quota"),
    ],
)
def test_a_zip_over_a_limit_is_refused(
    api: Api, house: House, monkeypatch: pytest.MonkeyPatch, limit: dict[str, int], code: str
) -> None:
    project = api.project(SENTIMENT)
    small(house, monkeypatch, **limit)
    answer = send(api, project, ("all.zip", zipped(*((f"{n}.txt", b"ab") for n in range(3)))))
    assert (answer.status_code, answer.json["code"]) == (413, code)
    assert files_of(house, project) == []


def test_lines_of_json_and_rows_of_parquet_become_tasks(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    parquet = io.BytesIO()
    pq.write_table(pa.table({"text": ["p1", "p2"], "n": [1, 2]}), parquet)
    lines = b'{"text":"j1"}\n{"data":{"text":"j2"},"predictions":[{"result":"Bad","score":0.5}]}\n'
    answer = send(api, project, ("t.jsonl", lines), ("t.parquet", parquet.getvalue()))
    assert answer.status_code == 201, answer.text
    assert (answer.json["task_count"], answer.json["prediction_count"]) == (4, 1)
    assert answer.json["found_formats"] == {".jsonl": 1, ".parquet": 1}
    assert [task["data"]["text"] for task in tasks_of(api, project)] == ["j1", "j2", "p1", "p2"]
    proof(house, project)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("t.jsonl", b'{"text":"a"}\n{oops\n', "t.jsonl: line 2: not valid JSON"),
        ("t.jsonl", b'{"text":"a"}\n{"text":{}}\n', "Error at item 1: "),
        ("t.parquet", b"PAR1 no", "t.parquet: row 0 cannot be read"),
    ],
)
def test_bad_lines_and_rows_are_named(api: Api, house: House, name: str, content: bytes, words: str) -> None:
    project = api.project(SENTIMENT)
    assert words in refusal(send(api, project, (name, content)))
    assert rows(house, Task, project) == rows(house, FileUpload, project) == 0


def test_a_body_of_json_lines_is_an_import(api: Api) -> None:
    project = api.project(SENTIMENT)
    body: Any = b'{"text":"a"}\n{"text":"b"}\n'
    answer = api("POST", f"/api/projects/{project}/import", data=body, content_type="application/x-ndjson")
    assert (answer.status_code, answer.json["task_count"]) == (201, 2)


def test_a_zip_of_stored_files_is_read(api: Api) -> None:
    content = zipped(("t.csv", b"text\na\nb\n"), method=zipfile.ZIP_STORED)
    assert send(api, api.project(SENTIMENT), ("t.zip", content)).json["task_count"] == 2

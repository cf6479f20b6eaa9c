"""Large files in pieces: whatever breaks off goes on, and in the end the file is what its sender has."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from labelwright.models import ChunkedUpload, FileUpload, Task, now
from labelwright.services import chunked_uploads
from labelwright.services.context import Caller
from tests.plugins.import_zip.test_import_zip import zipped
from tests.web.application import BOXES, SENTIMENT, Api, House
from tests.web.pictures import picture
from tests.web.shared import api, house
from tests.web.test_imports import files_of, refusal, rows, small, tasks_of, work

__all__ = ["api", "house", "picture"]

TABLE = b"text\n" + b"".join(b"line %d\n" % n for n in range(1000))


def begin(
    api: Api, project: int, content: bytes = TABLE, name: str = "large.csv", **fields: Any
) -> TestResponse:
    body = {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()} | fields
    return api("POST", f"/api/projects/{project}/uploads", json=body)


def put(api: Api, path: str, offset: int, piece: bytes) -> TestResponse:
    return api("PUT", path, data=piece, headers={"Upload-Offset": str(offset)})


def path_of(begun: TestResponse) -> str:
    assert begun.status_code == 201, begun.text
    return str(begun.headers["Location"])


def uploaded(api: Api, project: int, content: bytes, name: str) -> list[int]:
    path = path_of(begin(api, project, content, name))
    assert put(api, path, 0, content).status_code == 200
    done = api("POST", f"{path}/complete")
    assert done.status_code == 201, done.text
    return list(done.json["file_upload_ids"])


def test_a_file_comes_in_pieces_and_is_imported(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    path = path_of(begin(api, project))
    assert put(api, path, 0, TABLE[:3000]).json["offset"] == 3000
    assert api("HEAD", path).headers["Upload-Offset"] == "3000"
    assert [one["offset"] for one in api("GET", f"/api/projects/{project}/uploads").json] == [3000]
    early = api("POST", f"{path}/complete")
    assert (early.status_code, early.json["offset"]) == (409, 3000)
    assert api("PUT", f"{path}?offset=3000", data=TABLE[3000:]).json["offset"] == len(TABLE)
    done = api("POST", f"{path}/complete")
    assert done.status_code == 201, done.text
    assert api("POST", f"{path}/complete").json == done.json, "an answer that was lost is given again"
    assert put(api, path, len(TABLE), b"more").status_code == 409
    assert api("GET", f"/api/projects/{project}/uploads").json == []
    (number,) = done.json["file_upload_ids"]
    answer = api("POST", f"/api/projects/{project}/import?file_upload_ids={number}")
    assert (answer.status_code, answer.json["task_count"]) == (201, 1000)
    assert answer.json["file_upload_ids"] == [number]
    assert rows(house, FileUpload, project) == len(files_of(house, project)) == 1


def test_a_piece_at_another_place_is_told_where_to_go_on(api: Api) -> None:
    project = api.project(SENTIMENT)
    path = path_of(begin(api, project))
    put(api, path, 0, TABLE[:100])
    for offset in (0, 99, 101, 10**15):
        wrong = put(api, path, offset, b"x")
        assert (wrong.status_code, wrong.json["offset"]) == (409, 100)
    assert api("PUT", path, data=b"x").status_code == 400
    assert put(api, path, 100, TABLE[100:] + b"more").status_code == 413
    assert (
        put(api, path, api("GET", path).json["offset"], TABLE[api("GET", path).json["offset"] :]).status_code
        == 200
    )
    assert api("POST", f"{path}/complete").status_code == 201


def test_a_piece_that_broke_off_counts_as_far_as_it_came(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    path = path_of(begin(api, project))
    owner, number = Caller(1, "owner@example.org", 1, "owner"), int(path.rpartition("/")[2])

    class Breaking:
        pieces = [TABLE[:700]]

        def read(self, _size: int) -> bytes:
            if not self.pieces:
                raise ConnectionError
            return self.pieces.pop()

    with pytest.raises(ConnectionError):
        chunked_uploads.append(house.ctx, owner, project, number, 0, Breaking())  # type: ignore[arg-type]
    assert api("GET", path).json["offset"] == 700
    # What a killed server wrote without telling is written over.
    with open(files_of(house, project)[0], "ab") as part:
        part.write(b"torn")
    assert put(api, path, 700, TABLE[700:]).status_code == 200
    assert api("POST", f"{path}/complete").status_code == 201
    assert files_of(house, project)[0].read_bytes() == TABLE


def test_a_file_that_is_not_what_was_said_is_gone(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    path = path_of(begin(api, project, sha256="0" * 64))
    put(api, path, 0, TABLE)
    assert "What came has the SHA-256" in refusal(api("POST", f"{path}/complete"))
    assert api("GET", path).status_code == 404
    fake = path_of(begin(api, project, b"<html>", "a.png"))
    put(api, fake, 0, b"<html>")
    assert "not an image" in refusal(api("POST", f"{fake}/complete"))
    assert rows(house, ChunkedUpload, project) == rows(house, FileUpload, project) == 0
    assert files_of(house, project) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "a.exe"}, ".exe extension is not supported"),
        ({"size": 0}, "greater than or equal to 1"),
        ({"sha256": "zz"}, "64 hexadecimal digits"),
        ({"name": ""}, "may not be blank"),
    ],
)
def test_a_file_that_would_not_be_taken_is_refused_at_once(
    api: Api, fields: dict[str, Any], words: str
) -> None:
    assert words in refusal(begin(api, api.project(SENTIMENT), **fields))


def test_a_zip_in_pieces_becomes_its_files(api: Api, house: House, picture: bytes) -> None:
    project = api.project(BOXES)
    numbers = uploaded(api, project, zipped(("1.png", picture), ("2.png", picture)), "all.zip")
    assert len(numbers) == len(files_of(house, project)) == 2
    many = api(
        "POST",
        f"/api/projects/{project}/import",
        json={"file_upload_ids": numbers},
        content_type="application/vnd.labelwright.files+json",
        headers={"Prefer": "respond-async"},
    )
    assert many.status_code == 202, many.text
    work(house, many.json["id"])
    assert len(tasks_of(api, project)) == 2


def test_what_a_project_may_have_counts_what_is_on_its_way(
    api: Api, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = api.project(SENTIMENT)
    small(house, monkeypatch, upload_quota_bytes=1000)
    path = path_of(begin(api, project, b"x" * 600))
    assert (full := begin(api, project, b"x" * 500)).status_code == 413, full.text
    assert full.json["code"] == "quota"
    assert api("DELETE", path).status_code == 204
    assert len(uploaded(api, project, b"text\n" + b"x" * 900, "t.csv")) == 1
    assert begin(api, project, b"x" * 500).status_code == 413


def test_what_nobody_goes_on_with_expires(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    path = path_of(begin(api, project))
    put(api, path, 0, TABLE[:10])
    with house.ctx.database.write() as session:
        session.execute(
            update(ChunkedUpload).where(ChunkedUpload.project_id == project).values(expires_at=now())
        )
    assert api("GET", path).status_code == put(api, path, 10, b"x").status_code == 404
    chunked_uploads.clear_up(house.ctx)
    assert rows(house, ChunkedUpload, project) == 0
    assert files_of(house, project) == []


def test_strangers_find_no_upload(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    path = path_of(begin(api, project))
    stranger = house.api(f"pieces{project}@example.org", organization="Elsewhere")
    own = stranger.project(SENTIMENT)
    other = path.replace(f"/projects/{project}/", f"/projects/{own}/")
    for place in (path, other):
        assert stranger("GET", place).status_code == 404
        assert put(stranger, place, 0, b"x").status_code == 404
        assert stranger("POST", f"{place}/complete").status_code == 404
        assert stranger("DELETE", place).status_code == 404
    assert begin(stranger, project).status_code == 404
    assert stranger("GET", f"/api/projects/{project}/uploads").status_code == 404
    assert api("GET", path).json["offset"] == 0


def test_files_that_are_not_there_are_named(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    words = refusal(api("POST", f"/api/projects/{project}/import?file_upload_ids=999999"))
    assert words == "This project has no uploaded files with these ids: 999999"
    assert rows(house, Task, project) == 0

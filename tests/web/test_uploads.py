"""Uploaded files: listed, deleted, and sent so that nothing in them runs."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from tests.web.application import BOXES, SENTIMENT, Api, House
from tests.web.pictures import picture
from tests.web.shared import api, house

__all__ = ["api", "house", "picture"]


def upload(api: Api, project: int, name: str, content: bytes) -> dict[str, Any]:
    answer = api(
        "POST",
        f"/api/projects/{project}/import?commit_to_project=false",
        data={"f": (io.BytesIO(content), name)},
    )
    assert answer.status_code == 201, answer.text
    return dict(api("GET", f"/api/import/file-upload/{answer.json['file_upload_ids'][0]}").json)


def test_uploads_are_listed_and_deleted(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    first, second, third = (upload(api, project, f"{n}.txt", b"abc") for n in range(3))
    assert first["size"] == 3
    assert first["file"].startswith(f"upload/{project}/")
    path = f"/api/projects/{project}/file-uploads"
    assert [one["id"] for one in api("GET", f"{path}?all=true").json] == [
        first["id"],
        second["id"],
        third["id"],
    ]
    assert [one["id"] for one in api("GET", f"{path}?ids=[{third['id']}]").json] == [third["id"]]
    gone = api("DELETE", path, json={"file_upload_ids": [first["id"]]})
    assert (gone.status_code, gone.json) == (200, {"deleted": 1})
    assert api("DELETE", f"/api/import/file-upload/{second['id']}").status_code == 204
    assert api("GET", f"/data/{second['file']}").status_code == 404
    assert api("DELETE", path).json == {"deleted": 1}
    assert list((house.ctx.media / "upload" / str(project)).iterdir()) == []


def test_a_file_has_its_type_and_may_do_nothing(api: Api, picture: bytes) -> None:
    file = upload(api, api.project(BOXES), "cat.png", picture)
    answer = api("GET", f"/data/{file['file']}")
    assert (answer.status_code, answer.data) == (200, picture)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("x.html", b"<script>alert(1)</script>"),
        ("x.xml", b"<a xmlns:h='http://www.w3.org/1999/xhtml'><h:script>alert(1)</h:script></a>"),
        ("x.pdf", b"%PDF-1.4 /JS (app.alert(1))"),
    ],
)
def test_documents_are_handed_over_as_files(api: Api, name: str, content: bytes) -> None:
    file = upload(api, api.project(SENTIMENT), name, content)
    answer = api("GET", f"/data/{file['file']}")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_ranges_and_conditions_are_answered(api: Api) -> None:
    content = bytes(range(256)) * 100
    file = upload(api, api.project(SENTIMENT), "a.wav", b"RIFF" + content)
    path, whole = f"/data/{file['file']}", b"RIFF" + content
    answer = api("GET", path)
    assert answer.headers["Accept-Ranges"] == "bytes"
    for range_, expected in (
        ("bytes=0-9", whole[:10]),
        ("bytes=100-", whole[100:]),
        ("bytes=-5", whole[-5:]),
    ):
        part = api("GET", path, headers={"Range": range_})
        assert (part.status_code, part.data) == (206, expected)
        assert part.headers["Content-Range"].endswith(f"/{len(whole)}")
    assert api("GET", path, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416
    same = api("GET", path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")


@pytest.mark.parametrize(
    "name",
    ["../../evil.txt", "..\\..\\evil.txt", "/etc/cron.d/evil.txt", "a" * 400 + ".txt", "quote\"'<b>.txt", "名前 一.txt",
     "\u202etxt.exe.txt", "new\nline.txt", "%2e%2e%2fevil.txt", ".hidden.txt", "con.txt"],
    ids=["dots", "backslash", "absolute", "long", "quotes", "chinese", "bidi", "newline", "escaped",
    "hidden",
         "device"],
)  # fmt: skip
def test_odd_names_are_stored_inside_and_read_back(api: Api, house: House, name: str) -> None:
    project = api.project(SENTIMENT)
    path = f"/api/projects/{project}/import?commit_to_project=false"
    answer = api("POST", path, data={"f": (io.BytesIO(b"text"), name)})
    if answer.status_code == 400:  # the multipart header cannot hold such a name
        assert "\n" in name or '"' in name
        assert not (house.ctx.media / "upload" / str(project)).exists()
        return
    file = api("GET", f"/api/import/file-upload/{answer.json['file_upload_ids'][0]}").json
    stored = file["file"].removeprefix(f"upload/{project}/")
    assert re.fullmatch(r"[0-9a-f]{8}-[^/\\\x00-\x1f\"'<>\u202a-\u202e]+", stored)
    assert len(stored) < 150
    assert [path.name for path in (house.ctx.media / "upload" / str(project)).iterdir()] == [stored]
    assert api("GET", f"/data/{file['file']}").data == b"text"


def test_a_name_of_nothing_is_refused(api: Api) -> None:
    project = api.project(SENTIMENT)
    answer = api("POST", f"/api/projects/{project}/import", data={"f": (io.BytesIO(b"x"), "???.txt")})
    assert answer.status_code in (201, 400)
    assert (
        api("POST", f"/api/projects/{project}/import", data={"f": (io.BytesIO(b"x"), ".")}).status_code == 400
    )


@pytest.mark.parametrize(
    "path",
    ["../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "..\\..\\etc\\passwd", "/etc/passwd",
     "....//....//etc/passwd", "..%252f..%252fetc%252fpasswd", "%00", "a%00b", "x" * 5000, "..%c0%af..%c0%afetc/passwd",
     "%ff%fe", "1/2/3", ".", "..", "labelwright.sqlite3", "../../labelwright.sqlite3"],
)  # fmt: skip
def test_paths_that_lead_elsewhere_are_not_found(api: Api, path: str) -> None:
    project = api.project(SENTIMENT)
    for base in (f"/data/upload/{project}/", "/data/upload/", "/data/"):
        answer = api("GET", base + path)
        assert answer.status_code in (400, 404), base + path
        assert b"root:" not in answer.data


def test_a_link_out_of_the_folder_is_not_followed(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    file = upload(api, project, "a.txt", b"mine")
    path = house.ctx.media / file["file"]
    path.unlink()
    path.symlink_to("/etc/passwd")
    assert api("GET", f"/data/{file['file']}").status_code == 404


def test_strangers_and_visitors_get_nothing(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    file = upload(api, project, "a.txt", b"mine")
    stranger = house.api(f"visitor{project}@example.org", organization="Elsewhere")
    own = stranger.project(SENTIMENT)
    name = file["file"].rpartition("/")[2]
    for path in (f"/data/{file['file']}", f"/data/upload/{own}/{name}", f"/api/import/file-upload/{file['id']}",
                 f"/api/projects/{project}/file-uploads"):  # fmt: skip
        assert stranger("GET", path).status_code == 404, path
    assert stranger("DELETE", f"/api/import/file-upload/{file['id']}").status_code == 404
    body = {"file_upload_ids": [file["id"]]}
    assert stranger("DELETE", f"/api/projects/{own}/file-uploads", json=body).json == {"deleted": 0}
    assert stranger("POST", f"/api/projects/{own}/reimport", json=body).json["task_count"] == 0
    assert stranger("POST", f"/api/projects/{own}/import?file_upload_ids={file['id']}").status_code == 400
    visitor = Api(house.app.test_client(), "")
    answer = visitor("GET", f"/data/{file['file']}", headers={"Authorization": ""})
    assert answer.status_code == 401
    assert answer.is_json
    assert api("GET", f"/data/{file['file']}").data == b"mine"


@pytest.mark.parametrize("size", [(30_000, 30_000)])
def test_a_flood_of_pixels_is_refused(api: Api, size: tuple[int, int]) -> None:
    """A small file that would unpack to gigabytes."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    png = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    answer = api(
        "POST", f"/api/projects/{api.project(BOXES)}/import", data={"f": (io.BytesIO(png), "flood.png")}
    )
    assert (answer.status_code, answer.json["code"]) == (400, "image-size")

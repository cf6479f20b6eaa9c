"""Configurations, JSON and files made to hurt, sent to the real application: refused at once, or stored harmlessly."""

from __future__ import annotations

import io
import json
import socket
import stat
import time
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.web.application import SENTIMENT, Api, House, mood
from tests.web.pictures import picture
from tests.web.shared import api, house

__all__ = ["api", "house", "picture"]

on_sqlite = pytest.mark.parametrize("shared_url", ["sqlite"], indirect=True)
"""For what is refused, or answered, before anything would be stored."""

# --- configurations -----------------------------------------------------------------------------------------


@pytest.fixture
def nobody_calls() -> Iterator[int]:
    """A port; afterwards, nobody has connected to it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield listener.getsockname()[1]
        with pytest.raises(BlockingIOError):
            listener.accept()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "entity of a file": '<!DOCTYPE v [<!ENTITY x SYSTEM "file:///etc/passwd">]><View>&x;</View>',
    "entity of an address": '<!DOCTYPE v [<!ENTITY x SYSTEM "http://127.0.0.1:PORT/x">]><View>&x;</View>',
    "external DTD": '<!DOCTYPE v SYSTEM "http://127.0.0.1:PORT/x.dtd"><View/>',
    "parameter entity": '<!DOCTYPE v [<!ENTITY % p SYSTEM "http://127.0.0.1:PORT/p"> %p;]><View/>',
    "billion laughs": f'<!DOCTYPE v [<!ENTITY l0 "ha">{LAUGHS}]><View>&l11;</View>',
    "quadratic": f'<!DOCTYPE v [<!ENTITY a "{"a" * 50_000}">]><View>{"&a;" * 5_000}</View>',
    "deep": "<View>" * 20_000 + "</View>" * 20_000,
    "ten megabytes": f"<View>{'<View/>' * 1_500_000}</View>",
    "unclosed": "<View><Text name='t' value='$t'>",
    "two roots": "<View/><View/>",
    "control character": "<View>\x01</View>",
    "not XML": "{}",
}


@on_sqlite
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_configuration_is_refused_wherever_it_is_given(
    api: Api, nobody_calls: int, name: str
) -> None:
    project = api.project(SENTIMENT)
    body = {"title": "x", "label_config": HOSTILE[name].replace("PORT", str(nobody_calls))}
    start = time.process_time()
    for method, path in (("POST", "/api/projects/"), ("PATCH", f"/api/projects/{project}/"),
                         ("POST", "/api/projects/validate/"), ("POST", f"/api/projects/{project}/validate/"),
                         ("POST", f"/api/projects/{project}/sample-task")):  # fmt: skip
        answer = api(method, path, json=body)
        assert answer.status_code in (400, 413), f"{path}: {answer.status_code}"
        assert "root:" not in answer.text
    checked = api("POST", "/api/label-config/check", json=body)
    assert checked.json["tree"] is None
    assert checked.json["problems"][0]["level"] == "error"
    assert time.process_time() - start < 5
    assert api("GET", f"/api/projects/{project}/").json["label_config"] == SENTIMENT


@on_sqlite
@pytest.mark.parametrize("value", ["null", "7", "[]", '{"a":1}', "true", '"\\u0000"', '"\\ud800"'])
def test_a_configuration_is_a_text(api: Api, value: str) -> None:
    body = f'{{"title":"x","label_config":{value}}}'
    assert (
        api("POST", "/api/projects/validate/", data=body, content_type="application/json").status_code == 400
    )


@on_sqlite
def test_nothing_is_included_from_elsewhere(api: Api, nobody_calls: int) -> None:
    xml = (
        '<View xmlns:xi="http://www.w3.org/2001/XInclude">'
        f'<xi:include href="http://127.0.0.1:{nobody_calls}/x" parse="text"/></View>'
    )
    answer = api("POST", "/api/label-config/check", json={"label_config": xml})
    assert answer.status_code == 200
    assert "root:" not in answer.text


# --- JSON ---------------------------------------------------------------------------------------------------

REFUSED = {
    "NaN": b'{"text":NaN}', "Infinity": b'{"text":-Infinity}', "too large a number": b'{"text":1e400}',
    "deep": b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "surrogate": b'{"text":"\\ud800"}',
    "NUL": b'{"text":"a\\u0000"}', "no UTF-8": b'{"text":"\xff"}', "no JSON": b"{'text':1}", "cut": b'{"text":',
    "scalar": b"7", "text": b'"x"',
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_json_that_cannot_be_kept_is_refused_by_every_door(api: Api, name: str) -> None:
    project, data = api.project(SENTIMENT), REFUSED[name]
    task = api.task(project, text="a text")
    bodies = [
        ("POST", "/api/tasks/", b'{"project":%d,"data":%b}' % (project, data)),
        ("PATCH", f"/api/tasks/{task}/", b'{"data":%b}' % data),
        ("POST", f"/api/projects/{project}/import", b'[{"data":%b}]' % data),
        ("POST", f"/api/projects/{project}/import", data),
        ("POST", f"/api/tasks/{task}/annotations/", b'{"result":%b}' % data),
        ("POST", f"/api/tasks/{task}/drafts", b'{"result":%b,"lead_time":1}' % data),
        ("POST", "/api/predictions/", b'{"task":%d,"result":%b}' % (task, data)),
    ]
    for method, path, body in bodies:
        answer = api(method, path, data=body, content_type="application/json")
        assert answer.status_code == 400, f"{path}: {answer.status_code} {answer.text[:200]}"
    assert api.counts(project)["task_number"] == 1
    shown = api("GET", f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true")
    assert json.loads(shown.data)[0]["data"] == {"text": "a text"}


def test_a_draft_of_nonsense_harms_nobody(api: Api) -> None:
    """Label Studio keeps whatever a draft holds; nothing that reads it may fall over it."""
    task = api.task(api.project(SENTIMENT), text="a text")
    for number, nonsense in enumerate([[[1]], [None], ["x"], [{"id": {}}], {"a": 1}, [{"type": "relation"}]]):
        kept = api("POST", f"/api/tasks/{task}/drafts", json={"result": nonsense, "lead_time": 1})
        assert kept.status_code in (201, 400)
        if kept.status_code == 400:
            continue
        change = {
            "revision": kept.json["revision"],
            "client": f"00000000-0000-4000-8000-00000000000{number}",
            "seq": 1,
        }
        ops = [
            {"op": "set", "key": "m1/mood/choices", "value": mood()},
            {"op": "order", "keys": ["m1/mood/choices"]},
        ]
        assert api("PATCH", f"/api/drafts/{kept.json['id']}", json=change | {"ops": ops}).status_code in (
            200,
            400,
        )
        assert api("GET", f"/api/tasks/{task}").status_code == 200


def test_json_in_another_encoding_is_refused_or_read_as_what_it_is(api: Api) -> None:
    project = api.project(SENTIMENT)
    body = '[{"text":"\u732b"}]'.encode("utf-16")
    answer = api("POST", f"/api/projects/{project}/import", data=body, content_type="application/json")
    assert answer.status_code in (201, 400)
    tasks = api("GET", f"/api/tasks?project={project}&fields=all").json["tasks"]
    assert [task["data"] for task in tasks] == [{"text": "猫"}] * (answer.status_code == 201)


def test_large_numbers_and_double_names_come_back_as_they_went_in(api: Api) -> None:
    project = api.project(SENTIMENT)
    data = b'{"text":"x","n":123456789012345678901234567890,"f":1.10,"a":1,"a":2}'
    answer = api(
        "POST", f"/api/projects/{project}/import", data=b"[%b]" % data, content_type="application/json"
    )
    assert answer.status_code == 201
    exported = api("GET", f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true").data
    assert b"123456789012345678901234567890" in exported
    assert json.loads(exported)[0]["data"]["n"] == 123456789012345678901234567890


@on_sqlite
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-python-pickle", b"\x80\x04cos\nsystem\n(S'id'\ntR."),
        ("application/x-yaml", b"!!python/object/apply:os.system ['id']"),
        ("application/json; charset=utf-7", b'[{"text":"+ADw-script+AD4-"}]'),
        ("application/msgpack", b"\x91\x81"),
    ],
)  # fmt: skip
def test_nothing_but_json_and_forms_is_read(api: Api, content_type: str, body: bytes) -> None:
    project = api.project(SENTIMENT)
    for path in (f"/api/projects/{project}/import", "/api/tasks/"):
        answer = api("POST", path, data=body, content_type=content_type)
        assert answer.status_code in (400, 415), answer.text
    assert api.counts(project)["task_number"] == 0


# --- files --------------------------------------------------------------------------------------------------


def send(api: Api, project: int, name: str, content: bytes, *, commit: bool = True) -> TestResponse:
    path = f"/api/projects/{project}/import" + ("" if commit else "?commit_to_project=false")
    return api("POST", path, data={"f": (io.BytesIO(content), name)})


@on_sqlite
@pytest.mark.parametrize(
    "name",
    ["a.php", "a.exe", "a.tar", "a.tar.gz", "a.gz", "a.docx", "a.py", "a.sh", "a.html.php", "a", "a.", ".htaccess",
     "a.JSP", "a.png.exe", "a.png%00.php", "a.7z", "a.rar"],
)  # fmt: skip
def test_other_kinds_of_files_are_refused_packed_ones_too(api: Api, house: House, name: str) -> None:
    project = api.project(SENTIMENT)
    answer = send(api, project, name, b"PK\x03\x04")
    assert answer.status_code == 400
    assert "extension is not supported" in answer.text
    assert not [path for path in (house.ctx.media / "upload" / str(project)).glob("*")]


@on_sqlite
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", b"<html><script>alert(1)</script>"), ("a.png", b"GIF89a/*"), ("a.jpg", b"<svg onload=alert(1)>"),
        ("a.gif", b"GIF89a=1;alert(1)"), ("a.webp", b"RIFF<script>"), ("a.wav", b"<html>"), ("a.mp4", b"<html>"),
        ("a.pdf", b"<script>"), ("a.bmp", b"BM<script>"), ("a.ogg", b"MZ"), ("a.png", b"PK\x03\x04"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_what_it_says_is_refused(api: Api, name: str, content: bytes) -> None:
    assert send(api, api.project(SENTIMENT), name, content).status_code == 400


def test_a_picture_with_a_page_behind_it_stays_a_picture(api: Api, picture: bytes) -> None:
    answer = send(api, api.project(SENTIMENT), "a.png", picture + b"<script>alert(1)</script>", commit=False)
    file = api("GET", f"/api/import/file-upload/{answer.json['file_upload_ids'][0]}").json["file"]
    served = api("GET", f"/data/{file}")
    assert served.mimetype == "image/png"
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served.headers["Content-Security-Policy"]


BOMBS = {
    "a.json": b"[" * 1_000_000, "b.json": b'[{"text":' + b"[" * 500_000, "c.json": b'{"' + b"a" * 5_000_000,
    "a.csv": b"text\n" + b"\x00" * 10, "b.csv": b'text\n"' + b"x" * 3_000_000, "c.csv": b"," * 60_000 + b"\n1\n",
    "a.tsv": b"text\n" + b"\xff\xfe\xff", "a.txt": b"\x00\x00",
}  # fmt: skip


@on_sqlite
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_in_a_table_or_a_list_is_refused_at_once(api: Api, name: str) -> None:
    project = api.project(SENTIMENT)
    start = time.process_time()
    assert send(api, project, name, BOMBS[name]).status_code == 400
    assert time.process_time() - start < 5
    assert api.counts(project)["task_number"] == 0


ELSEWHERE = [
    "../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/keys.json", "..\\..\\keys.json",
    "//etc/passwd",
    "....//....//keys.json", "..%252f..%252fkeys.json", "%00", "a%00.png", "keys.json", "..%c0%af..%c0%afkeys.json",
    "labelwright.sqlite3", "~root/.ssh/id_rsa", ".", "..",
]  # fmt: skip


@on_sqlite
@pytest.mark.parametrize(
    "base", ["/data/avatars/", "/static/", "/plugins/tag_image/x/", "/data/upload/", "/data/"]
)
def test_no_address_leads_out_of_a_folder(api: Api, base: str) -> None:
    for path in ELSEWHERE:
        answer = api("GET", base + path)
        assert answer.status_code in (400, 404), f"{base}{path}: {answer.status_code}"
        assert b"root:" not in answer.data
        assert b"signing" not in answer.data


@on_sqlite
def test_an_export_type_is_no_path(api: Api) -> None:
    project = api.project(SENTIMENT)
    for kind in ("../../etc/passwd", "JSON/../x", "file:///etc/passwd", "%00", "x" * 5000, ""):
        answer = api("GET", f"/api/projects/{project}/export", query_string={"exportType": kind})
        assert answer.status_code in (200, 400), kind
        assert b"root:" not in answer.data


@on_sqlite
def test_what_people_sent_is_not_for_everybody_on_the_machine(api: Api, house: House) -> None:
    send(api, api.project(SENTIMENT), "a.txt", b"x")
    folder = house.ctx.settings.data_dir
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert stat.S_IMODE((folder / "keys.json").stat().st_mode) == 0o600
    assert files
    open_to_all = [path for path in files if path.stat().st_mode & stat.S_IWOTH]
    assert open_to_all == []
    assert not stat.S_IMODE(folder.stat().st_mode) & (stat.S_IWGRP | stat.S_IRWXO) or _parents_are_closed(
        folder
    )


def _parents_are_closed(folder: Any) -> bool:
    return any(not parent.stat().st_mode & stat.S_IXOTH for parent in folder.parents)

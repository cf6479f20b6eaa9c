"""Folders as sources: set up, tried, synchronised, shown; Label Studio's addresses and answers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from labelwright.jobs.runner import Runner
from labelwright.models import Job, now
from tests.web.application import BOXES, SENTIMENT, Api, House

FIELDS = {
    "id", "type", "synchronizable", "path", "regex_filter", "use_blob_urls", "last_sync", "last_sync_count",
    "last_sync_job", "status", "traceback", "meta", "title", "description", "created_at", "recursive_scan", "project",
}  # fmt: skip
"""As a Label Studio 1.23.2 answers."""


def source(api: Api, folder: Path, label_config: str = BOXES, **fields: Any) -> dict[str, Any]:
    body = {"project": api.project(label_config), "path": str(folder), "use_blob_urls": True, **fields}
    answer = api("POST", "/api/storages/localfiles/", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def synced(api: Api, storage: dict[str, Any]) -> dict[str, Any]:
    answer = api("POST", f"/api/storages/localfiles/{storage['id']}/sync")
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def tasks(api: Api, project: int) -> list[dict[str, Any]]:
    return list(api("GET", f"/api/tasks?project={project}&fields=all&page_size=500").json["tasks"])


def test_files_become_tasks_once_and_are_shown(api: Api, folder: Path) -> None:
    (folder / "b").mkdir()
    for name in ("1.png", "b/2.png", "notes.txt", ".hidden.png"):
        (folder / name).write_bytes(b"\x89PNG bytes of " + name.encode())
    storage = source(api, folder, regex_filter=r".*\.png", recursive_scan=True, title="Pictures")
    assert storage.keys() == FIELDS
    assert storage | {"status": "initialized", "type": "localfiles", "title": "Pictures"} == storage
    done = synced(api, storage)
    assert (done["status"], done["last_sync_count"], done["traceback"]) == ("completed", 2, None)
    found = tasks(api, storage["project"])
    addresses = [task["data"]["image"] for task in found]
    assert addresses == [f"/data/local-files/?d={folder.name}/{name}" for name in ("1.png", "b/2.png")]
    assert [task["storage_filename"] for task in found] == [f"{folder}/1.png", f"{folder}/b/2.png"]
    picture = api("GET", addresses[1])
    assert (picture.status_code, picture.data) == (200, b"\x89PNG bytes of b/2.png")
    assert (picture.headers["X-Content-Type-Options"], picture.content_type) == ("nosniff", "image/png")
    (folder / "3.png").write_bytes(b"\x89PNG")
    again = synced(api, storage)
    assert (again["last_sync_count"], again["meta"]["tasks_existed"]) == (1, 2)
    assert api.counts(storage["project"])["task_number"] == 3
    api("DELETE", f"/api/tasks/{found[0]['id']}/")
    assert synced(api, storage)["last_sync_count"] == 1, "what was deleted comes again, as in Label Studio"


def test_a_part_of_a_file_is_sent_and_what_is_known_is_not_sent_again(api: Api, folder: Path) -> None:
    (folder / "film.mp4").write_bytes(bytes(range(100)))
    storage = source(api, folder)
    synced(api, storage)
    address = f"/data/local-files/?d={folder.name}/film.mp4"
    part = api("GET", address, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data, part.headers["Content-Range"]) == (
        206,
        bytes(range(10, 20)),
        "bytes 10-19/100",
    )
    last = api("GET", address, headers={"Range": "bytes=-5"})
    assert (last.data, last.headers["Content-Range"]) == (bytes(range(95, 100)), "bytes 95-99/100")
    rest = api("GET", address, headers={"Range": "bytes=90-"})
    assert (rest.data, rest.headers["Content-Length"]) == (bytes(range(90, 100)), "10")
    assert api("GET", address, headers={"Range": "bytes=100-"}).status_code == 416
    same = api("GET", address, headers={"If-None-Match": api("GET", address).headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    assert api("HEAD", address).headers["Content-Length"] == "100"


def test_lists_of_tasks_come_with_their_answers_and_bad_files_are_named(api: Api, folder: Path) -> None:
    prediction = {"model_version": "v1", "result": [], "score": 0.5}
    (folder / "1.json").write_text(json.dumps({"data": {"text": "one"}, "predictions": [prediction]}))
    (folder / "2.json").write_text(json.dumps([{"text": "two"}, {"text": "three"}]))
    (folder / "3.jsonl").write_text('{"text": "four"}\n{"text": "five"}\n')
    (folder / "4.csv").write_text("text\nsix\n")
    (folder / "5.json").write_text('[{"text": "seven"}, {"other": 1}]')
    (folder / "6.json").write_text("{")
    (folder / "7.png").write_bytes(b"\x89PNG")
    storage = source(api, folder, SENTIMENT, use_blob_urls=False)
    done = synced(api, storage)
    assert (done["status"], done["last_sync_count"]) == ("completed_with_errors", 6)
    found = tasks(api, storage["project"])
    assert [task["data"]["text"] for task in found] == ["one", "two", "three", "four", "five", "six"]
    assert found[0]["total_predictions"] == 1
    wrong = done["traceback"].splitlines()
    assert [line.split(":")[0] for line in wrong] == [
        f"{folder}/{name}" for name in ("5.json", "6.json", "7.png")
    ]
    assert '"text" key is expected' in wrong[0]
    assert "use_blob_urls" in wrong[2]
    (folder / "6.json").write_text('{"text": "eight"}')
    assert synced(api, storage)["last_sync_count"] == 1


def test_a_large_file_comes_whole_or_not_at_all(api: Api, folder: Path) -> None:
    lines = [json.dumps({"text": f"text {number}"}) for number in range(70)]  # a batch holds 20
    (folder / "good.jsonl").write_text("\n".join(lines))
    (folder / "bad.jsonl").write_text("\n".join([*lines[:50], '{"wrong": 1}', *lines[50:]]))
    storage = source(api, folder, SENTIMENT, use_blob_urls=False)
    done = synced(api, storage)
    assert (done["status"], done["last_sync_count"]) == ("completed_with_errors", 70)
    assert api.counts(storage["project"])["task_number"] == 70
    found = tasks(api, storage["project"])
    assert {task["storage_filename"] for task in found} == {f"{folder}/good.jsonl"}
    assert len({task["inner_id"] for task in found}) == 70


def test_a_sync_as_a_job_shows_its_progress_and_goes_on_after_a_crash(
    house: House, api: Api, folder: Path, work: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(50):
        (folder / f"{number:02}.png").write_bytes(b"\x89PNG")
    storage = source(api, folder)
    answer = api(
        "POST", f"/api/storages/localfiles/{storage['id']}/sync", headers={"Prefer": "respond-async"}
    )
    assert (answer.status_code, answer.json["kind"], answer.json["state"]) == (202, "storage-sync", "queued")
    job = answer.json["id"]
    twice = api("POST", f"/api/storages/localfiles/{storage['id']}/sync", headers={"Prefer": "respond-async"})
    assert twice.json["id"] == job, "one at a time"
    shown = api("GET", f"/api/storages/localfiles/{storage['id']}/").json
    assert (shown["status"], shown["last_sync_job"]) == ("queued", str(job))

    from labelwright.services.imports import rows

    calls: list[int] = []
    real = rows.insert

    def dies(*args: Any, **kwargs: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise MemoryError("the process dies here")
        real(*args, **kwargs)

    monkeypatch.setattr(rows, "insert", dies)
    work.run(job)
    assert api.counts(storage["project"])["task_number"] == 20, "the batch that was committed"
    with house.ctx.database.write() as session:
        session.execute(update(Job).where(Job.id == job).values(not_before=now()))
    work.run(job)
    ended = api("GET", f"/api/jobs/{job}").json
    assert (ended["state"], ended["result"]) == ("done", {"created": 50, "existed": 0, "failed": 0})
    shown = api("GET", f"/api/storages/localfiles/{storage['id']}/").json
    assert (shown["status"], shown["last_sync_count"], shown["meta"]["tasks_existed"]) == ("completed", 50, 0)
    assert api.counts(storage["project"])["task_number"] == 50


def test_a_storage_is_changed_tried_looked_into_and_forgotten(api: Api, folder: Path) -> None:
    for name in ("a.png", "b.png", "c.png"):
        (folder / name).write_bytes(b"\x89PNG")
    storage = source(api, folder)
    path, project = f"/api/storages/localfiles/{storage['id']}", storage["project"]
    assert api("PATCH", path, json={"title": "New", "regex_filter": "a.*"}).json["title"] == "New"
    assert api("PATCH", path, json={"path": "/nowhere"}).status_code == 400
    shown = api("GET", path).json
    assert (shown["path"], shown["title"]) == (str(folder), "New")
    body = {"project": project, "path": str(folder), "use_blob_urls": True}
    assert api("POST", "/api/storages/localfiles/validate", json=body).status_code == 200
    assert api("POST", "/api/storages/localfiles/validate", json={"id": storage["id"]}).status_code == 200
    files = api("POST", "/api/storages/localfiles/files", json=body | {"limit": 2}).json["files"]
    assert [one["key"] for one in files] == [f"{folder}/a.png", f"{folder}/b.png", None]
    assert files[0]["size"] == 4
    assert [one["id"] for one in api("GET", f"/api/storages/localfiles/?project={project}").json] == [
        storage["id"]
    ]
    assert [one["id"] for one in api("GET", f"/api/storages/?project={project}").json] == [storage["id"]]
    assert api("GET", "/api/storages/localfiles/").status_code == 400
    assert {"name": "localfiles", "title": "Local files"} in api("GET", "/api/storages/types").json
    api("PATCH", path, json={"synchronizable": False})
    refused = api("POST", f"{path}/sync")
    assert (refused.status_code, [*refused.json["validation_errors"]]) == (400, ["synchronizable"])
    api("PATCH", path, json={"synchronizable": True})
    synced(api, storage)
    assert api("DELETE", path).status_code == 204
    assert api("GET", path).status_code == 404
    [task] = tasks(api, project)
    assert api("GET", task["data"]["image"]).status_code == 404, "nobody's file any more"


@pytest.mark.parametrize(
    "given", ["/", "/etc", "/proc/self", "relative", "", "../..", "{root}", "{root}/../..", "{root}/none"]
)
def test_a_folder_outside_of_what_is_open_is_refused(api: Api, root: Path, given: str) -> None:
    project = api.project()
    path = given.format(root=root)
    for address in ("/api/storages/localfiles/", "/api/storages/localfiles/validate"):
        refused = api("POST", address, json={"project": project, "path": path})
        assert refused.status_code == 400, refused.text
        [words] = refused.json["validation_errors"]["non_field_errors"]
        assert path in words
    assert api("GET", f"/api/storages/localfiles/?project={project}").json == []


def test_no_link_leads_out(api: Api, folder: Path, tmp_path: Path, house: House) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"secret")
    (folder / "good.png").write_bytes(b"\x89PNG")
    os.symlink(secret, folder / "file.png")
    os.symlink(tmp_path, folder / "folder")
    os.symlink(house.ctx.settings.data_dir, folder / "data")
    storage = source(api, folder, recursive_scan=True)
    assert synced(api, storage)["last_sync_count"] == 1
    name = folder.name
    for d in (f"{name}/file.png", f"{name}/folder/secret.png", f"{name}/data/keys.json", f"{name}/../{name}/good.png",
              f"{name}/./good.png", str(secret), "etc/passwd", "../../etc/passwd", f"{name}//good.png",
              f"{name}/good.png%00", f"{name}\\good.png", ""):  # fmt: skip
        answer = api("GET", "/data/local-files/", query_string={"d": d})
        assert answer.status_code in (400, 404), d
        assert b"secret" not in answer.data
    os.unlink(folder / "good.png")
    os.symlink(secret, folder / "good.png")
    assert api("GET", f"/data/local-files/?d={name}/good.png").status_code == 404, (
        "looked at again when it is sent"
    )


def test_another_organisation_sees_nothing_of_it(api: Api, house: House, folder: Path) -> None:
    (folder / "1.png").write_bytes(b"\x89PNG")
    storage = source(api, folder)
    synced(api, storage)
    [task] = tasks(api, storage["project"])
    other = house.api("other@example.org", organization="Others")
    path, project = f"/api/storages/localfiles/{storage['id']}", storage["project"]
    body = {"project": project, "path": str(folder)}
    refused = [
        other("GET", path), other("PATCH", path, json={"title": "x"}), other("DELETE", path),
        other("POST", f"{path}/sync"), other("GET", f"/api/storages/localfiles/?project={project}"),
        other("POST", "/api/storages/localfiles/", json=body), other("GET", f"/api/storages/?project={project}"),
        other("POST", "/api/storages/localfiles/validate", json=body),
        other("POST", "/api/storages/localfiles/files", json={"id": storage["id"]}),
        other("GET", task["data"]["image"]), other("GET", f"/tasks/{task['id']}/resolve/?fileuri=YQ"),
        other("GET", f"/projects/{project}/resolve/?fileuri=YQ"),
    ]  # fmt: skip
    assert [answer.status_code for answer in refused] == [404] * len(refused)
    assert house.app.test_client().get(task["data"]["image"]).status_code == 401


def test_bad_filters_are_refused(api: Api, folder: Path) -> None:
    for pattern in ("(", "(?=x)", "x" * 2000):
        body = {"project": api.project(), "path": str(folder), "regex_filter": pattern}
        refused = api("POST", "/api/storages/localfiles/", json=body)
        assert (refused.status_code, [*refused.json["validation_errors"]]) == (400, ["regex_filter"])

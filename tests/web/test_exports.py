"""Exports over HTTP: Label Studio's headers, each format, snapshots, and nothing of anybody else's."""

from __future__ import annotations

import csv
import io
import json
import re
import threading
import uuid
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from labelwright.models import Export, View, now
from labelwright.services.exports import key_frames, snapshots
from tests.web.application import BOXES, SENTIMENT, Api, House, box, mood
from tests.web.pictures import picture
from tests.web.shared import api, house

__all__ = ["api", "house", "picture"]


@pytest.fixture
def project(api: Api) -> int:
    """Four tasks: answered, answered twice, skipped, open."""
    made = api.project(SENTIMENT)
    answer = api("POST", f"/api/projects/{made}/import", json=[
        {"data": {"text": "one"}, "annotations": [{"result": [mood()]}]},
        {"data": {"text": "two"}, "annotations": [{"result": [mood("Bad")]}, {"result": [mood()]}],
         "predictions": [{"result": "Bad", "score": 0.5}]},
        {"data": {"text": "three"}, "annotations": [{"result": [], "was_cancelled": True}]},
        {"data": {"text": "four"}},
    ])  # fmt: skip
    assert answer.status_code == 201, answer.text
    return made


def export(api: Api, project: int, query: str = "") -> Any:
    answer = api("GET", f"/api/projects/{project}/export{query}")
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text)


def texts(tasks: list[dict[str, Any]]) -> list[str]:
    return [task["data"]["text"] for task in tasks]


def test_the_headers_are_label_studios(api: Api, project: int) -> None:
    answer = api("GET", f"/api/projects/{project}/export")
    assert answer.headers["Content-Type"] == "application/.json"
    name = answer.headers["filename"]
    assert re.fullmatch(rf"project-{project}-at-\d{{4}}-\d\d-\d\d-\d\d-\d\d-[0-9a-f]{{8}}\.json", name)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_tables_are_label_studios_and_say_what_can_be_switched(api: Api, project: int) -> None:
    answer = api("GET", f"/api/projects/{project}/export?exportType=CSV&bom=1")
    assert (answer.headers["Content-Type"], answer.data[:3]) == ("application/.csv", b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert [(row["text"], row["mood"]) for row in rows] == [
        ("one", "Good"), ("two", "Good"), ("two", "Bad"),
    ]  # fmt: skip
    refused = api("GET", f"/api/projects/{project}/export?exportType=TSV&guard_formulas=perhaps")
    assert (refused.status_code, list(refused.json["validation_errors"])) == (400, ["guard_formulas"])
    formats = {one["name"]: one for one in api("GET", f"/api/projects/{project}/export/formats").json}
    assert [(one["name"], one["value"]) for one in formats["TSV"]["options"]] == [
        ("bom", False), ("guard_formulas", False),
    ]  # fmt: skip
    assert "options" not in formats["JSON"]


def test_only_answered_tasks_are_exported_unless_all_are_asked_for(api: Api, project: int) -> None:
    assert texts(export(api, project)) == ["one", "two", "three"]
    assert texts(export(api, project, "?download_all_tasks=true")) == ["one", "two", "three", "four"]


def test_ids_pick_tasks(api: Api, project: int) -> None:
    ids = [task["id"] for task in export(api, project, "?download_all_tasks=true")]
    assert texts(export(api, project, f"?ids[]={ids[1]}&ids[]={ids[0]}")) == ["one", "two"]
    assert texts(export(api, project, f"?ids={ids[1]},{ids[2]}")) == ["two", "three"]
    assert export(api, project, "?ids[]=999999999") == []


def test_a_task_has_label_studios_keys(api: Api, project: int) -> None:
    task = export(api, project)[1]
    assert {"id", "annotations", "drafts", "predictions", "data", "meta", "created_at", "updated_at", "inner_id",
            "total_annotations", "cancelled_annotations", "total_predictions", "project"} <= set(task)  # fmt: skip
    assert "file_upload" not in task
    assert len(task["predictions"]) == 1
    assert isinstance(task["predictions"][0], int)
    annotation = task["annotations"][0]
    assert {"id", "completed_by", "result", "was_cancelled", "ground_truth", "lead_time", "result_count", "unique_id",
            "last_action", "parent_prediction"} <= set(annotation)  # fmt: skip


def test_every_annotation_has_a_unique_id_in_every_export(api: Api) -> None:
    project = api.project(SENTIMENT)
    given = [{"data": {"text": "a"}, "annotations": [{"result": [mood()], "unique_id": "theirs"}] * 2}]
    assert api("POST", f"/api/projects/{project}/import", json=given).status_code == 201
    own = f"own-{project}"
    api.annotate(api.task(project, text="b"), mood(), unique_id=own)
    ids = [one["unique_id"] for task in export(api, project) for one in task["annotations"]]
    assert ids == [one["unique_id"] for task in export(api, project) for one in task["annotations"]]
    assert len({str(uuid.UUID(one)) for one in ids[:2]}) == 2
    assert ids[2] == own


def test_json_min_has_a_record_for_each_answer(api: Api, project: int) -> None:
    records = export(api, project, "?exportType=JSON_MIN")
    assert sorted((record["text"], record["mood"]) for record in records) == [
        ("one", "Good"), ("two", "Bad"), ("two", "Good"),
    ]  # fmt: skip


def test_an_unknown_format_is_refused_naming_those_there_are(api: Api, project: int) -> None:
    for name in ("NOPE", "../../etc/passwd", "json"):
        answer = api("GET", f"/api/projects/{project}/export", query_string={"exportType": name})
        assert answer.status_code == 400
        assert "Allowed: CSV, JSON, JSON_MIN, TSV, YOLO" in answer.json["validation_errors"]["exportType"][0]


def test_formats_come_enabled_first(api: Api, project: int) -> None:
    listed = api("GET", f"/api/projects/{project}/export/formats").json
    assert [one["name"] for one in listed if not one.get("disabled")] == ["JSON", "JSON_MIN", "CSV", "TSV"]
    assert [one["name"] for one in listed if one.get("disabled")] == ["YOLO", "YOLO_WITH_IMAGES"]
    assert (listed[0]["title"], listed[0]["link"]) == ("JSON", "")
    assert listed[0]["description"].startswith("Tasks with their annotations in one file of JSON")
    boxes = api("GET", f"/api/projects/{api.project(BOXES)}/export/formats").json
    assert not any(one.get("disabled") for one in boxes)


def test_yolo_is_a_zip_with_the_pictures_when_asked(api: Api, picture: bytes) -> None:
    project = api.project(BOXES)
    api("POST", f"/api/projects/{project}/import", data={"f": (io.BytesIO(picture), "cat.png")})
    task = export(api, project, "?download_all_tasks=1")[0]
    api.annotate(task["id"], box("Bus"))
    stem = task["data"]["image"].rpartition("/")[2].removesuffix(".png")
    for query, has_picture in (
        ("YOLO", False),
        ("YOLO&download_resources=true", True),
        ("YOLO_WITH_IMAGES", True),
    ):
        answer = api("GET", f"/api/projects/{project}/export?exportType={query}")
        assert answer.headers["Content-Type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            assert archive.testzip() is None
            assert archive.read(f"labels/{stem}.txt") == b"0 0.25 0.4 0.3 0.4\n"
            assert archive.read("classes.txt") == b"Bus\nCar\n"
            assert (f"images/{stem}.png" in archive.namelist()) is has_picture
            if has_picture:
                assert archive.read(f"images/{stem}.png") == picture


def test_media_at_private_addresses_are_left_out(api: Api) -> None:
    project = api.project(BOXES)
    urls = [
        "http://127.0.0.1:1/a.png",
        "file:///etc/passwd",
        "/data/upload/999/x.png",
        "/data/upload/../../../etc/passwd",
    ]
    items = [{"data": {"image": url}, "annotations": [{"result": [box()]}]} for url in urls]
    assert api("POST", f"/api/projects/{project}/import", json=items).status_code == 201
    answer = api("GET", f"/api/projects/{project}/export?exportType=YOLO_WITH_IMAGES")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert [name for name in archive.namelist() if name.startswith("images/")] == ["images/"]
        assert all(not name.startswith(("/", "..")) and "/../" not in name for name in archive.namelist())


def test_chinese_and_html_come_out_as_they_went_in(api: Api) -> None:
    project = api.project(SENTIMENT)
    text = '名前 </script> \u2028 😀 \\ "'
    api("POST", f"/api/projects/{project}/import", json=[{"text": text}])
    assert texts(export(api, project, "?download_all_tasks=1")) == [text]


def test_strangers_find_no_project(api: Api, house: House, project: int) -> None:
    stranger = house.api(f"stranger{project}@example.org", organization="Elsewhere")
    snapshot = api("POST", f"/api/projects/{project}/exports/", json={}).json["id"]
    own = stranger.project(SENTIMENT)
    for path in (
        f"{project}/export", f"{project}/export/formats", f"{project}/exports", f"{project}/exports/{snapshot}",
        f"{project}/exports/{snapshot}/download", f"{own}/exports/{snapshot}", f"{own}/exports/{snapshot}/download",
    ):  # fmt: skip
        assert stranger("GET", f"/api/projects/{path}").status_code == 404, path
    assert stranger("DELETE", f"/api/projects/{project}/exports/{snapshot}").status_code == 404
    assert Api(house.app.test_client(), "")("GET", f"/api/projects/{project}/export").status_code == 401


def test_an_export_is_one_moment(api: Api, house: House) -> None:
    """Tasks that are added while it is read are not in it, and none is there twice."""
    project = api.project(SENTIMENT)
    api("POST", f"/api/projects/{project}/import", json=[{"text": str(n)} for n in range(4500)])
    answer = api("GET", f"/api/projects/{project}/export?download_all_tasks=1", buffered=False)
    pieces = iter(answer.response)
    first = next(pieces)
    writer = threading.Thread(
        target=lambda: house.api()("POST", f"/api/projects/{project}/import", json=[{"text": "late"}] * 10)
    )
    writer.start()
    writer.join()
    tasks = json.loads(first + b"".join(pieces))
    assert texts(tasks) == [str(n) for n in range(4500)]


# --- snapshots -----------------------------------------------------------------------------------------------------


def test_a_snapshot_is_complete_when_it_is_answered(api: Api, project: int) -> None:
    made = api("POST", f"/api/projects/{project}/exports/", json={"title": "Friday"})
    assert made.status_code == 201, made.text
    assert made.json["status"] == "completed"
    assert made.json["counters"] == {"task_number": 4}
    assert made.json["title"] == "Friday"
    listed = api("GET", f"/api/projects/{project}/exports/").json
    assert [one["id"] for one in listed] == [made.json["id"]]
    answer = api("GET", f"/api/projects/{project}/exports/{made.json['id']}/download")
    assert answer.headers["filename"].endswith(".json")
    assert texts(json.loads(answer.text)) == ["one", "two", "three", "four"]


def test_a_snapshot_does_not_change_afterwards(api: Api, project: int) -> None:
    number = api("POST", f"/api/projects/{project}/exports/", json={}).json["id"]
    api("POST", f"/api/projects/{project}/import", json=[{"text": "late"}])
    answer = api("GET", f"/api/projects/{project}/exports/{number}/download")
    assert len(json.loads(answer.text)) == 4
    part = api("GET", f"/api/projects/{project}/exports/{number}/download", headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, answer.data[:10])


def test_a_snapshot_is_converted_once(api: Api, project: int) -> None:
    path = f"/api/projects/{project}/exports/{api('POST', f'/api/projects/{project}/exports/', json={}).json['id']}"
    converted = api("POST", f"{path}/convert", json={"export_type": "JSON_MIN"})
    assert converted.status_code == 200, converted.text
    assert converted.json["export_type"] == "JSON_MIN"
    assert api("POST", f"{path}/convert", json={"export_type": "JSON_MIN"}).status_code == 400
    assert api("POST", f"{path}/convert", json={"export_type": "NOPE"}).status_code == 400
    shown = api("GET", path).json["converted_formats"]
    assert [(one["id"], one["status"]) for one in shown] == [
        (converted.json["converted_format"], "completed")
    ]
    records = json.loads(api("GET", f"{path}/download?exportType=JSON_MIN").text)
    assert len(records) == 4  # three answers, and the task without any


def test_a_snapshot_can_be_deleted(api: Api, house: House, project: int) -> None:
    path = f"/api/projects/{project}/exports/{api('POST', f'/api/projects/{project}/exports/', json={}).json['id']}"
    api("POST", f"{path}/convert", json={"export_type": "JSON_MIN"})
    assert api("DELETE", path).status_code == 204
    assert api("GET", path).status_code == 404
    assert list((house.ctx.media / "export" / str(project)).iterdir()) == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"task_filter_options": {"skipped": "only"}}, ["three"]),
        ({"task_filter_options": {"skipped": "exclude"}}, ["one", "two", "four"]),
        ({"task_filter_options": {"annotated": "only"}}, ["one", "two"]),
        ({"task_filter_options": {"only_with_annotations": True}}, ["one", "two", "three"]),
    ],
)
def test_snapshots_filter_tasks(api: Api, project: int, options: dict[str, Any], expected: list[str]) -> None:
    number = api("POST", f"/api/projects/{project}/exports/", json=options).json["id"]
    assert (
        texts(json.loads(api("GET", f"/api/projects/{project}/exports/{number}/download").text)) == expected
    )


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (None, ["truth", "usual", "skipped", "skipped truth"]),
        ({}, ["usual"]),
        ({"ground_truth": True}, ["truth", "usual", "skipped truth"]),
        ({"skipped": True}, ["usual", "skipped", "skipped truth"]),
        ({"usual": False, "ground_truth": True}, ["truth", "skipped truth"]),
        ({"usual": False}, ["truth", "usual", "skipped", "skipped truth"]),
    ],
    ids=["unspoken", "empty", "truths", "skipped", "truths-alone", "none"],
)
def test_snapshots_keep_kinds_of_annotations(
    api: Api, options: dict[str, bool] | None, expected: list[str]
) -> None:
    project = api.project(SENTIMENT)
    kinds = {
        "truth": {"ground_truth": True}, "usual": {"ground_truth": False},
        "skipped": {"was_cancelled": True, "ground_truth": False}, "skipped truth": {"was_cancelled": True},
    }  # fmt: skip
    annotations = [{"result": [mood()], "lead_time": n, **kind} for n, kind in enumerate(kinds.values())]
    items = [{"data": {"text": "x"}, "annotations": annotations}]
    assert api("POST", f"/api/projects/{project}/import", json=items).status_code == 201
    body = {} if options is None else {"annotation_filter_options": options}
    [task] = snapshot(api, project, body)
    assert [list(kinds)[int(annotation["lead_time"])] for annotation in task["annotations"]] == expected


def snapshot(api: Api, project: int, body: dict[str, Any]) -> Any:
    made = api("POST", f"/api/projects/{project}/exports/", json=body)
    assert made.status_code == 201, made.text
    return json.loads(api("GET", f"/api/projects/{project}/exports/{made.json['id']}/download").text)


def test_snapshots_name_authors_and_drafts_as_label_studio(api: Api, project: int) -> None:
    [task] = [task["id"] for task in snapshot(api, project, {}) if task["data"]["text"] == "two"]
    assert api("POST", f"/api/tasks/{task}/drafts", json={"result": [mood()]}).status_code == 201
    shown = {"drafts": {"only_id": False}, "annotations__completed_by": {"only_id": False}}
    full = next(t for t in snapshot(api, project, {"serialization_options": shown}) if t["id"] == task)
    author = full["annotations"][0]["completed_by"]
    assert list(author) == ["id", "email", "first_name", "last_name"]
    [draft] = full["drafts"]
    assert (draft["user"], draft["created_username"]) == (
        "owner@example.org", f"owner@example.org, {author['id']}",
    )  # fmt: skip
    assert "revision" not in draft
    short = next(t for t in snapshot(api, project, {}) if t["id"] == task)
    assert (short["drafts"], short["annotations"][0]["completed_by"]) == ([draft["id"]], author["id"])
    assert next(t for t in export(api, project) if t["id"] == task)["drafts"] == [draft]


def test_a_snapshots_name_says_what_it_is_of(api: Api, project: int) -> None:
    made = api("POST", f"/api/projects/{project}/exports/", json={}).json
    assert re.fullmatch(r"Street-scenes-at-\d{4}-\d\d-\d\d-\d\d-\d\d", made["title"])
    assert made["task_filter_options"] is made["serialization_options"] is None
    answer = api("GET", f"/api/projects/{project}/exports/{made['id']}/download")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["filename"].endswith(f"-{made['md5'][:8]}.json")


def test_a_view_picks_the_tasks_of_a_snapshot_and_of_an_export(api: Api, house: House, project: int) -> None:
    view, elsewhere = View(project_id=project), View(project_id=api.project(SENTIMENT))
    with house.ctx.database.write() as session:
        session.add_all([view, elsewhere])
    options = {"task_filter_options": {"view": view.id}}
    assert texts(snapshot(api, project, options)) == ["one", "two", "three", "four"]
    assert texts(export(api, project, f"?view={view.id}")) == ["one", "two", "three"]
    options = {"task_filter_options": {"view": elsewhere.id}}
    refused = api("POST", f"/api/projects/{project}/exports/", json=options)
    assert (refused.status_code, list(refused.json["validation_errors"])) == (
        400,
        ["task_filter_options.view"],
    )
    assert api("GET", f"/api/projects/{project}/export?view={elsewhere.id}").status_code == 400


def test_a_proxy_may_ask_who_may_have_a_file(api: Api, house: House, project: int) -> None:
    def asked(by: Api, path: str) -> tuple[int, str]:
        answer = by("GET", "/api/auth/export/", headers={"X-Original-URI": path})
        return answer.status_code, answer.json["detail"]

    assert asked(api, f"/export/{project}-at-2026.json") == (200, "auth ok")
    for path in ("", "/export/x-at.json", f"/export/{project}.json", "/export/../etc/passwd"):
        assert asked(api, path) == (422, "Incorrect filename in export")
    stranger = house.api(f"files{project}@example.org", organization="Elsewhere")
    assert asked(stranger, f"/export/{project}-at-2026.json")[0] == 404
    assert api("GET", f"/api/projects/{project}/export/files").json == {"export_files": []}
    assert stranger("GET", f"/api/projects/{project}/export/files").status_code == 404


def key(frame: int, x: float, *, enabled: bool = True) -> dict[str, Any]:
    return {"x": x, "rotation": 0, "frame": frame, "enabled": enabled, "time": frame / 25}


def test_each_frame_is_exported_when_asked_for(api: Api) -> None:
    project = api.project(SENTIMENT)
    value = {"sequence": [key(1, 0), key(4, 10), key(6, 5, enabled=False), key(9, 1)], "framesCount": 10}
    track = {"id": "t", "from_name": "track", "to_name": "text", "type": "track", "value": value}
    items = [{"data": {"text": "x"}, "annotations": [{"result": [track]}]}]
    assert api("POST", f"/api/projects/{project}/import", json=items).status_code == 201
    whole, filled = export(api, project), export(api, project, "?interpolate_key_frames=true")
    assert whole[0]["annotations"][0]["result"] == [track]
    [item] = filled[0]["annotations"][0]["result"]
    frames = item["value"]["sequence"]
    assert [(frame["frame"], frame.get("auto", False)) for frame in frames] == [
        (1, False), (2, True), (3, True), (4, False), (5, True), (6, False), (9, False), (10, True),
    ]  # fmt: skip
    assert frames[1] == {
        "x": 3.333333333333333,
        "rotation": 0,
        "frame": 2,
        "enabled": True,
        "time": 0.08,
        "auto": True,
    }
    assert (frames[4]["x"], frames[-1]["x"], frames[-1]["time"]) == (7.5, 1, 0.4)
    options = {"serialization_options": {"interpolate_key_frames": True}}
    assert snapshot(api, project, options)[0]["annotations"][0]["result"] == [item]


@pytest.mark.parametrize(
    "value",
    [
        {"sequence": []},
        {"sequence": "none"},
        {"sequence": [{"x": 1}]},
        {"sequence": [key(1, 0), 5]},
        {"sequence": [key(1, 0)], "framesCount": 10**9},
        {"sequence": [key(1, 0), key(10**9, 1)]},
    ],
    ids=["empty", "text", "no-frame", "mixed", "endless", "far"],
)
def test_odd_sequences_are_exported_as_they_are(value: dict[str, Any]) -> None:
    result = json.dumps([{"value": value}, "sequence", {"value": 12345678901234567890123}])
    assert json.loads(key_frames.filled(result)) == json.loads(result)


def test_snapshots_expand_what_is_asked_for(api: Api, project: int) -> None:
    options = {
        "annotation_filter_options": {"usual": True},
        "serialization_options": {"predictions": {"only_id": False}},
    }
    number = api("POST", f"/api/projects/{project}/exports/", json=options).json["id"]
    tasks = json.loads(api("GET", f"/api/projects/{project}/exports/{number}/download").text)
    assert tasks[1]["predictions"][0]["score"] == 0.5
    assert all(task["annotations"] == [] for task in tasks)  # all of them are ground truth


@pytest.mark.parametrize(
    "options", [{"task_filter_options": {"skipped": "perhaps"}}, {"task_filter_options": {"view": 987654}},
                {"task_filter_options": {"view": "x"}}, {"serialization_options": {"drafts": 5}},
                {"serialization_options": {"drafts": {"only_id": "x"}}}, {"annotation_filter_options": [1]}],
)  # fmt: skip
def test_odd_options_are_refused(api: Api, project: int, options: dict[str, Any]) -> None:
    assert api("POST", f"/api/projects/{project}/exports/", json=options).status_code == 400


def test_a_snapshot_whose_request_died_is_marked_failed(api: Api, house: House, project: int) -> None:
    made = api("POST", f"/api/projects/{project}/exports/", json={}).json["id"]
    with house.ctx.database.write() as session:
        row = session.get_one(Export, made)
        row.status, row.created_at = "in_progress", now() - timedelta(hours=2)
    snapshots.clear_up(house.ctx)
    assert api("GET", f"/api/projects/{project}/exports/{made}").json["status"] == "failed"

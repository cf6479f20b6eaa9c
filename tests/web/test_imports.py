"""Imports over HTTP: whole or absent, with Label Studio's answers and words, and counters that are right afterwards."""

from __future__ import annotations

import errno
import io
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from labelwright.errors import InvalidRegion
from labelwright.jobs.runner import Runner
from labelwright.models import AnnotationLabel, DataColumn, FileUpload, Import, Prediction, Project, Task
from labelwright.services import accounts
from labelwright.services.imports import intake
from tests.web.application import BOXES, SENTIMENT, Api, House, box, mood
from tests.web.pictures import picture
from tests.web.shared import api, house

__all__ = ["api", "house", "picture"]

ON_SQLITE = pytest.mark.parametrize("shared_url", ["sqlite"], indirect=True)
"""What is refused before any database is asked need not be refused on both kinds."""

TWO_FIELDS = """<View><Text name="a" value="$a"/><Text name="b" value="$b"/>
<Choices name="c" toName="a"><Choice value="x"/></Choices></View>"""


def post(api: Api, project: int, items: Any, query: str = "", **arguments: Any) -> TestResponse:
    return api("POST", f"/api/projects/{project}/import{query}", json=items, **arguments)


def send(
    api: Api, project: int, *files: tuple[str, bytes | str], query: str = "", **arguments: Any
) -> TestResponse:
    """Upload files: names and contents."""
    form = {
        f"file{place}": (io.BytesIO(content.encode() if isinstance(content, str) else content), name)
        for place, (name, content) in enumerate(files)
    }
    return api("POST", f"/api/projects/{project}/import{query}", data=form, **arguments)


def refusal(answer: TestResponse) -> str:
    """What a refused import says."""
    assert answer.status_code == 400, answer.text
    errors: dict[str, list[str]] = answer.json.get("validation_errors") or {"detail": [answer.json["detail"]]}
    return "\n".join(message for messages in errors.values() for message in messages)


def rows(house: House, model: Any, project: int) -> int:
    column = Project.id if model is Project else model.project_id
    with house.ctx.database.read() as session:
        return session.scalar(select(func.count()).select_from(model).where(column == project)) or 0


def files_of(house: House, project: int) -> list[Path]:
    return [path for path in (house.ctx.media / "upload" / str(project)).rglob("*") if path.is_file()]


def work(house: House, job: int) -> None:
    """Do a job as a worker does."""
    runner = Runner(house.ctx)
    runner.run(job)
    runner.stop()


def tasks_of(api: Api, project: int) -> list[dict[str, Any]]:
    answer = api("GET", f"/api/projects/{project}/export?download_all_tasks=true")
    return list(answer.json if answer.is_json else json.loads(answer.text))


# --- what is answered ----------------------------------------------------------------------------------------------


def test_a_list_is_answered_with_its_counts(api: Api) -> None:
    project = api.project(SENTIMENT)
    answer = post(api, project, [
        {"text": "bare"},
        {"data": {"text": "full"}, "meta": {"from": 1},
         "annotations": [{"id": 77, "result": [mood()], "lead_time": 2.5}, {"result": [], "was_cancelled": True}],
         "predictions": [{"result": [mood("Bad")], "score": 0.5, "model_version": "v1"}]},
    ], "?return_task_ids=true")  # fmt: skip
    assert answer.status_code == 201
    told = answer.json
    assert (told["task_count"], told["annotation_count"], told["prediction_count"]) == (2, 2, 1)
    assert told["file_upload_ids"] == []
    assert told["could_be_tasks_list"] is False
    assert told["found_formats"] == []
    assert len(told["task_ids"]) == 2
    counts = api.counts(project)
    assert counts["task_number"] == 2
    assert counts["total_annotations_number"] == 1  # skipped ones are counted apart
    assert counts["skipped_annotations_number"] == 1
    assert counts["total_predictions_number"] == 1
    assert counts["model_version"] == "v1"


def test_an_object_is_one_task(api: Api) -> None:
    assert post(api, api.project(SENTIMENT), {"text": "one"}).json["task_count"] == 1


def test_bulk_is_the_same_import(api: Api) -> None:
    project = api.project(SENTIMENT)
    answer = api("POST", f"/api/projects/{project}/tasks/bulk/", json=[{"text": "a"}])
    assert (answer.status_code, answer.json["task_count"]) == (201, 1)


def test_imported_annotations_are_ground_truth_unless_they_say_otherwise(api: Api) -> None:
    project = api.project(SENTIMENT)
    post(api, project, [
        {"data": {"text": "a"}, "annotations": [{"result": [mood()]}, {"result": [], "ground_truth": False}]},
    ])  # fmt: skip
    first, second = tasks_of(api, project)[0]["annotations"]
    assert (first["ground_truth"], second["ground_truth"]) == (True, False)
    nobodys = {"last_action": None, "bulk_created": False, "updated_by": None, "last_created_by": None}
    assert {name: first[name] for name in nobodys} == nobodys


def test_the_incoming_id_is_kept_as_import_id(api: Api) -> None:
    project = api.project(SENTIMENT)
    post(api, project, [{"data": {"text": "a"}, "annotations": [{"id": 901, "result": []}]}])
    annotation = tasks_of(api, project)[0]["annotations"][0]
    assert annotation["import_id"] == 901
    assert annotation["id"] != 901


def test_data_comes_back_to_the_letter(api: Api) -> None:
    project = api.project(SENTIMENT)
    data = '{"text":"日本語 \\ud83d\\ude00","n":12345678901234567890123,"x":1.0,"deep":{"b":[1,  2]}}'
    answer = api("POST", f"/api/projects/{project}/import", data=f"[{data}]", content_type="application/json")
    assert answer.status_code == 201
    assert data in api("GET", f"/api/projects/{project}/export?download_all_tasks=true").text


def test_short_predictions_are_written_out(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    answer = post(api, project, [
        {"data": {"text": "a"}, "predictions": [{"result": "Bad"}, {"result": {"mood": "Good"}}]},
    ])  # fmt: skip
    assert answer.status_code == 201, answer.text
    with house.ctx.database.read() as session:
        results = [
            json.loads(text)
            for text in session.scalars(
                select(Prediction.result).where(Prediction.project_id == project).order_by(Prediction.id)
            )
        ]
    assert [result[0]["value"] for result in results] == [{"choices": ["Bad"]}, {"choices": ["Good"]}]
    assert results[0][0]["from_name"] == "mood"
    assert results[0][0]["to_name"] == "text"


def test_a_flat_column_that_says_nothing_is_left_out(api: Api) -> None:
    project = api.project(SENTIMENT)
    items = [
        {"text": "a", "mood": ""},
        {"text": "b", "mood": None},
        {"text": "c"},
        {"text": "d", "mood": "Bad"},
    ]
    answer = post(api, project, items, "?preannotated_from_fields=mood,unknown")
    assert (answer.status_code, answer.json["prediction_count"]) == (201, 1)
    (prediction,) = api("GET", f"/api/predictions?project={project}").json
    assert (prediction["model_version"], prediction["score"]) == ("preannotated", 1.0)


def test_flat_columns_become_predictions(api: Api) -> None:
    project = api.project(SENTIMENT)
    answer = post(api, project, [{"text": "a", "mood": "Bad"}], "?preannotated_from_fields=mood")
    assert (answer.status_code, answer.json["prediction_count"]) == (201, 1)


def test_authors_are_members_by_id_or_mail(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    member = accounts.add(house.ctx, "second@example.org", "correct horse 9")
    owner = api("GET", "/api/current-user/whoami").json["id"]
    post(api, project, [{"data": {"text": "a"}, "annotations": [
        {"result": [], "completed_by": {"email": "Second@example.org"}},
        {"result": [], "completed_by": member},
        {"result": []},
    ]}])  # fmt: skip
    authors = [annotation["completed_by"] for annotation in tasks_of(api, project)[0]["annotations"]]
    assert authors == [member, member, owner]


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ({"email": "no@example.org"}, "Unknown annotator's email no@example.org"),
        (9999, "Import data contains completed_by=9999 which is not a valid annotator's email or ID"),
        (True, "completed_by=True"),
    ],
    ids=["mail", "id", "truth"],
)
def test_unknown_authors_are_refused(api: Api, who: Any, words: str) -> None:
    item = {"data": {"text": "a"}, "annotations": [{"result": [], "completed_by": who}]}
    assert words in refusal(post(api, api.project(SENTIMENT), [item]))


def test_a_stranger_cannot_be_the_author(api: Api, house: House) -> None:
    stranger = house.api("author@example.org", organization="Elsewhere")(
        "GET", "/api/current-user/whoami"
    ).json["id"]
    item = {"data": {"text": "a"}, "annotations": [{"result": [], "completed_by": stranger}]}
    assert f"completed_by={stranger}" in refusal(post(api, api.project(SENTIMENT), [item]))


# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"x": 1}, '"text" key is expected in task data [assume: item as is = task root with values]  :: {"x": 1}'),
        ({"data": {"x": 1}}, '"text" key is expected in task data [assume: item["data"] = task root with values]'),
        ({"data": {"text": {"a": 1}}}, "is of type 'dict'"),
        ({"data": [1]}, "task data must be an object"),
        ({"data": {}}, "task data is empty"),
        (7, "task must be an object"),
        (None, "task must be an object"),
        ({"data": {"text": "a"}, "annotations": [{"result": "x"}]}, '"result" field in annotation must be list'),
        ({"data": {"text": "a"}, "annotations": [{}]}, 'Annotation must have "result" fields'),
        ({"data": {"text": "a"}, "annotations": {"result": []}}, "annotations must be a list"),
        ({"data": {"text": "a"}, "annotations": [5]}, "Annotation must be dict"),
        ({"data": {"text": "a"}, "predictions": [{}]}, 'Prediction must have "result" fields'),
        ({"data": {"text": "a"}, "predictions": [{"result": "Unheard of"}]}, "Unheard of"),
        ({"data": {"text": "a"}, "predictions": [{"result": [], "score": "x"}]}, "score must be a number"),
        ({"data": {"text": "a"}, "annotations": [{"result": [{"value": 5}]}]}, "value must be an object"),
        ({"data": {"text": "a"}, "meta": []}, "meta must be an object"),
    ],
)  # fmt: skip
def test_a_bad_item_is_named_and_nothing_is_stored(api: Api, house: House, item: Any, words: str) -> None:
    project = api.project(SENTIMENT)
    answer = post(api, project, [{"text": "good"}] * 57 + [item] + [{"text": "good"}] * 42)
    message = refusal(answer)
    assert "Error at item 57: " in message
    assert words in message
    assert answer.json["params"]["index"] == 57
    assert rows(house, Task, project) == 0
    assert api.counts(project)["task_number"] == 0


def test_the_path_of_a_bad_region_is_told(api: Api) -> None:
    wide = {"data": {"image": "/x.png"}, "annotations": [{"result": [box(), box(region="r2", width="wide")]}]}
    answer = post(api, api.project(BOXES), [wide])
    assert answer.status_code == 400
    assert answer.json["params"]["errors"][0]["field"] == "0.annotations.0.result.1.value.width"


def test_a_hundred_problems_are_told_at_once(api: Api) -> None:
    answer = post(api, api.project(SENTIMENT), [{"x": n} for n in range(5000)])
    assert len(answer.json["validation_errors"]["non_field_errors"]) == 100


@ON_SQLITE
@pytest.mark.parametrize(
    "body", ['[{"text": NaN}]', '[{"text": 1e400}]', '[{"text": "\\u0000"}]', '[{"text": "\\ud800"}]',
             '[{"text": ' + "[" * 300 + "]" * 300 + "}]", "[" * 100_000, '[{"text": "a"},',
             "text", '"text"', "5", "null"],
    ids=["NaN", "infinite", "NUL", "surrogate", "deep", "abyss", "half", "word", "string", "number", "null"],
)  # fmt: skip
def test_a_body_that_cannot_be_kept_is_refused(api: Api, house: House, body: str) -> None:
    project = api.project(SENTIMENT)
    answer = api("POST", f"/api/projects/{project}/import", data=body, content_type="application/json")
    assert answer.status_code == 400, answer.text
    assert rows(house, Task, project) == 0


@ON_SQLITE
def test_bad_json_has_label_studios_words(api: Api) -> None:
    project = api.project(SENTIMENT)
    answer = api("POST", f"/api/projects/{project}/import", data="{oops", content_type="application/json")
    assert answer.json["detail"].startswith("JSON parse error - ")
    assert "validation_errors" not in answer.json


@ON_SQLITE
@pytest.mark.parametrize("body", [[], b""])
def test_nothing_is_no_import(api: Api, body: Any) -> None:
    project = api.project(SENTIMENT)
    sent = body if isinstance(body, bytes) else json.dumps(body)
    answer = api("POST", f"/api/projects/{project}/import", data=sent, content_type="application/json")
    assert "No tasks added" in refusal(answer) or "empty" in refusal(answer)


@ON_SQLITE
@pytest.mark.parametrize(
    "kind", ["application/x-yaml", "application/python-pickle", "text/plain; charset=utf-7", ""]
)
def test_bodies_of_other_types_are_refused(api: Api, kind: str) -> None:
    project = api.project(SENTIMENT)
    answer = api("POST", f"/api/projects/{project}/import", data=b"[]", content_type=kind)
    assert answer.status_code == 415


def test_too_many_tasks_are_refused(api: Api, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    project = api.project(SENTIMENT)
    small(house, monkeypatch, import_max_tasks=10)
    answer = post(api, project, [{"text": "a"}] * 11)
    assert (answer.status_code, answer.json["code"]) == (413, "too-many-tasks")
    assert rows(house, Task, project) == 0


def test_a_large_body_is_refused_at_once(api: Api, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    project = api.project(SENTIMENT)
    small(house, monkeypatch, upload_max_bytes=1000)
    answer = post(api, project, [{"text": "a" * 1_100_000}])
    assert answer.status_code == 413


def small(house: House, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> None:
    """Change settings of a running application, so that a test's numbers are small."""
    monkeypatch.setitem(house.app.extensions, "labelwright", _with(house, settings))


def _with(house: House, settings: dict[str, Any]) -> Any:
    from dataclasses import replace

    return replace(house.ctx, settings=house.ctx.settings.replace(**settings))


# --- files ---------------------------------------------------------------------------------------------------------


def test_a_json_file_becomes_tasks_and_an_upload(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    answer = send(api, project, ("my tasks.json", '[{"text":"a"},{"text":"b"}]'))
    assert answer.status_code == 201, answer.text
    assert answer.json["task_count"] == 2
    assert answer.json["could_be_tasks_list"] is False
    assert answer.json["found_formats"] == {".json": 1}
    assert answer.json["data_columns"] == ["text"]
    assert len(answer.json["file_upload_ids"]) == 1
    assert tasks_of(api, project)[0]["file_upload"].endswith("-my_tasks.json")


def test_a_csv_file_becomes_tasks(api: Api) -> None:
    project = api.project(SENTIMENT)
    answer = send(api, project, ("t.csv", "text,n\na,1\nb,2\n"))
    assert (answer.status_code, answer.json["task_count"]) == (201, 2)
    assert answer.json["found_formats"] == {".csv": 1}
    assert [task["data"] for task in tasks_of(api, project)] == [{"text": "a", "n": 1}, {"text": "b", "n": 2}]


def test_lines_of_a_text_become_tasks_of_the_first_field(api: Api) -> None:
    project = api.project(SENTIMENT)
    answer = send(api, project, ("t.txt", "one\ntwo\n"))
    assert answer.status_code == 201, answer.text
    assert answer.json["data_columns"] == ["$undefined$"]
    assert [task["data"] for task in tasks_of(api, project)] == [{"text": "one"}, {"text": "two"}]


def test_a_picture_becomes_a_task(api: Api, picture: bytes) -> None:
    project = api.project(BOXES)
    answer = send(api, project, ("my cat.png", picture))
    assert answer.status_code == 201, answer.text
    assert answer.json["data_columns"] == ["$undefined$"]
    url = tasks_of(api, project)[0]["data"]["image"]
    assert url.startswith(f"/data/upload/{project}/")
    assert url.endswith("-my_cat.png")
    assert api("GET", url).data == picture


def test_many_files_become_one_import(api: Api, picture: bytes) -> None:
    project = api.project(BOXES)
    answer = send(api, project, *[(f"{n}.png", picture) for n in range(20)])
    assert (answer.status_code, answer.json["task_count"]) == (201, 20)
    assert answer.json["found_formats"] == {".png": 20}


def test_files_may_wait_and_be_imported_later(api: Api) -> None:
    project = api.project(SENTIMENT)
    kept = send(api, project, ("t.csv", "text\na\nb\n"), query="?commit_to_project=false")
    assert kept.status_code == 201, kept.text
    assert (kept.json["task_count"], kept.json["annotation_count"]) == (2, None)
    assert kept.json["data_columns"] == ["text"]
    assert api.counts(project)["task_number"] == 0
    again = api(
        "POST", f"/api/projects/{project}/reimport", json={"file_upload_ids": kept.json["file_upload_ids"]}
    )
    assert (again.status_code, again.json["task_count"]) == (201, 2)


def test_importing_uploads_again_replaces_their_tasks(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    post(api, project, [{"text": "stays"}])
    body = {"file_upload_ids": send(api, project, ("t.csv", "text\na\nb\n")).json["file_upload_ids"]}
    first = tasks_of(api, project)[1]["id"]
    api.annotate(first, mood())
    again = api("POST", f"/api/projects/{project}/reimport", json=body)
    assert (again.status_code, again.json["task_count"], again.json["found_formats"]) == (201, 2, {".csv": 1})
    assert "could_be_tasks_list" not in again.json
    assert [task["data"]["text"] for task in tasks_of(api, project)] == ["stays", "a", "b"]
    counts = api.counts(project)
    assert (counts["task_number"], counts["total_annotations_number"]) == (3, 0)
    proof(house, project)


def test_a_refused_reimport_leaves_the_tasks_there_are(api: Api, house: House) -> None:
    project = api.project("<View/>")
    ids = send(api, project, ("t.csv", "other\na\nb\n")).json["file_upload_ids"]
    assert api("PATCH", f"/api/projects/{project}", json={"label_config": SENTIMENT}).status_code in (
        200,
        400,
    )
    with house.ctx.database.write() as session:
        session.get_one(Project, project).label_config = SENTIMENT
    refusal(api("POST", f"/api/projects/{project}/reimport", json={"file_upload_ids": ids}))
    assert rows(house, Task, project) == 2


def test_nothing_to_import_again_is_no_mistake(api: Api) -> None:
    project = api.project(SENTIMENT)
    none = api("POST", f"/api/projects/{project}/reimport", json={"file_upload_ids": []})
    unknown = api("POST", f"/api/projects/{project}/reimport", json={"file_upload_ids": [999_999]})
    assert (none.status_code, unknown.status_code) == (200, 201)
    assert none.json["task_count"] == unknown.json["task_count"] == 0


def test_a_table_may_be_one_task_as_a_whole(api: Api) -> None:
    project = api.project(SENTIMENT)
    kept = send(api, project, ("series.csv", "t,v\n1,2\n"), query="?commit_to_project=false").json
    body = {"file_upload_ids": kept["file_upload_ids"], "files_as_tasks_list": False}
    assert api("POST", f"/api/projects/{project}/reimport", json=body).json["task_count"] == 1
    assert tasks_of(api, project)[0]["data"]["text"].startswith(f"/data/upload/{project}/")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.exe", b"MZ", ".exe extension is not supported"),
        ("a.php", b"<?php", ".php extension is not supported"),
        ("a.tar", b"x", ".tar extension is not supported"),
        ("noname", b"x", "extension is not supported"),
        (
            "a.json",
            b"{oops",
            "a.json: not valid JSON: Expecting property name enclosed in double quotes: line 1",
        ),
        ("a.json", b"", "a.json: the file is empty"),
        ("a.csv", b"text,n\na,1,2\n", "a.csv: line 2 has more cells (3) than the first (2)"),
        ("a.csv", "text\ncaf\xe9\n".encode("latin-1"), "a.csv: line 2 is not UTF-8"),
        (
            "a.csv",
            b"other\n1\n",
            'uploading data from "a.csv" with data key(s) "other", clashes with data key(s) found from other files',
        ),
        ("a.png", b"<html>", "This file is not an image, or is damaged."),
    ],
)
def test_a_bad_file_is_refused_and_leaves_nothing(
    api: Api, house: House, name: str, content: bytes, words: str
) -> None:
    project = api.project(SENTIMENT)
    assert words in refusal(send(api, project, ("good.csv", "text\na\n"), (name, content)))
    assert rows(house, Task, project) == 0
    assert rows(house, FileUpload, project) == 0
    assert files_of(house, project) == []


def test_a_bad_file_that_would_wait_leaves_nothing_either(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    refusal(send(api, project, ("a.json", b"{oops"), query="?commit_to_project=false"))
    assert rows(house, FileUpload, project) == 0
    assert files_of(house, project) == []


def test_a_full_disk_is_told_and_leaves_nothing(
    api: Api, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    project = api.project(SENTIMENT)
    monkeypatch.setattr("labelwright.services.uploads.os.fsync", full)
    answer = send(api, project, ("a.csv", "text\na\n"))
    assert (answer.status_code, answer.json["code"]) == (507, "out-of-space")
    assert rows(house, FileUpload, project) == rows(house, Task, project) == 0
    assert files_of(house, project) == []
    monkeypatch.undo()
    assert send(api, project, ("a.csv", "text\na\n")).status_code == 201


def test_a_guard_may_refuse_imported_answers(api: Api, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def check(hook: str, **facts: Any) -> None:
        if hook == "check_annotations":
            asked.append(facts)
            if facts["results"][0][0]["value"]["choices"] == ["Bad"]:
                raise InvalidRegion("nothing bad here", field="result.0.value.choices")

    monkeypatch.setattr(house.ctx.registry, "check", check)
    project = api.project(SENTIMENT)
    good = {"data": {"text": "a"}, "annotations": [{"result": [mood()]}]}
    bad = {"data": {"text": "a"}, "annotations": [{"result": [mood("Bad")]}]}
    assert "nothing bad here" in refusal(post(api, project, [good, bad]))
    assert rows(house, Task, project) == 0
    assert post(api, project, [good]).status_code == 201
    assert asked[0]["user"] is None


def test_a_file_alone_does_not_fill_two_fields(api: Api, picture: bytes) -> None:
    words = refusal(send(api, api.project(TWO_FIELDS), ("a.png", picture)))
    assert "a.png: Your label config has more than one data key" in words


def test_files_without_a_common_field_are_refused(api: Api) -> None:
    project = api.project("<View/>")
    words = refusal(send(api, project, ("a.csv", "x\n1\n"), ("b.csv", "y\n1\n")))
    assert 'from "b.csv" with data key(s) "y", clashes with data key(s) found from other files:\n"x"' in words


@ON_SQLITE
def test_too_many_files_and_fields_are_refused(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    many = send(api, project, *[(f"{n}.txt", "a") for n in range(101)])
    assert many.status_code == 413
    fields = api(
        "POST",
        f"/api/projects/{project}/import",
        data={f"f{n}": "x" for n in range(2000)} | {"g": (io.BytesIO(b"a"), "a.txt")},
    )
    assert fields.status_code in (400, 413)
    assert rows(house, FileUpload, project) == 0


def test_half_a_multipart_body_is_refused(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\ntext\na\n'
    answer = api(
        "POST", f"/api/projects/{project}/import", data=body, content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 400, answer.text
    assert rows(house, Task, project) == rows(house, FileUpload, project) == 0


# --- addresses -----------------------------------------------------------------------------------------------------


def address(api: Api, project: int, url: str) -> TestResponse:
    return api("POST", f"/api/projects/{project}/import", data={"url": url})


@ON_SQLITE
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/t.json", "http://localhost:8080/t.json", "http://[::1]/t.json", "http://2130706433/t.json",
        "http://0x7f.1/t.json", "http://169.254.169.254/latest/meta-data/", "http://[::ffff:127.0.0.1]/t.json",
        "http://[fd00:ec2::254]/t.json", "http://10.0.0.1/t.json", "http://0/t.json",
        "file:///etc/passwd", "ftp://example.org/t.json", "gopher://example.org/", "data:text/csv,text%0aa", "dict://x/",
        "unix:///var/run/docker.sock",
    ],
)  # fmt: skip
def test_private_and_odd_addresses_are_refused(api: Api, house: House, url: str) -> None:
    project = api.project(SENTIMENT)
    answer = address(api, project, url)
    assert (answer.status_code, answer.json["code"]) == (400, "url-refused")
    assert rows(house, FileUpload, project) == 0


@ON_SQLITE
def test_open_and_closed_ports_look_alike(api: Api) -> None:
    project = api.project(SENTIMENT)
    answers = [address(api, project, f"http://127.0.0.1:{port}/x.json").json for port in (1, 22, 65000)]
    assert len({(answer["detail"], answer["code"], answer["status_code"]) for answer in answers}) == 1


def test_json_in_the_place_of_an_address_is_taken(api: Api) -> None:
    answer = address(api, api.project(SENTIMENT), '[{"text": "a"}, {"text": "b"}]')
    assert (answer.status_code, answer.json["task_count"]) == (201, 2)


@pytest.fixture
def file_server() -> Iterator[str]:
    """Files at an address: a table, a page that redirects, one that never ends."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Files(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/moved"):
                self.send_response(302)
                self.send_header(
                    "Location", "/t.csv?x=1" if "inside" in self.path else "http://169.254.169.254/"
                )
                self.end_headers()
                return
            self.send_response(200)
            self.end_headers()
            content = b"text\na\nb\n" if self.path.startswith("/t.csv") else b"x" * 3_000_000
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_house(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """An application that may import from this machine, and takes at most two megabytes."""
    from dataclasses import replace

    from labelwright.doors.outbound import Outbound

    settings = house.ctx.settings.replace(outbound_import=["127.0.0.1"], upload_max_bytes=2_000_000)
    changed = replace(house.ctx, settings=settings, outbound=Outbound(settings))
    monkeypatch.setitem(house.app.extensions, "labelwright", changed)
    return house


def test_a_file_is_fetched_from_an_allowed_address(open_house: House, file_server: str) -> None:
    api = open_house.api()
    project = api.project(SENTIMENT)
    for path in ("/t.csv", "/moved-inside"):
        answer = address(api, project, file_server + path)
        assert (answer.status_code, answer.json["task_count"]) == (201, 2), answer.text


@ON_SQLITE
def test_a_redirect_to_a_private_address_and_an_endless_file_are_refused(
    open_house: House, file_server: str
) -> None:
    api = open_house.api()
    project = api.project(SENTIMENT)
    assert address(api, project, f"{file_server}/moved-outside").json["code"] == "url-refused"
    assert address(api, project, f"{file_server}/endless.csv").json["code"] == "url-too-large"
    assert rows(open_house, FileUpload, project) == 0
    assert files_of(open_house, project) == []


# --- whole or absent -----------------------------------------------------------------------------------------------


def proof(house: House, project: int) -> None:
    """Hold every counter of a project against its rows."""
    with house.ctx.database.read() as session:
        row = session.get_one(Project, project)
        numbers = session.scalars(select(Task.inner_id).where(Task.project_id == project)).all()
        assert len(set(numbers)) == len(numbers)
        assert all(0 < number < row.next_inner_id for number in numbers)
        columns = dict(
            session.execute(
                select(DataColumn.name, DataColumn.tasks).where(DataColumn.project_id == project)
            ).all()
        )
        assert columns.get("text", 0) == len(numbers)


def test_a_large_import_is_published_at_once(api: Api, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    project = api.project(SENTIMENT)
    small(house, monkeypatch, import_batch_size=10)
    items = [
        {
            "data": {"text": f"t{n}"},
            "annotations": [{"result": [mood()]}],
            "predictions": [{"result": "Bad", "score": 0.5}],
        }
        for n in range(95)
    ]
    answer = post(api, project, items, "?return_task_ids=1")
    assert answer.status_code == 201, answer.text
    assert (answer.json["task_count"], answer.json["annotation_count"]) == (95, 95)
    assert len(answer.json["task_ids"]) == 95
    proof(house, project)
    counts = api.counts(project)
    assert counts["task_number"] == counts["finished_task_number"] == counts["ground_truth_number"] == 95
    assert rows(house, AnnotationLabel, project) == 95
    job = api("GET", f"/api/jobs?project={project}").json[0]
    assert (job["kind"], job["state"]) == ("import", "done")


def test_a_large_import_with_a_late_mistake_leaves_nothing(
    api: Api, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = api.project(SENTIMENT)
    small(house, monkeypatch, import_batch_size=10)
    answer = post(api, project, [{"text": "a"}] * 57 + [{"x": 1}] + [{"text": "a"}] * 42)
    assert "Error at item 57" in refusal(answer)
    assert rows(house, Task, project) == 0
    assert api.counts(project)["task_number"] == 0
    with house.ctx.database.read() as session:
        assert session.scalars(select(Import.state).where(Import.project_id == project)).all() == ["failed"]


def test_tasks_of_a_running_import_are_not_seen(
    api: Api, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = api.project(SENTIMENT)
    post(api, project, [{"text": "before"}])
    seen: list[int] = []

    def look(*_: Any, **__: Any) -> None:
        assert rows(house, Task, project) > 1
        seen.append(api("GET", f"/api/tasks?project={project}").json["total"])
        seen.append(len(tasks_of(api, project)))
        seen.append(api.counts(project)["task_number"])

    monkeypatch.setattr(intake._InlineWatch, "progress", look)
    small(house, monkeypatch, import_batch_size=10)
    assert post(api, project, [{"text": "a"}] * 35).status_code == 201
    assert set(seen) == {1}
    assert api.counts(project)["task_number"] == 36


def test_imports_in_parallel_are_counted_exactly(
    api: Api, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = api.project(SENTIMENT)
    small(house, monkeypatch, import_batch_size=20)
    codes: list[int] = []

    def one(number: int) -> None:
        codes.append(post(house.api(), project, [{"text": f"{number}-{n}"} for n in range(90)]).status_code)

    threads = [threading.Thread(target=one, args=[number]) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [201] * 5
    assert api.counts(project)["task_number"] == 450
    assert rows(house, Task, project) == 450
    proof(house, project)


def test_everything_is_read_while_an_import_writes(
    api: Api, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of its transaction, which on SQLite holds the one lock for writers."""
    project = api.project(SENTIMENT)
    paths = ["/projects", f"/projects/{project}/data", "/api/projects/", f"/api/projects/{project}/",
             f"/api/tasks?project={project}", f"/api/projects/{project}/export?download_all_tasks=true",
             f"/api/dm/columns?project={project}", "/api/users/", "/health"]  # fmt: skip
    seen: list[int] = []
    insert_rows = house.ctx.database.insert_rows

    def look() -> None:
        seen.extend(house.api()("GET", path).status_code for path in paths)

    def inserting(*arguments: Any) -> int:
        done = insert_rows(*arguments)
        reader = threading.Thread(target=look)
        reader.start()
        reader.join(timeout=20)
        assert not reader.is_alive(), "readers wait for the import"
        return done

    monkeypatch.setattr(house.ctx.database, "insert_rows", inserting)
    assert post(api, project, [{"text": str(n)} for n in range(20)]).status_code == 201
    assert len(seen) >= len(paths)
    assert {code for code in seen if code not in (200, 302)} == set()


def test_a_project_deleted_meanwhile_takes_everything_with_it(
    api: Api, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = api.project(SENTIMENT)
    gone: list[int] = []

    def delete(*_: Any, **__: Any) -> None:
        if not gone:
            gone.append(house.api()("DELETE", f"/api/projects/{project}/").status_code)

    monkeypatch.setattr(intake._InlineWatch, "progress", delete)
    small(house, monkeypatch, import_batch_size=10)
    answer = post(api, project, [{"text": "a"}] * 50)
    assert gone == [204]
    assert answer.status_code in (404, 409), answer.text
    assert rows(house, Task, project) == rows(house, Project, project) == 0


def test_the_same_key_is_one_import(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    answers = [
        post(
            api,
            project,
            [{"text": "a"}, {"text": "b"}],
            "?return_task_ids=1",
            headers={"Idempotency-Key": "k1"},
        )
        for _ in range(3)
    ]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.text for answer in answers}) == 1
    assert rows(house, Task, project) == 2


def test_the_same_key_with_files_answers_with_the_same_uploads(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    answers = [
        send(api, project, ("t.csv", "text\na\n"), headers={"Idempotency-Key": "files"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    assert (
        rows(house, Task, project) == rows(house, FileUpload, project) == len(files_of(house, project)) == 1
    )


@pytest.mark.parametrize("prefer", ["", "respond-async"])
def test_a_key_of_another_request_is_refused(api: Api, house: House, prefer: str) -> None:
    project = api.project(SENTIMENT)
    headers = {"Idempotency-Key": "k"} | ({"Prefer": prefer} if prefer else {})
    assert post(api, project, [{"text": "a"}], headers={"Idempotency-Key": "k"}).status_code == 201
    other = post(api, project, [{"text": "b"}], headers=headers)
    assert (other.status_code, other.json["code"]) == (409, "key-of-another-request")
    file = send(api, project, ("t.csv", "text\na\n"), headers=headers)
    assert file.status_code == 409
    assert rows(house, Task, project) == 1
    assert rows(house, FileUpload, project) == len(files_of(house, project)) == 0
    assert list(house.ctx.staging.glob("*")) == []


def test_a_refused_import_may_be_sent_again_with_its_key(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    assert post(api, project, [{"x": 1}], headers={"Idempotency-Key": "k"}).status_code == 400
    assert post(api, project, [{"text": "a"}], headers={"Idempotency-Key": "k"}).status_code == 201


def test_strangers_find_no_project(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    stranger = house.api("finder@example.org", organization="Elsewhere")
    assert post(stranger, project, [{"text": "a"}]).status_code == 404
    assert send(stranger, project, ("a.txt", "a")).status_code == 404
    assert (
        stranger("POST", f"/api/projects/{project}/reimport", json={"file_upload_ids": [1]}).status_code
        == 404
    )
    assert stranger("GET", f"/api/projects/{project}/imports/1").status_code == 404
    assert rows(house, Task, project) == 0
    nobody = Api(house.app.test_client(), "")
    assert post(nobody, project, [{"text": "a"}]).status_code == 401


def test_an_import_can_be_looked_up(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    post(api, project, [{"text": "a"}])
    with house.ctx.database.read() as session:
        number = session.scalar(select(Import.id).where(Import.project_id == project))
    found = api("GET", f"/api/projects/{project}/imports/{number}/").json
    assert (found["status"], found["task_count"], found["project"]) == ("completed", 1, project)


def test_a_job_imports_on_request_and_is_polled(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    headers = {"Prefer": "respond-async", "Idempotency-Key": "job"}
    query = "?return_task_ids=1&preannotated_from_fields=mood"
    answer = post(api, project, [{"text": "a", "mood": "Good"}], query, headers=headers)
    assert (answer.status_code, answer.json["kind"], answer.json["state"]) == (202, "import", "queued")
    path = f"/api/projects/{project}/imports/{answer.json['import']}/"
    waiting = api("GET", path).json
    assert (waiting["status"], waiting["return_task_ids"]) == ("created", True)
    assert waiting["preannotated_from_fields"] == ["mood"]
    again = post(api, project, [{"text": "a", "mood": "Good"}], query, headers=headers)
    assert (again.status_code, again.json["id"], again.json["import"]) == (
        202, answer.json["id"], answer.json["import"],
    )  # fmt: skip
    work(house, answer.json["id"])
    done = api("GET", path).json
    assert (done["status"], done["task_count"], done["prediction_count"]) == ("completed", 1, 1)
    assert done["task_ids"] == [task["id"] for task in tasks_of(api, project)]
    assert list(house.ctx.staging.glob("*")) == []


def test_what_is_long_is_for_a_job(api: Api, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    project = api.project(SENTIMENT)
    small(house, monkeypatch, import_max_bytes_at_once=100)
    long = [{"text": "a" * 200}]
    answer = post(api, project, long)
    assert (answer.status_code, answer.json["code"]) == (413, "needs-respond-async")
    assert "Prefer: respond-async" in answer.json["detail"]
    assert post(api, project, long, headers={"Prefer": "respond-async"}).status_code == 202


def test_what_killed_processes_left_is_cleared_up(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    with house.ctx.database.write() as session:
        dead = Import(project_id=project, state="running")
        session.add(dead)
        session.flush()
        session.add(Task(project_id=project, import_id=dead.id, data='{"text":"half"}'))
    old, young = house.ctx.staging / "old", house.ctx.staging / "young"
    house.ctx.staging.mkdir(exist_ok=True)
    for path in (old, young):
        path.write_text("[")
    os.utime(old, (1, 1))
    intake.clear_up(house.ctx)
    assert rows(house, Task, project) == 0
    assert (old.exists(), young.exists()) == (False, True)
    young.unlink()


# --- predictions for tasks that are there --------------------------------------------------------------------------


def predict(api: Api, project: int, items: list[Any]) -> TestResponse:
    return api("POST", f"/api/projects/{project}/import/predictions", json=items)


def test_predictions_are_added_to_tasks(api: Api) -> None:
    project = api.project(SENTIMENT)
    ids = post(api, project, [{"text": "a"}, {"text": "b"}], "?return_task_ids=1").json["task_ids"]
    answer = predict(api, project, [
        {"task": ids[0], "result": [mood()], "score": 0.25, "model_version": "m"},
        {"task": str(ids[0]), "result": "Bad", "score": 0.75},
        {"task": ids[1], "result": "Bad"},
    ])  # fmt: skip
    assert (answer.status_code, answer.json) == (201, {"created": 3})
    assert api.counts(project)["total_predictions_number"] == 3
    assert api("GET", f"/api/tasks/{ids[0]}").json["total_predictions"] == 2


@pytest.mark.parametrize(
    "bad", [{"task": 99999, "result": []}, {"task": "one", "result": []}, {"result": []}, {"task": 1, "result": "zzz"},
            {"task": 1}, {"task": 1, "result": [], "score": "high"}],
)  # fmt: skip
def test_a_bad_prediction_stores_none(api: Api, house: House, bad: dict[str, Any]) -> None:
    project = api.project(SENTIMENT)
    task = post(api, project, [{"text": "a"}], "?return_task_ids=1").json["task_ids"][0]
    own = {"task": task} if bad.get("task") == 1 else {}
    answer = predict(api, project, [{"task": task, "result": "Bad"}, bad | own])
    assert "Error at item 1: " in refusal(answer)
    assert rows(house, Prediction, project) == 0


def test_predictions_for_a_strangers_task_are_refused(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    other = house.api("model@example.org", organization="Elsewhere")
    foreign = other.project(SENTIMENT)
    task = post(other, foreign, [{"text": "a"}], "?return_task_ids=1").json["task_ids"][0]
    assert "there is no task" in refusal(predict(api, project, [{"task": task, "result": "Bad"}]))

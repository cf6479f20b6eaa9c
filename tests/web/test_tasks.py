"""Tasks over HTTP: one by one, in pages, deleted in bulk."""

from __future__ import annotations

import pytest

from tests.web.application import SENTIMENT, Api, House, box
from tests.web.shared import api, house

__all__ = ["api", "house"]


def test_a_missing_field_is_named(api: Api) -> None:
    answer = api("POST", "/api/tasks/", json={"project": api.project(), "data": {"picture": "/x.png"}})
    assert answer.status_code == 400
    assert '"image" key is expected in task data' in str(answer.json["validation_errors"])


def test_data_comes_back_to_the_letter(api: Api) -> None:
    project = api.project(SENTIMENT)
    data = '{"text": "日本語 \\ud83d\\ude00 </script>", "n": 12345678901234567890, "x": 1e-300, "a": [1, {"b": null}]}'
    answer = api(
        "POST",
        "/api/tasks/",
        data=f'{{"project": {project}, "data": {data}}}',
        content_type="application/json",
    )
    assert answer.status_code == 201, answer.text
    assert f'"data":{data}' in api("GET", f"/api/tasks/{answer.json['id']}/").text


@pytest.mark.parametrize(
    "body",
    [
        '{"text": NaN}',
        '{"text": 1e400}',
        '{"text": "\\u0000"}',
        '{"text": "\\ud800"}',
        '{"text": ' + "[" * 300 + "]" * 300 + "}",
    ],
    ids=["NaN", "infinite", "NUL", "surrogate", "deep"],
)  # fmt: skip
def test_json_that_cannot_be_kept_is_refused(api: Api, body: str) -> None:
    project = api.project(SENTIMENT)
    answer = api(
        "POST",
        "/api/tasks/",
        data=f'{{"project": {project}, "data": {body}}}',
        content_type="application/json",
    )
    assert answer.status_code == 400
    assert answer.json["detail"].startswith("JSON parse error - ")
    assert api.counts(project)["task_number"] == 0


def test_pages_and_totals(api: Api) -> None:
    project = api.project()
    tasks = api.tasks(project, *({"image": f"/{n}.png"} for n in range(7)))
    api.annotate(tasks[0], box())
    page = api("GET", f"/api/tasks?project={project}&page=2&page_size=3").json
    assert [row["id"] for row in page["tasks"]] == tasks[3:6]
    assert (page["total"], page["total_annotations"], page["total_predictions"]) == (7, 1, 0)
    assert "annotations" not in page["tasks"][0]
    full = api("GET", f"/api/tasks?project={project}&fields=all").json["tasks"][0]
    assert full["annotations"][0]["result"] == [box()]
    assert api("GET", f"/api/tasks?project={project}&page=9").status_code == 404
    assert api("GET", "/api/tasks").json == {"detail": "Neither project nor view id specified"}
    assert len(api("GET", f"/api/projects/{project}/tasks/?page_size=4").json) == 4


def test_inner_ids_count_within_the_project(api: Api) -> None:
    first, second = api.project(), api.project()
    for project in (first, second):
        numbers = [api("GET", f"/api/tasks/{api.task(project)}").json["inner_id"] for _ in range(2)]
        assert numbers == [1, 2]


def test_deleting_in_bulk(house: House, api: Api) -> None:
    project = api.project()
    tasks = api.tasks(project, *({"image": f"/{n}.png"} for n in range(5)))
    api.annotate(tasks[0], box())
    chosen = {"selectedItems": {"all": False, "included": tasks[:2]}}
    answer = api("POST", f"/api/dm/actions?id=delete_tasks&project={project}", json=chosen)
    assert answer.json["processed_items"] == 2
    assert (
        api("POST", f"/api/dm/actions?id=delete_tasks&project={project}", json=chosen).json["processed_items"]
        == 0
    )
    counts = api.counts(project)
    assert (counts["task_number"], counts["total_annotations_number"], counts["finished_task_number"]) == (
        3,
        0,
        0,
    )
    but_one = {"selectedItems": {"all": True, "excluded": [tasks[4]]}}
    assert (
        api("POST", f"/api/dm/actions?id=delete_tasks&project={project}", json=but_one).json[
            "processed_items"
        ]
        == 2
    )
    assert [row["id"] for row in api("GET", f"/api/tasks?project={project}").json["tasks"]] == [tasks[4]]
    assert api("DELETE", f"/api/projects/{project}/tasks/").status_code == 204
    assert api("GET", f"/api/projects/{project}/summary").json["all_data_columns"] == {}


def test_an_unknown_action_is_refused_with_what_is_known(api: Api) -> None:
    answer = api("POST", f"/api/dm/actions?id=explode&project={api.project()}", json={})
    assert (answer.status_code, answer.json["code"]) == (400, "unknown-action")


def test_changing_data_is_checked_too(api: Api) -> None:
    task = api.task(api.project())
    assert api("PATCH", f"/api/tasks/{task}/", json={"data": {"image": "/new.png"}}).json["data"] == {
        "image": "/new.png"
    }
    assert api("PATCH", f"/api/tasks/{task}/", json={"data": {"other": 1}}).status_code == 400
    assert api("GET", f"/api/tasks/{task}/").json["data"] == {"image": "/new.png"}


def test_far_pages_are_the_same_with_and_without_gaps(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labelwright.services.tasks.FAR", 3)
    project = api.project()
    tasks = api.tasks(project, *({"image": f"/{n}.png"} for n in range(11)))

    def pages(order: str) -> list[list[int]]:
        path = f"/api/tasks?project={project}&page_size=3&ordering={order}&page="
        return [[row["id"] for row in api("GET", f"{path}{number}").json["tasks"]] for number in (1, 2, 3, 4)]

    assert pages("id") == [tasks[0:3], tasks[3:6], tasks[6:9], tasks[9:11]]
    newest = tasks[::-1]
    assert pages("-id") == [newest[0:3], newest[3:6], newest[6:9], newest[9:11]]
    api("DELETE", f"/api/tasks/{tasks[4]}/")
    left = [task for task in tasks if task != tasks[4]]
    assert pages("id") == [left[0:3], left[3:6], left[6:9], left[9:]]

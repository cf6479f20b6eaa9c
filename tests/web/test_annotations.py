"""Answers over HTTP: each is there once, its counters are right, and nobody else's can be reached."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.web.application import BOXES, Api, House, box
from tests.web.shared import api, house

__all__ = ["api", "house"]


def test_an_answer_is_stored_as_it_was_sent(api: Api) -> None:
    task = api.task(api.project())
    saved = api.annotate(task, box(), lead_time=2.5)
    assert saved["result"] == [box()]
    assert (saved["task"], saved["completed_by"], saved["was_cancelled"], saved["lead_time"]) == (
        task,
        1,
        False,
        2.5,
    )
    assert api("GET", f"/api/annotations/{saved['id']}/").json["result"] == [box()]


def test_counters_follow_every_write(api: Api) -> None:
    project = api.project()
    task = api.task(project)
    first = api.annotate(task, box())
    api.annotate(task, was_cancelled=True)
    counts = api.counts(project)
    assert (counts["task_number"], counts["finished_task_number"]) == (1, 1)
    assert (counts["total_annotations_number"], counts["skipped_annotations_number"]) == (1, 1)
    assert counts["num_tasks_with_annotations"] == 1

    api("PATCH", f"/api/annotations/{first['id']}/", json={"ground_truth": True})
    assert api.counts(project)["ground_truth_number"] == 1
    assert api("DELETE", f"/api/annotations/{first['id']}/").status_code == 204
    counts = api.counts(project)
    assert (
        counts["finished_task_number"],
        counts["ground_truth_number"],
        counts["total_annotations_number"],
    ) == (0, 0, 0)
    shown = api("GET", f"/api/tasks/{task}/").json
    assert (shown["is_labeled"], shown["total_annotations"], shown["cancelled_annotations"]) == (False, 0, 1)


def test_one_ground_truth_a_task(api: Api) -> None:
    task = api.task(api.project())
    first, second = (
        api.annotate(task, box(), ground_truth=True),
        api.annotate(task, box("Bus"), ground_truth=True),
    )
    assert not api("GET", f"/api/annotations/{first['id']}").json["ground_truth"]
    assert api("GET", f"/api/annotations/{second['id']}").json["ground_truth"]


def test_the_place_of_what_does_not_fit_is_named(api: Api) -> None:
    task = api.task(api.project())
    answer = api(
        "POST", f"/api/tasks/{task}/annotations/", json={"result": [box(), box(width="wide", region="r2")]}
    )
    assert answer.status_code == 400
    assert list(answer.json["validation_errors"]) == ["result.1.value.width"]
    assert api("GET", f"/api/tasks/{task}/annotations/").json == []


@pytest.mark.parametrize("result", ["text", {"a": 1}, 3, True], ids=["text", "object", "number", "boolean"])
def test_a_result_is_a_list(api: Api, result: object) -> None:
    task = api.task(api.project())
    answer = api("POST", f"/api/tasks/{task}/annotations/", json={"result": result})
    assert answer.status_code == 400
    assert list(answer.json["validation_errors"]) == ["result"]


def test_an_answer_without_result_is_accepted_as_label_studio_does(api: Api) -> None:
    task = api.task(api.project())
    answer = api("POST", f"/api/tasks/{task}/annotations/", json={})
    assert (answer.status_code, answer.json["result"]) == (201, None)


def test_the_same_answer_sent_twice_is_stored_once(api: Api) -> None:
    task = api.task(api.project())
    first = api.annotate(task, box(), unique_id="page-1")
    assert api.annotate(task, box(), unique_id="page-1")["id"] == first["id"]
    other = api(
        "POST", f"/api/tasks/{task}/annotations/", json={"result": [box("Bus")], "unique_id": "page-1"}
    )
    assert other.status_code == 409
    assert len(api("GET", f"/api/tasks/{task}/annotations/").json) == 1


def test_author_task_and_project_are_not_taken_from_the_body(house: House, api: Api) -> None:
    other = house.api("other@example.org")
    task, elsewhere = api.task(api.project()), api.project()
    saved = other.annotate(task, box(), completed_by=1, project=elsewhere, task=999)
    assert saved["completed_by"] != 1
    changed = api(
        "PATCH", f"/api/annotations/{saved['id']}/", json={"project": elsewhere, "completed_by": 1}
    ).json
    assert (changed["completed_by"], changed["project"]) == (saved["completed_by"], saved["project"])


def test_another_organisations_answers_do_not_exist(house: House, api: Api) -> None:
    task = api.task(api.project())
    saved = api.annotate(task, box())
    stranger = house.api("stranger@example.org", organization="Elsewhere")
    for method, path in (
        ("GET", f"/api/annotations/{saved['id']}/"),
        ("PATCH", f"/api/annotations/{saved['id']}/"),
        ("DELETE", f"/api/annotations/{saved['id']}/"),
        ("POST", f"/api/annotations/{saved['id']}/convert-to-draft"),
        ("GET", f"/api/tasks/{task}/annotations/"),
        ("POST", f"/api/tasks/{task}/annotations/"),
        ("GET", f"/api/tasks/{task}/"),
        ("DELETE", f"/api/tasks/{task}/"),
    ):
        assert stranger(method, path, json={}).status_code == 404, (method, path)
    assert api("GET", f"/api/annotations/{saved['id']}/").json["result"] == [box()]


def test_sixteen_at_once_on_one_task_are_all_stored(house: House, api: Api) -> None:
    project = api.project(maximum_annotations=16)
    task = api.task(project)
    people = [house.api(f"labeller{number}@example.org") for number in range(16)]
    with ThreadPoolExecutor(16) as pool:
        saved = list(pool.map(lambda person: person.annotate(task, box())["id"], people))
    assert len(set(saved)) == 16
    shown = api("GET", f"/api/tasks/{task}/").json
    assert (shown["total_annotations"], shown["is_labeled"]) == (16, True)
    assert api.counts(project)["total_annotations_number"] == 16
    assert api.counts(project)["finished_task_number"] == 1


def test_skipping_can_be_forbidden_for_a_task(house: House, api: Api) -> None:
    task = api.task(api.project())
    with house.ctx.database.write() as session:
        from labelwright.models import Task

        session.get(Task, task).allow_skip = False
    assert (
        api("POST", f"/api/tasks/{task}/annotations/?was_cancelled=1", json={"result": []}).status_code == 400
    )


def test_a_form_is_as_good_as_json(api: Api) -> None:
    task = api.task(api.project())
    answer = api(
        "POST",
        f"/api/tasks/{task}/annotations",
        data={"result": "[]", "lead_time": "3.5", "was_cancelled": "false"},
    )
    assert (answer.status_code, answer.json["lead_time"], answer.json["result"]) == (201, 3.5, [])


def test_an_annotation_becomes_a_draft_again(api: Api) -> None:
    project = api.project()
    task = api.task(project)
    saved = api.annotate(task, box())
    draft = api("POST", f"/api/annotations/{saved['id']}/convert-to-draft")
    assert (draft.status_code, draft.json["result"]) == (201, [box()])
    assert api("GET", f"/api/annotations/{saved['id']}").status_code == 404
    shown = api("GET", f"/api/tasks/{task}").json
    assert (shown["total_annotations"], shown["is_labeled"], shown["draft_exists"]) == (0, False, True)


def test_a_task_deleted_meanwhile_is_not_found(api: Api) -> None:
    task = api.task(api.project(BOXES))
    assert api("DELETE", f"/api/tasks/{task}/").status_code == 204
    assert api("POST", f"/api/tasks/{task}/annotations/", json={"result": []}).status_code == 404

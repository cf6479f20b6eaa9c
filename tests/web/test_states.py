"""States and their history over HTTP: told from the rows, in Label Studio's shape."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.application import SENTIMENT, Api, House, mood
from tests.web.shared import api, house

__all__ = ["api", "house"]


def told(api: Api, entity: str, key: int, query: str = "") -> list[dict[str, Any]]:
    answer = api("GET", f"/api/fsm/entities/{entity}/{key}/history{query}")
    assert answer.status_code == 200, answer.text
    assert answer.json["count"] == len(answer.json["results"])
    return list(answer.json["results"])


def states(api: Api, entity: str, key: int, query: str = "") -> list[str]:
    return [row["state"] for row in told(api, entity, key, query)]


def test_a_task_tells_how_far_it_has_come(api: Api) -> None:
    project = api.project(SENTIMENT, maximum_annotations=2)
    task = api.task(project, text="x")
    assert states(api, "task", task) == ["CREATED"]
    annotation = api.annotate(task, mood())
    assert states(api, "task", task) == ["IN_PROGRESS", "CREATED"]
    api.annotate(task, mood("Bad"))
    [done, begun, made] = told(api, "task", task)
    assert (made["previous_state"], begun["previous_state"], done["previous_state"]) == (
        None, "CREATED", "IN_PROGRESS",
    )  # fmt: skip
    assert begun["created_at"] == annotation["created_at"]
    assert done["triggered_by"] == {"id": annotation["completed_by"], "email": "owner@example.org"}
    assert told(api, "task", task)[0]["id"] == done["id"]


def test_a_project_and_an_annotation_do_too(api: Api) -> None:
    project = api.project(SENTIMENT)
    tasks = api.tasks(project, {"text": "a"}, {"text": "b"})
    assert states(api, "project", project) == ["CREATED"]
    annotation = api.annotate(tasks[0], mood())["id"]
    assert states(api, "project", project) == ["IN_PROGRESS", "CREATED"]
    api.annotate(tasks[1], mood())
    assert states(api, "project", project) == ["COMPLETED", "IN_PROGRESS", "CREATED"]
    assert api("GET", f"/api/projects/{project}").json["state"] is None  # Label Studio's flag for it is off
    assert [row["transition_name"] for row in told(api, "annotation", annotation)] == ["annotation_created"]
    api("PATCH", f"/api/annotations/{annotation}", json={"result": [mood("Bad")]})
    assert [row["transition_name"] for row in told(api, "annotation", annotation)] == [
        "annotation_updated", "annotation_created",
    ]  # fmt: skip


def test_history_is_filtered_and_ordered(api: Api) -> None:
    project = api.project(SENTIMENT)
    task = api.task(project, text="x")
    me = api.annotate(task, mood())["completed_by"]
    assert states(api, "task", task, "?ordering=created_at") == ["CREATED", "COMPLETED"]
    assert states(api, "task", task, "?state=completed") == ["COMPLETED"]
    assert states(api, "task", task, f"?triggered_by={me}") == ["COMPLETED"]
    assert states(api, "task", task, "?created_at_to=2001-01-01T00:00:00") == []
    path = f"/api/fsm/entities/task/{task}/history"
    assert [row["state"] for row in api("GET", f"{path}?page=2&page_size=1").json["results"]] == ["CREATED"]
    assert api("GET", f"{path}?page=3&page_size=1").status_code == 404
    for query in ("created_at_from=zz", "triggered_by=x"):
        assert api("GET", f"{path}?{query}").status_code == 400


def test_a_transition_is_no_way_around_the_answers(api: Api) -> None:
    task = api.task(api.project(SENTIMENT), text="x")
    path = f"/api/fsm/entities/task/{task}/transition/"
    asked = api("POST", path, json={"transition_name": "task_completed"})
    assert (asked.status_code, asked.json["success"], asked.json["new_state"]) == (200, False, "CREATED")
    api.annotate(task, mood())
    asked = api("POST", path, json={"transition_name": "task_completed"}).json
    assert (asked["success"], asked["state_record"]["transition_name"]) == (True, "task_completed")


@pytest.mark.parametrize("name", ["task_created", "nonsense", "project_completed", ""])
def test_odd_transitions_are_refused(api: Api, name: str) -> None:
    task = api.task(api.project(SENTIMENT), text="x")
    answer = api("POST", f"/api/fsm/entities/task/{task}/transition", json={"transition_name": name})
    assert answer.status_code == 400
    assert "transition_name" in answer.json["validation_errors"]


def test_strangers_and_nonsense_find_nothing(api: Api, house: House) -> None:
    project = api.project(SENTIMENT)
    task = api.task(project, text="x")
    annotation = api.annotate(task, mood())["id"]
    stranger = house.api(f"states{project}@example.org", organization="Elsewhere")
    for entity, key in (("task", task), ("annotation", annotation), ("project", project), ("nope", 1)):
        asking = api if entity == "nope" else stranger
        assert asking("GET", f"/api/fsm/entities/{entity}/{key}/history").status_code == 404
        body = {"transition_name": f"{entity}_completed"}
        assert asking("POST", f"/api/fsm/entities/{entity}/{key}/transition", json=body).status_code == 404


def test_agreement_is_refused_as_in_the_community_edition(api: Api) -> None:
    answer = api("GET", "/api/tasks/1/agreement/")
    assert (answer.status_code, answer.json["detail"]) == (403, "Feature not enabled")

"""Filters and orders that a Label Studio 1.23.2 was asked for, and what it answered; where we differ, why.

``label_studio_filters.json`` holds the tasks and, for each question, the status and the places of the tasks in the answer.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.web.application import Api
from tests.web.shared import api, house

__all__ = ["api", "house"]

RECORDED = json.loads((Path(__file__).parent / "label_studio_filters.json").read_text("utf-8"))
CONFIG = """<View><Text name="text" value="$text"/>
<Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad"/></Choices>
<Labels name="label" toName="text"><Label value="Person"/><Label value="Place"/></Labels></View>"""

DIFFERENT: dict[str, Any] = {}
"""Name of a case to our answer: a list of places, or 400."""


@pytest.fixture(scope="module")
def recorded(house: Any) -> tuple[Api, int, list[int]]:
    """The project that Label Studio was asked about: somebody with a token, its id, its tasks' ids."""
    api = house.api()
    project = api.project(CONFIG)
    ids = []
    for task in RECORDED["tasks"]:
        ids.append(api.task(project, **task["data"]))
        for prediction in task.get("predictions", ()):
            assert api("POST", "/api/predictions/", json={**prediction, "task": ids[-1]}).status_code == 201
        for annotation in task.get("annotations", ()):
            result = annotation["result"]
            rest = {key: value for key, value in annotation.items() if key != "result"}
            api.annotate(ids[-1], *result, **rest)
    draft = {"result": RECORDED["tasks"][0]["annotations"][0]["result"], "lead_time": 3}
    assert api("POST", f"/api/tasks/{ids[2]}/drafts", json=draft).status_code == 201
    api("PATCH", f"/api/projects/{project}/", json={"model_version": "one"})
    return api, project, ids


@pytest.mark.parametrize("case", RECORDED["cases"], ids=lambda case: case["name"])
def test_answers_as_label_studio(recorded: tuple[Api, int, list[int]], case: dict[str, Any]) -> None:
    api, project, ids = recorded
    answer = api("GET", "/api/tasks", query_string={"project": project, "include": "id", "query": json.dumps(case["query"])})
    print(answer.text[:500])
    expected = DIFFERENT.get(case["name"], case.get("tasks", 400))
    found = [ids.index(task["id"]) for task in answer.json["tasks"]] if answer.status_code == 200 else answer.status_code
    assert found == expected

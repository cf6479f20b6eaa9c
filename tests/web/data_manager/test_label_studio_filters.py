"""Filters and orders that a Label Studio 1.23.2 was asked for, and what it answered; where we differ, why.

``label_studio_filters.json`` holds the tasks and, for each question, the status and the places of the tasks answered.
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

DIFFERENT: dict[str, Any] = {
    # A wrong pattern, operator or value is said to be wrong; Label Studio finds nothing, or everything, or breaks.
    "data.text regex (": 400,
    "total_annotations contains '1'": 400,
    "unknown operator": 400,
    "value list": 400,
    # What its documents name and it does not do yet.
    "data.text starts_with r": [0, 7],
    "data.text ends_with n": [0, 7],
    "data.text exists True": [0, 1, 3, 4, 5, 6, 7],
    "data.a.b equal x": [0],
    "data.a.b empty": [2, 3, 4, 5, 6, 7],
    "data.list List contains red": [5],
    # null is no number: on SQLite it is 0 there, on PostgreSQL it is none there too.
    "data.n Number not_equal 1": [1, 2, 3, 6, 7],
    "data.n Number less 5": [0, 1, 6],
    "data.n Number less_or_equal 10": [0, 1, 2, 3, 6],
    "data.n Number not_in {'min': 1, 'max': 10}": [6, 7],
    "data.n Number empty True": [4, 5],
    "data.n Number empty False": [0, 1, 2, 3, 6, 7],
    "data.n Number contains '0'": [2, 7],
    # Half of a range, several users, and a day are understood; it breaks.
    "data.n Number in {'min': 5}": [2, 3, 7],
    "data.n Number in {'max': 5}": [0, 1, 6],
    "annotators contains [1]": [0, 1, 4, 7],
    "annotators not_contains [1]": [2, 3, 5, 6],
    "annotators contains [999]": [],
    "annotators contains []": [0, 1, 2, 3, 4, 5, 6, 7],
    "updated_by contains [1]": [0, 1, 4, 5, 7],
    "updated_by not_contains [1]": [2, 3, 6],
    "updated_by contains [999]": [],
    "updated_by contains []": [0, 1, 2, 3, 4, 5, 6, 7],
    "completed_at greater '2020-01-01'": [0, 1, 7],
    "created_at greater '2020-01-01'": [0, 1, 2, 3, 4, 5, 6, 7],
    # A text is compared with how a value is shown; there a 10 contains "10" and does not equal it.
    "data.n String equal '10'": [2],
    # It looks at the annotations here, where predictions are meant.
    "predictions_results empty True": [2, 3, 4, 6, 7],
    "predictions_results empty False": [0, 1, 5],
    # It takes the letters of the word for a list of versions, and two answers of one person for another person.
    "predictions_model_versions contains 'one'": [0, 1],
    "predictions_model_versions not_contains 'one'": [2, 3, 4, 5, 6, 7],
    "predictions_model_versions equal 'one'": [0, 1],
    "annotators equal 1": [0, 1, 4, 7],
    # No storage, no name: it is empty.
    "storage_filename empty": [0, 1, 2, 3, 4, 5, 6, 7],
    # Numbers that are written as texts are sorted as numbers, and null as what is missing.
    "order tasks:data.n": [6, 0, 1, 3, 2, 7, 4, 5],
    "order -tasks:data.n": [7, 2, 3, 1, 0, 6, 4, 5],
    "order tasks:data.cat": [7, 6, 2, 0, 1, 4, 5, 3],
    "order -tasks:data.cat": [5, 4, 1, 0, 2, 6, 7, 3],
    # All orders are followed, not the first alone; what is missing is last; of equals, descending, the newest is first.
    "order tasks:total_annotations,-tasks:id": [6, 5, 4, 3, 2, 7, 0, 1],
    "order -tasks:total_annotations": [1, 7, 0, 6, 5, 4, 3, 2],
    "order -tasks:draft_exists": [2, 7, 6, 5, 4, 3, 1, 0],
    "order tasks:annotators": [0, 1, 4, 7, 2, 3, 5, 6],
    "order tasks:annotations_results": [4, 1, 0, 7, 2, 3, 5, 6],
}
"""Name of a case to our answer: a list of places, or 400."""


@pytest.fixture(scope="module")
def recorded(house: Any) -> tuple[Api, int, list[int]]:
    """The project that Label Studio was asked about: somebody with a token, its id, its tasks' ids."""
    api = house.api()
    project = api.project(CONFIG)
    ids = api.tasks(project, *({"data": task["data"]} for task in RECORDED["tasks"]))
    for task_id, task in zip(ids, RECORDED["tasks"], strict=True):
        for prediction in task.get("predictions", ()):
            assert api("POST", "/api/predictions/", json={**prediction, "task": task_id}).status_code == 201
        for annotation in task.get("annotations", ()):
            result = annotation["result"]
            rest = {key: value for key, value in annotation.items() if key != "result"}
            api.annotate(task_id, *result, **rest)
    draft = {"result": RECORDED["tasks"][0]["annotations"][0]["result"], "lead_time": 3}
    assert api("POST", f"/api/tasks/{ids[2]}/drafts", json=draft).status_code == 201
    api("PATCH", f"/api/projects/{project}/", json={"model_version": "one"})
    return api, project, ids


def test_filters_and_orders_answer_as_label_studio(recorded: tuple[Api, int, list[int]]) -> None:
    api, project, ids = recorded
    wrong = {}
    for case in RECORDED["cases"]:
        query = {"project": project, "include": "id", "query": json.dumps(case["query"])}
        answer = api("GET", "/api/tasks", query_string=query)
        found: Any = answer.status_code
        if found == 200:
            found = [ids.index(task["id"]) for task in answer.json["tasks"]]
        expected = DIFFERENT.get(case["name"], case.get("tasks", 400))
        if found != expected:
            wrong[case["name"]] = {"found": found, "expected": expected}
    assert wrong == {}

"""Agreement over HTTP: what people answer becomes a column, figures and tables, on both kinds of database."""

from __future__ import annotations

from typing import Any

import pytest

from labelwright.testing import work_off
from tests.web.application import BOXES, SENTIMENT, Api, House, box, mood
from tests.web.shared import api, house

__all__ = ["api", "house"]


@pytest.fixture(scope="module")
def people(house: House) -> list[Api]:
    """Three who label."""
    return [house.api(f"person{number}@example.org") for number in range(3)]


def answered(api: Api, people: list[Api], *answers: list[str], **settings: Any) -> tuple[int, list[int]]:
    """A project with one task for each list, which holds what each of the people chose; empty: they did not."""
    project = api.project(SENTIMENT, **settings)
    sent = api(
        "POST",
        f"/api/projects/{project}/import?return_task_ids=1",
        json=[{"text": str(n)} for n in range(len(answers))],
    )
    tasks = list(sent.json["task_ids"])
    for task, choices in zip(tasks, answers, strict=True):
        for person, choice in zip(people, choices, strict=False):
            if choice:
                person.annotate(task, mood(choice))
    return project, tasks


def column(api: Api, project: int, query: str = "") -> list[Any]:
    rows = api("GET", f"/api/tasks?project={project}&fields=all{query}").json["tasks"]
    return [row.get("agreement") for row in rows]


def overview(api: Api, project: int) -> dict[str, Any]:
    answer = api("GET", f"/api/projects/{project}/agreement")
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def test_answers_of_several_people_become_a_column(house: House, api: Api, people: list[Api]) -> None:
    project, tasks = answered(
        api,
        people,
        ["Good", "Good"],
        ["Good", "Bad"],
        ["Good"],
        ["Good", "Good", "Bad"],
        maximum_annotations=3,
    )
    assert column(api, project) == [None] * 4
    work_off(house.app)
    assert column(api, project) == [1.0, 0.0, None, 0.333333]
    seen = overview(api, project)
    assert (seen["agreement"], seen["tasks"]) == (pytest.approx(1.333333 / 3), 3)

"""``check`` finds every counter that was falsified, and mends it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from labelwright.services import check
from tests.web.application import Api, House, box
from tests.web.shared import api, house

__all__ = ["api", "house"]


@pytest.fixture(scope="module")
def labelled(house: House) -> int:
    """A project with something of each kind that is counted."""
    api = house.api()
    project = api.project()
    first, second = api.task(project), api.task(project)
    api.annotate(first, box(), ground_truth=True, lead_time=1.1)
    api.annotate(first, was_cancelled=True, lead_time=2.2)
    api("POST", f"/api/tasks/{second}/drafts", json={"result": []})
    api("POST", "/api/predictions/", json={"task": second, "result": [], "score": 0.5})
    api("GET", f"/api/projects/{project}/next")
    assert list(check.check(house.ctx)) == []
    return project


@pytest.mark.parametrize(
    "falsify",
    [
        "UPDATE lw_task SET total_annotations = 7, cancelled_annotations = 8, total_ground_truths = 9",
        "UPDATE lw_task SET total_predictions = 7, total_drafts = 7",
        "UPDATE lw_task SET taken = 0 WHERE id = 1",
        "UPDATE lw_task SET is_labeled = NOT is_labeled",
        "UPDATE lw_task SET lead_time_sum = 1, lead_time_count = 2",
        "UPDATE lw_task SET prediction_score_sum = 1, prediction_score_count = 2",
        "DELETE FROM lw_project_delta",
        "UPDATE lw_project_delta SET predictions = 3, skipped = 3",
        "DELETE FROM lw_annotation_label",
        "UPDATE lw_annotation_label SET n = 4",
        "UPDATE lw_annotation_label SET label = 'Bus'",
        "UPDATE lw_annotation_label SET task_id = 2",
        "UPDATE lw_annotation SET result_count = 5",
        "UPDATE lw_data_column SET tasks = 99",
        "DELETE FROM lw_data_column",
        "INSERT INTO lw_data_column (project_id, name, tasks) VALUES (1, 'gone', 1)",
        "UPDATE lw_project SET next_inner_id = 1",
    ],
)
def test_a_falsified_counter_is_found_and_mended(house: House, api: Api, labelled: int, falsify: str) -> None:
    before = api.counts(labelled)
    with house.ctx.database.write() as session:
        session.execute(text(falsify))
    assert list(check.check(house.ctx)) != []
    assert list(check.check(house.ctx, mend=True)) != []
    assert list(check.check(house.ctx)) == []
    assert api.counts(labelled) == before


def test_blocks_make_no_difference(house: House, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "BLOCK", 2)
    project = api.project()
    for _ in range(5):
        api.annotate(api.task(project), box())
    assert list(check.check(house.ctx)) == []
    with house.ctx.database.write() as session:
        session.execute(text(f"UPDATE lw_task SET total_annotations = 0 WHERE project_id = {project}"))
        session.execute(text(f"DELETE FROM lw_annotation_label WHERE project_id = {project}"))
    assert len(list(check.check(house.ctx, mend=True))) == 10
    assert list(check.check(house.ctx)) == []


def test_answers_given_while_it_mends_are_counted_once(house: House, api: Api) -> None:
    project = api.project()
    first, second = api.task(project), api.task(project)
    with house.ctx.database.write() as session:
        session.execute(text(f"UPDATE lw_project_delta SET tasks = 5 WHERE project_id = {project}"))
        session.execute(text(f"UPDATE lw_task SET total_annotations = 5 WHERE project_id = {project}"))
    mending = check.check(house.ctx, mend=True)
    assert next(mending).name == "total_annotations"
    api.annotate(first, box())
    assert list(mending) != []
    api.annotate(second, box())
    assert list(check.check(house.ctx)) == []
    counts = api.counts(project)
    assert (counts["task_number"], counts["finished_task_number"]) == (2, 2)

"""``check`` finds every counter that was falsified, and mends it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from labelwright.services import check
from tests.web.application import Api, House, api, box, house

__all__ = ["api", "house"]


@pytest.mark.parametrize(
    "falsify",
    [
        "UPDATE lw_task SET total_annotations = 7",
        "UPDATE lw_task SET taken = 0 WHERE id = 1",
        "UPDATE lw_task SET is_labeled = NOT is_labeled",
        "DELETE FROM lw_project_delta",
        "DELETE FROM lw_annotation_label",
        "UPDATE lw_data_column SET tasks = 99",
    ],
)
def test_a_falsified_counter_is_found_and_mended(house: House, api: Api, falsify: str) -> None:
    project = api.project()
    first, second = api.task(project), api.task(project)
    api.annotate(first, box(), ground_truth=True)
    api.annotate(first, was_cancelled=True)
    api("POST", f"/api/tasks/{second}/drafts", json={"result": []})
    api("POST", "/api/predictions/", json={"task": second, "result": [], "score": 0.5})
    api("GET", f"/api/projects/{project}/next")
    before = api.counts(project)
    assert list(check.check(house.ctx)) == []

    with house.ctx.database.write() as session:
        session.execute(text(falsify))
    assert list(check.check(house.ctx)) != []
    assert list(check.check(house.ctx, mend=True)) != []
    assert list(check.check(house.ctx)) == []
    assert api.counts(project) == before

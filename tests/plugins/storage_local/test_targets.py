"""Folders as targets: each answer becomes a file, is written anew when it changes, and goes when it is told to."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from labelwright.jobs.kinds import TidyUp
from labelwright.jobs.runner import Runner
from labelwright.models import Job, StoredAnswer, now
from tests.web.application import SENTIMENT, Api, House, mood

FIELDS = {
    "id", "type", "synchronizable", "path", "regex_filter", "use_blob_urls", "last_sync", "last_sync_count",
    "last_sync_job", "status", "traceback", "meta", "title", "description", "created_at", "can_delete_objects",
    "project",
}  # fmt: skip
"""As a Label Studio 1.23.2 answers."""
ANSWER = {
    "id", "result", "created_username", "created_ago", "completed_by", "task", "was_cancelled", "ground_truth",
    "created_at", "updated_at", "draft_created_at", "lead_time", "import_id", "last_action", "bulk_created", "project",
    "updated_by", "parent_prediction", "parent_annotation", "last_created_by",
}  # fmt: skip
TASK = {
    "id", "data", "meta", "created_at", "updated_at", "is_labeled", "allow_skip", "overlap", "inner_id",
    "total_annotations", "cancelled_annotations", "total_predictions", "precomputed_agreement", "comment_count",
    "unresolved_comment_count", "last_comment_updated_at", "project", "updated_by", "file_upload", "comment_authors",
}  # fmt: skip
"""As it writes them."""
PATH = "/api/storages/export/localfiles"


@pytest.fixture
def settle(house: House, work: Runner) -> Callable[[], None]:
    """Does the jobs that wait, those that are to be tried later too."""

    def do() -> None:
        while due := _due(house):
            for job in due:
                work.run(job)

    return do


def _due(house: House) -> list[int]:
    with house.ctx.database.write() as session:
        session.execute(update(Job).where(Job.state == "queued").values(not_before=now()))
    return house.ctx.queue.due()


def target(api: Api, folder: Path, **fields: Any) -> dict[str, Any]:
    body = {"path": str(folder), "project": api.project(SENTIMENT), **fields}
    answer = api("POST", PATH, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def written(folder: Path) -> dict[str, Any]:
    return {path.name: json.loads(path.read_bytes()) for path in folder.iterdir()}


def test_answers_are_written_as_they_come_and_go(api: Api, folder: Path, settle: Callable[[], None]) -> None:
    storage = target(api, folder / "new" / "folder", can_delete_objects=True)
    assert storage.keys() == FIELDS
    settle()
    task = api.task(storage["project"], text="good day")
    annotation = api.annotate(task, mood("Good"), lead_time=3)
    settle()
    [(name, kept)] = written(folder / "new/folder").items()
    assert name == str(annotation["id"])
    assert kept["result"] == [mood("Good")]
    assert (kept["task"]["id"], kept["task"]["data"], kept["lead_time"]) == (task, {"text": "good day"}, 3)
    assert (kept.keys(), kept["task"].keys()) == (ANSWER, TASK)
    assert kept["completed_by"]["email"] == "owner@example.org"
    api("PATCH", f"/api/annotations/{annotation['id']}/", json={"result": [mood("Bad")]})
    settle()
    assert written(folder / "new/folder")[name]["result"] == [mood("Bad")]
    other = api.annotate(api.task(storage["project"], text="x"), mood())
    settle()
    api("DELETE", f"/api/annotations/{annotation['id']}/")
    api("DELETE", f"/api/tasks/{other['task']}/")
    settle()
    assert written(folder / "new/folder") == {}


def test_what_is_deleted_stays_unless_it_is_told_to_go(
    api: Api, folder: Path, settle: Callable[[], None]
) -> None:
    storage = target(api, folder)
    annotation = api.annotate(api.task(storage["project"], text="x"), mood())
    settle()
    api("DELETE", f"/api/annotations/{annotation['id']}/")
    settle()
    assert [*written(folder)] == [str(annotation["id"])]


def test_a_new_target_gets_all_answers_and_a_sync_writes_them_again(
    api: Api, folder: Path, settle: Callable[[], None]
) -> None:
    project = api.project(SENTIMENT)
    answered = {"data": {"text": "x"}, "annotations": [{"result": [mood()]}, {"result": [mood("Bad")]}]}
    api("POST", f"/api/projects/{project}/import", json=[answered] * 60)  # a batch holds 100
    storage = target(api, folder, project=project)
    assert storage["status"] == "queued"
    settle()
    assert len(written(folder)) == 120
    done = api("GET", f"{PATH}/{storage['id']}").json
    assert (done["status"], done["last_sync_count"]) == ("completed", 120)
    for path in folder.iterdir():
        path.unlink()
    again = api("POST", f"{PATH}/{storage['id']}/sync")
    assert (again.status_code, again.json["status"], len(written(folder))) == (200, "completed", 120)


def test_a_target_that_is_away_loses_nothing(
    api: Api, house: House, folder: Path, settle: Callable[[], None], work: Runner
) -> None:
    storage = target(api, folder / "t")
    settle()
    os.rmdir(folder / "t")
    (folder / "t").write_text("no folder any more")
    annotation = api.annotate(api.task(storage["project"], text="x"), mood())
    settle()
    waiting = select(func.count()).where(StoredAnswer.storage_id == storage["id"], StoredAnswer.wanted != "")
    with house.ctx.database.read() as session:
        assert session.scalar(waiting) == 1
    shown = api("GET", f"{PATH}/{storage['id']}").json
    assert shown["status"] == "failed"
    assert str(folder / "t") in shown["traceback"]
    (folder / "t").unlink()
    TidyUp(house.ctx).run(None)  # type: ignore[arg-type]
    settle()
    assert [*written(folder / "t")] == [str(annotation["id"])]
    assert api("GET", f"{PATH}/{storage['id']}").json["status"] == "completed"


def test_targets_have_their_own_addresses(api: Api, folder: Path) -> None:
    storage = target(api, folder)
    path, project = f"{PATH}/{storage['id']}", storage["project"]
    assert [one["id"] for one in api("GET", f"{PATH}?project={project}").json] == [storage["id"]]
    assert [one["id"] for one in api("GET", f"/api/storages/export?project={project}").json] == [
        storage["id"]
    ]
    assert api("GET", f"/api/storages/?project={project}").json == []
    assert api("GET", f"/api/storages/localfiles/{storage['id']}").status_code == 404
    assert {"name": "localfiles", "title": "Local files"} in api("GET", "/api/storages/export/types").json
    assert api("PATCH", path, json={"can_delete_objects": True}).json["can_delete_objects"] is True
    assert api("POST", f"{PATH}/validate", json={"project": project, "path": "/etc"}).status_code == 400
    assert api("DELETE", path).status_code == 204
    assert api("GET", f"{PATH}?project={project}").json == []

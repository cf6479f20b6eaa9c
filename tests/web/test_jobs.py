"""Jobs over HTTP: done in the background, watched by cursor, cancelled, and nobody else's business."""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from labelwright.errors import Conflict
from labelwright.job_kinds import JobKind, JobSpec
from labelwright.jobs import embedded
from labelwright.models import FileUpload, Job, Task
from tests.web.application import SENTIMENT, Api, House
from tests.web.shared import api, house

__all__ = ["api", "house"]

ASYNC = {"Prefer": "respond-async"}


@pytest.fixture(scope="module")
def work(house: House) -> Iterator[House]:
    """The application with its embedded worker, and three more kinds of jobs."""
    registry = house.ctx.registry
    with pytest.MonkeyPatch.context() as patch:
        kinds = {kind.kind: kind for kind in (Sum(), Wrong(), Slow())}
        patch.setattr(registry, "jobs", {**registry.jobs, **kinds})
        known = registry.settings_for
        patch.setattr(
            registry,
            "settings_for",
            lambda hook, name, settings: {} if name in kinds else known(hook, name, settings),
        )
        with embedded.worker(house.ctx):
            yield house


class Sum(JobKind):
    kind = "sum"

    def run(self, context: Any, *, numbers: list[int]) -> dict[str, Any]:
        context.checkpoint({"seen": len(numbers)})
        context.progress(len(numbers), len(numbers), "Adding")
        return {"sum": sum(numbers)}


class Wrong(JobKind):
    kind = "wrong"
    tries = 2
    tried: list[int] = []

    def run(self, context: Any, *, how: str) -> None:
        self.tried.append(context.job)
        if how == "refused":
            raise Conflict("not now", code="not-now", params={"why": "test"})
        raise ZeroDivisionError("a mistake of ours")


class Slow(JobKind):
    kind = "slow"

    def run(self, context: Any) -> dict[str, Any]:
        for step in range(2000):
            if context.cancelled():
                return {"stopped_at": step}
            context.progress(step, 2000, "Waiting")
            time.sleep(0.01)
        return {"stopped_at": None}


def begin(house: House, kind: str, **params: Any) -> int:
    with house.ctx.database.write() as session:
        job = house.ctx.queue.add(session, JobSpec(kind, params), owner=1, organization=1)
    assert job is not None
    return job


def ended(api: Api, job: int, timeout_s: float = 20) -> dict[str, Any]:
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        found = dict(api("GET", f"/api/jobs/{job}").json)
        if found["state"] not in ("queued", "running"):
            return found
        time.sleep(0.05)
    raise AssertionError(f"job {job} did not end: {found}")


def test_a_job_is_done_at_once(work: House, api: Api) -> None:
    began = time.monotonic()
    job = ended(api, begin(work, "sum", numbers=[1, 2, 3]))
    assert (job["state"], job["result"], job["progress"], job["error"]) == ("done", {"sum": 6}, 1.0, None)
    assert time.monotonic() - began < 2


def test_a_refusal_ends_a_job_with_words(work: House, api: Api) -> None:
    job = ended(api, begin(work, "wrong", how="refused"))
    assert (job["state"], job["message"], job["code"]) == ("failed", "not now", "not-now")
    assert job["error"] == {
        "status_code": 409,
        "detail": "not now",
        "code": "not-now",
        "params": {"why": "test"},
    }


def test_a_mistake_is_tried_again_and_then_given_up_without_its_insides(work: House, api: Api) -> None:
    Wrong.tried.clear()
    number = begin(work, "wrong", how="broken")
    job = ended(api, number)
    assert (job["state"], job["code"]) == ("failed", "job-gave-up")
    assert Wrong.tried.count(number) == 2
    assert "ZeroDivision" not in str(job)


def test_a_kind_without_a_plugin_is_named(work: House, api: Api) -> None:
    job = ended(api, begin(work, "from-a-plugin-that-is-gone"))
    assert (job["state"], job["params"]) == ("failed", {"kind": "from-a-plugin-that-is-gone"})


def test_a_running_job_can_be_cancelled(work: House, api: Api) -> None:
    job = begin(work, "slow")
    while api("GET", f"/api/jobs/{job}").json["state"] == "queued":
        time.sleep(0.02)
    asked = api("POST", f"/api/jobs/{job}/cancel")
    assert asked.json["cancel_requested"] is True
    assert ended(api, job)["state"] == "cancelled"


def test_a_job_of_the_same_key_is_superfluous(work: House, api: Api) -> None:
    with work.ctx.database.write() as session:
        queue, spec = work.ctx.queue, JobSpec("sum", {"numbers": [1]}, idempotency_key="once")
        first = queue.add(session, spec, owner=1, organization=1)
        assert queue.add(session, spec, owner=1, organization=1) is None
    assert first is not None
    ended(api, first)
    with work.ctx.database.write() as session:
        assert work.ctx.queue.add(session, spec, owner=1, organization=1) is not None


def test_a_job_of_a_transaction_that_failed_is_not_there(work: House) -> None:
    made: list[int | None] = []
    with contextlib.suppress(RuntimeError), work.ctx.database.write() as session:
        made.append(work.ctx.queue.add(session, JobSpec("sum", {"numbers": [1]}), organization=1))
        raise RuntimeError
    with work.ctx.database.read() as session:
        assert session.get(Job, made[0]) is None


def test_an_import_is_done_in_the_background(work: House, api: Api) -> None:
    project = api.project(SENTIMENT)
    items = [{"text": str(n)} for n in range(12_000)]
    asked = api("POST", f"/api/projects/{project}/import", json=items, headers=ASYNC)
    assert asked.status_code == 202, asked.text
    assert (asked.json["kind"], asked.json["project"]) == ("import", project)
    job = ended(api, asked.json["id"], 60)
    assert (job["state"], job["result"]["task_count"]) == ("done", 12_000)
    assert api.counts(project)["task_number"] == 12_000
    end = time.monotonic() + 30
    while list(work.ctx.staging.iterdir()) and time.monotonic() < end:
        time.sleep(0.02)  # the body goes after the commit that ends the job
    assert list(work.ctx.staging.iterdir()) == []


def test_a_bad_import_in_the_background_leaves_nothing(work: House, api: Api) -> None:
    project = api.project(SENTIMENT)
    form = {"f": (io.BytesIO(b'[{"text": "a"}, {"x": 1}]'), "t.json")}
    job = ended(api, api("POST", f"/api/projects/{project}/import", data=form, headers=ASYNC).json["id"])
    assert (job["state"], job["code"]) == ("failed", "field-missing")
    assert job["message"].startswith('Error at item 1: "text" key is expected in task data')
    assert job["error"]["validation_errors"]["non_field_errors"] == [job["message"]]
    with work.ctx.database.read() as session:
        for model in (Task, FileUpload):
            assert (
                session.scalar(select(func.count()).select_from(model).where(model.project_id == project))
                == 0
            )
    assert not any((work.ctx.media / "upload" / str(project)).iterdir())


def test_a_snapshot_is_made_in_the_background(work: House, api: Api) -> None:
    project = api.project(SENTIMENT)
    api("POST", f"/api/projects/{project}/import", json=[{"text": "a"}])
    made = api("POST", f"/api/projects/{project}/exports/", json={}, headers=ASYNC)
    assert made.status_code == 202
    ended(api, made.json["job"])
    shown = api("GET", f"/api/projects/{project}/exports/{made.json['id']}").json
    assert (shown["status"], shown["counters"]) == ("completed", {"task_number": 1})


def test_changes_tell_of_jobs_once(work: House, api: Api) -> None:
    project = api.project(SENTIMENT)
    first = api("GET", f"/api/changes?project={project}")
    assert (first.status_code, first.json["jobs"]) == (200, [])
    job = api("POST", f"/api/projects/{project}/import", json=[{"text": "a"}], headers=ASYNC).json["id"]
    ended(api, job)
    second = api("GET", f"/api/changes?project={project}&since={first.json['cursor']}")
    assert [one["id"] for one in second.json["jobs"]] == [job]
    same = api("GET", f"/api/changes?project={project}&since={first.json['cursor']}",
               headers={"If-None-Match": second.headers["ETag"]})  # fmt: skip
    assert same.status_code == 304
    later = api("GET", f"/api/changes?project={project}&since={int(time.time() * 1000) + 10}")
    assert later.status_code == 204
    assert int(later.headers["X-Interval-Ms"]) >= 1000


def test_changes_renew_the_lease(work: House, api: Api) -> None:
    project = api.project(SENTIMENT)
    api("POST", f"/api/projects/{project}/import", json=[{"text": "a"}])
    task = api("GET", f"/api/projects/{project}/next").json["id"]
    lease = api("GET", f"/api/changes?lease={task}").json["lease"]
    assert lease["task"] == task
    api("DELETE", f"/api/tasks/{task}/lease")
    assert api("GET", f"/api/changes?lease={task}").json["lease"] is None


@pytest.mark.parametrize(
    "query", ["since=yesterday", "since=1e400", "since=-1" + "0" * 30, "project=abc", "lease=-1"]
)
def test_odd_cursors_are_refused(work: House, api: Api, query: str) -> None:
    assert api("GET", f"/api/changes?{query}").status_code == 400


def test_jobs_of_others_are_not_found(work: House, api: Api) -> None:
    job = begin(work, "sum", numbers=[])
    stranger = work.api(f"stranger{job}@example.org", organization="Elsewhere")
    assert stranger("GET", f"/api/jobs/{job}").status_code == 404
    assert stranger("POST", f"/api/jobs/{job}/cancel").status_code == 404
    assert stranger("GET", "/api/jobs").json == []
    assert stranger("GET", "/api/changes").json["jobs"] == []
    assert stranger("GET", f"/api/changes?project={api.project(SENTIMENT)}").status_code == 404
    assert job in [one["id"] for one in api("GET", "/api/jobs").json]


def test_the_queue_says_that_it_is_well(work: House) -> None:
    health = work.ctx.queue.health()
    assert (health["status"], health["transport"]) == ("ok", "embedded")

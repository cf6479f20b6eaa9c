"""The label stream: nobody gets a task beyond its overlap, and leaving gives it back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import update

from labelwright.models import Task, TaskLease, now
from tests.web.application import Api, House, box
from tests.web.shared import api, house

__all__ = ["api", "house"]


def following(api: Api, project: int, **query: int) -> int | None:
    answer = api("GET", f"/api/projects/{project}/next", query_string=query)
    assert answer.status_code in (200, 404), answer.text
    return answer.json["id"] if answer.status_code == 200 else None


def test_tasks_come_in_order_until_none_is_left(api: Api) -> None:
    project = api.project()
    tasks = api.tasks(project, *({"image": f"/{n}.png"} for n in range(3)))
    seen = []
    while (task := following(api, project)) is not None:
        seen.append(task)
        api.annotate(task, box())
    assert seen == tasks
    answer = api("GET", f"/api/projects/{project}/next/")
    assert (answer.status_code, answer.json["detail"]) == (404, "There are no tasks for owner@example.org")


def test_the_held_task_comes_again(api: Api) -> None:
    project = api.project()
    api.task(project), api.task(project)
    assert following(api, project) == following(api, project)


def test_two_labellers_get_different_tasks(house: House, api: Api) -> None:
    project = api.project()
    api.task(project), api.task(project)
    other = house.api("other@example.org")
    assert following(api, project) != following(other, project)
    assert following(house.api("third@example.org"), project) is None


def test_many_at_once_never_share_a_task(house: House, api: Api) -> None:
    project = api.project()
    tasks = set(api.tasks(project, *({"image": f"/{n}.png"} for n in range(12))))
    people = [house.api(f"labeller{number}@example.org") for number in range(12)]
    with ThreadPoolExecutor(12) as pool:
        given = list(pool.map(lambda person: following(person, project), people))
    assert sorted(given) == sorted(tasks)


def test_overlap_is_filled_and_not_exceeded(house: House, api: Api) -> None:
    project = api.project(maximum_annotations=2)
    task = api.task(project)
    people = [api, house.api("b@example.org"), house.api("c@example.org")]
    assert [following(person, project) for person in people] == [task, task, None]
    api.annotate(task, box())
    assert following(people[2], project) is None
    assert api("GET", f"/api/tasks/{task}").json["is_labeled"] is False
    people[1].annotate(task, box())
    assert api("GET", f"/api/tasks/{task}").json["is_labeled"] is True


def test_prefetch_gives_the_task_after_and_keeps_it(house: House, api: Api) -> None:
    project = api.project()
    first, second, third = api.task(project), api.task(project), api.task(project)
    assert following(api, project) == first
    assert following(api, project, prefetch=first) == second
    assert following(api, project) == first, "the task in hand stays the task in hand"
    assert following(house.api("other@example.org"), project) == third
    api.annotate(first, box())
    assert following(api, project) == second


def test_leaving_gives_the_task_back(house: House, api: Api) -> None:
    project = api.project()
    task = api.task(project)
    other = house.api("other@example.org")
    assert following(api, project) == task
    assert following(other, project) is None
    assert api("DELETE", f"/api/tasks/{task}/lease").status_code == 204
    assert api("DELETE", f"/api/tasks/{task}/lease").status_code == 204
    assert following(other, project) == task


def test_an_expired_lease_is_taken_over(house: House, api: Api) -> None:
    project = api.project()
    task = api.task(project)
    assert following(api, project) == task
    with house.ctx.database.write() as session:
        lease = update(TaskLease).where(TaskLease.task_id == task)
        session.execute(lease.values(expires_at=now() - timedelta(seconds=1)))
    other = house.api("other@example.org")
    assert following(other, project) == task
    api.annotate(task, box())
    with house.ctx.database.read() as session:
        row = session.get(Task, task)
        assert (row.taken, row.total_annotations) == (2, 1), (
            "the late answer is kept, and the other's lease counts"
        )


def test_a_skipped_task_goes_to_somebody_else(house: House, api: Api) -> None:
    project = api.project()
    task = api.task(project)
    assert following(api, project) == task
    api("POST", f"/api/tasks/{task}/annotations/?was_cancelled=1", json={"result": []})
    assert following(api, project) is None
    assert following(house.api("other@example.org"), project) == task


def test_a_skipped_task_comes_back_where_the_project_says_so(api: Api) -> None:
    project = api.project(skip_queue="REQUEUE_FOR_ME")
    task, later = api.task(project), api.task(project)
    api("POST", f"/api/tasks/{task}/annotations/?was_cancelled=1", json={"result": []})
    assert following(api, project) == later
    api.annotate(later, box())
    assert following(api, project) == task


def test_skipping_can_count_as_an_answer(api: Api) -> None:
    project = api.project(skip_queue="IGNORE_SKIPPED")
    task = api.task(project)
    api("POST", f"/api/tasks/{task}/annotations/?was_cancelled=1", json={"result": []})
    assert api("GET", f"/api/tasks/{task}").json["is_labeled"] is True


def test_a_postponed_task_comes_last(api: Api) -> None:
    project = api.project()
    first, second = api.task(project), api.task(project)
    assert following(api, project) == first
    api("POST", f"/api/tasks/{first}/drafts", json={"result": [], "was_postponed": True})
    assert following(api, project) == second
    api.annotate(second, box())
    assert following(api, project) == first


def test_every_order_gives_every_task_once(api: Api) -> None:
    for sampling in ("Sequential sampling", "Uniform sampling", "Uncertainty sampling"):
        project = api.project(sampling=sampling)
        tasks = api.tasks(project, *({"image": f"/{n}.png"} for n in range(5)))
        for score, task in zip((0.9, 0.1, 0.5), tasks, strict=False):
            api(
                "POST",
                "/api/predictions/",
                json={"task": task, "result": [], "score": score, "model_version": "m"},
            )
        seen = []
        while (task := following(api, project)) is not None:
            seen.append(task)
            api.annotate(task, box())
        assert sorted(seen) == tasks
        if sampling.startswith("Uncertainty"):
            assert seen[:3] == [tasks[1], tasks[2], tasks[0]]


def test_raising_the_overlap_opens_finished_tasks(house: House, api: Api) -> None:
    project = api.project()
    task = api.task(project)
    api.annotate(task, box())
    assert api.counts(project)["finished_task_number"] == 1
    api("PATCH", f"/api/projects/{project}/", json={"maximum_annotations": 2})
    assert api.counts(project)["finished_task_number"] == 0
    assert following(house.api("other@example.org"), project) == task


def test_history_leads_back(api: Api) -> None:
    project = api.project()
    first, second = api.task(project), api.task(project)
    following(api, project)
    saved = api.annotate(first, box())
    following(api, project)
    history = api("GET", f"/api/projects/{project}/label-stream-history").json
    assert history == [
        {"taskId": first, "annotationId": saved["id"]},
        {"taskId": second, "annotationId": None},
    ]

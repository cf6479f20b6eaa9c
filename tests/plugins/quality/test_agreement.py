"""Agreement over HTTP: what people answer becomes a column, figures and tables, on both kinds of database."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select, update

from labelwright.jobs.runner import Runner, RunningJob
from labelwright.models import Job, Membership
from labelwright.testing import work_off
from labelwright_quality import work
from labelwright_quality.tables import Stale
from tests.web.application import SENTIMENT, Api, House, mood
from tests.web.shared import api, house
from tests.web.test_costs import statements

__all__ = ["api", "house"]

TWO_QUESTIONS = SENTIMENT.replace(
    "</View>",
    '<Rating name="stars" toName="text" maxRating="4"/><Header value="Nothing to answer"/></View>',
)
ALL = "/analytics/data-quality/agreement-analysis"


@pytest.fixture(scope="module")
def people(house: House) -> list[Api]:
    """Three who label."""
    return [house.api(f"person{number}@example.org") for number in range(3)]


@pytest.fixture(scope="module")
def ids(people: list[Api]) -> list[int]:
    return [int(person("GET", "/api/current-user/whoami").json["id"]) for person in people]


def stars(count: int) -> dict[str, Any]:
    return {"id": "s1", "from_name": "stars", "to_name": "text", "type": "rating", "value": {"rating": count}}


def tasks_of(api: Api, project: int, count: int) -> list[int]:
    tasks = [{"text": str(number)} for number in range(count)]
    return list(api("POST", f"/api/projects/{project}/import?return_task_ids=1", json=tasks).json["task_ids"])


def answered(
    api: Api, people: list[Api], *answers: list[str], config: str = SENTIMENT
) -> tuple[int, list[int]]:
    """A project with one task for each list, which says what each of the people chose; empty: they did not answer."""
    project = api.project(config, maximum_annotations=3)
    tasks = tasks_of(api, project, len(answers))
    for task, choices in zip(tasks, answers, strict=True):
        for person, choice in zip(people, choices, strict=False):
            if choice:
                person.annotate(task, mood(choice))
    return project, tasks


def column(api: Api, project: int, query: str = "") -> list[Any]:
    rows = api("GET", f"/api/tasks?project={project}&fields=all{query}").json["tasks"]
    return [row.get("agreement") for row in rows]


def get(api: Api, project: int, path: str = "/agreement") -> Any:
    answer = api("GET", f"/api/projects/{project}{path}")
    assert answer.status_code == 200, answer.text
    return answer.json


def test_answers_of_several_people_become_a_column_that_filters_and_orders(
    house: House, api: Api, people: list[Api]
) -> None:
    project, tasks = answered(
        api, people, ["Good", "Good"], ["Good", "Bad"], ["Good"], ["Good", "Good", "Bad"]
    )
    assert column(api, project) == [None] * 4
    work_off(house.app)
    assert column(api, project) == [1.0, 0.0, None, 0.333333]
    [described] = [
        one
        for one in api("GET", f"/api/dm/columns?project={project}").json["columns"]
        if one["id"] == "agreement"
    ]
    assert (described["title"], described["type"], described["percent"]) == ("Agreement", "Number", True)
    assert described["messages"]["zh"]["Agreement"] == "一致性"
    low = {"conjunction": "and", "items": [
        {"filter": "filter:tasks:agreement", "operator": "less", "type": "Number", "value": 0.5}
    ]}  # fmt: skip
    view = api(
        "POST",
        "/api/dm/views/",
        json={"project": project, "data": {"filters": low, "ordering": ["-tasks:agreement"]}},
    )
    rows = api("GET", f"/api/tasks?view={view.json['id']}").json["tasks"]
    assert [row["id"] for row in rows] == [tasks[3], tasks[1]]


def test_figures_of_people_controls_labels_and_tasks(
    house: House, api: Api, people: list[Api], ids: list[int]
) -> None:
    project, tasks = answered(api, people, ["Good", "Good", "Bad"], ["Bad", "Good"], ["Good"])
    work_off(house.app)
    a, b, c = ids
    seen = get(api, project)
    assert seen["agreement"] == pytest.approx(0.333333 / 2)
    assert (seen["tasks"], seen["waiting"], seen["problems"]) == (2, 0, [])
    assert seen["histogram"] == [1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert [user["id"] for user in seen["users"]] == ids
    assert seen["matrix"] == [[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]]
    assert seen["common_tasks"] == [[0, 2, 1], [2, 0, 1], [1, 1, 0]]
    [control] = seen["controls"]
    assert (control["name"], control["metric"], control["chosen"], control["pairs"]) == (
        "mood",
        "set-overlap",
        "",
        4,
    )
    assert control["agreement"] == 0.25
    assert [one["task"] for one in get(api, project, "/agreement/tasks")] == [tasks[1], tasks[0]]
    matrix = get(api, project, f"/tasks/{tasks[0]}/agreement-matrix")
    assert matrix["matrix"] == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    assert matrix["pairs"][0] == {"users": [a, b], "agreement": 1, "controls": {"mood": 1}}
    assert get(api, project, f"/tasks/{tasks[2]}/agreement-matrix")["agreement"] is None
    whole = get(api, project, f"{ALL}/confusion-matrix?from_name=mood")
    assert (whole["labels"], whole["matrix"]) == (["Bad", "Good"], [[0, 3], [3, 1]])
    assert whole["top_confusion_pairs"] == [
        {"label": "Good", "actual": "Bad", "count": 3, "rate": 1, "from_name": "mood"}
    ]
    for users, wanted in ((f"{a},{b}", [[0, 1], [0, 1]]), (f"{b},{a}", [[0, 0], [1, 1]])):
        assert get(api, project, f"{ALL}/confusion-matrix?users={users}")["matrix"] == wanted


def test_label_studio_enterprises_addresses_answer_as_its_client_reads_them(
    house: House, api: Api, people: list[Api], ids: list[int]
) -> None:
    project, _ = answered(api, people, ["Good", "Good", "Bad"], ["Bad", "Good"])
    assert api("GET", f"/api/projects/{project}/stats/total_agreement").status_code == 204
    work_off(house.app)
    assert get(api, project, "/stats/total_agreement") == {"total_agreement": pytest.approx(1 / 6, abs=1e-6)}
    assert get(api, project, "/stats/total_agreement?per_label=true") == {
        "total_agreement": {"Bad": 0, "Good": pytest.approx(2 / 5)}
    }
    iaa = get(api, project, "/stats/IAA?std=true")
    assert set(iaa) == {"IAA", "common_tasks", "std", "users"}
    assert iaa["IAA"][0] == [1, 0.5, 0]
    assert get(api, project, f"/stats/agreement_annotators?ids={ids[0]},{ids[2]}") == {
        "agreement": {str(ids[0]): pytest.approx(1 / 3), str(ids[2]): 0}
    }
    assert get(api, project, f"/stats/agreement_annotator/{ids[1]}") == {
        "Agreement_per_annotator": pytest.approx(1 / 3)
    }
    assert get(api, project, f"{ALL}/dimensions") == [
        {"agreement": 0.25, "control_tag": "Choices", "from_name": "mood", "name": "mood"}
    ]
    found = get(api, project, f"{ALL}/distribution")
    assert (found["total_tasks"], found["low_agreement_count"]) == (2, 2)


def test_what_adds_up_stays_exact_whatever_happens(house: House, api: Api, people: list[Api]) -> None:
    """Figures that were added and taken away again are those that a new computation gives."""
    project, tasks = answered(api, people, *[["Good", "Good", "Bad"]] * 3, ["Bad", "Good"], ["Good", "Good"])
    work_off(house.app)
    of_task = {task: api("GET", f"/api/tasks/{task}").json["annotations"] for task in tasks}
    people[2]("PATCH", f"/api/annotations/{of_task[tasks[0]][2]['id']}", json={"result": [mood("Good")]})
    people[2]("DELETE", f"/api/annotations/{of_task[tasks[1]][2]['id']}")
    people[2]("PATCH", f"/api/annotations/{of_task[tasks[2]][2]['id']}", json={"was_cancelled": True})
    people[1]("DELETE", f"/api/annotations/{of_task[tasks[3]][1]['id']}")
    people[2].annotate(tasks[3], mood("Bad"))
    api("DELETE", f"/api/tasks/{tasks[4]}")
    work_off(house.app)
    assert column(api, project) == [1.0, 1.0, 1.0, 1.0]
    seen = get(api, project)
    assert (seen["agreement"], seen["tasks"], seen["histogram"][9]) == (1, 4, 4)
    assert api("POST", f"/api/projects/{project}/agreement/recompute").status_code == 202
    work_off(house.app)
    assert get(api, project) == seen
    everything = {"selectedItems": {"all": True, "excluded": []}}
    api("POST", f"/api/dm/actions?id=delete_tasks_annotations&project={project}", json=everything)
    work_off(house.app)
    emptied = get(api, project)
    assert (emptied["agreement"], emptied["users"], sum(emptied["histogram"])) == (None, [], 0)
    assert column(api, project) == [None] * 4


def test_imported_answers_are_compared_and_nobodys_are_not(house: House, api: Api, ids: list[int]) -> None:
    project = api.project(SENTIMENT)
    both = [{"result": [mood("Good")], "completed_by": person} for person in ids[:2]]
    twice = [{"result": [mood(choice)], "completed_by": ids[0]} for choice in ("Good", "Bad")]
    newest = [*twice, {"result": [mood("Bad")], "completed_by": ids[1]}]
    nothing = [{"result": [], "completed_by": person} for person in ids[:2]]
    skipped = [both[0], {"result": [], "completed_by": ids[1], "was_cancelled": True}]
    tasks = [
        {"data": {"text": "x"}, "annotations": annotations}
        for annotations in (both, twice, newest, nothing, skipped)
    ]
    assert api("POST", f"/api/projects/{project}/import", json=tasks).status_code == 201
    work_off(house.app)
    assert column(api, project) == [1.0, None, 1.0, 1.0, None]


def test_a_metric_and_its_parameters_are_chosen_and_all_is_computed_anew(
    house: House, api: Api, people: list[Api]
) -> None:
    project = api.project(TWO_QUESTIONS, maximum_annotations=2)
    [task] = tasks_of(api, project, 1)
    people[0].annotate(task, mood(), stars(1))
    people[1].annotate(task, mood(), stars(2))
    work_off(house.app)
    assert column(api, project) == [0.5]
    path = f"/api/projects/{project}/agreement"
    by_stars = api("PATCH", path, json={"controls": {"stars": {"metric": "nearness"}}})
    assert by_stars.status_code == 200
    assert {one["name"]: one["metric"] for one in by_stars.json["controls"]} == {
        "mood": "set-overlap",
        "stars": "nearness",
    }
    work_off(house.app)
    assert column(api, project) == [0.875]
    [job] = [
        job for job in api("GET", f"/api/jobs?project={project}").json if job["kind"] == "agreement-recompute"
    ]
    assert (job["state"], job["result"]) == ("done", {"tasks": 1})
    nothing_named = api("PATCH", path, json={})
    assert nothing_named.json["controls"] == api("GET", path).json["controls"]
    api("PATCH", path, json={"controls": {"stars": {"metric": "nearness", "params": {"tolerance": 1}}}})
    api("PATCH", f"/api/projects/{project}", json={"control_weights": {"mood": {"overall": 0}}})
    work_off(house.app)
    seen = get(api, project)
    assert [(one["name"], one["weight"], one["agreement"]) for one in seen["controls"]] == [
        ("mood", 0, None),
        ("stars", 1, 1),
    ]
    assert seen["controls"][1]["params"] == {"range": 0, "tolerance": 1}


def test_a_changed_configuration_is_compared_anew_and_a_changed_title_is_not(
    house: House, api: Api, people: list[Api]
) -> None:
    project, tasks = answered(api, people, ["Good", "Good"], config=TWO_QUESTIONS)
    people[0]("PATCH", f"/api/annotations/{_first(api, tasks[0])}", json={"result": [mood(), stars(3)]})
    work_off(house.app)
    assert column(api, project) == [0.5]

    def recomputed(**changes: Any) -> int:
        assert api("PATCH", f"/api/projects/{project}", json=changes).status_code == 200
        work_off(house.app)
        jobs = api("GET", f"/api/jobs?project={project}").json
        return sum(job["kind"] == "agreement-recompute" for job in jobs)

    assert recomputed(title="Another") == 0
    assert recomputed(label_config=TWO_QUESTIONS.replace('maxRating="4"', 'maxRating="5"')) >= 0
    dropped = TWO_QUESTIONS.replace('<Rating name="stars" toName="text" maxRating="4"/>', "")
    people[0]("PATCH", f"/api/annotations/{_first(api, tasks[0])}", json={"result": [mood()]})
    assert recomputed(label_config=dropped) >= 1
    assert column(api, project) == [1.0]
    assert [one["name"] for one in get(api, project)["controls"]] == ["mood"]


def _first(api: Api, task: int) -> int:
    return int(api("GET", f"/api/tasks/{task}").json["annotations"][0]["id"])


@pytest.mark.parametrize(
    ("controls", "field"),
    [
        ({"other": {"metric": "nearness"}}, "controls.other"),
        ({"mood": {"metric": "nearness"}}, "controls.mood.metric"),
        ({"mood": {"params": {"range": 1}}}, "controls.mood.params.range"),
        ({"mood": "set-overlap"}, "controls.mood"),
        ("mood", "controls"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_choice_is_refused_by_its_place(api: Api, controls: Any, field: str) -> None:
    project = api.project(SENTIMENT)
    answer = api("PATCH", f"/api/projects/{project}/agreement", json={"controls": controls})
    assert answer.status_code == 400
    assert field in json.dumps(answer.json["validation_errors"]).replace('": {"', "."), answer.json


def test_what_is_not_kept_is_refused_in_words(api: Api) -> None:
    project = api.project(SENTIMENT)
    for path in ("/stats/IAA?per_label=1", "/stats/IAA?task=1", f"{ALL}/confusion-matrix?mode=ground_truth",
                 f"{ALL}/confusion-matrix?users=1", f"{ALL}/confusion-matrix?users=1,1"):  # fmt: skip
        assert api("GET", f"/api/projects/{project}{path}").status_code == 400, path


def test_figures_of_people_are_for_those_who_run_the_project(house: House, api: Api) -> None:
    project = api.project(SENTIMENT)
    stranger = house.api("quality-stranger@example.org", organization="Elsewhere")
    assert stranger("GET", f"/api/projects/{project}/agreement").status_code == 404
    labeller = house.api("quality-labeller@example.org")
    person = labeller("GET", "/api/current-user/whoami").json["id"]
    with house.ctx.database.write() as session:
        session.execute(update(Membership).where(Membership.user_id == person).values(role="labeller"))
    for path in ("/agreement", "/agreement/tasks", "/stats/IAA", f"{ALL}/confusion-matrix"):
        assert labeller("GET", f"/api/projects/{project}{path}").status_code == 403, path


def test_an_answer_that_comes_while_its_task_is_computed_is_not_lost(
    house: House, api: Api, people: list[Api]
) -> None:
    """Another worker has read what was before, and is slow to write it."""
    project, [task] = answered(api, people, ["Good", "Good"])
    with house.ctx.database.read() as session:
        job = session.scalar(select(Job.id).where(Job.project_id == project, Job.kind == "agreement"))
        query = select(Stale.task_id, Stale.mark).where(Stale.project_id == project)
        read = {row.task_id: row.mark for row in session.execute(query)}
    people[1]("PATCH", f"/api/annotations/{api('GET', f'/api/tasks/{task}').json['annotations'][1]['id']}",
              json={"result": [mood("Bad")]})  # fmt: skip
    claim = house.ctx.queue.claim(_due(house, job))
    assert claim is not None
    running = RunningJob(house.ctx, claim)
    within = running.within(api("GET", "/api/current-user/whoami").json["active_organization"])
    assert work._compute(running, within, project, read) == 0
    house.ctx.queue.retry(claim.id, 0)
    work_off(house.app)
    assert column(api, project) == [0.0]


def _due(house: House, job: int | None) -> int:
    assert job is not None
    with house.ctx.database.write() as session:
        session.execute(update(Job).where(Job.id == job).values(not_before=Job.created_at))
    return job


def test_a_computation_of_everything_that_breaks_off_goes_on_where_it_was(
    house: House, api: Api, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = api.project(SENTIMENT)
    both = [{"result": [mood("Good")], "completed_by": person} for person in ids[:2]]
    api("POST", f"/api/projects/{project}/import", json=[{"data": {"text": "x"}, "annotations": both}] * 5)
    work_off(house.app)
    before = get(api, project)
    compute, calls = work._compute, []

    def breaks_once(*given: Any) -> int:
        calls.append(given[3])
        if len(calls) == 2:
            raise MemoryError("the worker is gone")
        return compute(*given)

    monkeypatch.setattr(work, "BATCH", 2)
    monkeypatch.setattr(work, "_compute", breaks_once)
    api("POST", f"/api/projects/{project}/agreement/recompute")
    work_off(house.app)
    assert [len(marks) for marks in calls] == [2, 2, 2, 1]
    assert set(calls[2]) == set(calls[1])
    assert get(api, project) == before == {**before, "tasks": 5, "agreement": 1}


def test_marks_without_a_job_get_one(house: House, api: Api, people: list[Api]) -> None:
    project, _ = answered(api, people, ["Good", "Good"])
    with house.ctx.database.write() as session:
        session.execute(
            update(Job).where(Job.project_id == project, Job.kind == "agreement")
            .values(state="done", idempotency_key=None)
        )  # fmt: skip
        house.ctx.queue.add(session, work.JobSpec("agreement-tidying", is_internal=True))
    work_off(house.app)
    assert column(api, project) == [1.0]


def test_a_computation_is_as_many_statements_for_one_task_as_for_many(
    house: House, api: Api, people: list[Api], ids: list[int]
) -> None:
    both = [{"result": [mood("Good")], "completed_by": person} for person in ids[:2]]
    counts = []
    for size in (1, work.BATCH):
        project = api.project(SENTIMENT)
        tasks = [{"data": {"text": "x"}, "annotations": both}] * size
        assert api("POST", f"/api/projects/{project}/import", json=tasks).status_code == 201
        with house.ctx.database.read() as session:
            job = session.scalar(select(Job.id).where(Job.project_id == project, Job.kind == "agreement"))
        runner = Runner(house.ctx)
        _due(house, job)
        with statements(house) as asked:
            runner.run(job or 0)
        runner.stop()
        counts.append(len(asked))
        assert get(api, project)["tasks"] == size
        with statements(house) as asked:
            get(api, project)
        counts.append(len(asked))
    assert counts[:2] == counts[2:]
    assert counts[0] <= 26


def test_a_single_answer_costs_one_statement_and_no_job(house: House, api: Api, people: list[Api]) -> None:
    project = api.project(SENTIMENT)
    [task] = tasks_of(api, project, 1)
    with statements(house) as asked:
        people[0].annotate(task, mood())
    assert sum("lw_quality" in statement for statement in asked) == 1
    with house.ctx.database.read() as session:
        assert (
            session.scalar(select(Job.id).where(Job.project_id == project, Job.kind == "agreement")) is None
        )

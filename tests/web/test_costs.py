"""What a request costs does not grow with the project: the same statements for ten tasks and for a thousand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from tests.web.application import SENTIMENT, Api, House, mood
from tests.web.shared import api, house

__all__ = ["api", "house"]


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(" ".join(statement.split()))

    engine = house.ctx.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def filled(api: Api, size: int, **settings: Any) -> int:
    project = api.project(SENTIMENT, **settings)
    tasks = [
        {"data": {"text": f"text {number}"}, "predictions": [{"result": [mood()], "score": 0.5}]}
        for number in range(size)
    ]
    assert api("POST", f"/api/projects/{project}/import", json=tasks).status_code == 201
    return project


def asked_by_a_label(house: House, api: Api, project: int) -> tuple[list[str], list[str]]:
    """Of the second task: the first one also writes where the labeller is for the first time."""
    for _ in range(2):
        with statements(house) as following:
            task = api("GET", f"/api/projects/{project}/next").json["id"]
        with statements(house) as submitted:
            api.annotate(task, mood())
    return following, submitted


@pytest.fixture(scope="module")
def sizes() -> tuple[int, int]:
    return 10, 1_000


@pytest.mark.parametrize("sampling", ["Sequential sampling", "Uncertainty sampling"])
def test_next_and_submit_are_few_statements(
    house: House, api: Api, sizes: tuple[int, int], sampling: str
) -> None:
    few, many = (asked_by_a_label(house, api, filled(api, size, sampling=sampling)) for size in sizes)
    assert few == many
    following, submitted = few
    # Who asks, where they are, the task, its lease, its place; its predictions, and what plugins' columns say of it.
    assert len(following) <= 7, following
    # Three of them are the webhooks': who wants to hear of it, inside a savepoint; and three the agreement's, likewise.
    assert len(submitted) <= 14, submitted


def test_the_next_task_is_looked_for_along_indexes_of_what_is_open(house: House, api: Api) -> None:
    """Half a million answered tasks, or as many begun ones, may stand before it."""
    settings = {"maximum_annotations": 2, "show_overlap_first": True, "show_ground_truth_first": True}
    taking = [*_asked_to_take(house, api), *_asked_to_take(house, api, **settings)]
    plans = [_plan(house, statement, values) for statement, values in taking]
    wanted = ["ix_lw_task_open", "ix_lw_task_ground_truths", "ix_lw_task_begun", "ix_lw_task_overlapping"]
    assert [(name, name in plan) for name, plan in zip(wanted, plans, strict=True)] == [
        (name, True) for name in wanted
    ], plans


def _asked_to_take(house: House, api: Api, **settings: Any) -> list[tuple[str, Any]]:
    """The statements that look for the first task of a project."""
    project, asked = filled(api, 10, **settings), []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith("UPDATE lw_task SET taken"):
            asked.append((statement, values))

    event.listen(house.ctx.database.engine, "before_cursor_execute", note)
    try:
        assert api("GET", f"/api/projects/{project}/next").status_code == 200
    finally:
        event.remove(house.ctx.database.engine, "before_cursor_execute", note)
    return asked


def _plan(house: House, statement: str, values: Any) -> str:
    """How the database would go about it; PostgreSQL, if there were too many tasks to read them all."""
    is_sqlite = house.ctx.database.is_sqlite
    with house.ctx.database.snapshot() as session:
        connection = session.connection()
        if not is_sqlite:
            for way in ("seqscan", "bitmapscan", "sort"):
                connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        rows = connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN ' * is_sqlite}{statement}", values)
        return "\n".join(row[-1] for row in rows)


def test_a_page_of_tasks_is_few_statements(house: House, api: Api, sizes: tuple[int, int]) -> None:
    counts = []
    for size in sizes:
        project = filled(api, size)
        with statements(house) as asked:
            page = api("GET", f"/api/tasks?project={project}&page_size=100&fields=all").json
        assert len(page["tasks"]) == min(size, 100)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_leases_that_run_out_together_end_together(house: House, api: Api) -> None:
    """A night's worth of them is one labeller's next task in the morning."""
    project = filled(api, 60, maximum_annotations=3)
    people = [house.api(f"sleeper{number}@example.org") for number in range(3)]
    for person in people:
        for _ in range(3):
            task = person("GET", f"/api/projects/{project}/next").json["id"]
            person("GET", f"/api/projects/{project}/next?prefetch={task}")
    with house.ctx.database.write() as session:
        ended = session.execute(
            text("UPDATE lw_task_lease SET expires_at = '2020-01-01' WHERE project_id = :project"),
            {"project": project},
        ).rowcount  # type: ignore[attr-defined]
    with statements(house) as asked:
        assert api("GET", f"/api/projects/{project}/next").status_code == 200
    assert ended >= 6
    assert len(asked) <= 12, asked
    with house.ctx.database.read() as session:
        taken = session.scalar(
            text("SELECT sum(taken) FROM lw_task WHERE project_id = :project"), {"project": project}
        )
    assert taken == 1

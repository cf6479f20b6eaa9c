"""The search in tasks' data, over HTTP: what it finds, by an index and without, and that it follows every change."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select, text, update

from labelwright.jobs.runner import Runner
from labelwright.models import Job, SearchedText, SearchIndex, Task
from labelwright.services import check, removal
from labelwright.services.data_manager import search, searched_texts, words
from tests.web.application import SENTIMENT, Api, House
from tests.web.data_manager.test_views import the_caller
from tests.web.shared import api, house

__all__ = ["api", "house"]

TEXTS = (
    "The quick brown fox, jumping over a lazy dog",
    "Brown bread and quick soup",
    "Crème BRÛLÉE in İstanbul, ﬁne Straße",
    "今天的天气预报说明天会下雨",
    "iPhone手机 file_name-12.jpg, ann@example.com",
    "のデータ ｶﾞｷﾞ 날씨가 좋다 สวัสดีครับ हिन्दी",
    '100% sure \\ "quoted" o\'clock 😀',
)
FINDS = {
    "quick": {0, 1}, "QUICK brow": {0, 1}, "brown quick": {0, 1}, '"quick brown"': {0}, '"brown quick"': set(),
    "quic brown": set(), "jump": {0}, "ump": set(), '"quick bro"': set(), '"quick bro': {0}, "“quick brown” dog": {0},
    "creme": {2}, "brûlée": {2}, "istanbul": {2}, "fine strasse": {2}, "FINE": {2},
    "天": {3}, "天气": {3}, "天气预报": {3}, "气预": {3}, "天预": set(), "雨": {3}, "下雨 天气": {3}, "预报天气": set(),
    "手机": {4}, "iphone手机": {4}, "手机iphone": set(), "file_name-12": {4}, "12 jpg": {4}, "ann@example": {4},
    "データ": {5}, "ガギ": {5}, "날씨": {5}, "씨": {5}, "สวัสดี": {5}, "हिन्दी": {5},
    "100% sure": {6}, "O'Clock": {6}, "😀": {6}, "\\": {6}, "%": {6}, "7": {6}, "text": set(),
    "quick' | 'soup": {1}, 'quick OR soup"*': set(), "quick AND brown": {1}, "NEAR(quick brown)": set(),
}  # fmt: skip


def found(api: Api, project: int, wanted: str) -> list[int]:
    answer = api(
        "GET", "/api/tasks", query_string={"project": project, "query": json.dumps({"search": wanted})}
    )
    assert answer.status_code == 200, answer.text
    ids = [task["id"] for task in answer.json["tasks"]]
    assert answer.json["total"] == len(ids)
    return ids


def filled(api: Api) -> tuple[int, list[int]]:
    project = api.project(SENTIMENT)
    return project, api.tasks(project, *({"text": text, "n": n} for n, text in enumerate(TEXTS, 1)))


def run_jobs(house: House) -> None:
    with house.ctx.database.read() as session:
        waiting = session.scalars(select(Job.id).where(Job.kind == searched_texts.KIND)).all()
    runner = Runner(house.ctx)
    for job in waiting:
        runner.run(job)
    runner.stop()


@pytest.mark.parametrize("is_indexed", [False, True], ids=["read through", "indexed"])
def test_what_is_found_is_the_same_with_and_without_an_index(
    house: House, api: Api, is_indexed: bool
) -> None:
    project, tasks = filled(api)
    other, _ = filled(api)
    if is_indexed:
        assert searched_texts.make(house.ctx, other) == {"tasks": len(TEXTS)}
        assert searched_texts.make(house.ctx, project) == {"tasks": len(TEXTS)}
        assert searched_texts.make(house.ctx, project) == {"tasks": 0}
    answers = {wanted: {tasks.index(one) for one in found(api, project, wanted)} for wanted in FINDS}
    assert answers == FINDS


def test_the_index_follows_every_change(house: House, api: Api) -> None:
    project, tasks = filled(api)
    assert found(api, project, "brown") == tasks[:2]
    searched_texts.make(house.ctx, project)
    added = api.task(project, text="an unheard brown bear")
    assert found(api, project, "brown") == [*tasks[:2], added]
    api("PATCH", f"/api/tasks/{tasks[0]}/", json={"data": {"text": "a red fox"}})
    assert (found(api, project, "brown"), found(api, project, "red fox")) == ([tasks[1], added], [tasks[0]])
    api("DELETE", f"/api/tasks/{tasks[1]}")
    assert found(api, project, "brown") == [added]
    sent = [{"data": {"text": f"brown {n}"}} for n in range(3)]
    assert api("POST", f"/api/projects/{project}/import", json=sent).status_code == 201
    assert len(found(api, project, "brown")) == 4
    assert len(found(api, project, '"brown 2"')) == 1
    assert list(check.check(house.ctx)) == []
    removal.delete_project(house.ctx, the_caller(house), project)
    with house.ctx.database.read() as session:
        for table in (SearchedText, SearchIndex):
            assert session.scalars(select(table).where(table.project_id == project)).all() == []
        if house.ctx.database.is_sqlite:
            left = text("SELECT count(*) FROM lw_fts_words WHERE lw_fts_words MATCH 'unheard'")
            assert session.scalar(left) == 0


def test_work_on_many_tasks_waits_until_a_large_project_is_searched_by_words(
    house: House, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_READ_THROUGH", 2)
    project, tasks = filled(api)
    assert found(api, project, "row") == tasks[:2]  # parts of words, for the time being
    view = api("POST", "/api/dm/views", json={"project": project, "data": {"search": "row"}}).json["id"]
    action, exports = f"/api/dm/actions?project={project}&id=delete_tasks", f"/api/projects/{project}/export"
    wanted = {"search": "row", "selectedItems": {"all": True, "excluded": []}}
    for prefer in ({}, {"Prefer": "respond-async"}):
        for method, address, body in (
            ("POST", action, wanted),
            ("GET", f"{exports}?view={view}", None),
            ("POST", f"{exports}s/", {"task_filter_options": {"view": view}}),
        ):
            answer = api(method, address, json=body, headers=prefer)
            assert (answer.status_code, answer.json["code"]) == (409, "search-not-ready"), answer.text
    assert api("GET", f"/api/projects/{project}/").json["task_number"] == len(tasks)
    run_jobs(house)
    assert found(api, project, "row") == []
    assert api("POST", action, json=wanted).json["processed_items"] == 0
    assert api("POST", action, json=wanted | {"search": "fox"}).json["processed_items"] == 1
    assert found(api, project, "brown") == [tasks[1]]


def test_what_is_written_while_the_words_are_read_is_found(
    house: House, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, tasks = filled(api)
    read = searched_texts._read_block

    def interrupted(change: Callable[[], object]) -> None:
        def first(*arguments: object) -> list[int]:
            monkeypatch.setattr(searched_texts, "_read_block", read)
            return read(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(searched_texts, "BLOCK", 2)
        monkeypatch.setattr(searched_texts, "_read_block", first)
        change()

    searched_texts._begin(house.ctx, project)
    assert found(api, project, "quick") == tasks[:2]
    api("PATCH", f"/api/tasks/{tasks[3]}/", json={"data": {"text": "quick now"}})
    added = api.task(project, text="quick too")
    interrupted(lambda: searched_texts.make(house.ctx, project))
    assert found(api, project, "quick") == [*tasks[:2], tasks[3], added]
    assert list(check.check(house.ctx)) == []


def test_a_search_of_many_tasks_asks_for_the_index(
    house: House, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "READ_THROUGH", 5)
    monkeypatch.setattr(search, "MOST_READ_THROUGH", 5)
    project, tasks = filled(api)
    assert found(api, project, "rown") == tasks[:2]
    run_jobs(house)
    assert found(api, project, "rown") == []
    assert found(api, project, "brow") == tasks[:2]
    monkeypatch.setattr(words, "VERSION", words.VERSION + 1)
    assert found(api, project, "azy") == tasks[:1]
    api("PATCH", f"/api/tasks/{tasks[1]}/", json={"data": {"text": "new"}})
    run_jobs(house)
    assert found(api, project, "brow") == tasks[:1]
    assert list(check.check(house.ctx)) == []


def test_words_that_are_not_those_of_the_data_are_found_and_mended(house: House, api: Api) -> None:
    project, tasks = filled(api)
    searched_texts.make(house.ctx, project)
    with house.ctx.database.write() as session:
        session.execute(update(Task).where(Task.id == tasks[0]).values(data='{"text": "smuggled"}'))
        session.execute(SearchedText.__table__.delete().where(SearchedText.task_id == tasks[1]))
    differing = {one.where for one in check.check(house.ctx, mend=True)}
    assert {f"task {tasks[0]}", f"task {tasks[1]}"} <= differing
    assert (found(api, project, "smuggled"), found(api, project, "bread")) == ([tasks[0]], [tasks[1]])


def test_a_text_of_a_million_words_can_be_stored_and_found(house: House, api: Api) -> None:
    project, _ = filled(api)
    searched_texts.make(house.ctx, project)
    long = " ".join(f"w{n}" for n in range(300_000))
    task = api.task(project, text=f"begins {long}", more="𠀀" * 300_000)
    assert found(api, project, "begins w9999") == [task]

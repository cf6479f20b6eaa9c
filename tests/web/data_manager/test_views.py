"""Tabs, columns, pages and selections of the data manager, over HTTP."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from sqlalchemy import select, text

from labelwright.jobs.runner import Runner
from labelwright.models import FieldIndex, Project, Task
from labelwright.services import facts
from labelwright.services.context import Caller
from labelwright.services.data_manager import field_indexes, listing, matching, requests, selection
from labelwright.task_columns import Column
from tests.web.application import BOXES, SENTIMENT, Api, House, box, mood
from tests.web.shared import api, house

__all__ = ["api", "house"]


def condition(column: str, operator: str, value: Any, kind: str = "String") -> dict[str, Any]:
    return {"filter": f"filter:tasks:{column}", "operator": operator, "type": kind, "value": value}


def group(*items: dict[str, Any], conjunction: str = "and") -> dict[str, Any]:
    return {"conjunction": conjunction, "items": list(items)}


def listed(api: Api, project: int, **query: Any) -> list[int]:
    answer = api("GET", "/api/tasks", query_string={"project": project, "query": json.dumps(query)})
    assert answer.status_code == 200, answer.text
    return [task["id"] for task in answer.json["tasks"]]


def filled(api: Api, number: int) -> tuple[int, list[int]]:
    project = api.project(SENTIMENT)
    items = ({"text": f"text {n}", "n": n % 3, "cat": "odd" if n % 2 else "even"} for n in range(number))
    return project, api.tasks(project, *items)


def test_the_life_of_a_tab(api: Api) -> None:
    project, tasks = filled(api, 4)
    filters = group(condition("data.cat", "equal", "odd"))
    data = {"title": "Odd", "filters": filters, "ordering": ["-tasks:id"], "zebra": {"kept": 1}}
    made = api("POST", "/api/dm/views/", json={"project": project, "data": data})
    view = made.json
    assert (made.status_code, view["data"], view["project"], view["order"]) == (201, data, project, 0)
    page = api("GET", f"/api/tasks?view={view['id']}").json
    assert [task["id"] for task in page["tasks"]] == [tasks[3], tasks[1]]
    renamed = api("PATCH", f"/api/dm/views/{view['id']}/", json={"data": {"title": "New"}}).json
    assert renamed["data"] == {"title": "New", "filters": filters, "ordering": ["-tasks:id"]}
    assert api("PUT", f"/api/dm/views/{view['id']}", json={"data": {}}).status_code == 400
    second = api("POST", "/api/dm/views", json={"project": project}).json
    assert (second["data"], second["order"]) == ({}, 1)
    order = api(
        "POST", "/api/dm/views/order/", json={"project": project, "ids": [second["id"], view["id"], 10**9]}
    )
    assert (order.status_code, order.text) == (200, "")
    assert [one["id"] for one in api("GET", f"/api/dm/views?project={project}").json] == [
        second["id"],
        view["id"],
    ]
    assert api("DELETE", f"/api/dm/views/{second['id']}").status_code == 204
    assert api("GET", f"/api/dm/views/{second['id']}").status_code == 404
    assert api("DELETE", f"/api/dm/views/reset/?project={project}").status_code == 204
    assert api("GET", f"/api/dm/views?project={project}").json == []
    assert api("DELETE", "/api/dm/views/reset").json["validation_errors"] == {
        "project": ["This field may not be null."]
    }


def test_another_organisation_sees_no_tab(house: House, api: Api) -> None:
    project, _ = filled(api, 1)
    view = api("POST", "/api/dm/views", json={"project": project}).json["id"]
    other = house.api("other@example.org", organization="Others")
    for method, path in (
        ("GET", f"/api/dm/views/{view}"), ("PATCH", f"/api/dm/views/{view}"), ("DELETE", f"/api/dm/views/{view}"),
        ("GET", f"/api/tasks?view={view}"), ("GET", f"/api/tasks?project={project}"),
        ("GET", f"/api/dm/columns?project={project}"), ("GET", f"/api/dm/project?project={project}"),
        ("DELETE", f"/api/dm/views/reset?project={project}"),
    ):  # fmt: skip
        assert other(method, path, json={"data": {}}).status_code == 404, path
    assert other("GET", f"/api/dm/views?project={project}").status_code == 400
    assert other("POST", "/api/dm/views", json={"project": project}).status_code == 400
    own = filled(other, 1)[0]
    assert other("GET", f"/api/tasks?view={view}&project={own}").status_code == 404
    assert other("POST", "/api/dm/views/order", json={"project": own, "ids": [view]}).status_code == 200
    assert api("GET", f"/api/dm/views/{view}").json["order"] == 0


@pytest.mark.parametrize(
    ("filters", "path"),
    [
        ("x", "filters"),
        ({"conjunction": "xor", "items": []}, "filters.conjunction"),
        ({"items": {}}, "filters.items"),
        (group(condition("data.text", "contains", "a"), {"filter": "x"}), "filters.items.1.operator"),
        (group({**condition("data.text", "equal", "a"), "filter": "data.text"}), "filters.items.0.filter"),
        (group(condition("project__organization__title", "contains", "a")), "filters.items.0.filter"),
        (group(condition("password", "contains", "a")), "filters.items.0.filter"),
        (group(condition("data.text", "sounds_like", "a")), "filters.items.0.operator"),
        (group(condition("total_annotations", "contains", "1")), "filters.items.0.operator"),
        (group(condition("data.text", "equal", "a", "Zebra")), "filters.items.0.type"),
        (group(condition("data.text", "equal", None)), "filters.items.0.value"),
        (group(condition("data.text", "equal", {"a": 1})), "filters.items.0.value"),
        (group(condition("data.n", "less", "abc", "Number")), "filters.items.0.value"),
        (group(condition("data.n", "less", 1e301, "Number")), "filters.items.0.value"),
        (group(condition("data.n", "in", {}, "Number")), "filters.items.0.value"),
        (group(condition("created_at", "greater", "yesterday", "Datetime")), "filters.items.0.value"),
        (group(condition("data.text", "regex", "(a")), "filters.items.0.value"),
        (group(condition("data.text", "regex", r"(a)\1")), "filters.items.0.value"),
        (group(condition("data.text", "regex", "(?=a)")), "filters.items.0.value"),
        (group(condition("annotators", "contains", "admin", "List")), "filters.items.0.value"),
        (group(group(group(condition("data.text", "equal", [])))), "filters.items.0.items.0.items.0.value"),
        (group({**condition("id", "equal", 1, "Number"), "child_filter": {"filter": 1}}),
         "filters.items.0.child_filter.filter"),
        (group(*[condition("id", "equal", 1, "Number")] * 201), "filters.items.200"),
        (json.loads('{"items": [' * 11 + "]}" * 11), "filters" + ".items.0" * 10),
    ],
)  # fmt: skip
def test_a_wrong_filter_is_refused_by_its_place(api: Api, filters: Any, path: str) -> None:
    project = api.project(SENTIMENT)
    query = {"project": project, "query": json.dumps({"filters": filters})}
    answer = api("GET", "/api/tasks", query_string=query)
    assert (answer.status_code, list(answer.json.get("validation_errors", ()))) == (400, [path])
    saved = api("POST", "/api/dm/views", json={"project": project, "data": {"filters": filters}})
    assert list(saved.json["validation_errors"]) == [f"data.{path}"]


def test_orders_pages_and_members(api: Api) -> None:
    project, tasks = filled(api, 7)
    api("POST", "/api/tasks/", json={"project": project, "data": {"text": "no number"}})
    both = listed(api, project, ordering=["-tasks:data.n", "tasks:id"])
    assert both[:-1] == [tasks[place] for place in (2, 5, 1, 4, 0, 3, 6)]
    assert (
        listed(api, project, ordering=["tasks:data.n"])[-1]
        == both[-1]
        == listed(api, project, ordering=["-tasks:data.n"])[-1]
    )
    query = json.dumps({"ordering": ["-tasks:data.n"]})
    pages = [
        task["id"] for number in (1, 2, 3)
        for task in api("GET", "/api/tasks", query_string={
            "project": project, "page": number, "page_size": 3, "query": query}).json["tasks"]
    ]  # fmt: skip
    assert pages == listed(api, project, ordering=["-tasks:data.n"])
    for number in ("0", "4", "x", "-1"):
        assert api("GET", f"/api/tasks?project={project}&page={number}&page_size=3").status_code == 404
    assert api("GET", f"/api/tasks?project={project}&include=id,data&page_size=1").json["tasks"] == [
        {"id": tasks[0], "data": {"text": "text 0", "n": 0, "cat": "even"}}
    ]
    for ordering, path in (
        (["tasks:nosuch"], "ordering.0"),
        (["tasks:project__id"], "ordering.0"),
        ("x", "ordering"),
    ):
        answer = api(
            "GET",
            "/api/tasks",
            query_string={"project": project, "query": json.dumps({"ordering": ordering})},
        )
        assert list(answer.json["validation_errors"]) == [path]
    assert api("GET", f"/api/tasks?project={project}&query=nonsense").status_code == 400


def test_totals_follow_every_change(api: Api) -> None:
    project, tasks = filled(api, 4)
    wanted = group(condition("data.cat", "equal", "odd"))

    def totals() -> tuple[int, int, int]:
        query = {"project": project, "query": json.dumps({"filters": wanted})}
        page = api("GET", "/api/tasks", query_string=query).json
        return page["total"], page["total_annotations"], page["total_predictions"]

    assert totals() == (2, 0, 0)
    answer = api.annotate(tasks[1], mood())
    assert totals() == (2, 1, 0)
    prediction = {"task": tasks[3], "result": [mood()], "score": 0.5}
    assert api("POST", "/api/predictions/", json=prediction).status_code == 201
    assert totals() == (2, 1, 1)
    api("PATCH", f"/api/tasks/{tasks[0]}/", json={"data": {"text": "now", "cat": "odd"}})
    assert totals() == (3, 1, 1)
    api("DELETE", f"/api/annotations/{answer['id']}/")
    api("DELETE", f"/api/tasks/{tasks[3]}/")
    assert totals() == (2, 0, 0)


def test_labels_in_annotations(api: Api) -> None:
    project = api.project(BOXES)
    car, bus, none = (api.task(project) for _ in range(3))
    api.annotate(car, box("Car"))
    api.annotate(bus, box("Bus"), box("Car", "r2"))
    assert listed(api, project, filters=group(condition("annotations.label", "contains", "Bus", "List"))) == [
        bus
    ]
    assert listed(
        api, project, filters=group(condition("annotations.label.box", "contains", ["Car"], "List"))
    ) == [car, bus]
    assert listed(
        api, project, filters=group(condition("annotations.label", "not_contains", "Car", "List"))
    ) == [none]
    assert listed(api, project, filters=group(condition("annotations.label", "empty", True, "List"))) == [
        none
    ]


def test_columns_are_label_studios(api: Api) -> None:
    project, _ = filled(api, 2)
    columns = api("GET", f"/api/dm/columns?project={project}").json["columns"]
    names = [column["id"] for column in columns]
    assert names[:3] == ["text", "cat", "n"]
    assert names[3:] == [
        "id", "inner_id", "completed_at", "total_annotations", "cancelled_annotations", "total_predictions",
        "annotators", "annotations_results", "annotations_ids", "predictions_score", "predictions_model_versions",
        "predictions_results", "file_upload", "storage_filename", "created_at", "updated_at", "updated_by",
        "avg_lead_time", "draft_exists", "agreement", "data",
    ]  # fmt: skip
    assert columns[0] == {
        "id": "text", "title": "text", "type": "String", "target": "tasks", "parent": "data",
        "visibility_defaults": {"explore": True, "labeling": True}, "project_defined": True,
    }  # fmt: skip
    assert (columns[1]["type"], columns[-1]["children"]) == ("Unknown", ["text", "cat", "n"])
    shown = api("GET", f"/api/dm/project?project={project}").json
    assert (shown["task_count"], shown["annotation_count"], shown["can_delete_tasks"]) == (2, 0, True)
    assert api("GET", "/api/dm/columns").status_code == 200


def test_a_selection_picks_exactly_the_selected(house: House, api: Api) -> None:
    project, tasks = filled(api, 6)
    odd = group(condition("data.cat", "equal", "odd"))
    view = api("POST", "/api/dm/views", json={"project": project, "data": {"filters": odd}}).json["id"]
    caller = the_caller(house)

    def chosen(**arguments: Any) -> list[int]:
        with house.ctx.database.read() as session:
            where = selection.chosen(house.ctx, session, caller, project, **arguments).where
            return [
                tasks.index(one) for one in session.scalars(select(Task.id).where(where).order_by(Task.id))
            ]

    assert chosen() == [0, 1, 2, 3, 4, 5]
    assert chosen(view_id=view) == [1, 3, 5]
    assert chosen(view_id=view, request={"selectedItems": {"all": True, "excluded": [tasks[3]]}}) == [1, 5]
    assert chosen(request={"selectedItems": {"all": False, "included": [tasks[0], tasks[5], 10**12]}}) == [
        0,
        5,
    ]
    assert chosen(request={"selectedItems": {"all": False, "included": []}}) == []
    assert chosen(request={"filters": odd, "selectedItems": {"all": True, "excluded": []}}) == [1, 3, 5]
    assert chosen(request={"search": "text 4"}) == [4]


def the_caller(house: House) -> Caller:
    with house.ctx.database.read() as session:
        user, organization = session.execute(
            select(Project.created_by_id, Project.organization_id).order_by(Project.id).limit(1)
        ).one()
    return Caller(user, "owner@example.org", organization, "owner")


def test_indexes_come_and_go_with_the_tabs(house: House, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(house.ctx.settings._values, "data_manager.index_from", 0)
    project, tasks = filled(api, 6)
    api(
        "POST", "/api/tasks/", json={"project": project, "data": {"text": "long " * 100, "cat": "o'dd %s \\"}}
    )
    filters = group(
        condition("data.cat", "equal", "odd"), condition("data.n", "less", 2, "Number"),
        condition("data.text", "contains", "TEXT"), condition("data.it's 100% \"odd\"", "empty", True),
    )  # fmt: skip
    data = {"filters": filters, "ordering": ["-tasks:data.n"]}
    view = api("POST", "/api/dm/views", json={"project": project, "data": data}).json["id"]
    before = api("GET", f"/api/tasks?view={view}&include=id").json
    assert [task["id"] for task in before["tasks"]] == [tasks[1], tasks[3]]

    def kept() -> set[tuple[str, str]]:
        with house.ctx.database.read() as session:
            rows = session.scalars(select(FieldIndex).where(FieldIndex.project_id == project))
            return {(row.column_name, row.use) for row in rows}

    assert field_indexes.make(house.ctx, project)["made"] >= 3
    assert {("data.cat", "text"), ("data.n", "number"), ("data.n", "sort")} <= kept()
    assert field_indexes.make(house.ctx, project) == {"made": 0, "dropped": 0}
    api("PATCH", f"/api/tasks/{tasks[0]}/", json={"data": {"text": "text", "cat": "odd", "n": 1}})
    after = api("GET", f"/api/tasks?view={view}&include=id").json
    assert [task["id"] for task in after["tasks"]] == [tasks[1], tasks[0], tasks[3]]
    api("DELETE", f"/api/dm/views/{view}")
    field_indexes.make(house.ctx, project)
    assert kept() == set()


def test_a_tab_that_is_saved_while_indexes_are_made_gets_its_own(
    house: House, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(house.ctx.settings._values, "data_manager.index_from", 0)
    project, _ = filled(api, 1)

    def save_tab(column: str) -> None:
        data = {"ordering": [f"tasks:{column}"]}
        assert api("POST", "/api/dm/views", json={"project": project, "data": data}).status_code == 201

    make_one = field_indexes._execute

    def make_and_save(*arguments: Any) -> None:
        monkeypatch.setattr(field_indexes, "_execute", make_one)
        make_one(*arguments)
        save_tab("data.n")

    save_tab("total_annotations")
    monkeypatch.setattr(field_indexes, "_execute", make_and_save)
    assert field_indexes.make(house.ctx, project)["made"] == 2


def test_pages_counted_off_from_the_end_are_the_same(
    house: House, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, tasks = filled(api, 6)
    more = [{"text": "a", "n": 3}, {"text": "b"}, {"text": "c", "n": None}]
    api("POST", f"/api/projects/{project}/import", json=more)
    for task in tasks[2:4]:
        api("POST", f"/api/tasks/{task}/annotations/", json={"result": []})

    def in_pages(ordering: str, size: int, pages: int) -> list[int]:
        wanted = {"project": project, "page_size": size, "query": json.dumps({"ordering": [ordering]})}
        answers = [
            api("GET", "/api/tasks", query_string={**wanted, "page": page + 1}) for page in range(pages)
        ]
        return [task["id"] for answer in answers for task in answer.json["tasks"]]

    for ordering in ("tasks:data.n", "-tasks:data.n", "tasks:total_annotations", "-tasks:total_annotations",
                     "tasks:completed_at", "-tasks:data.text"):  # fmt: skip
        whole = in_pages(ordering, 100, 1)
        assert len(set(whole)) == 9
        monkeypatch.setattr(listing, "FAR", 0)
        assert (ordering, in_pages(ordering, 2, 5)) == (ordering, whole)
        monkeypatch.undo()


def test_a_page_in_the_order_of_a_counter_is_counted_off_by_the_index_alone(
    house: House, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(house.ctx.settings._values, "data_manager.index_from", 0)
    project, _ = filled(api, 6)
    data = {"ordering": ["tasks:total_annotations"]}
    api("POST", "/api/dm/views", json={"project": project, "data": data})
    assert field_indexes.make(house.ctx, project)["made"] == 1
    is_sqlite = house.ctx.database.is_sqlite
    with house.ctx.database.snapshot() as session:
        found = session.get(Project, project)
        assert found is not None
        where = selection.where(house.ctx, session, found, requests.of_mapping({}))
        query = select(Task.id).where(where).order_by(Task.total_annotations, Task.id).limit(2).offset(2)
        text_of = str(query.compile(house.ctx.database.engine, compile_kwargs={"literal_binds": True}))
        if not is_sqlite:
            for way in ("seqscan", "bitmapscan", "sort"):  # of six tasks every way is as good
                session.execute(text(f"SET LOCAL enable_{way} = off"))
        rows = session.execute(text(f"EXPLAIN {'QUERY PLAN ' * is_sqlite}{text_of}"))
        plan = "\n".join(row[-1] for row in rows)
    assert ("COVERING INDEX ix_lw_dm" if is_sqlite else "Index Only Scan using ix_lw_dm") in plan, plan


def test_a_regular_expression_that_takes_too_long_is_refused(
    house: House, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "MATCHING_MS", 50)
    project, _ = filled(api, 1)
    task = api.task(project, text="".join(random.Random(1).choices("ab", k=400_000)))
    pattern = "(a|b)*a" + "(a|b)" * 14 + "c"
    for filters, expected in (
        (group(condition("data.text", "regex", "^text")), 200),
        (group(condition("data.n", "equal", 1), condition("data.text", "regex", pattern), conjunction="or"),
         200 if house.ctx.database.is_sqlite else 400),
    ):  # fmt: skip
        query = json.dumps({"filters": filters})
        answer = api("GET", "/api/tasks", query_string={"project": project, "query": query})
        assert answer.status_code == expected, answer.text
    if expected == 400:
        assert list(answer.json["validation_errors"]) == ["filters.items.1.value"]
        with house.ctx.database.read() as session:
            assert session.scalar(text("SHOW statement_timeout")) == "0"
    assert task in listed(api, project)


def test_work_on_many_tasks_is_refused_as_well_for_a_regular_expression_that_takes_too_long(
    house: House, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "MATCHING_MS", 50)
    project, _ = filled(api, 1)
    api.task(project, text="".join(random.Random(1).choices("ab", k=400_000)))
    filters = group(condition("data.text", "regex", "(a|b)*a" + "(a|b)" * 14 + "c"))
    view = api("POST", "/api/dm/views", json={"project": project, "data": {"filters": filters}}).json["id"]
    action = f"/api/dm/actions?project={project}&id=delete_tasks"
    exports = f"/api/projects/{project}/export"
    asked: dict[str, Any] = {
        "filters.items.0.value": ("POST", action, {"filters": filters}),
        "view.filters.items.0.value": ("GET", f"{exports}?download_all_tasks=true&view={view}", None),
        "task_filter_options.view.filters.items.0.value": (
            "POST", f"{exports}s/", {"task_filter_options": {"view": view}},
        ),
    }  # fmt: skip
    expected = 200 if house.ctx.database.is_sqlite else 400
    for path, (method, address, body) in asked.items():
        answer = api(method, address, json=body)
        assert min(answer.status_code, 400) in (expected, expected + 1), answer.text
        if expected == 400:
            assert answer.json["validation_errors"] == {path: [matching.REFUSED_PATTERNS["57014"]]}
    assert api("GET", f"/api/projects/{project}/").json["task_number"] == 2
    answer = api("POST", action, json={"filters": filters}, headers={"Prefer": "respond-async"})
    assert answer.status_code == 202
    runner = Runner(house.ctx)
    runner.run(answer.json["id"])
    runner.stop()
    job = api("GET", f"/api/jobs/{answer.json['id']}").json
    run = api("GET", f"/api/dm/actions/runs?project={project}").json[0]
    if expected == 400:
        assert (job["state"], run["state"]) == ("failed", "failed")
        assert list(job["error"]["validation_errors"]) == ["filters.items.0.value"]
        assert job["message"] == run["error"] == matching.REFUSED_PATTERNS["57014"]
    else:
        assert (job["state"], run["state"]) == ("done", "done")


class Agreement(Column):
    name = "agreement"
    title = "Agreement"


def test_a_plugins_values_are_filtered_and_sorted_by(
    house: House, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.ctx.registry, "columns", {"agreement": Agreement()})
    project, tasks = filled(api, 4)
    other, foreign = filled(api, 1)
    facts.keep(
        house.ctx, project, "agreement", {tasks[1]: 0.9, tasks[2]: 0.1, tasks[3]: 0.5, foreign[0]: 1.0}
    )
    assert listed(api, project, ordering=["-tasks:agreement"]) == [tasks[place] for place in (1, 3, 2, 0)]
    assert listed(api, project, ordering=["tasks:agreement"]) == [tasks[place] for place in (2, 3, 1, 0)]
    assert listed(api, project, filters=group(condition("agreement", "greater", 0.4, "Number"))) == [
        tasks[1],
        tasks[3],
    ]
    assert listed(api, project, filters=group(condition("agreement", "empty", True, "Number"))) == [tasks[0]]
    shown = api("GET", f"/api/tasks?project={project}&include=agreement").json["tasks"]
    assert shown == [{"agreement": value} for value in (None, 0.9, 0.1, 0.5)]
    assert listed(api, other, filters=group(condition("agreement", "empty", False, "Number"))) == []
    facts.keep(house.ctx, project, "agreement", {tasks[1]: None})
    assert listed(api, project, filters=group(condition("agreement", "greater", 0.4, "Number"))) == [tasks[3]]
    names = [column["id"] for column in api("GET", f"/api/dm/columns?project={project}").json["columns"]]
    assert "agreement" in names
    with pytest.raises(ValueError, match="no plugin"):
        facts.keep(house.ctx, project, "stranger", {})


def test_counts_follow_what_is_renamed_and_what_actions_write(api: Api) -> None:
    project, tasks = filled(api, 3)
    for task in tasks:
        api.annotate(task, mood("Good"))

    def count(*items: dict[str, Any]) -> int:
        query = json.dumps({"filters": group(*items)})
        found = api("GET", "/api/tasks", query_string={"project": project, "query": query}).json
        assert len(found["tasks"]) == found["total"]
        return int(found["total"])

    good, fine = (condition("annotations.label", "contains", name, "List") for name in ("Good", "Fine"))
    flagged = condition("data.flag", "equal", "yes")
    assert (count(good), count(fine), count(flagged)) == (3, 0, 0)
    renamed = {"project": project, "old_label": "Good", "new_label": "Fine"}
    assert api("POST", "/api/labels/bulk/", json=renamed).status_code == 200
    assert (count(good), count(fine)) == (0, 3)
    values = {"value_name": "flag", "value_type": "String", "value": "yes"}
    written = api("POST", f"/api/dm/actions?id=add_data_field&project={project}", json=values)
    assert written.status_code == 200, written.text
    assert count(flagged) == 3

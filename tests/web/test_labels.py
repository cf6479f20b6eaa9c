"""Labels of the organisation: Label Studio's shapes and refusals, counts from the derived table, renames in answers."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select, update

from labelwright.models import AnnotationLabel, Import, Job, Task
from labelwright.services import check, renaming
from tests.web.application import Api, House
from tests.web.shared import api, house

__all__ = ["api", "house"]

MIXED = """<View><Text name="text" value="$text"/>
<Choices name="mood" toName="text" choice="multiple"><Choice value="Good"/><Choice value="Bad"/></Choices>
<Labels name="ner" toName="text"><Label value="PER"/><Label value="ORG"/></Labels>
<Choices name="tone" toName="text"><Choice value="Good"/></Choices></View>"""


@pytest.fixture
def project(api: Api) -> int:
    return api.project(MIXED)


def chosen(*choices: Any, control: str = "mood") -> dict[str, Any]:
    return {"from_name": control, "to_name": "text", "type": "choices", "value": {"choices": list(choices)}}


def span(label: str, text: str = "PER") -> dict[str, Any]:
    value = {"start": 0, "end": 3, "text": text, "labels": [label]}
    return {"id": "s", "from_name": "ner", "to_name": "text", "type": "labels", "value": value}


def made(api: Api, project: int, title: str, value: Any = None, control: str = "mood") -> dict[str, Any]:
    item = {"project": project, "from_name": control, "title": title, "value": value or [title]}
    answer = api("POST", "/api/labels/", json=[item])
    assert answer.status_code == 201, answer.text
    return dict(answer.json[0])


def test_labels_come_in_label_studios_shape(api: Api, project: int) -> None:
    label = made(api, project, f"New {project}", ["A", "New"])
    assert list(label) == [
        "id", "created_by", "organization", "project", "from_name", "created_at", "updated_at", "value", "title",
        "description", "approved", "approved_by", "projects",
    ]  # fmt: skip
    assert (label["value"], label["approved"], label["projects"]) == (["A", "New"], False, [project])
    shown = api("GET", f"/api/labels/{label['id']}/").json
    assert list(shown) == [
        "id", "links", "created_at", "updated_at", "value", "title", "description", "approved", "created_by",
        "approved_by", "organization", "projects",
    ]  # fmt: skip
    link = {"id": shown["links"][0], "from_name": "mood", "project": project, "label": label["id"]}
    assert api("GET", f"/api/labels/{label['id']}?expand=links").json["links"] == [link]
    assert "projects" not in api("GET", f"/api/labels/{label['id']}?omit=projects,links").json
    counted = {"id": link["id"], "annotations_count": 0, **link}
    assert api("GET", f"/api/label_links/{link['id']}").json == counted
    expanded = api("GET", f"/api/label_links?project={project}&expand=label").json
    assert (expanded["count"], expanded["next"], expanded["previous"]) == (1, None, None)
    assert expanded["results"][0]["label"]["title"] == f"New {project}"


def test_a_title_is_one_label_whichever_project_asks(api: Api, project: int) -> None:
    first = made(api, project, f"Shared {project}", "one")
    other = api.project(MIXED)
    again = made(api, other, f"Shared {project}", "another")
    assert (again["id"], again["value"], again["projects"]) == (first["id"], "one", [project, other])
    twice = [
        {"project": project, "from_name": "mood", "title": f"Twin {project}", "value": n} for n in (1, 2)
    ]
    answer = api("POST", "/api/labels", json=twice)
    assert answer.status_code == 201
    assert [label["value"] for label in answer.json] == [1, 1]
    assert api("DELETE", f"/api/projects/{project}").status_code == 204
    assert api("GET", f"/api/labels/{first['id']}").json["projects"] == [other]


def test_labels_are_listed_by_pages_and_by_project(api: Api, project: int) -> None:
    titles = [f"Page {project} {n:02}" for n in range(5)]
    items = [{"project": project, "from_name": "mood", "title": title, "value": title} for title in titles]
    assert api("POST", "/api/labels", json=items).status_code == 201
    page = api("GET", f"/api/labels/?project={project}&page_size=2&page=2").json
    assert (page["count"], [row["title"] for row in page["results"]]) == (5, titles[2:4])
    assert "page=3" in page["next"]
    assert api("GET", f"/api/labels?project={project}&page_size=2&page=4").status_code == 404
    assert api("GET", "/api/labels").json["count"] >= 5


def test_labels_are_changed_and_deleted(api: Api, project: int) -> None:
    label, other = made(api, project, f"One {project}"), made(api, project, f"Two {project}")
    path = f"/api/labels/{label['id']}"
    answer = api("PATCH", path, json={"title": f"Three {project}", "approved": True, "description": "d"})
    assert answer.status_code == 200, answer.text
    assert (answer.json["title"], answer.json["approved"]) == (f"Three {project}", True)
    me = label["created_by"]
    whole = {
        "title": "W" * 2048,
        "value": {"any": "thing"},
        "created_by": me,
        "organization": label["organization"],
    }
    assert api("PUT", path, json=whole).json["value"] == {"any": "thing"}
    assert api("PUT", path, json={"title": "x"}).status_code == 400
    for body, field in (
        ({"title": other["title"]}, "non_field_errors"), ({"title": ""}, "title"), ({"value": None}, "value"),
        ({"created_by": 987654}, "created_by"), ({"organization": 987654}, "organization"),
    ):  # fmt: skip
        refused = api("PATCH", path, json=body)
        assert (refused.status_code, list(refused.json["validation_errors"])) == (400, [field]), refused.text
    assert api("DELETE", path).status_code == 204
    assert api("GET", path).status_code == api("DELETE", path).status_code == 404
    assert [row["label"] for row in api("GET", f"/api/label_links?project={project}").json["results"]] == [
        other["id"]
    ]


def test_links_are_made_changed_and_deleted(api: Api, project: int) -> None:
    label = made(api, project, f"Linked {project}")
    other = api.project(MIXED)
    body = {"project": other, "label": label["id"], "from_name": "tone"}
    link = api("POST", "/api/label_links/", json=body)
    assert link.status_code == 201, link.text
    path = f"/api/label_links/{link.json['id']}/"
    again = api("POST", "/api/label_links/", json=body)
    assert again.json["validation_errors"] == {
        "non_field_errors": ["The fields project, label must make a unique set."]
    }
    assert api("PATCH", path, json={"project": project}).status_code == 400
    assert api("PATCH", path, json={"from_name": "mood"}).json["from_name"] == "mood"
    assert api("PUT", path, json=body).json["from_name"] == "tone"
    wrong = api("POST", "/api/label_links/", json={"project": 987654, "label": 987654, "from_name": "x"})
    assert wrong.status_code == 400
    assert api("DELETE", path).status_code == 204
    assert api("DELETE", path).status_code == 404
    assert api("GET", f"/api/labels/{label['id']}").json["projects"] == [project]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "non_field_errors"),
        ([{}], "0.project"),
        ([{"project": 987654, "from_name": "x", "title": "x", "value": "x"}], "0.project"),
        ([{"project": 0, "from_name": "", "title": "", "value": "x"}], "0.project"),
        ("text", "non_field_errors"),
    ],
    ids=["none", "empty", "no-project", "blank", "text"],
)
def test_odd_labels_are_refused(api: Api, body: Any, field: str) -> None:
    answer = api("POST", "/api/labels", json=body)
    assert answer.status_code == 400, answer.text
    assert field in answer.json["validation_errors"]


def test_labels_of_two_projects_are_not_made_at_once(api: Api, project: int) -> None:
    items = [
        {"project": one, "from_name": "mood", "title": f"Mixed {one}", "value": "x"}
        for one in (project, api.project(MIXED))
    ]
    assert api("POST", "/api/labels", json=items).status_code == 400
    assert api("GET", f"/api/labels?project={project}").json["count"] == 0


def test_strangers_find_no_labels(api: Api, house: House, project: int) -> None:
    label = made(api, project, f"Ours {project}")
    link = api("GET", f"/api/labels/{label['id']}").json["links"][0]
    task = api.task(project, text="x")
    api.annotate(task, chosen("Good"))
    stranger = house.api(f"labels{project}@example.org", organization="Elsewhere")
    own = stranger.project(MIXED)
    assert (
        stranger("GET", "/api/labels").json["count"] == stranger("GET", "/api/label_links").json["count"] == 0
    )
    for method, path in (
        ("GET", f"labels/{label['id']}"), ("PATCH", f"labels/{label['id']}"), ("DELETE", f"labels/{label['id']}"),
        ("GET", f"label_links/{link}"), ("PATCH", f"label_links/{link}"), ("DELETE", f"label_links/{link}"),
    ):  # fmt: skip
        body = {} if method == "PATCH" else None
        assert stranger(method, f"/api/{path}", json=body).status_code == 404, path
    for body in ({"project": project, "label": label["id"]}, {"project": own, "label": label["id"]}):
        assert stranger("POST", "/api/label_links", json={"from_name": "x", **body}).status_code == 400
    rename = {"old_label": "Good", "new_label": "Mine"}
    assert stranger("POST", "/api/labels/bulk", json={"project": project, **rename}).status_code == 400
    assert stranger("POST", "/api/labels/bulk", json=rename).json == {"annotations_updated": 0}
    assert api("GET", f"/api/tasks/{task}").json["annotations"][0]["result"] == [chosen("Good")]


def test_links_count_the_annotations_of_their_control(api: Api, house: House, project: int) -> None:
    made(api, project, f"Count {project}", "Good")
    task = api.task(project, text="x")
    for result in (
        [chosen("Good", "Bad")],
        [chosen("Good")],
        [chosen("Good", control="tone")],
        [chosen("Bad")],
    ):
        api.annotate(task, *result)
    assert counted(api, project) == 2
    with house.ctx.database.write() as session:  # as an import that is under way has them
        hidden = Import(project_id=project, state="running")
        session.add(hidden)
        session.flush()
        session.execute(update(Task).where(Task.id == task).values(import_id=hidden.id))
    assert counted(api, project) == 0
    with house.ctx.database.write() as session:
        session.execute(update(Import).where(Import.id == hidden.id).values(state="published"))
    assert counted(api, project) == 2


def counted(api: Api, project: int) -> int:
    return int(api("GET", f"/api/label_links?project={project}").json["results"][0]["annotations_count"])


# --- renaming ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "old", "new", "after"),
    [
        (["Good"], ["Good"], ["G"], ["G"]),
        (["Good"], "Good", "G", ["G"]),
        (["Good"], ["Good"], "G", ["G"]),
        (["Good", "Bad"], "Good", "G", ["G", "Bad"]),
        (["Good", "Bad"], ["Good", "Bad"], ["G"], ["G"]),
        (["Good", "Bad"], "Good", "Bad", ["Bad"]),
        (["Good"], ["Good"], ["A", "B"], ["A", "B"]),
        ([["A", "B"]], ["A", "B"], ["A", "C"], [["A", "C"]]),
        ([["A", "B"], ["A"]], ["A"], ["Z"], [["A", "B"], ["Z"]]),
        ([["A", "B"], ["A"]], [["A", "B"], ["A"]], [["A", "C"]], [["A", "C"]]),
        (["Goods"], "Good", "G", None),
        (["Good"], "Good", "Good", None),
    ],
)  # fmt: skip
def test_a_rename_touches_the_label_alone(before: Any, old: Any, new: Any, after: Any) -> None:
    text = '[{"type":"t","big":12345678901234567890123,"value":{"t":%s,"text":["Good"]}}, 5, {"value":{}}]'
    json = str(before).replace("'", '"')
    found = renaming.renamed(text % json, old, new)
    wanted = text % str(after).replace("'", '"')
    assert (found and found.replace(" ", "")) == (after and wanted.replace(" ", ""))


def test_a_rename_rewrites_answers_and_what_is_derived(api: Api, house: House, project: int) -> None:
    tasks = api.tasks(project, *({"text": f"PER {n}"} for n in range(3)))
    for task in tasks[:2]:
        api.annotate(task, span("PER"), chosen("Good"))
    untouched = api.annotate(tasks[2], span("ORG"))
    other = api.project(MIXED)
    elsewhere = api.annotate(api.task(other, text="PER"), span("PER"))
    answer = api(
        "POST", "/api/labels/bulk", json={"project": project, "old_label": ["PER"], "new_label": ["Person"]}
    )
    assert (answer.status_code, answer.json) == (200, {"annotations_updated": 2})
    renamed = api("GET", f"/api/tasks/{tasks[0]}").json["annotations"][0]
    assert renamed["result"] == [span("Person"), chosen("Good")]
    for annotation in (untouched, elsewhere):
        assert (
            api("GET", f"/api/annotations/{annotation['id']}").json["updated_at"] == annotation["updated_at"]
        )
    assert api("GET", f"/api/projects/{project}/summary").json["created_labels"]["ner"] == {
        "ORG": 1,
        "Person": 2,
    }
    assert not [one for one in check.check(house.ctx) if one.where.startswith("annotation")]
    everywhere = api("POST", "/api/labels/bulk", json={"old_label": "PER", "new_label": "P"})
    assert everywhere.json == {"annotations_updated": 1}


def test_a_rename_goes_on_in_blocks(
    api: Api, house: House, project: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renaming, "BLOCK", 2)
    items = [{"data": {"text": str(n)}, "annotations": [{"result": [chosen("Good")]}]} for n in range(5)]
    assert api("POST", f"/api/projects/{project}/import", json=items).status_code == 201
    body = {"project": project, "old_label": "Good", "new_label": "Fine"}
    assert api("POST", "/api/labels/bulk", json=body).json == {"annotations_updated": 5}
    assert api("POST", "/api/labels/bulk", json=body).json == {"annotations_updated": 0}
    with house.ctx.database.read() as session:
        label = AnnotationLabel.project_id == project, AnnotationLabel.label == "Fine"
        assert session.scalar(select(func.count()).select_from(AnnotationLabel).where(*label)) == 5


def test_a_rename_can_be_a_job(api: Api, house: House, project: int) -> None:
    body = {"project": project, "old_label": "Good", "new_label": "Fine"}
    answer = api("POST", "/api/labels/bulk", json=body, headers={"Prefer": "respond-async"})
    assert answer.status_code == 202
    with house.ctx.database.read() as session:
        job = session.get_one(Job, answer.json["id"])
        assert (job.kind, job.state, job.project_id) == (renaming.KIND, "queued", project)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "old_label"), ({"old_label": "a"}, "new_label"), ({"old_label": "a", "new_label": None}, "new_label"),
        ({"old_label": 5, "new_label": "a"}, "old_label"), ({"old_label": "a", "new_label": []}, "new_label"),
        ({"old_label": "a", "new_label": "b", "project": 987654}, "project"),
    ],
)  # fmt: skip
def test_odd_renames_are_refused(api: Api, body: dict[str, Any], field: str) -> None:
    answer = api("POST", "/api/labels/bulk", json=body)
    assert answer.status_code == 400, answer.text
    assert field in answer.json["validation_errors"]


def test_the_rows_are_right_after_all_of_it(house: House) -> None:
    assert list(check.check(house.ctx)) == []

"""Projects over HTTP: settings, lists, configurations that may not lose answers, deletion."""

from __future__ import annotations

import pytest

from tests.web.application import BOXES, SENTIMENT, Api, House, box, mood
from tests.web.shared import api, house

__all__ = ["api", "house"]


def test_an_empty_body_makes_a_project(api: Api) -> None:
    answer = api("POST", "/api/projects")
    assert answer.status_code == 201
    assert (answer.json["title"], answer.json["label_config"]) == ("", "<View></View>")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", "ab", "Ensure this field has at least 3 characters."),
        ("title", "x" * 51, "Ensure this field has no more than 50 characters."),
        ("maximum_annotations", "many", "A valid integer is required."),
        ("show_instruction", "perhaps", "Must be a valid boolean."),
        ("color", "reddish", 'Color must be in "#RRGGBB" format'),
        ("skip_queue", "NEVER", '"NEVER" is not a valid choice.'),
    ],
)
def test_a_bad_setting_names_its_field(api: Api, field: str, value: object, message: str) -> None:
    before = api("GET", "/api/projects/").json["count"]
    answer = api("POST", "/api/projects/", json={field: value})
    assert answer.status_code == 400
    assert answer.json["detail"] == "Validation error"
    assert answer.json["validation_errors"] == {field: [message]}
    assert api("GET", "/api/projects/").json["count"] == before


def test_a_bad_configuration_says_line_tag_and_remedy(api: Api) -> None:
    answer = api(
        "POST",
        "/api/projects/",
        json={"label_config": '<View>\n<Choices name="c" toName="t"><Choice value="a"/></Choices>\n</View>'},
    )
    assert answer.status_code == 400
    problem = answer.json["problems"][0]
    assert (problem["line"], problem["tag"], problem["attribute"]) == (2, "Choices", "toName")
    assert problem["remedy"]


def test_validate_refuses_with_the_bare_map(api: Api) -> None:
    assert api("POST", "/api/projects/validate/", json={"label_config": BOXES}).status_code == 204
    answer = api("POST", "/api/projects/validate/", json={"label_config": "<View>"})
    assert (answer.status_code, list(answer.json)[0]) == (400, "label_config")


def test_lists_are_paged_and_newest_first(house: House) -> None:
    api = house.api("lister@example.org", organization="Of five projects")
    made = [api.project() for _ in range(5)]
    page = api("GET", "/api/projects/?page=2&page_size=2").json
    assert page["count"] == 5
    assert [row["id"] for row in page["results"]] == [made[2], made[1]]
    assert page["next"] == "http://localhost/api/projects?page_size=2&page=3"
    assert page["previous"] == "http://localhost/api/projects?page_size=2"
    assert api("GET", "/api/projects/?page=9").json["detail"] == "Invalid page."
    pinned = made[0]
    api("PATCH", f"/api/projects/{pinned}/", json={"pinned_at": "2026-01-01T00:00:00Z"})
    assert api("GET", "/api/projects/").json["results"][0]["id"] == pinned
    assert api("GET", "/api/projects/?include=id,title").json["results"][0] == {
        "id": pinned,
        "title": "Street scenes",
    }
    assert api("GET", f"/api/projects/?ids={made[1]},{made[2]}").json["count"] == 2


def test_a_configuration_may_not_orphan_answers(api: Api) -> None:
    project = api.project()
    api.annotate(api.task(project), box("Car"))
    without_label = BOXES.replace('<Label value="Car"/>', "")
    answer = api("PATCH", f"/api/projects/{project}/", json={"label_config": without_label})
    assert answer.status_code == 400
    assert "Car" in answer.json["validation_errors"]["label_config"][0]
    answer = api("PATCH", f"/api/projects/{project}/", json={"label_config": SENTIMENT})
    assert answer.status_code == 400
    more = BOXES.replace('<Label value="Bus"/>', '<Label value="Bike"/>')
    assert api("PATCH", f"/api/projects/{project}/", json={"label_config": more}).status_code == 200


def test_the_check_for_the_browser_has_everything_and_never_refuses(api: Api) -> None:
    found = api("POST", "/api/label-config/check", json={"label_config": BOXES}).json
    assert found["problems"] == []
    assert found["fields"] == ["image"]
    assert "image" in found["sample_task"]
    assert found["tree"]["tag"] == "View"
    assert {info["tag"] for info in found["tags"]} >= {"View", "Image", "RectangleLabels", "Label"}
    broken = api("POST", "/api/label-config/check", json={"label_config": "<View"})
    assert (broken.status_code, broken.json["tree"]) == (200, None)
    assert broken.json["problems"][0]["level"] == "error"


def test_deleting_takes_everything_along(house: House, api: Api) -> None:
    project = api.project(SENTIMENT)
    task = api.task(project, text="fine")
    saved = api.annotate(task, mood())
    assert api("DELETE", f"/api/projects/{project}/").status_code == 204
    for path in (f"/api/projects/{project}/", f"/api/tasks/{task}/", f"/api/annotations/{saved['id']}/"):
        assert api("GET", path).status_code == 404
    assert api("DELETE", f"/api/projects/{project}/").status_code == 404
    from sqlalchemy import func, select

    from labelwright.models import Annotation, Project, ProjectDelta, Task

    with house.ctx.database.read() as session:
        for column in (Project.id, Task.project_id, Annotation.project_id, ProjectDelta.project_id):
            assert session.scalar(select(func.count()).where(column == project)) == 0


def test_another_organisations_projects_do_not_exist(house: House, api: Api) -> None:
    project = api.project()
    stranger = house.api("stranger@example.org", organization="Elsewhere")
    assert stranger("GET", "/api/projects/").json["count"] == 0
    for method, path in (
        ("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "next"), ("GET", "tasks/"), ("DELETE", "tasks/"),
        ("POST", "tasks/"), ("GET", "summary/"), ("POST", "validate/"), ("GET", "label-config"),
        ("POST", "sample-task/"), ("GET", "model-versions"),
        ("GET", "annotators/"), ("GET", "label-stream-history/"),
    ):  # fmt: skip
        body = {"label_config": BOXES, "data": {"image": "/x"}}
        assert stranger(method, f"/api/projects/{project}/{path}", json=body).status_code == 404, (
            method,
            path,
        )
    assert stranger("GET", f"/api/tasks?project={project}").status_code == 404
    assert (
        stranger("POST", "/api/tasks/", json={"project": project, "data": {"image": "/x"}}).status_code == 404
    )
    assert stranger("POST", f"/api/dm/actions?id=delete_tasks&project={project}", json={}).status_code == 404
    assert api.counts(project)["title"] == "Street scenes"


def test_slashes_do_not_matter_and_never_redirect(api: Api) -> None:
    for path in ("/api/projects", "/api/projects/", "/api/projects//"):
        assert api("GET", path).status_code == 200


def test_unknown_paths_are_pages_and_unknown_things_are_json(api: Api) -> None:
    page, thing = api("GET", "/api/nothing"), api("GET", "/api/projects/99999")
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert (thing.status_code, thing.json["detail"]) == (404, "No Project matches the given query.")
    assert api("POST", "/api/projects/1/").json["detail"] == 'Method "POST" not allowed.'


@pytest.mark.parametrize("bad", ["99999999999999999999999", "-1", "abc"])
def test_odd_ids_are_not_found(api: Api, bad: str) -> None:
    assert api("GET", f"/api/projects/{bad}/").status_code == 404
    assert api("GET", f"/api/tasks/{bad}/").status_code == 404


def test_the_people_of_a_project_have_names_and_pictures(house: House, api: Api) -> None:
    project = api.project()
    house.api("second@example.org").annotate(api.task(project), box())
    listed = api("GET", f"/api/projects/{project}/annotators/").json
    assert [(person["email"], person["avatar"]) for person in listed] == [("second@example.org", None)]
    assert api.counts(project)["created_by"]["avatar"] is None


def test_a_tag_has_a_configuration_to_try_it_with(api: Api) -> None:
    found = api("GET", "/api/tags/choices/example").json["label_config"]
    assert 'toName="text"' in found
    assert api("POST", "/api/label-config/check", json={"label_config": found}).json["problems"] == []
    assert api("GET", "/api/tags/Nothing/example").status_code == 404

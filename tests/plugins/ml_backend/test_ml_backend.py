"""Models over HTTP: Label Studio's API, predictions for many tasks, and models that are down, slow or talk nonsense."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from labelwright.doors.keys import PREFIX
from labelwright.models import Prediction
from labelwright.testing import work_off
from tests.plugins.ml_backend.model import Model, said, serving
from tests.web.application import SENTIMENT, Api, House, opened_house

FIELDS = {
    "id", "state", "readable_state", "is_interactive", "url", "error_message", "title", "auth_method",
    "basic_auth_user", "basic_auth_pass_is_set", "description", "extra_params", "model_version", "timeout",
    "created_at", "updated_at", "auto_update", "project",
}  # fmt: skip
"""As a Label Studio 1.23.2 answers."""
SECRET = "hidden-55"
SIGNED = {"auth_method": "BASIC_AUTH", "basic_auth_user": "u", "basic_auth_pass": SECRET}


@pytest.fixture(scope="module")
def house(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The application, allowed to call this machine."""
    folder: Path = tmp_path_factory.mktemp("house")
    with opened_house(folder / "data", shared_url, {"LABELWRIGHT_OUTBOUND_ML": "127.0.0.0/8"}) as found:
        yield found


@pytest.fixture
def api(house: House) -> Api:
    return house.api()


@pytest.fixture
def model() -> Iterator[Model]:
    with serving(Model()) as found:
        yield found


def project_with(api: Api, tasks: int = 3) -> int:
    project = api.project(SENTIMENT)
    sent = api("POST", f"/api/projects/{project}/import", json=[{"text": f"text {n}"} for n in range(tasks)])
    assert sent.status_code == 201, sent.text
    return project


def connect(api: Api, model: Model, project: int | None = None, **fields: Any) -> dict[str, Any]:
    body = {"url": model.url, "project": project or project_with(api), **fields}
    answer = api("POST", "/api/ml/", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def retrieve(api: Api, project: int, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = api("POST", f"/api/dm/actions?id=retrieve_tasks_predictions&project={project}", json=body)
    assert answer.status_code == status, answer.text
    return dict(answer.json)


def predictions(api: Api, project: int) -> list[dict[str, Any]]:
    return list(api("GET", f"/api/predictions/?project={project}").json)


def test_a_model_is_connected_shown_changed_and_forgotten_as_in_label_studio(api: Api, model: Model) -> None:
    model.password = "dTpoaWRkZW4tNTU="
    made = connect(api, model, extra_params={"a": 1}, description="d", **SIGNED)
    path, project = f"/api/ml/{made['id']}", made["project"]
    assert made.keys() >= FIELDS
    assert (made["state"], made["readable_state"], made["title"]) == ("CO", "Connected", "default")
    assert (made["model_version"], made["extra_params"], made["timeout"]) == ("v1", {"a": 1}, 100.0)
    assert api.counts(project)["model_version"] == "default"
    [setup] = model.bodies("/setup")
    assert setup["schema"] == SENTIMENT
    assert setup["project"].startswith(f"{project}.")
    assert (setup["extra_params"], setup["access_token"]) == ({"a": 1}, api.token)
    model.version = "v2"
    [listed] = api("GET", f"/api/ml?project={project}").json
    assert (listed["id"], listed["model_version"]) == (made["id"], "v2"), "it follows the model"
    changed = api("PATCH", path, json={"title": "Moods", "basic_auth_pass": "", "timeout": 7})
    assert (changed.status_code, changed.json["title"], changed.json["timeout"]) == (200, "Moods", 7.0)
    assert api.counts(project)["model_version"] == "Moods"
    assert api("PATCH", f"/api/projects/{project}/", json={"model_version": "Moods"}).status_code == 200
    assert api("GET", f"{path}/versions").json == {"versions": ["v0", "v2"]}
    live = api("GET", f"/api/projects/{project}/model-versions?extended=true&include_live_models=true").json[
        "live"
    ]
    assert [one["title"] for one in live] == ["Moods"]
    assert api("GET", f"/api/projects/{project}/model-versions").json == {"Moods": 0}
    assert (api("DELETE", path).status_code, api("GET", path).status_code) == (204, 404)
    assert api.counts(project)["model_version"] == ""


def test_the_password_is_kept_encrypted_and_never_comes_out(api: Api, model: Model, house: House) -> None:
    made = connect(api, model, **SIGNED)
    path = f"/api/ml/{made['id']}"
    refused = api("PATCH", path, json={"url": "http://127.0.0.1:9"})
    told = [api("GET", path), api("GET", f"/api/ml?project={made['project']}"), refused]
    told += [api("PATCH", path, json={"basic_auth_pass": ""}), api("GET", f"{path}/versions")]
    assert made["basic_auth_pass_is_set"]
    assert not any(SECRET in answer.text for answer in told)
    with house.ctx.database.read() as session:
        row = session.execute(text(f"SELECT * FROM lw_ml_backend WHERE id = {made['id']}")).mappings().one()
    assert SECRET not in str(row)
    assert row["secrets"].startswith(PREFIX)


@pytest.mark.parametrize("shared_url", ["sqlite"], indirect=True)  # it is refused before anything is stored
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "project"),
        ({"project": 0}, "project"),
        ({"project": True, "url": "http://127.0.0.1:9"}, "project"),
        ({"url": "http://127.0.0.1:9"}, "non_field_errors"),
        ({"url": "http://169.254.169.254/"}, "url"),
        ({"url": "http://10.1.2.3:9090"}, "url"),
        ({"url": "nonsense"}, "url"),
        ({"url": ["x"]}, "url"),
        ({"auth_method": "BASIC_AUTH"}, "non_field_errors"),
        ({"auth_method": "MAGIC"}, "auth_method"),
        ({"timeout": 0}, "timeout"),
        ({"kind": "oracle"}, "kind"),
    ],
)
def test_what_cannot_be_connected_is_refused_by_name(
    api: Api, model: Model, body: dict[str, Any], field: str
) -> None:
    whole = {"project": project_with(api, 1), "url": model.url, **body} if body else body
    for path in ("/api/ml/", "/api/ml/validate"):
        answer = api("POST", path, json=whole)
        assert answer.status_code == 400, answer.text
        assert field in answer.json["validation_errors"]
    if isinstance(whole.get("project"), int) and whole["project"] > 1:
        assert api("GET", f"/api/ml?project={whole['project']}").json == []


def test_another_organisation_sees_nothing_of_it(api: Api, model: Model, house: House) -> None:
    made = connect(api, model, is_interactive=True)
    other = house.api("ml-other@example.org", organization="Other")
    path = f"/api/ml/{made['id']}"
    for method, address in (
        ("GET", path), ("PATCH", path), ("DELETE", path), ("GET", f"{path}/versions"), ("POST", f"{path}/train"),
        ("POST", f"{path}/predict/test?random=true"), ("GET", f"/api/ml?project={made['project']}"),
    ):  # fmt: skip
        assert other(method, address, json={}).status_code == 404, address
    [task, *_] = api("GET", f"/api/tasks?project={made['project']}").json["tasks"]
    assert other("POST", f"{path}/interactive-annotating", json={"task": task["id"]}).status_code == 404
    own = connect(other, model, is_interactive=True)
    answer = other("POST", f"/api/ml/{own['id']}/interactive-annotating", json={"task": task["id"]})
    assert answer.status_code == 404, "its task is another's"
    assert other("POST", "/api/ml", json={"url": model.url, "project": made["project"]}).status_code == 400


def test_predictions_are_retrieved_in_batches_without_a_query_per_task(
    api: Api, model: Model, house: House
) -> None:
    project = project_with(api, 250)
    made = connect(api, model, project)
    statements: list[str] = []
    engine = house.ctx.database.engine

    def count(*given: Any) -> None:
        statements.append(given[2])

    event.listen(engine, "before_cursor_execute", count)
    try:
        assert retrieve(api, project) == {"processed_items": 250, "detail": "Retrieved 250 predictions"}
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert [len(body["tasks"]) for body in model.bodies("/predict")] == [100, 100, 50]
    assert len(statements) < 120, len(statements)
    found = predictions(api, project)
    assert len(found) == 250
    assert {(one["model_version"], one["score"]) for one in found} == {("v1", 0.75)}
    assert api.counts(project)["total_predictions_number"] == 250
    [task, *_] = api("GET", f"/api/tasks?project={project}&fields=all&page_size=1").json["tasks"]
    assert (task["total_predictions"], task["predictions_score"]) == (1, 0.75)
    retrieve(api, project)
    assert len(predictions(api, project)) == 250, "those of this version are there already"
    model.version = "v2"
    some = {"selectedItems": {"all": False, "included": [task["id"]]}}
    assert retrieve(api, project, **some)["processed_items"] == 1
    assert len(predictions(api, project)) == 251
    assert made["title"] == api.counts(project)["model_version"]


def test_what_a_model_said_before_it_broke_stays_and_the_rest_follows(api: Api, model: Model) -> None:
    project = project_with(api, 150)
    connect(api, model, project)
    connect(api, model, project)
    model.lasts = 1
    retrieve(api, project, 400)
    assert (len(predictions(api, project)), api.counts(project)["total_predictions_number"]) == (100, 100)
    assert [one["state"] for one in api("GET", f"/api/ml?project={project}").json] == ["CO", "CO"]
    assert [one["title"] for one in api("GET", f"/api/ml?project={project}").json] == ["default", "default 2"]
    model.lasts = 1
    retrieve(api, project)
    assert [len(body["tasks"]) for body in model.bodies("/predict")] == [100, 50, 50]
    assert len(predictions(api, project)) == 150


def test_as_a_job_it_shows_its_progress_and_what_went_wrong(api: Api, model: Model, house: House) -> None:
    project = project_with(api)
    made = connect(api, model, project)
    path = f"/api/dm/actions?id=retrieve_tasks_predictions&project={project}"
    job = api("POST", path, json={}, headers={"Prefer": "respond-async"}).json
    work_off(house.app)
    ended = api("GET", f"/api/jobs/{job['id']}").json
    assert (ended["state"], ended["done"], ended["result"]["processed_items"]) == ("done", 3, 3)
    model.version, model.answer = "v2", {"results": [said("Good"), said("Terrible"), said("Bad")]}
    job = api("POST", path, json={}, headers={"Prefer": "respond-async"}).json
    work_off(house.app)
    ended = api("GET", f"/api/jobs/{job['id']}").json
    assert ended["state"] == "failed"
    assert "does not fit the configuration" in ended["error"]["detail"]
    with house.ctx.database.read() as session:
        row = session.execute(
            text(f"SELECT state, error_message FROM lw_ml_backend WHERE id = {made['id']}")
        ).one()
        count = session.scalar(
            select(func.count()).select_from(Prediction).where(Prediction.project_id == project)
        )
    assert row.state == "ER"
    assert "Terrible" in row.error_message
    assert count == 3, "nothing of the batch was stored"


NONSENSE: list[tuple[Any, str]] = [
    (b"<html>", "no results"),
    ({"results": []}, "no results"),
    ({"results": [said(), said()]}, "2 results for 3 tasks"),
    ({"results": [{"score": 1}] * 3}, "without a result"),
    ({"results": [said(score="high")] * 3}, "no number"),
    ({"results": [said(score=7)] * 3}, "between 0.00 and 1.00"),
    ({"results": [{"result": [{"from_name": "mood"}]}] * 3}, "does not fit"),
    ({"results": [{"result": "\u0000"}] * 3}, "fit"),
]


def test_nonsense_is_told_and_nothing_of_it_is_stored(api: Api, model: Model) -> None:
    project = project_with(api)
    connect(api, model, project)
    for answer, words in NONSENSE:
        model.answer = answer
        assert words in retrieve(api, project, 400)["detail"], answer
        assert predictions(api, project) == [], answer
        assert api.counts(project)["total_predictions_number"] == 0, answer


def test_a_model_that_is_slow_refuses_or_is_gone_is_told(api: Api, house: House) -> None:
    with serving(Model()) as model:
        project = project_with(api)
        made = connect(api, model, project, timeout=1, is_interactive=True)
        path = f"/api/ml/{made['id']}"
        [task, *_] = api("GET", f"/api/tasks?project={project}").json["tasks"]
        model.wait_s = 1.3
        assert "did not answer in time" in retrieve(api, project, 400)["detail"]
        model.wait_s, model.status = 0, 500
        assert api("GET", path).json["state"] == "ER"
        assert "answered 500" in retrieve(api, project, 400)["detail"]
        model.status, model.password = 200, "another"
        assert retrieve(api, project, 400)["code"] == "model-sign-in-refused"
        assert "answered 401" in api("GET", f"{path}/versions").json["message"]
    gone = api("GET", path).json
    assert (gone["state"], gone["readable_state"]) == ("DI", "Disconnected")
    assert "health check failed" in gone["error_message"]
    assert retrieve(api, project, 400)["detail"]
    trained = api("POST", f"{path}/train", json={})
    assert (trained.status_code, trained.data) == (200, b"")
    assert api("POST", f"{path}/predict/test?random=true").status_code == 400
    told = api("POST", f"{path}/interactive-annotating", json={"task": task["id"]})
    assert (told.status_code, [*told.json]) == (200, ["errors"])
    assert api("GET", f"{path}/versions").json["versions"] == ["v1"]
    assert predictions(api, project) == []


def test_one_task_is_tried_and_answered_interactively_and_nothing_is_stored(api: Api, model: Model) -> None:
    made = connect(api, model)
    path, project = f"/api/ml/{made['id']}", made["project"]
    [task, *_] = api("GET", f"/api/tasks?project={project}").json["tasks"]
    assert api("POST", f"{path}/predict/test").status_code == 501
    tried = api("POST", f"{path}/predict/test?random=true", json={}).json
    assert (tried["status"], tried["predictions"][0]["score"]) == (200, 0.75)
    ask = {"task": task["id"], "context": {"result": [{"id": "drawn"}]}}
    closed = api("POST", f"{path}/interactive-annotating", json=ask).json
    assert closed == {"errors": ["Model is not set to be used for interactive preannotations"]}
    api("PATCH", path, json={"is_interactive": True})
    assert api("POST", f"{path}/interactive-annotating", json=ask).json == {"data": said()}
    body = model.bodies("/predict")[-1]
    assert body["tasks"][0].keys() >= {"is_labeled", "overlap", "file_upload", "inner_id", "updated_by"}
    assert ([one["id"] for one in body["tasks"]], body["params"]["context"]) == ([task["id"]], ask["context"])
    assert api("POST", f"{path}/interactive-annotating", json={}).json["validation_errors"].keys() == {"task"}
    assert predictions(api, project) == []


def test_a_simple_model_is_asked_task_by_task_and_trained_by_its_webhook(api: Api, model: Model) -> None:
    model.is_simple = True
    made = connect(api, model)
    assert retrieve(api, made["project"])["processed_items"] == 3
    assert len(predictions(api, made["project"])) == 3
    versions = api("GET", f"/api/ml/{made['id']}/versions").json
    assert versions == {"versions": ["v1"], "message": "Upgrade your ML backend version to latest."}
    assert api("POST", f"/api/ml/{made['id']}/train", json={"use_ground_truth": True}).status_code == 200
    [event_] = model.bodies("/webhook")
    assert (event_["action"], event_["project"]["id"]) == ("START_TRAINING", made["project"])


def test_without_a_model_there_is_nobody_to_ask(api: Api) -> None:
    assert "No model is connected" in retrieve(api, project_with(api, 1), 400)["detail"]
    assert api("GET", "/api/ml").status_code == 404
    [kind] = [one for one in api("GET", "/api/ml/kinds").json if one["kind"] == "label_studio"]
    assert [field["name"] for field in kind["fields"]][:2] == ["url", "auth_method"]
    assert kind["messages"]["zh"]["Address"] == "地址"

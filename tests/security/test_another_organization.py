"""Every address with an id in it, and every id in a body, tried by somebody of another organisation.

The addresses are those of the URL map, so that a new route is tried without a word here; one that needs a body to be
understood at all has it in ``BODIES``.
"""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest

from labelwright.models import MLBackend, Storage
from labelwright.routes import Route
from tests.web.application import SENTIMENT, Api, House, mood
from tests.web.shared import api, house

__all__ = ["api", "house"]

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
UNREADABLE = (400, 404)
"""What a body may be answered that is refused before anything is looked up."""
BODIES: dict[str, Any] = {
    "POST /api/ml/<int:backend_id>/interactive-annotating": {"task": 1},
    "PATCH /api/ml/<int:backend_id>": {},
    "POST /api/ml/<int:backend_id>/train": {},
    "PATCH /api/drafts/<int:draft_id>": {"result": []},
    "POST /api/dm/actions/runs/<int:run_id>/undo": {},
    "POST /api/fsm/entities/<string:entity_name>/<int:entity_id>/transition": {
        "transition_name": "x", "transition_data": {},
    },
    "POST /api/projects/<int:project_id>/import": [{"text": "theirs"}],
    "POST /api/projects/<int:project_id>/tasks/bulk": [{"text": "theirs"}],
    "POST /api/projects/<int:project_id>/tasks": {"data": {"text": "theirs"}},
    "POST /api/tasks/<int:task_id>/annotations": {"result": []},
    "POST /api/tasks/<int:task_id>/drafts": {"result": []},
    "POST /api/tasks/<int:task_id>/annotations/<int:annotation_id>/drafts": {"result": []},
    "POST /api/projects/<int:project_id>/uploads": {"name": "a.csv", "size": 3},
    "POST /api/projects/<int:project_id>/exports/<int:export_id>/convert": {"export_type": "JSON"},
    "POST /api/projects/<int:project_id>/reimport": {"file_upload_ids": [1]},
}  # fmt: skip
QUERIES = {
    "resolve": "?fileuri=czM6Ly9idWNrZXQva2V5", "presign": "?fileuri=czM6Ly9idWNrZXQva2V5", "taxonomy": "?control=mood",
}  # fmt: skip
"""What addresses with these last words cannot be understood without."""
OF_NO_ORGANISATION = {"/api/dm/actions/<action_id>/form", "/data/avatars/<name>"}
"""Without an id of anybody's: the first names its project in the query (tried below)."""
ALIKE_FOR_ALL = {
    "GET /api/tasks/<int:task_id>/agreement": 403,  # whatever the id: it is not offered
    "DELETE /api/tasks/<int:task_id>/lease": 204,  # the caller's own leases end, and there are none
    "POST /api/users/<int:user_id>/avatar": 400,  # the picture is looked for first
}
"""What is answered before anybody's object would be looked up."""


@pytest.fixture(scope="module")
def stranger(house: House) -> Api:
    return house.api("stranger@example.com", organization="Another")


@pytest.fixture(scope="module")
def theirs(house: House) -> dict[str, Any]:
    """One of everything, in the first organisation, under the names that addresses use."""
    owner = house.api()
    project = owner.project(SENTIMENT)
    upload = {"file": (io.BytesIO(b"text\none\n"), "one.csv")}
    sent = owner("POST", f"/api/projects/{project}/import?return_task_ids=1", data=upload).json
    task = sent["task_ids"][0]
    annotation = owner.annotate(task, mood())["id"]
    draft = owner("POST", f"/api/tasks/{task}/drafts", json={"result": [mood()]}).json["id"]
    prediction = owner("POST", "/api/predictions/", json={"task": task, "result": [mood()]}).json["id"]
    view = owner("POST", "/api/dm/views/", json={"project": project, "data": {}}).json["id"]
    (label,) = owner(
        "POST",
        "/api/labels/",
        json=[{"project": project, "from_name": "mood", "title": "New", "value": ["New"]}],
    ).json
    link = owner("GET", f"/api/label_links/?project={project}").json["results"][0]["id"]
    snapshot = owner("POST", f"/api/projects/{project}/exports/", json={}).json["id"]
    later = owner(
        "POST",
        f"/api/projects/{project}/import",
        json=[{"text": "later"}],
        headers={"Prefer": "respond-async"},
    ).json
    pieces = owner("POST", f"/api/projects/{project}/uploads", json={"name": "a.csv", "size": 3}).json["id"]
    hook = owner(
        "POST", "/api/webhooks/", json={"url": "https://93.184.216.34/hook", "project": project}
    ).json["id"]
    me = owner("GET", "/api/current-user/whoami").json
    values = {"value_name": "flag", "value_type": "String", "value": "x"}
    owner("POST", f"/api/dm/actions?id=add_data_field&project={project}", json=values)
    run = owner("GET", f"/api/dm/actions/runs?project={project}").json[0]["id"]
    file = owner("GET", f"/api/import/file-upload/{sent['file_upload_ids'][0]}").json["file"]
    with house.ctx.database.write() as session:  # no folder of this machine is open to storages here
        storage = Storage(project_id=project, side="source", kind="localfiles")
        model = MLBackend(project_id=project, kind="label_studio", title="default", is_interactive=True)
        session.add_all((storage, model))
        session.flush()
        stored, backend = storage.id, model.id
    return {
        "backend_id": backend,
        "storage_id": stored, "project_id": project, "task_id": task, "annotation_id": annotation, "draft_id": draft,
        "prediction_id": prediction, "view_id": view, "label_id": label["id"], "link_id": link, "export_id": snapshot,
        "import_id": later["import"], "job_id": later["id"], "webhook_id": hook, "delivery_id": 1, "run_id": run,
        "organization_id": me["active_organization"], "user_id": me["id"], "entity_name": "task", "entity_id": task,
        "file_id": sent["file_upload_ids"][0], "piece_id": pieces, "name": file.rpartition("/")[2],
    }  # fmt: skip


def address(route: Route, theirs: dict[str, Any]) -> str:
    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name == "upload_id":  # of two nouns
            name = "piece_id" if "/uploads/" in route.rule else "file_id"
        return str(theirs[name])

    return PARAMETER.sub(fill, route.rule)


def state(house: House) -> str:
    """What the first organisation's members see of all that somebody could have changed."""
    owner = house.api()
    seen = [
        owner("GET", path).json
        for path in ("/api/projects/", "/api/labels/", "/api/label_links/", "/api/webhooks/", "/api/dm/views/",
                     "/api/users/", "/api/organizations/", "/api/predictions/")
    ]  # fmt: skip
    for project in seen[0]["results"]:
        for path in ("tasks", "exports", "file-uploads", "uploads"):
            seen.append(owner("GET", f"/api/projects/{project['id']}/{path}").json)
    text = json.dumps(seen, sort_keys=True)
    return re.sub(r'"(last_activity|created_ago|queue_\w+)": [^,}]+', "", text)


def test_nothing_with_an_id_is_there_for_a_stranger(
    house: House, stranger: Api, theirs: dict[str, Any]
) -> None:
    routes: list[Route] = house.app.extensions["labelwright_routes"]
    before = state(house)
    wrong = []
    tried = 0
    for route in routes:
        name = f"{route.method} {route.rule}"
        if (
            route.scope not in ("organization", "user")
            or "<" not in route.rule
            or route.rule in OF_NO_ORGANISATION
        ):
            continue
        tried += 1
        body = BODIES.get(name, {})
        answer = stranger(
            route.method,
            address(route, theirs) + QUERIES.get(route.rule.rpartition("/")[2], ""), headers={"Upload-Offset": "0"},
            **({} if route.method == "GET" else {"json": body}),
        )  # fmt: skip
        allowed = {404}
        if name in ALIKE_FOR_ALL:
            allowed = {ALIKE_FOR_ALL[name]}
        elif route.body is not None and name not in BODIES:
            allowed = set(UNREADABLE)
        if answer.status_code not in allowed:
            wrong.append(f"{name}: {answer.status_code} {answer.text[:200]}")
    assert not wrong, "\n".join(wrong)
    assert tried > 80
    assert state(house) == before


NOTHING = {"count": 0, "next": None, "previous": None, "results": []}
ASKED: list[tuple[str, str, Any]] = [
    ("GET", "/api/tasks?project={project_id}", None),
    ("GET", "/api/tasks?view={view_id}", None),
    ("GET", "/api/dm/columns?project={project_id}", None),
    ("GET", "/api/dm/project?project={project_id}", None),
    ("GET", "/api/dm/views?project={project_id}", None),
    ("GET", "/api/dm/actions?project={project_id}", None),
    ("GET", "/api/dm/actions/delete_tasks/form?project={project_id}", None),
    ("GET", "/api/dm/actions/runs?project={project_id}", None),
    ("GET", "/api/predictions?project={project_id}", None),
    ("GET", "/api/predictions?task={task_id}", None),
    ("GET", "/api/webhooks?project={project_id}", None),
    ("GET", "/api/ml?project={project_id}", None),
    ("GET", "/api/jobs?project={project_id}", None),
    ("POST", "/api/tasks", {"project": "project_id", "data": {"text": "x"}}),
    ("POST", "/api/predictions", {"task": "task_id", "result": []}),
    ("POST", "/api/dm/views", {"project": "project_id", "data": {}}),
    ("POST", "/api/dm/views/order", {"project": "project_id", "ids": []}),
    ("DELETE", "/api/dm/views/reset", {"project": "project_id"}),
    ("POST", "/api/dm/actions?id=delete_tasks&project={project_id}", {}),
    ("POST", "/api/labels", [{"project": "project_id", "from_name": "m", "title": "T", "value": ["T"]}]),
    ("POST", "/api/label_links", {"project": "project_id", "label": "label_id", "from_name": "m"}),
    ("POST", "/api/labels/bulk", {"project": "project_id", "old_label": "Good", "new_label": "X"}),
    ("POST", "/api/webhooks", {"project": "project_id", "url": "https://93.184.216.34/hook"}),
]  # fmt: skip
"""Method, path and body; words between braces and names in bodies are those of ``theirs``."""


def test_no_id_in_a_query_or_a_body_reaches_another_organisation(
    house: House, stranger: Api, theirs: dict[str, Any]
) -> None:
    def known(value: Any) -> Any:
        if isinstance(value, list):
            return [known(one) for one in value]
        if isinstance(value, dict):
            return {key: known(one) for key, one in value.items()}
        return theirs.get(value, value) if isinstance(value, str) else value

    before = state(house)
    wrong = []
    for method, path, body in ASKED:
        answer = stranger(method, path.format(**theirs), **({} if body is None else {"json": known(body)}))
        empty = answer.status_code == 200 and answer.json in ([], NOTHING)
        if not empty and answer.status_code not in (400, 404):
            wrong.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
    assert not wrong, "\n".join(wrong)
    assert state(house) == before


def test_a_strangers_own_work_takes_nothing_of_ours_along(
    house: House, stranger: Api, theirs: dict[str, Any]
) -> None:
    """Ids of ours in bodies that are about a stranger's own project."""
    own = stranger.project(SENTIMENT)
    task = stranger.task(own, text="own")
    before = state(house)
    chosen = {"all": False, "included": [theirs["task_id"], task]}
    done = stranger("POST", f"/api/dm/actions?id=delete_tasks&project={own}", json={"selectedItems": chosen})
    assert (done.status_code, done.json["processed_items"]) == (200, 1)
    again = stranger("POST", f"/api/projects/{own}/reimport", json={"file_upload_ids": [theirs["file_id"]]})
    assert again.json["task_count"] == 0
    files = f"/api/projects/{own}/import?file_upload_ids={theirs['file_id']}"
    assert stranger("POST", files, json=[]).status_code == 400
    guess = [{"task": theirs["task_id"], "result": [], "model_version": "x"}]
    assert stranger("POST", f"/api/projects/{own}/import/predictions", json=guess).status_code == 400
    user = stranger("GET", "/api/current-user/whoami").json
    moved = {"active_organization": theirs["organization_id"]}
    stranger("PATCH", f"/api/users/{user['id']}/", json=moved)
    assert (
        stranger("GET", "/api/current-user/whoami").json["active_organization"] == user["active_organization"]
    )
    assert state(house) == before

"""What goes over the wire besides the client's methods: hidden addresses, forms, slashes, odd requests."""

from __future__ import annotations

import json
from typing import Any

from .methods import (
    a_file,
    a_model,
    a_prediction,
    a_snapshot,
    a_task,
    any_labelled,
    any_task,
    labelled,
    refusing,
)
from .world import CONFIG, NOBODY, Catalogue, Step, World, mood

CATALOGUE = Catalogue()
step = CATALOGUE.add
FORM = {"content-type": "application/x-www-form-urlencoded"}


def nouns() -> list[str]:
    return list(dict.fromkeys(one.method for one in CATALOGUE.steps))


def of(noun: str) -> list[Step]:
    return [one for one in CATALOGUE.steps if one.method == noun]


# --- the server --------------------------------------------------------------------------------------------

for path in ("/health", "/health/", "/api/version", "/api/version/", "/version", "/version/"):
    step(f"server: {path}", lambda w, _, path=path: w.anybody.get(path), only_shape=True)
for path in ("/metrics", "/metrics/", "/feature-flags", "/api/nothing", "/api/nothing/"):
    step(f"server: {path}", lambda w, _, path=path: w.http.get(path), only_shape=True)
for path in (
    "/docs/api",
    "/docs/api/",
    "/docs/api/?format=openapi",
    "/swagger",
    "/swagger/",
    "/swagger.json",
    "/swagger.yaml",
):
    step(f"server: {path}", lambda w, _, path=path: w.http.get(path))
for path in ("/", "/projects/", "/projects/1/data", "/organization/", "/people/", "/user/account/"):
    step(f"server: {path} as nobody", lambda w, _, path=path: w.anybody.get(path))
for path in ("/docs/api/schema/redoc/", "/docs/api/schema/swagger-ui/"):
    step(f"server: {path}", lambda w, _, path=path: w.http.get(path))
step("server: schema as nobody", lambda w, _: w.anybody.get("/docs/api/schema/json/"))
step("server: a method that is not", lambda w, _: w.http.delete("/api/version/"))

# --- who asks ----------------------------------------------------------------------------------------------

for path in (
    "/api/projects/",
    "/api/projects/1/",
    "/api/tasks/1/",
    "/api/current-user/whoami",
    "/data/upload/1/a.png",
):
    step(f"nobody: GET {path}", lambda w, _, path=path: w.anybody.get(path))
step("nobody: POST /api/projects/", lambda w, _: w.anybody.post("/api/projects/", json={}))
for name, value in {
    "a wrong token": "Token " + "f" * 40,
    "no token": "Token",
    "two words": "Token a b",
    "nonsense": "x",
    "legacy as bearer": "Bearer " + "f" * 40,
    "basic": "Basic YTpi",
}.items():
    step(
        f"nobody: {name}",
        lambda w, _, value=value: w.anybody.get("/api/projects/", headers={"authorization": value}),
    )
step("caller: whoami", lambda w, _: w.http.get("/api/current-user/whoami/"), only_shape=True)
step("caller: token", lambda w, p: p.http.get("/api/current-user/token/"), World.person)
step(
    "caller: product tour",
    lambda w, p: p.http.get("/api/current-user/product-tour?name=create_prompt"),
    World.person,
    only_shape=True,
)
step(
    "caller: product tour without a name",
    lambda w, p: p.http.get("/api/current-user/product-tour"),
    World.person,
)
step(
    "caller: unknown product tour",
    lambda w, p: p.http.get("/api/current-user/product-tour?name=x"),
    World.person,
)
step(
    "caller: product tour seen",
    lambda w, p: p.http.patch(
        "/api/current-user/product-tour?name=create_prompt", json={"state": "completed"}
    ),
    World.person,
    only_shape=True,
)
step(
    "caller: product tour in a state that is none",
    lambda w, p: p.http.patch("/api/current-user/product-tour?name=create_prompt", json={"state": "x"}),
    World.person,
)
for name, keys in {
    "no hotkeys": {},
    "hotkeys null": {"custom_hotkeys": None},
    "hotkeys a list": {"custom_hotkeys": []},
    "hotkeys without a key": {"custom_hotkeys": {"a:b": {}}},
    "hotkeys of a system key": {"custom_hotkeys": {"a:b": {"key": "alt+f4"}}},
    "a long hotkey": {"custom_hotkeys": {"a:b": {"key": "x" * 51}}},
    "too many hotkeys": {"custom_hotkeys": {f"a:{n}": {"key": "x"} for n in range(201)}},
}.items():
    step(
        f"caller: {name}",
        lambda w, p, keys=keys: p.http.patch("/api/current-user/hotkeys/", json=keys),
        World.person,
    )
step(
    "caller: jwt settings by a form",
    lambda w, _: w.http.post(
        "/api/jwt/settings", data={"api_tokens_enabled": "true", "legacy_api_tokens_enabled": "true"}
    ),
)
step(
    "caller: jwt settings of nothing",
    lambda w, _: w.http.post("/api/jwt/settings", json={"api_tokens_enabled": "maybe"}),
)
for name, policy in {
    "zero": {"max_session_age": 0},
    "text": {"max_session_age": "x"},
    "null": {"max_session_age": None},
    "activity above age": {"max_session_age": 11520, "max_time_between_activity": 4320},
}.items():
    step(
        f"caller: session policy {name}",
        lambda w, _, policy=policy: w.http.patch("/api/session-policy/", json=policy),
    )

# --- people ------------------------------------------------------------------------------------------------

step(
    "people: change an e-mail",
    lambda w, p: p.http.patch(f"/api/users/{p.id}/", json={"email": "x@example.com"}),
    World.person,
)
step(
    "people: put",
    lambda w, p: p.http.put(f"/api/users/{p.id}/", json={"username": "x", "first_name": "Ann"}),
    World.person,
)
step(
    "people: a long name",
    lambda w, p: p.http.patch(f"/api/users/{p.id}/", json={"first_name": "x" * 300}),
    World.person,
)
step(
    "people: by a form",
    lambda w, p: p.http.patch(f"/api/users/{p.id}/", data={"first_name": "Ann"}),
    World.person,
)
step("people: create without anything", lambda w, _: w.http.post("/api/users/", json={}))
step(
    "people: an avatar that is none",
    lambda w, p: p.http.post(f"/api/users/{p.id}/avatar/", files={"avatar": ("a.png", b"x")}),
    World.person,
)
step("people: no avatar sent", lambda w, p: p.http.post(f"/api/users/{p.id}/avatar/"), World.person)
step("people: no avatar to delete", lambda w, p: p.http.delete(f"/api/users/{p.id}/avatar/"), World.person)
step(
    "organization: put",
    lambda w, _: w.http.put(f"/api/organizations/{w.organization}", json={"title": "x"}),
    only_shape=True,
)
step(
    "organization: a contact that is none",
    lambda w, _: w.http.patch(f"/api/organizations/{w.organization}", json={"contact_info": "x"}),
)
step(
    "organization: members beyond",
    lambda w, _: w.http.get(f"/api/organizations/{w.organization}/memberships?page=999"),
)
step(
    "organization: all members",
    lambda w, _: w.http.get(f"/api/organizations/{w.organization}/memberships?page_size=-1"),
    only_shape=True,
)
step(
    "organization: an unknown one's members",
    lambda w, _: w.http.get(f"/api/organizations/{NOBODY}/memberships"),
)
step(
    "organization: delete a member as no owner",
    lambda w, p: p[0].http.delete(f"/api/organizations/{w.organization}/memberships/{p[1].id}/"),
    lambda w: (w.person(), w.person()),
)

# --- projects ----------------------------------------------------------------------------------------------


def by_form(w: World, **files: Any) -> Any:
    answer = w.http.post(
        "/api/projects/",
        data={
            "title": "By form",
            "label_config": CONFIG,
            "show_instruction": "true",
            "maximum_annotations": "2",
        },
        **files,
    )
    w.forget_later(answer.json()["id"])


def by_json(w: World, **body: Any) -> Any:
    answer = w.http.post("/api/projects", json=body)
    if answer.status_code == 201:
        w.forget_later(answer.json()["id"])


step("projects: by a form", lambda w, _: by_form(w))
step("projects: by multipart", lambda w, _: by_form(w, files={"nothing": ("", b"")}))
step("projects: without a slash", lambda w, _: by_json(w, title="Facts"))
for name, body in {
    "title null": {"title": None},
    "title a number": {"title": 123},
    "title a list": {"title": []},
    "blank title": {"title": "   "},
    "config null": {"label_config": None},
    "config empty": {"label_config": ""},
    "description null": {"description": None},
    "a colour that is none": {"color": "red"},
    "overlap over a hundred": {"overlap_cohort_percentage": 101},
    "annotations negative": {"maximum_annotations": -1},
    "annotations text": {"maximum_annotations": "x"},
    "annotations huge": {"maximum_annotations": 2**40},
    "a switch that is none": {"show_instruction": "maybe"},
    "weights a list": {"control_weights": []},
    "weights of nothing": {"control_weights": {"x": {"overall": 1}}},
    "weights odd": {"control_weights": {"mood": 1}},
    "pinned at nonsense": {"pinned_at": "x"},
    "an unknown field": {"zzz": 1},
    "state written": {"state": "COMPLETED"},
    "organization written": {"organization": 77},
    "training on": {"start_training_on_annotation_update": True},
    "model version unknown": {"model_version": "x"},
    "script in the instruction": {"expert_instruction": "<script>x</script><b>y</b>"},
}.items():
    body = {"title": "Facts", "label_config": CONFIG} | body
    step(f"projects: create, {name}", lambda w, _, body=body: by_json(w, **body))
    step(
        f"projects: change, {name}",
        lambda w, p, body=body: w.http.patch(f"/api/projects/{p}/", json=body),
        World.project,
    )
step("projects: put", lambda w, p: w.http.put(f"/api/projects/{p}/", json={"title": "Facts"}), World.project)
step(
    "projects: broken JSON",
    lambda w, p: w.http.post("/api/projects/", content=b"{", headers={"content-type": "application/json"}),
)
step("projects: a list", lambda w, p: w.http.post("/api/projects/", json=[]))
step(
    "projects: text",
    lambda w, p: w.http.post("/api/projects/", content=b"x", headers={"content-type": "text/plain"}),
)
step("projects: of the id nought", lambda w, p: w.http.get("/api/projects/0/"))
step("projects: of no id", lambda w, p: w.http.get("/api/projects/x/"))
step(
    "projects: some fields",
    lambda w, p: w.http.get(f"/api/projects/{p}/?include=id,title,nothing"),
    World.project,
)
for query in (
    "page=0",
    "page=-1",
    "page=x",
    "page=2",
    "page_size=0",
    "page_size=x",
    "page_size=1000",
    "ids=x",
    "ordering=title",
    "ordering=x",
    "filter=pinned_only",
    "filter=x",
    "search=zzzzz",
    "title=zzzzz",
):
    step(
        f"projects: list by {query}",
        lambda w, p, query=query: w.http.get(f"/api/projects/?ids={p}&{query}"),
        World.project,
    )
step(
    "projects: several ids",
    lambda w, p: w.http.get(f"/api/projects/?ids={p[0]},{p[1]}&include=id"),
    lambda w: (w.project(), w.project()),
)
step(
    "projects: counts",
    lambda w, p: w.http.get(f"/api/projects/counts/?ids={p[0]}&include=id,task_number"),
    labelled,
)
step("projects: summary", lambda w, p: w.http.get(f"/api/projects/{p[0]}/summary/"), labelled)
step("projects: summary of nothing", lambda w, p: w.http.get(f"/api/projects/{p}/summary/"), World.project)


def summary_with_draft(w: World) -> int:
    project, task, _ = labelled(w)
    w.draft(task)
    return project


step(
    "projects: summary with a draft",
    lambda w, p: w.http.get(f"/api/projects/{p}/summary/"),
    summary_with_draft,
)
step("projects: summary reset", lambda w, p: w.http.post(f"/api/projects/{p[0]}/summary/reset/"), labelled)
step(
    "projects: validate",
    lambda w, _: w.anybody.post("/api/projects/validate/", json={"label_config": CONFIG}),
)
step("projects: validate nothing", lambda w, _: w.anybody.post("/api/projects/validate/", json={}))
step(
    "projects: validate broken",
    lambda w, _: w.anybody.post("/api/projects/validate/", json={"label_config": "<View>"}),
)
step(
    "projects: validate for one, nothing",
    lambda w, p: w.http.post(f"/api/projects/{p}/validate/", json={}),
    World.project,
)
step(
    "projects: sample task",
    lambda w, p: w.http.post(f"/api/projects/{p}/sample-task/", json={"label_config": CONFIG}),
    World.project,
    only_shape=True,
)
step(
    "projects: sample task with answers",
    lambda w, p: w.http.post(
        f"/api/projects/{p}/sample-task/",
        json={"label_config": CONFIG, "include_annotation_and_prediction": True},
    ),
    World.project,
    only_shape=True,
)
step(
    "projects: sample task of nothing",
    lambda w, p: w.http.post(f"/api/projects/{p}/sample-task/", json={}),
    World.project,
)
step(
    "projects: sample task of a broken one",
    lambda w, p: w.http.post(f"/api/projects/{p}/sample-task/", json={"label_config": "<View>"}),
    World.project,
)
step("projects: model versions", lambda w, p: w.http.get(f"/api/projects/{p[0]}/model-versions/"), labelled)
step(
    "projects: model versions in full",
    lambda w, p: w.http.get(f"/api/projects/{p[0]}/model-versions/?extended=true"),
    labelled,
)
step(
    "projects: model versions in full with live ones",
    lambda w, p: w.http.get(f"/api/projects/{p[0]}/model-versions/?extended=true&include_live_models=true"),
    labelled,
)
step(
    "projects: at most one model version",
    lambda w, p: w.http.get(f"/api/projects/{p[0]}/model-versions/?extended=true&limit=1"),
    labelled,
)
step(
    "projects: a limit that is none",
    lambda w, p: w.http.get(f"/api/projects/{p[0]}/model-versions/?extended=true&limit=x"),
    labelled,
)
step(
    "projects: delete a model version",
    lambda w, p: w.http.request(
        "DELETE", f"/api/projects/{p[0]}/model-versions/", json={"model_version": "first"}
    ),
    labelled,
)
step(
    "projects: delete no model version",
    lambda w, p: w.http.request("DELETE", f"/api/projects/{p[0]}/model-versions/", json={}),
    labelled,
)
step(
    "projects: delete an unknown model version",
    lambda w, p: w.http.request(
        "DELETE", f"/api/projects/{p[0]}/model-versions/", json={"model_version": "x"}
    ),
    labelled,
)
step(
    "projects: label stream history",
    lambda w, p: w.http.get(f"/api/projects/{p[0]}/label-stream-history/"),
    labelled,
)
step("projects: next", lambda w, p: w.http.get(f"/api/projects/{p[0]}/next/"), a_task)
step("projects: next of none", lambda w, p: w.http.get(f"/api/projects/{p}/next/"), World.project)
step("projects: tasks", lambda w, p: w.http.get(f"/api/projects/{p[0]}/tasks/"), labelled)
step("projects: tasks beyond", lambda w, p: w.http.get(f"/api/projects/{p[0]}/tasks/?page=99"), labelled)
step(
    "projects: a task",
    lambda w, p: w.http.post(f"/api/projects/{p}/tasks/", json={"data": {"text": "a"}}),
    World.project,
)
step(
    "projects: a wrong task",
    lambda w, p: w.http.post(f"/api/projects/{p}/tasks/", json={"data": {"x": "a"}}),
    World.project,
)
step("projects: no task", lambda w, p: w.http.post(f"/api/projects/{p}/tasks/", json={}), World.project)
step(
    "projects: tasks in bulk",
    lambda w, p: w.http.post(f"/api/projects/{p}/tasks/bulk/", json=[{"text": "a"}]),
    World.project,
)
step("templates: all", lambda w, _: w.http.get("/api/templates/"), only_shape=True)

# --- tasks -------------------------------------------------------------------------------------------------

for name, body in {
    "data null": {"data": None},
    "data a list": {"data": []},
    "data text": {"data": "x"},
    "data as text": {"data": '{"text": "a"}'},
    "data empty": {"data": {}},
    "a wrong type": {"data": {"text": 1}},
    "more data": {"data": {"text": "a", "more": [1]}},
    "meta a list": {"data": {"text": "a"}, "meta": []},
    "inner id": {"data": {"text": "a"}, "inner_id": 9},
    "overlap": {"data": {"text": "a"}, "overlap": 5},
    "allow_skip": {"data": {"text": "a"}, "allow_skip": False},
    "counters": {"data": {"text": "a"}, "total_annotations": 5, "is_labeled": True},
}.items():
    step(
        f"tasks: create, {name}",
        lambda w, p, body=body: w.http.post("/api/tasks/", json={"project": p} | body),
        World.project,
    )
    step(
        f"tasks: change, {name}",
        lambda w, p, body=body: w.http.patch(f"/api/tasks/{p[1]}/", json=body),
        any_task,
    )
step(
    "tasks: by a form",
    lambda w, p: w.http.post("/api/tasks/", data={"project": str(p), "data": '{"text": "a"}'}),
    World.project,
)
step(
    "tasks: put",
    lambda w, p: w.http.put(f"/api/tasks/{p[1]}/", json={"data": {"text": "b"}, "project": p[0]}),
    a_task,
)
step("tasks: put nothing", lambda w, p: w.http.put(f"/api/tasks/{p[1]}/", json={}), any_task)
step(
    "tasks: to another project",
    lambda w, p: w.http.patch(f"/api/tasks/{p[0][1]}/", json={"project": p[1]}),
    lambda w: (a_task(w), w.project()),
)
step("tasks: of no id", lambda w, p: w.http.get("/api/tasks/x/"))
step(
    "tasks: with a draft",
    lambda w, p: w.http.get(f"/api/tasks/{p}/"),
    lambda w: next(t for t in [any_task(w)[1]] if w.draft(t)),
)
step(
    "tasks: with a skipped answer",
    lambda w, p: w.http.get(f"/api/tasks/{p}/"),
    lambda w: next(t for t in [any_task(w)[1]] if w.annotation(t, was_cancelled=True)),
)

# --- annotations, drafts, predictions ----------------------------------------------------------------------

for name, body in {
    "result null": {"result": None},
    "result text": {"result": "x"},
    "result a string of JSON": {"result": "[]"},
    "result an object": {"result": {}},
    "result empty": {"result": []},
    "lead_time text": {"result": [], "lead_time": "x"},
    "skipped null": {"result": [], "was_cancelled": None},
    "another author": {"result": [], "completed_by": 1},
    "task and project": {"result": [], "task": 1, "project": 1},
    "unknown parent": {"result": [], "parent_prediction": NOBODY},
    "a unique id that is none": {"result": [], "unique_id": "x"},
    "unknown draft": {"result": [], "draft_id": NOBODY},
    "last action": {"result": [], "last_action": "imported"},
    "unknown action": {"result": [], "last_action": "x"},
    "import id": {"result": [], "import_id": 5},
    "bulk": {"result": [], "bulk_created": True},
    "ground truth": {"result": [mood()], "ground_truth": True},
    "an unknown control": {"result": [mood() | {"from_name": "x"}]},
    "no value": {"result": [{"from_name": "mood", "to_name": "text", "type": "choices"}]},
    "a region that is text": {"result": ["x"]},
}.items():
    step(
        f"annotations: create, {name}",
        lambda w, p, body=body: w.http.post(f"/api/tasks/{p[1]}/annotations/", json=body),
        any_task,
    )
    step(
        f"annotations: change, {name}",
        lambda w, p, body=body: w.http.patch(f"/api/annotations/{p[2]}/", json=body),
        any_labelled,
    )
step(
    "annotations: by a form",
    lambda w, p: w.http.post(
        f"/api/tasks/{p[1]}/annotations/", data={"result": json.dumps([mood()]), "lead_time": "1.5"}
    ),
    any_task,
)
step(
    "annotations: skipped by the query",
    lambda w, p: w.http.post(f"/api/tasks/{p[1]}/annotations/?was_cancelled=1", json={"result": []}),
    any_task,
)
step(
    "annotations: put",
    lambda w, p: w.http.put(f"/api/annotations/{p[2]}/", json={"result": []}),
    any_labelled,
)
step(
    "annotations: convert to a draft",
    lambda w, p: w.http.post(f"/api/annotations/{p[2]}/convert-to-draft"),
    any_labelled,
)
step("annotations: convert none", lambda w, p: w.http.post(f"/api/annotations/{NOBODY}/convert-to-draft"))


def skip_what_may_not_be(w: World, given: Any) -> None:
    w.http.post(f"/api/tasks/{given}/annotations/?was_cancelled=1", json={"result": []})


def not_to_skip(w: World) -> int:
    project = w.project()
    answer = w.http.post(
        f"/api/projects/{project}/import?return_task_ids=true",
        json=[{"data": {"text": "a"}, "allow_skip": False}],
    )
    return int(answer.json()["task_ids"][0])


step("annotations: skip what may not be", skip_what_may_not_be, not_to_skip)
step(
    "drafts: create",
    lambda w, p: w.http.post(f"/api/tasks/{p[1]}/drafts", json={"result": [mood()], "lead_time": 1.5}),
    any_task,
)
step("drafts: create nothing", lambda w, p: w.http.post(f"/api/tasks/{p[1]}/drafts", json={}), any_task)
step(
    "drafts: create text",
    lambda w, p: w.http.post(f"/api/tasks/{p[1]}/drafts", json={"result": "x"}),
    any_task,
)
step(
    "drafts: of an annotation",
    lambda w, p: w.http.post(f"/api/tasks/{p[1]}/annotations/{p[2]}/drafts", json={"result": [mood()]}),
    any_labelled,
)
step(
    "drafts: list",
    lambda w, p: w.http.get(f"/api/tasks/{p}/drafts"),
    lambda w: next(t for t in [any_task(w)[1]] if w.draft(t)),
)
step(
    "drafts: list of an annotation",
    lambda w, p: w.http.get(f"/api/tasks/{p[1]}/annotations/{p[2]}/drafts"),
    any_labelled,
)
step("drafts: list of an unknown task", lambda w, p: w.http.get(f"/api/tasks/{NOBODY}/drafts"))


def a_draft(w: World) -> int:
    return w.draft(any_task(w)[1])


step("drafts: get", lambda w, p: w.http.get(f"/api/drafts/{p}/"), a_draft)
step("drafts: get none", lambda w, p: w.http.get(f"/api/drafts/{NOBODY}/"))
step(
    "drafts: change",
    lambda w, p: w.http.patch(f"/api/drafts/{p}/", json={"lead_time": 2.5, "was_postponed": True}),
    a_draft,
)
step("drafts: put", lambda w, p: w.http.put(f"/api/drafts/{p}/", json={"result": []}), a_draft)
step("drafts: delete", lambda w, p: w.http.delete(f"/api/drafts/{p}/"), a_draft)
step(
    "drafts: another's",
    lambda w, p: p[0].http.get(f"/api/drafts/{p[1]}/"),
    lambda w: (w.person(), a_draft(w)),
)
for name, body in {
    "result missing": {},
    "result null": {"result": None},
    "result text": {"result": "x"},
    "result empty": {"result": []},
    "a choice alone": {"result": {"mood": "good"}},
    "score text": {"result": [], "score": "x"},
    "score null": {"result": [], "score": None},
    "task as text": {"result": [mood()]},
    "version a number": {"result": [], "model_version": 3},
    "mislabeling": {"result": [], "mislabeling": 0.5, "cluster": 3, "neighbors": [1]},
}.items():
    step(
        f"predictions: create, {name}",
        lambda w, p, body=body: w.http.post("/api/predictions/", json={"task": str(p[1])} | body),
        any_task,
    )
    step(
        f"predictions: change, {name}",
        lambda w, p, body=body: w.http.patch(f"/api/predictions/{p}/", json=body),
        a_prediction,
    )
step(
    "predictions: by a form",
    lambda w, p: w.http.post("/api/predictions/", data={"task": str(p[1]), "result": json.dumps([mood()])}),
    any_task,
)
step("predictions: without a task", lambda w, p: w.http.post("/api/predictions/", json={"result": []}))
step(
    "predictions: put",
    lambda w, p: w.http.put(f"/api/predictions/{p[1]}/", json={"task": p[0], "result": []}),
    lambda w: next((t, w.prediction(t)) for t in [any_task(w)[1]]),
)
step("predictions: of an unknown project", lambda w, p: w.http.get(f"/api/predictions/?project={NOBODY}"))
step("predictions: of an unknown task", lambda w, p: w.http.get(f"/api/predictions/?task={NOBODY}"))
step("predictions: of a task that is none", lambda w, p: w.http.get("/api/predictions/?task=x"))

# --- imports, files, exports -------------------------------------------------------------------------------


def imports(w: World, project: int, query: str = "", **options: Any) -> Any:
    return w.http.post(f"/api/projects/{project}/import{query}", **options)


step("imports: one task", lambda w, p: imports(w, p, json={"text": "a"}), World.project)
step("imports: a task with data", lambda w, p: imports(w, p, json={"data": {"text": "a"}}), World.project)
step(
    "imports: with ids", lambda w, p: imports(w, p, "?return_task_ids=1", json=[{"text": "a"}]), World.project
)
step("imports: a file", lambda w, p: imports(w, p, files={"file": ("a.csv", b"text\na\nb\n")}), World.project)
step(
    "imports: files kept",
    lambda w, p: imports(w, p, "?commit_to_project=false", files={"file": ("a.json", b'[{"text": "a"}]')}),
    World.project,
)
step("imports: a text file", lambda w, p: imports(w, p, files={"file": ("a.txt", b"a\nb\n")}), World.project)
step("imports: a file of no kind", lambda w, p: imports(w, p, files={"file": ("a.exe", b"x")}), World.project)
step("imports: an empty file", lambda w, p: imports(w, p, files={"file": ("a.json", b"")}), World.project)
step("imports: no file", lambda w, p: imports(w, p, data={"x": "y"}), World.project)
step(
    "imports: text",
    lambda w, p: imports(w, p, content=b"x", headers={"content-type": "text/plain"}),
    World.project,
)
step("imports: unknown project", lambda w, p: imports(w, NOBODY, json=[{"text": "a"}]))
step(
    "imports: an annotator of no account",
    lambda w, p: imports(
        w, p, json=[{"data": {"text": "a"}, "annotations": [{"result": [], "completed_by": NOBODY}]}]
    ),
    World.project,
)
step(
    "imports: again",
    lambda w, p: w.http.post(
        f"/api/projects/{p[0]}/reimport", json={"file_upload_ids": [p[1]], "files_as_tasks_list": True}
    ),
    a_file,
)
step(
    "imports: again without ids", lambda w, p: w.http.post(f"/api/projects/{p[0]}/reimport", json={}), a_file
)
step(
    "imports: again an unknown file",
    lambda w, p: w.http.post(f"/api/projects/{p[0]}/reimport", json={"file_upload_ids": [NOBODY]}),
    a_file,
)
step("imports: state of none", lambda w, p: w.http.get(f"/api/projects/{p}/imports/{NOBODY}/"), World.project)
step(
    "imports: state of no second one",
    lambda w, p: w.http.get(f"/api/projects/{p}/reimports/{NOBODY}/"),
    World.project,
)
step(
    "imports: predictions for nothing",
    lambda w, p: w.http.post(f"/api/projects/{p}/import/predictions", json=[]),
    World.project,
)
step(
    "imports: a prediction alone",
    lambda w, p: w.http.post(
        f"/api/projects/{p[0]}/import/predictions", json={"task": p[1], "result": [mood()]}
    ),
    a_task,
)
step(
    "imports: a prediction without a result",
    lambda w, p: w.http.post(f"/api/projects/{p[0]}/import/predictions", json=[{"task": p[1]}]),
    a_task,
)
step("files: put", lambda w, p: w.http.put(f"/api/import/file-upload/{p[1]}", json={}), a_file)
step(
    "files: delete some",
    lambda w, p: w.http.request(
        "DELETE", f"/api/projects/{p[0]}/file-uploads", json={"file_upload_ids": [p[1]]}
    ),
    a_file,
)
step(
    "files: delete none",
    lambda w, p: w.http.request("DELETE", f"/api/projects/{p[0]}/file-uploads", json={"file_upload_ids": []}),
    a_file,
)
step(
    "files: delete of no list",
    lambda w, p: w.http.request(
        "DELETE", f"/api/projects/{p[0]}/file-uploads", json={"file_upload_ids": "x"}
    ),
    a_file,
)
step(
    "files: list without asking for all",
    lambda w, p: w.http.get(f"/api/projects/{p[0]}/file-uploads"),
    a_file,
)
step("files: list by ids", lambda w, p: w.http.get(f"/api/projects/{p[0]}/file-uploads?ids=[{p[1]}]"), a_file)
step("files: download none", lambda w, p: w.http.get("/data/upload/1/nothing.png"))
for name, body in {
    "nothing": {},
    "a long title": {"title": "x" * 3000},
    "options that are none": {"task_filter_options": "x"},
    "an unknown view": {"task_filter_options": {"view": NOBODY}},
    "an odd word": {"task_filter_options": {"annotated": "x"}},
}.items():
    step(
        f"exports: create, {name}",
        lambda w, p, body=body: w.http.post(f"/api/projects/{p[0]}/exports/", json=body),
        labelled,
    )
step(
    "exports: convert to nothing",
    lambda w, p: w.http.post(f"/api/projects/{p[0]}/exports/{p[1]}/convert", json={}),
    a_snapshot,
)
step(
    "exports: convert twice",
    lambda w, p: [
        w.http.post(f"/api/projects/{p[0]}/exports/{p[1]}/convert", json={"export_type": "CSV"})
        for _ in range(2)
    ],
    a_snapshot,
)
step(
    "exports: download unconverted",
    lambda w, p: w.http.get(f"/api/projects/{p[0]}/exports/{p[1]}/download?exportType=TSV"),
    a_snapshot,
)
step(
    "exports: download of no kind",
    lambda w, p: w.http.get(f"/api/projects/{p[0]}/exports/{p[1]}/download?exportType=x"),
    a_snapshot,
)
step(
    "exports: delete twice",
    lambda w, p: [w.http.delete(f"/api/projects/{p[0]}/exports/{p[1]}") for _ in range(2)],
    a_snapshot,
)
step(
    "exports: files", lambda w, p: w.http.get(f"/api/projects/{p[0]}/export/files"), labelled, only_shape=True
)
step(
    "exports: by the older name",
    lambda w, p: w.http.get(f"/api/projects/{p[0]}/export?exportType=JSON"),
    labelled,
)
step(
    "exports: all tasks",
    lambda w, p: w.http.get(f"/api/projects/{p[0]}/export?download_all_tasks=true"),
    a_task,
)
step("exports: none", lambda w, p: w.http.get(f"/api/projects/{p[0]}/export"), a_task)
step("exports: an id that is none", lambda w, p: w.http.get(f"/api/projects/{p[0]}/export?ids[]=x"), labelled)

# --- models ------------------------------------------------------------------------------------------------


def try_one(w: World, given: Any) -> Any:
    return w.http.post(f"/api/ml/{given[2]}/predict/test?random=true")


step("models: try one", try_one, a_model, only_shape=True)
step("models: try one that refuses", refusing(try_one), a_model)
step("models: try without chance", lambda w, p: w.http.post(f"/api/ml/{p[2]}/predict/test"), a_model)
step("models: try none", lambda w, _: w.http.post(f"/api/ml/{NOBODY}/predict/test?random=true"))
step(
    "models: of a project",
    lambda w, p: w.http.get(f"/api/projects/{p[0]}/model-versions/?extended=true&include_live_models=true"),
    a_model,
)

"""The client before the present one, which comes with it as ``label_studio_sdk._legacy``: each method once."""

from __future__ import annotations

import inspect
import tempfile
from pathlib import Path
from typing import Any

import requests
from label_studio_sdk._legacy.client import Client, ClientCredentials
from label_studio_sdk._legacy.project import Project, ProjectSampling
from label_studio_sdk._legacy.users import User, UserRole

from .methods import a_snapshot, a_task, labelled
from .recording import RecordedAdapter
from .world import CONFIG, NOBODY, PASSWORD, Catalogue, Person, Step, World, mood

CATALOGUE = Catalogue()
step = CATALOGUE.add
LATER = {
    "connect_": "storages come with the plugins that bring them",
    "sync_": "storages come with the plugins that bring them",
    "get_import_storages": "storages come with the plugins that bring them",
    "get_export_storages": "storages come with the plugins that bring them",
}
"""Beginnings of names of methods that Community serves and that are not built yet."""
SILENT = {
    "get_session", "get_url", "make_request", "log_response_error",
    "get_predictions_conflict", "get_predictions_precision",
    "get_from_id", "list_projects", "delete_all_projects", "get_members", "get_workspaces", "get_workspace_by_title",
    "get_files_from_tasks",
    "assign_annotators_by_sampling", "assign_reviewers_by_sampling",
}  # fmt: skip
"""Methods that ask for nothing, for what another asks for, or for Enterprise before they ask. Nobody who records shall
lose all projects."""


def methods() -> set[str]:
    """``Client.get_projects``, ``Project.import_tasks``, ...; what a project only inherits is the client's."""
    return {
        f"{kind.__name__}.{name}"
        for kind in (Client, Project, User)
        for name, member in vars(kind).items()
        if inspect.isroutine(member) or isinstance(member, property | classmethod)
        if not name.startswith("_") and name not in SILENT and not name.startswith(tuple(LATER))
    }


def nouns() -> list[str]:
    return list(dict.fromkeys(one.method.partition(".")[0] for one in CATALOGUE.steps))


def of(noun: str) -> list[Step]:
    return [one for one in CATALOGUE.steps if one.method.partition(".")[0] == noun]


def session(w: World) -> requests.Session:
    made = requests.Session()
    made.mount("http://", RecordedAdapter(w.recorder))
    made.headers["Accept-Encoding"] = "identity"
    return made


def client(w: World, token: str = "") -> Client:
    """Whose versions are known already, so that nothing is asked for."""
    return Client(url=w.url, api_key=token or w.token, session=session(w), versions={"known": {}})


def project(w: World, number: int = 0) -> Project:
    return Project._create_from_id(client(w), number or w.project(), {"label_config": CONFIG})


def with_work(w: World) -> tuple[Project, int, int]:
    """A project, its task and the task's annotation; there is a prediction as well."""
    number, task, annotation = labelled(w)
    return project(w, number), task, annotation


def to_look_at(w: World) -> tuple[Project, int, int]:
    found: tuple[Project, int, int] = w.once(with_work)
    return found


def with_task(w: World) -> tuple[Project, int]:
    number, task = a_task(w)
    return project(w, number), task


def with_snapshot(w: World) -> tuple[Project, int]:
    number, snapshot = a_snapshot(w)
    return project(w, number), snapshot


def with_tab(w: World) -> tuple[Project, int]:
    number, _ = a_task(w)
    return project(w, number), w.view(number)


def with_person(w: World) -> tuple[Project, Person]:
    return project(w), w.person()


# --- the client --------------------------------------------------------------------------------------------


def start(w: World, **settings: Any) -> None:
    begun = client(w).start_project(**settings)
    w.forget_later(begun.id)


def user_of(w: World, person: Person) -> User:
    facts = w.http.get(f"/api/users/{person.id}/").json()
    return User(**facts, client=client(w))


step("Client.get_versions", lambda w, c: c.get_versions(), client, only_shape=True)
step(
    "Client.get_api_key",
    lambda w, p: Client(
        url=w.url,
        credentials=ClientCredentials(email=p.email, password=PASSWORD),
        session=session(w),
        versions={"known": {}},
    ),
    World.person,
)
step("Client.check_connection", lambda w, c: c.check_connection(), client, only_shape=True)
step(
    "Client.get_projects",
    lambda w, c: c[0].get_projects(ids=c[1]),
    lambda w: (client(w), w.project()),
)
step("Client.get_project", lambda w, p: client(w).get_project(p[0]), labelled)
step("Client.get_project: none", lambda w, c: c.get_project(NOBODY), client)
step("Client.delete_project", lambda w, p: client(w).delete_project(p), World.project)
step("Client.create_project", lambda w, _: start(w, title="Facts", label_config=CONFIG))
step("Client.start_project", lambda w, _: start(w, title="Facts", label_config=CONFIG, color="#FFA500"))
step("Client.start_project: broken", lambda w, _: start(w, title="Facts", label_config="<View>"))
step("Client.get_users", lambda w, c: c.get_users(), client, only_shape=True)


def create_user(w: World, email: str) -> None:
    name = email.partition("@")[0]
    w.recorder.known[name] = "<name>"
    client(w).create_user({"username": name, "email": email, "first_name": "New", "last_name": "Person"})


step("Client.create_user", create_user, lambda w: f"made-{w.person().email}")
step("Client.create_user: there already", create_user, lambda w: w.person().email)
step("Client.get_organization", lambda w, c: c.get_organization(), client, only_shape=True)
step("User.set_role", lambda w, user: user.set_role(UserRole.ANNOTATOR), lambda w: user_of(w, w.person()))

# --- a project ---------------------------------------------------------------------------------------------

step(
    "Project.start_project", lambda w, _: start(w, title="Facts", label_config=CONFIG, maximum_annotations=2)
)
step(
    "Project.parsed_label_config",
    lambda w, p: Project.get_from_id(client(w), p).parsed_label_config,
    World.project,
)
step("Project.get_params", lambda w, p: p[0].get_params(), to_look_at)
step("Project.update_params", lambda w, p: p.update_params(), project)
step("Project.set_params", lambda w, p: p.set_params(title="Renamed", description="d"), project)
step("Project.set_params: too short", lambda w, p: p.set_params(title="R"), project)
step("Project.set_sampling", lambda w, p: p.set_sampling(ProjectSampling.RANDOM), project)
step("Project.set_published", lambda w, p: p.set_published(True), project)
step("Project.set_model_version", lambda w, p: p[0].set_model_version("first"), with_work)
step("Project.set_model_version: unknown", lambda w, p: p[0].set_model_version("none"), to_look_at)
step("Project.get_model_versions", lambda w, p: p[0].get_model_versions(), to_look_at)
step("Project.get_predictions_coverage", lambda w, p: p[0].get_predictions_coverage(), to_look_at)
step("Project.add_member", lambda w, p: p[0].add_member(p[1]), with_person)
step("Project.assign_annotators", lambda w, p: p[0].assign_annotators([p[1]], [1]), with_person)
step("Project.assign_reviewers", lambda w, p: p[0].assign_reviewers([p[1]], [1]), with_person)
step(
    "Project.delete_annotators_assignment", lambda w, p: p[0].delete_annotators_assignment([p[1]]), with_task
)
step("Project.delete_reviewers_assignment", lambda w, p: p[0].delete_reviewers_assignment([p[1]]), with_task)

# --- its tasks ---------------------------------------------------------------------------------------------


def import_file(w: World, given: Project) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tasks.csv"
        path.write_text("text\none\ntwo\n")
        given.import_tasks(path)


def filtered(text: str) -> dict[str, Any]:
    item = {"filter": "filter:tasks:data.text", "operator": "contains", "type": "String", "value": text}
    return {"conjunction": "and", "items": [item]}


step("Project.import_tasks", lambda w, p: p.import_tasks([{"text": "a"}, {"data": {"text": "b"}}]), project)
step("Project.import_tasks: one", lambda w, p: p.import_tasks({"text": "a"}), project)
step(
    "Project.import_tasks: preannotated",
    lambda w, p: p.import_tasks([{"text": "a", "mood": "good"}], preannotated_from_fields=["mood"]),
    project,
)
step("Project.import_tasks: a file", import_file, project)
step("Project.import_tasks: wrong data", lambda w, p: p.import_tasks([{"data": {"x": 1}}]), project)
step("Project.get_tasks", lambda w, p: p[0].get_tasks(), to_look_at)
step("Project.get_tasks: filtered", lambda w, p: p[0].get_tasks(filters=filtered("on")), to_look_at)
step("Project.get_tasks: none", lambda w, p: p[0].get_tasks(filters=filtered("zzz")), to_look_at)
step("Project.get_tasks: chosen", lambda w, p: p[0].get_tasks(selected_ids=[p[1]]), to_look_at)
step("Project.get_tasks: ordered", lambda w, p: p[0].get_tasks(ordering=["-tasks:id"]), to_look_at)
step("Project.get_tasks: of a tab", lambda w, p: p[0].get_tasks(view_id=p[1]), with_tab)
step("Project.get_paginated_tasks", lambda w, p: p[0].get_paginated_tasks(page=1, page_size=1), to_look_at)
step("Project.get_paginated_tasks: beyond", lambda w, p: p[0].get_paginated_tasks(page=9), to_look_at)
step("Project.get_tasks_ids", lambda w, p: p[0].get_tasks_ids(), to_look_at)
step("Project.get_paginated_tasks_ids", lambda w, p: p[0].get_paginated_tasks_ids(page_size=1), to_look_at)
step("Project.tasks", lambda w, p: p[0].tasks, to_look_at)
step("Project.tasks_ids", lambda w, p: p[0].tasks_ids, to_look_at)
step("Project.get_labeled_tasks", lambda w, p: p[0].get_labeled_tasks(), to_look_at)
step("Project.get_labeled_tasks_ids", lambda w, p: p[0].get_labeled_tasks_ids(), to_look_at)
step("Project.get_unlabeled_tasks", lambda w, p: p[0].get_unlabeled_tasks(), with_task)
step("Project.get_unlabeled_tasks_ids", lambda w, p: p[0].get_unlabeled_tasks_ids(), to_look_at)
step("Project.get_task", lambda w, p: p[0].get_task(p[1]), to_look_at)
step("Project.get_task: none", lambda w, p: p.get_task(NOBODY), project)
step("Project.update_task", lambda w, p: p[0].update_task(p[1], data={"text": "two"}), with_work)
step("Project.delete_task", lambda w, p: p[0].delete_task(p[1]), with_work)
step("Project.delete_tasks", lambda w, p: p[0].delete_tasks([p[1]]), with_work)
step("Project.delete_all_tasks", lambda w, p: p[0].delete_all_tasks(), with_work)
step("Project.delete_all_tasks: but one", lambda w, p: p[0].delete_all_tasks(excluded_ids=[p[1]]), with_work)

# --- tabs, predictions, annotations ------------------------------------------------------------------------

step("Project.get_views", lambda w, p: p[0].get_views(), with_tab)
step("Project.create_view", lambda w, p: p.create_view(filtered("on"), ["-tasks:id"], "Mine"), project)
step("Project.create_view: of nothing", lambda w, p: p.create_view(None), project)
step("Project.delete_view", lambda w, p: p[0].delete_view(p[1]), with_tab)
step(
    "Project.create_prediction",
    lambda w, p: p[0].create_prediction(p[1], [mood()], score=0.5, model_version="first"),
    with_task,
)
for name, short in {"a value": {"choices": ["good"]}, "a word": "good"}.items():
    step(
        f"Project.create_prediction: {name}",
        lambda w, p, short=short: p[0].create_prediction(p[1], short),
        with_task,
    )
step(
    "Project.create_predictions",
    lambda w, p: p[0].create_predictions([{"task": p[1], "result": [mood()], "model_version": "first"}]),
    with_task,
)
step(
    "Project.create_annotations_from_predictions",
    lambda w, p: p[0].create_annotations_from_predictions(),
    with_work,
)
step(
    "Project.create_annotations_from_predictions: of a model",
    lambda w, p: p[0].create_annotations_from_predictions(["first"]),
    with_work,
)
step("Project.list_annotations", lambda w, p: p[0].list_annotations(p[1]), to_look_at)
step("Project.create_annotation", lambda w, p: p[0].create_annotation(p[1], result=[mood()]), with_task)
step("Project.get_annotation", lambda w, p: p[0].get_annotation(p[2]), to_look_at)
step("Project.update_annotation", lambda w, p: p[0].update_annotation(p[2], ground_truth=True), with_work)
step("Project.delete_annotation", lambda w, p: p[0].delete_annotation(p[2]), with_work)

# --- exports -----------------------------------------------------------------------------------------------


def in_a_folder(act: Any) -> Any:
    """The step with a folder that is gone afterwards."""

    def acting(w: World, given: Any) -> None:
        with tempfile.TemporaryDirectory() as folder:
            act(given, folder)

    return acting


step("Project.export_tasks", lambda w, p: p[0].export_tasks(), to_look_at)
step("Project.export_tasks: short", lambda w, p: p[0].export_tasks("JSON_MIN", ids=[p[1]]), to_look_at)
step(
    "Project.export_tasks: CSV",
    in_a_folder(lambda p, folder: p[0].export_tasks("CSV", export_location=f"{folder}/a.csv")),
    to_look_at,
)
step(
    "Project.export_tasks: all, with files",
    lambda w, p: p[0].export_tasks(download_all_tasks=True, download_resources=True),
    to_look_at,
)
step("Project.export_snapshot_list", lambda w, p: p[0].export_snapshot_list(), with_snapshot)
step("Project.export_snapshot_create", lambda w, p: p[0].export_snapshot_create("Mine"), with_work)
step("Project.export_snapshot_status", lambda w, p: p[0].export_snapshot_status(p[1]), with_snapshot)
step(
    "Project.export_snapshot_download",
    in_a_folder(lambda p, folder: p[0].export_snapshot_download(p[1], path=folder)),
    with_snapshot,
)
step("Project.export_snapshot_delete", lambda w, p: p[0].export_snapshot_delete(p[1]), with_snapshot)
step(
    "Project.export",
    in_a_folder(lambda p, folder: p[0].export(filters=filtered("on"), output_dir=folder)),
    with_work,
)

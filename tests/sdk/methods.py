"""The official client's methods that Community serves, each called at least once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .world import CONFIG, HOOK, NOBODY, NOWHERE, Catalogue, Step, World, mood

CATALOGUE = Catalogue()
step = CATALOGUE.add
OTHER_CONFIG = CONFIG.replace('"bad"', '"worse"')
LATER = {
    "import_storage.": "storages come with the plugins that bring them",
    "export_storage.": "storages come with the plugins that bring them",
}
"""Beginnings of names of methods that Community serves and that are not built yet."""


def nouns() -> list[str]:
    """``projects``, ``projects.exports``, ...: the resources of the client."""
    return list(dict.fromkeys(one.method.rpartition(".")[0] for one in CATALOGUE.steps))


def of(noun: str) -> list[Step]:
    return [one for one in CATALOGUE.steps if one.method.rpartition(".")[0] == noun]


def labelled(w: World, project: int = 0) -> tuple[int, int, int]:
    """A project with a task that has an annotation and a prediction: their project, task and annotation."""
    project = project or w.project()
    task = w.task(project)
    w.prediction(task)
    return project, task, w.annotation(task)


def any_labelled(w: World) -> tuple[int, int, int]:
    """The same, in a project that has other tasks too: for steps that are about the task alone."""
    return labelled(w, w.once(World.project))


# --- who asks, people, tokens ------------------------------------------------------------------------------

step("versions.get", lambda w, _: w.sdk.versions.get(), only_shape=True)
step("users.whoami", lambda w, _: w.sdk.users.whoami(), only_shape=True)
step("users.whoami: another", lambda w, p: p.sdk.users.whoami(), World.person)
step("users.list", lambda w, _: w.sdk.users.list(), only_shape=True)
step("users.get", lambda w, p: w.sdk.users.get(p.id), World.person)
step("users.get: nobody", lambda w, _: w.sdk.users.get(NOBODY))
step("users.get_token", lambda w, p: p.sdk.users.get_token(), World.person)
step("users.reset_token", lambda w, p: p.sdk.users.reset_token(), World.person)
step("users.get_hotkeys", lambda w, p: p.sdk.users.get_hotkeys(), World.person)
step(
    "users.update_hotkeys",
    lambda w, p: p.sdk.users.update_hotkeys(
        custom_hotkeys={"annotation:submit": {"key": "ctrl+b", "active": True}}
    ),
    World.person,
)
step(
    "users.update_hotkeys: broken",
    lambda w, p: p.sdk.users.update_hotkeys(custom_hotkeys={"annotation": "ctrl+b"}),
    World.person,
)
step(
    "users.update",
    lambda w, p: p.sdk.users.update(
        p.id, first_name="Ann", last_name="Lee", phone="12", allow_newsletters=True
    ),
    World.person,
)
step(
    "users.update: another's",
    lambda w, p: p[0].sdk.users.update(p[1].id, first_name="Ann"),
    lambda w: (w.person(), w.person()),
)


def create_user(w: World, email: str) -> Any:
    w.recorder.known[email.partition("@")[0]] = "<name>"
    return w.sdk.users.create(
        username=email.partition("@")[0], email=email, first_name="New", last_name="Person"
    )


step("users.create", create_user, lambda w: f"made-{w.person().email}")
step(
    "users.create: there already", lambda w, p: w.sdk.users.create(username="x", email=p.email), World.person
)
step("users.create: no e-mail", lambda w, _: w.sdk.users.create(username="x", email="nonsense"))
step("users.delete", lambda w, p: w.sdk.users.delete(p.id), World.person)
step("users.delete: oneself", lambda w, _: w.sdk.users.delete(w.me))
step(
    "users.delete: by no owner",
    lambda w, p: p[0].sdk.users.delete(p[1].id),
    lambda w: (w.person(), w.person()),
)

step("tokens.create", lambda w, p: p.sdk.tokens.create(), World.person)
step(
    "tokens.list",
    lambda w, p: p.sdk.tokens.list(),
    lambda w: next(p for p in [w.person()] if p.http.post("/api/token/")),
)


def with_token(w: World) -> Any:
    person = w.person()
    return person, person.http.post("/api/token/").json()["token"]


step("tokens.refresh", lambda w, p: p[0].sdk.tokens.refresh(refresh=p[1]), with_token)
step("tokens.refresh: nonsense", lambda w, p: p.sdk.tokens.refresh(refresh="x"), World.person)
step("tokens.rotate", lambda w, p: p[0].sdk.tokens.rotate(refresh=p[1]), with_token)
step("tokens.rotate: nonsense", lambda w, p: p.sdk.tokens.rotate(refresh="x"), World.person)
step("tokens.blacklist", lambda w, p: p[0].sdk.tokens.blacklist(refresh=p[1]), with_token)
step("tokens.blacklist: nonsense", lambda w, p: p.sdk.tokens.blacklist(refresh="x"), World.person)


def blacklist_twice(w: World, given: Any) -> None:
    given[0].sdk.tokens.blacklist(refresh=given[1])
    given[0].sdk.tokens.blacklist(refresh=given[1])


step("tokens.blacklist: twice", blacklist_twice, with_token)


def refresh_revoked(w: World, given: Any) -> None:
    given[0].sdk.tokens.blacklist(refresh=given[1])
    given[0].sdk.tokens.refresh(refresh=given[1])


step("tokens.refresh: revoked", refresh_revoked, with_token)
step("jwt_settings.get", lambda w, _: w.sdk.jwt_settings.get())
step(
    "jwt_settings.update",
    lambda w, _: w.sdk.jwt_settings.update(
        api_tokens_enabled=True, legacy_api_tokens_enabled=True, api_token_ttl_days=73000
    ),
)
step("session_policy.get", lambda w, _: w.sdk.session_policy.get())
step(
    "session_policy.update",
    lambda w, _: w.sdk.session_policy.update(max_session_age=11520, max_time_between_activity=4320),
)
step("session_policy.update: never", lambda w, _: w.sdk.session_policy.update(max_session_age=0))

# --- organisations -----------------------------------------------------------------------------------------

step("organizations.list", lambda w, _: w.sdk.organizations.list(), only_shape=True)
step("organizations.get", lambda w, _: w.sdk.organizations.get(w.organization), only_shape=True)
step("organizations.get: none", lambda w, _: w.sdk.organizations.get(NOBODY))
step(
    "organizations.update",
    lambda w, _: w.sdk.organizations.update(w.organization, contact_info="office@example.com"),
    only_shape=True,
)
step("organizations.reset_token", lambda w, _: w.sdk.organizations.reset_token())
step("organizations.invites.get_invite_link", lambda w, _: w.sdk.organizations.invites.get_invite_link())
step(
    "organizations.members.list",
    lambda w, _: w.sdk.organizations.members.list(w.organization, page_size=2),
    lambda w: [w.person(), w.person()],
    only_shape=True,
)
step(
    "organizations.members.list: with work",
    lambda w, _: w.sdk.organizations.members.list(w.organization, contributed_to_projects=True, page_size=1),
    labelled,
    only_shape=True,
)
step(
    "organizations.members.get",
    lambda w, p: w.sdk.organizations.members.get(w.organization, p.id),
    World.person,
)
step(
    "organizations.members.get: nobody", lambda w, _: w.sdk.organizations.members.get(w.organization, NOBODY)
)
step(
    "organizations.members.update",
    lambda w, p: w.sdk.organizations.members.update(w.organization),
    World.person,
)
step(
    "organizations.members.delete",
    lambda w, p: w.sdk.organizations.members.delete(w.organization, p.id),
    World.person,
)
step(
    "organizations.members.delete: oneself",
    lambda w, _: w.sdk.organizations.members.delete(w.organization, w.me),
)

# --- projects ----------------------------------------------------------------------------------------------


def create_project(w: World, **settings: Any) -> Any:
    made = w.sdk.projects.create(**settings)
    w.forget_later(made.id)
    return made


step("projects.create", lambda w, _: create_project(w, title="Facts", label_config=CONFIG))
step("projects.create: empty", lambda w, _: create_project(w))
step(
    "projects.create: all settings",
    lambda w, _: create_project(
        w,
        title="All of them",
        description="d",
        label_config=CONFIG,
        expert_instruction="<b>Do</b>",
        show_instruction=True,
        show_skip_button=False,
        enable_empty_annotation=False,
        show_annotation_history=True,
        color="#FFA500",
        maximum_annotations=3,
        is_published=True,
        is_draft=True,
        min_annotations_to_start_training=5,
        show_collab_predictions=False,
        sampling="Uniform sampling",
        show_ground_truth_first=True,
        show_overlap_first=True,
        overlap_cohort_percentage=50,
        task_data_login="u",
        task_data_password="p",
        control_weights={"mood": {"overall": 0.5, "type": "Choices", "labels": {"good": 1}}},
        evaluate_predictions_automatically=True,
        skip_queue="IGNORE_SKIPPED",
        reveal_preannotations_interactively=True,
        annotator_evaluation_enabled=True,
    ),
)
step("projects.create: short title", lambda w, _: create_project(w, title="ab"))
step("projects.create: long title", lambda w, _: create_project(w, title="a" * 51))
step("projects.create: unknown sampling", lambda w, _: create_project(w, title="Facts", sampling="Random"))
step("projects.create: unknown skip queue", lambda w, _: create_project(w, title="Facts", skip_queue="x"))
step("projects.create: no annotations", lambda w, _: create_project(w, title="Facts", maximum_annotations=0))
step("projects.create: broken config", lambda w, _: create_project(w, title="Facts", label_config="<View>"))
step(
    "projects.create: toName of nothing",
    lambda w, _: create_project(w, title="Facts", label_config=CONFIG.replace('toName="text"', 'toName="x"')),
)
step(
    "projects.create: names twice",
    lambda w, _: create_project(w, title="Facts", label_config=CONFIG.replace('name="mood"', 'name="text"')),
)
step(
    "projects.list",
    lambda w, _: w.sdk.projects.list(page_size=2),
    lambda w: [w.project(), w.project(), w.project()],
    only_shape=True,
)
step("projects.list: chosen", lambda w, p: list(w.sdk.projects.list(ids=str(p))), World.project)
step(
    "projects.list: some fields",
    lambda w, p: list(w.sdk.projects.list(ids=str(p), include="id,title")),
    World.project,
)
step("projects.list: beyond", lambda w, p: list(w.sdk.projects.list(ids=str(p), page=9)), World.project)
step("projects.list_counts", lambda w, p: w.sdk.projects.list_counts(ids=str(p[0])), labelled)
step("projects.get", lambda w, p: w.sdk.projects.get(p[0]), labelled)
step("projects.get: none", lambda w, _: w.sdk.projects.get(NOBODY))
step(
    "projects.update",
    lambda w, p: w.sdk.projects.update(p, title="Renamed", description="d", maximum_annotations=2),
    World.project,
)
step(
    "projects.update: pinned",
    lambda w, p: w.sdk.projects.update(p, pinned_at="2026-01-01T00:00:00Z"),
    World.project,
)
step(
    "projects.update: unknown model",
    lambda w, p: w.sdk.projects.update(p, model_version="none"),
    World.project,
)
step(
    "projects.update: known model", lambda w, p: w.sdk.projects.update(p[0], model_version="first"), labelled
)
step(
    "projects.update: used label lost",
    lambda w, p: w.sdk.projects.update(p[0], label_config=CONFIG.replace('"good"', '"fine"')),
    labelled,
)
step(
    "projects.update: unused label lost",
    lambda w, p: w.sdk.projects.update(p[0], label_config=OTHER_CONFIG),
    labelled,
)
step("projects.delete", lambda w, p: w.sdk.projects.delete(p), World.project)
step("projects.delete: none", lambda w, _: w.sdk.projects.delete(NOBODY))
step("projects.list_unique_annotators", lambda w, p: w.sdk.projects.list_unique_annotators(p[0]), labelled)
step(
    "projects.validate_label_config",
    lambda w, p: w.sdk.projects.validate_label_config(p, label_config=CONFIG),
    World.project,
)
step(
    "projects.validate_label_config: with tasks",
    lambda w, p: w.sdk.projects.validate_label_config(p[0], label_config=CONFIG),
    labelled,
)
step(
    "projects.validate_label_config: other data",
    lambda w, p: w.sdk.projects.validate_label_config(p[0], label_config=CONFIG.replace("$text", "$other")),
    labelled,
)
step(
    "projects.validate_label_config: used label lost",
    lambda w, p: w.sdk.projects.validate_label_config(p[0], label_config=CONFIG.replace('"good"', '"fine"')),
    labelled,
)
step(
    "projects.validate_label_config: broken",
    lambda w, p: w.sdk.projects.validate_label_config(p, label_config="<View>"),
    World.project,
)
step(
    "projects.import_tasks",
    lambda w, p: w.sdk.projects.import_tasks(p, request=[{"text": "a"}, {"text": "b"}]),
    World.project,
)
step(
    "projects.import_tasks: with ids",
    lambda w, p: w.sdk.projects.import_tasks(
        p,
        request=[
            {
                "data": {"text": "a"},
                "annotations": [{"result": [mood()]}],
                "predictions": [{"result": [mood()]}],
            }
        ],
        return_task_ids=True,
    ),
    World.project,
)
step("projects.import_tasks: none", lambda w, p: w.sdk.projects.import_tasks(p, request=[]), World.project)
step(
    "projects.import_tasks: wrong data",
    lambda w, p: w.sdk.projects.import_tasks(p, request=[{"data": {"x": 1}}]),
    World.project,
)
step(
    "projects.import_tasks: preannotated",
    lambda w, p: w.sdk.projects.import_tasks(
        p, request=[{"text": "a", "mood": "good"}], preannotated_from_fields=["mood"]
    ),
    World.project,
)
step(
    "projects.import_predictions",
    lambda w, p: w.sdk.projects.import_predictions(
        p[0], request=[{"task": p[1], "result": [mood()], "score": 0.5, "model_version": "second"}]
    ),
    labelled,
)
step(
    "projects.import_predictions: unknown task",
    lambda w, p: w.sdk.projects.import_predictions(p[0], request=[{"task": NOBODY, "result": [mood()]}]),
    labelled,
)

# --- tasks -------------------------------------------------------------------------------------------------

step("tasks.create", lambda w, p: w.sdk.tasks.create(data={"text": "one"}, project=p), World.project)
step(
    "tasks.create: with meta",
    lambda w, p: w.sdk.tasks.create(data={"text": "one"}, meta={"a": 1}, project=p),
    World.project,
)
step("tasks.create: wrong data", lambda w, p: w.sdk.tasks.create(data={"x": "one"}, project=p), World.project)
step("tasks.create: no project", lambda w, p: w.sdk.tasks.create(data={"text": "one"}))
step("tasks.create: unknown project", lambda w, p: w.sdk.tasks.create(data={"text": "one"}, project=NOBODY))
step("tasks.list", lambda w, p: list(w.sdk.tasks.list(project=p[0])), labelled)
step("tasks.list: slim", lambda w, p: list(w.sdk.tasks.list(project=p[0], fields="task_only")), labelled)
step("tasks.list: of nothing", lambda w, p: list(w.sdk.tasks.list()))
step("tasks.get", lambda w, p: w.sdk.tasks.get(str(p[1])), any_labelled)
step("tasks.get: none", lambda w, p: w.sdk.tasks.get(str(NOBODY)))
step(
    "tasks.update",
    lambda w, p: w.sdk.tasks.update(str(p[1]), data={"text": "two"}, meta={"a": 1}),
    any_labelled,
)
step(
    "tasks.update: counts are not written",
    lambda w, p: w.sdk.tasks.update(str(p[1]), total_annotations=7, is_labeled=False, overlap=5),
    any_labelled,
)
step("tasks.update: wrong data", lambda w, p: w.sdk.tasks.update(str(p[1]), data={"x": 1}), any_labelled)
step("tasks.delete", lambda w, p: w.sdk.tasks.delete(str(p[1])), any_labelled)
step("tasks.delete_all_tasks", lambda w, p: w.sdk.tasks.delete_all_tasks(p[0]), labelled)
step("tasks.create_many_status: none", lambda w, p: w.sdk.tasks.create_many_status(p, NOBODY), World.project)

# --- annotations and predictions ---------------------------------------------------------------------------


def a_task(w: World) -> tuple[int, int]:
    project = w.project()
    return project, w.task(project)


def any_task(w: World) -> tuple[int, int]:
    """The same, in a project that has other tasks too: for steps that are about the task alone."""
    project = w.once(World.project)
    return project, w.task(project)


step(
    "annotations.create",
    lambda w, p: w.sdk.annotations.create(p[1], result=[mood()], lead_time=2.5),
    any_task,
)
step("annotations.create: nothing", lambda w, p: w.sdk.annotations.create(p[1]), any_task)
step(
    "annotations.create: skipped",
    lambda w, p: w.sdk.annotations.create(p[1], result=[], was_cancelled=True),
    any_task,
)
step(
    "annotations.create: ground truth",
    lambda w, p: w.sdk.annotations.create(p[1], result=[mood()], ground_truth=True),
    any_task,
)
step("annotations.create: unknown task", lambda w, p: w.sdk.annotations.create(NOBODY, result=[mood()]))


def create_with_one_key(w: World, given: Any) -> None:
    for _ in range(2):
        w.sdk.annotations.create(given[1], result=[mood()], unique_id="11111111-2222-3333-4444-555555555555")


step("annotations.create: same unique id", create_with_one_key, a_task)
step("annotations.list", lambda w, p: w.sdk.annotations.list(p[1]), any_labelled)
step("annotations.list: unknown task", lambda w, p: w.sdk.annotations.list(NOBODY))
step("annotations.get", lambda w, p: w.sdk.annotations.get(p[2]), any_labelled)
step("annotations.get: none", lambda w, p: w.sdk.annotations.get(NOBODY))
step(
    "annotations.update",
    lambda w, p: w.sdk.annotations.update(p[2], result=[mood("bad")], ground_truth=True),
    any_labelled,
)
step("annotations.delete", lambda w, p: w.sdk.annotations.delete(p[2]), any_labelled)

step(
    "predictions.create",
    lambda w, p: w.sdk.predictions.create(task=p[1], result=[mood()], score=0.75, model_version="first"),
    any_task,
)
step(
    "predictions.create: short form",
    lambda w, p: w.sdk.predictions.create(task=p[1], result={"mood": "good"}),
    any_task,
)
step("predictions.create: unknown task", lambda w, p: w.sdk.predictions.create(task=NOBODY, result=[mood()]))
step("predictions.list", lambda w, p: w.sdk.predictions.list(project=p[0]), labelled)
step("predictions.list: of a task", lambda w, p: w.sdk.predictions.list(task=p[1]), any_labelled)


def a_prediction(w: World) -> int:
    return w.prediction(any_task(w)[1])


step("predictions.get", lambda w, p: w.sdk.predictions.get(p), a_prediction)
step("predictions.get: none", lambda w, p: w.sdk.predictions.get(NOBODY))
step(
    "predictions.update",
    lambda w, p: w.sdk.predictions.update(p, score=0.25, model_version="second"),
    a_prediction,
)
step("predictions.delete", lambda w, p: w.sdk.predictions.delete(p), a_prediction)

# --- files -------------------------------------------------------------------------------------------------


def a_file(w: World) -> tuple[int, int]:
    project = w.project()
    return project, w.upload(project)


step("files.list", lambda w, p: w.sdk.files.list(p[0], all_=True), a_file)
step("files.list: chosen", lambda w, p: w.sdk.files.list(p[0], ids=[p[1]]), a_file)
step("files.get", lambda w, p: w.sdk.files.get(p[1]), a_file)
step("files.get: none", lambda w, p: w.sdk.files.get(NOBODY))
step("files.update", lambda w, p: w.sdk.files.update(p[1]), a_file)
step("files.delete", lambda w, p: w.sdk.files.delete(p[1]), a_file)
step("files.delete_many", lambda w, p: w.sdk.files.delete_many(p[0]), a_file)


step(
    "files.download",
    lambda w, name: w.sdk.files.download(name),
    lambda w: w.http.get(f"/api/import/file-upload/{a_file(w)[1]}").json()["file"].removeprefix("upload/"),
)

# --- exports -----------------------------------------------------------------------------------------------

step(
    "projects.exports.list_formats",
    lambda w, p: w.sdk.projects.exports.list_formats(p),
    World.project,
    only_shape=True,
)
step("projects.exports.download_sync", lambda w, p: w.sdk.projects.exports.download_sync(p[0]), labelled)
step(
    "projects.exports.download_sync: CSV",
    lambda w, p: w.sdk.projects.exports.download_sync(p[0], export_type="CSV"),
    labelled,
)
step(
    "projects.exports.download_sync: short",
    lambda w, p: w.sdk.projects.exports.download_sync(p[0], export_type="JSON_MIN"),
    labelled,
)
step(
    "projects.exports.download_sync: chosen",
    lambda w, p: w.sdk.projects.exports.download_sync(p[0], ids=[p[1]], download_all_tasks=True),
    labelled,
)
step(
    "projects.exports.download_sync: unknown",
    lambda w, p: w.sdk.projects.exports.download_sync(
        p[0], export_type="x", request_options={"max_retries": 0}
    ),
    labelled,
)
step("projects.exports.as_json", lambda w, p: w.sdk.projects.exports.as_json(p[0]), labelled, only_shape=True)
step("projects.exports.as_file", lambda w, p: w.sdk.projects.exports.as_file(p[0]), labelled, only_shape=True)
step(
    "projects.exports.as_binary",
    lambda w, p: w.sdk.projects.exports.as_binary(p[0], export_type="TSV"),
    labelled,
    only_shape=True,
)
step(
    "projects.exports.as_pandas",
    lambda w, p: w.sdk.projects.exports.as_pandas(p[0]),
    labelled,
    only_shape=True,
)
step("projects.exports.create", lambda w, p: w.sdk.projects.exports.create(p[0], title="Mine"), labelled)
step(
    "projects.exports.create: with options",
    lambda w, p: w.sdk.projects.exports.create(
        p[0],
        title="Mine",
        task_filter_options={"annotated": "only"},
        annotation_filter_options={"usual": True},
        serialization_options={"predictions": {"only_id": True}},
    ),
    labelled,
)


def a_snapshot(w: World) -> tuple[int, int]:
    project = labelled(w)[0]
    return project, w.snapshot(project)


step("projects.exports.list", lambda w, p: w.sdk.projects.exports.list(p[0]), a_snapshot)
step("projects.exports.get", lambda w, p: w.sdk.projects.exports.get(p[0], p[1]), a_snapshot)
step("projects.exports.get: none", lambda w, p: w.sdk.projects.exports.get(p[0], NOBODY), a_snapshot)
step("projects.exports.download", lambda w, p: w.sdk.projects.exports.download(p[0], p[1]), a_snapshot)
step(
    "projects.exports.convert",
    lambda w, p: w.sdk.projects.exports.convert(p[0], p[1], export_type="CSV"),
    a_snapshot,
)
step(
    "projects.exports.convert: unknown",
    lambda w, p: w.sdk.projects.exports.convert(p[0], p[1], export_type="x"),
    a_snapshot,
)


def convert_and_look(w: World, given: Any) -> None:
    w.sdk.projects.exports.convert(given[0], given[1], export_type="CSV")
    w.sdk.projects.exports.get(given[0], given[1])
    list(w.sdk.projects.exports.download(given[0], given[1], export_type="CSV"))


step("projects.exports.convert: and download", convert_and_look, a_snapshot)
step("projects.exports.delete", lambda w, p: w.sdk.projects.exports.delete(p[0], p[1]), a_snapshot)

# --- data manager, webhooks, states ------------------------------------------------------------------------

step("actions.list", lambda w, p: w.sdk.actions.list(project=p), World.project, only_shape=True)
step(
    "actions.create",
    lambda w, p: w.sdk.actions.create(
        id="delete_tasks", project=p[0], selected_items={"all": False, "included": [p[1]]}
    ),
    labelled,
)
step(
    "actions.create: unknown",
    lambda w, p: w.sdk.actions.create(id="x", project=p[0], request_options={"max_retries": 0}),
    labelled,
)


def a_view(w: World) -> tuple[int, int]:
    project = w.project()
    return project, w.view(project)


step(
    "views.create",
    lambda w, p: w.sdk.views.create(
        project=p,
        data={
            "title": "Mine",
            "filters": {
                "conjunction": "and",
                "items": [{"filter": "filter:tasks:id", "operator": "greater", "type": "Number", "value": 1}],
            },
            "ordering": ["tasks:id"],
        },
    ),
    World.project,
)
step("views.list", lambda w, p: w.sdk.views.list(project=p[0]), a_view)
step("views.get", lambda w, p: w.sdk.views.get(str(p[1])), a_view)
step("views.update", lambda w, p: w.sdk.views.update(str(p[1]), project=p[0], data={"title": "Ours"}), a_view)
step("views.update_order", lambda w, p: w.sdk.views.update_order(project=p[0], ids=[p[1]]), a_view)
step("views.delete", lambda w, p: w.sdk.views.delete(str(p[1])), a_view)
step("views.delete_all", lambda w, p: w.sdk.views.delete_all(project=p[0]), a_view)


def a_webhook(w: World) -> tuple[int, int]:
    project = w.project()
    return project, w.webhook(project)


step(
    "webhooks.create",
    lambda w, p: w.sdk.webhooks.create(
        url=HOOK, project=p, send_for_all_actions=False, actions=["ANNOTATION_CREATED"], is_active=False
    ),
    World.project,
)
step("webhooks.create: no address", lambda w, p: w.sdk.webhooks.create(url="x", project=p), World.project)
step("webhooks.list", lambda w, p: w.sdk.webhooks.list(project=str(p[0])), a_webhook)
step("webhooks.get", lambda w, p: w.sdk.webhooks.get(p[1]), a_webhook)
step("webhooks.update", lambda w, p: w.sdk.webhooks.update(p[1], url=HOOK, is_active=False), a_webhook)
step("webhooks.delete", lambda w, p: w.sdk.webhooks.delete(p[1]), a_webhook)
step("webhooks.info", lambda w, p: w.sdk.webhooks.info(), only_shape=True)
step("states.state_history", lambda w, p: w.sdk.states.state_history("task", p[1]), any_labelled)
step(
    "states.execute_transition",
    lambda w, p: w.sdk.states.execute_transition("task", p[1], transition_name="x"),
    any_labelled,
)

# --- models ------------------------------------------------------------------------------------------------


def a_model(w: World, **more: Any) -> tuple[int, int, int]:
    """A project with a task, and a model that is connected to it: their project, task and model."""
    project, task = a_task(w)
    body = {"project": project, "url": w.model.url, "title": "Mood", **more}
    return project, task, w.http.post("/api/ml/", json=body).json()["id"]


def an_interactive_model(w: World) -> tuple[int, int, int]:
    return a_model(w, is_interactive=True)


def refusing(act: Callable[[World, Any], Any]) -> Callable[[World, Any], Any]:
    """The same while the model lets nobody in."""

    def act_meanwhile(w: World, given: Any) -> None:
        w.model.password = "another"
        try:
            act(w, given)
        finally:
            w.model.password = ""

    return act_meanwhile


def create_and_look(w: World, project: int) -> None:
    """What else becomes of it: an address that events are sent to, and a project that shows its predictions."""
    w.sdk.ml.create(project=project, url=w.model.url, title="Mood")
    w.sdk.webhooks.list(project=str(project))
    list(w.sdk.projects.list(ids=str(project), include="id,model_version"))


def delete_and_look(w: World, given: Any) -> None:
    w.sdk.ml.delete(given[2])
    w.sdk.webhooks.list(project=str(given[0]))
    list(w.sdk.projects.list(ids=str(given[0]), include="id,model_version"))


def retrieve_and_look(w: World, given: Any) -> None:
    w.sdk.actions.create(id="retrieve_tasks_predictions", project=given[0])
    w.sdk.predictions.list(project=given[0])


step("ml.create", lambda w, p: w.sdk.ml.create(project=p, url=w.model.url, title="Mood"), World.project)
step(
    "ml.create: all settings",
    lambda w, p: w.sdk.ml.create(
        project=p,
        url=w.model.url,
        title="Mood",
        description="d",
        is_interactive=True,
        auth_method="BASIC_AUTH",
        basic_auth_user="u",
        basic_auth_pass="p",
        extra_params={"a": 1},
        timeout=9,
        auto_update=False,
        model_version="v0",
    ),
    World.project,
)
step("ml.create: without a title", lambda w, p: w.sdk.ml.create(project=p, url=w.model.url), World.project)
step("ml.create: a second", lambda w, p: w.sdk.ml.create(project=p[0], url=w.model.url), a_model)
step("ml.create: and what becomes of it", create_and_look, World.project)
step("ml.create: nobody there", lambda w, p: w.sdk.ml.create(project=p, url=NOWHERE), World.project)
step(
    "ml.create: no model there",
    lambda w, p: w.sdk.ml.create(project=p, url=f"{w.model.url}/nothing"),
    World.project,
)
step(
    "ml.create: refused",
    refusing(lambda w, p: w.sdk.ml.create(project=p, url=w.model.url)),
    World.project,
)
step("ml.create: no address", lambda w, p: w.sdk.ml.create(project=p, url="x"), World.project)
step("ml.create: nothing", lambda w, _: w.http.post("/api/ml/", json={}))
step("ml.create: unknown project", lambda w, _: w.sdk.ml.create(project=NOBODY, url=w.model.url))
step(
    "ml.create: nobody signs in",
    lambda w, p: w.sdk.ml.create(project=p, url=w.model.url, auth_method="BASIC_AUTH"),
    World.project,
)
step(
    "ml.create: unknown sign-in",
    lambda w, p: w.sdk.ml.create(project=p, url=w.model.url, auth_method="x"),
    World.project,
)
step(
    "ml.create: no time",
    lambda w, p: w.sdk.ml.create(project=p, url=w.model.url, timeout=-1),
    World.project,
)
step("ml.list", lambda w, p: w.sdk.ml.list(project=p[0]), a_model)
step("ml.list: interactive", lambda w, p: w.sdk.ml.list(project=p[0], is_interactive=True), a_model)
step("ml.list: none", lambda w, p: w.sdk.ml.list(project=p), World.project)
step("ml.list: of nothing", lambda w, _: w.sdk.ml.list())
step("ml.list: unknown project", lambda w, _: w.sdk.ml.list(project=NOBODY))
step("ml.list: refused", refusing(lambda w, p: w.sdk.ml.list(project=p[0])), a_model)
step("ml.get", lambda w, p: w.sdk.ml.get(p[2]), a_model)
step("ml.get: refused", refusing(lambda w, p: w.sdk.ml.get(p[2])), a_model)
step("ml.get: none", lambda w, _: w.sdk.ml.get(NOBODY))
step(
    "ml.update",
    lambda w, p: w.sdk.ml.update(
        p[2], project=p[0], url=w.model.url, title="Moods", is_interactive=True, timeout=9
    ),
    a_model,
)
step("ml.update: the title alone", lambda w, p: w.sdk.ml.update(p[2], title="Moods"), a_model)
step("ml.update: nobody there", lambda w, p: w.sdk.ml.update(p[2], project=p[0], url=NOWHERE), a_model)
step(
    "ml.update: to another project",
    lambda w, p: w.sdk.ml.update(p[0][2], project=p[1], url=w.model.url),
    lambda w: (a_model(w), w.project()),
)
step("ml.update: none", lambda w, _: w.sdk.ml.update(NOBODY, title="Moods"))
step("ml.delete", lambda w, p: w.sdk.ml.delete(p[2]), a_model)
step("ml.delete: and what becomes of it", delete_and_look, a_model)
step("ml.delete: none", lambda w, _: w.sdk.ml.delete(NOBODY))
step(
    "ml.predict_interactive",
    lambda w, p: w.sdk.ml.predict_interactive(p[2], task=p[1], context={"result": [mood()]}),
    an_interactive_model,
)
step(
    "ml.predict_interactive: of a model that is not",
    lambda w, p: w.sdk.ml.predict_interactive(p[2], task=p[1]),
    a_model,
)
step(
    "ml.predict_interactive: unknown task",
    lambda w, p: w.sdk.ml.predict_interactive(p[2], task=NOBODY),
    an_interactive_model,
)
step(
    "ml.predict_interactive: another project's task",
    lambda w, p: w.sdk.ml.predict_interactive(p[0][2], task=p[1][1]),
    lambda w: (an_interactive_model(w), a_task(w)),
)
step(
    "ml.predict_interactive: refused",
    refusing(lambda w, p: w.sdk.ml.predict_interactive(p[2], task=p[1])),
    an_interactive_model,
)
step("ml.predict_interactive: none", lambda w, _: w.sdk.ml.predict_interactive(NOBODY, task=1))
step("ml.train", lambda w, p: w.sdk.ml.train(p[2]), a_model)
step("ml.train: with ground truths", lambda w, p: w.sdk.ml.train(p[2], use_ground_truth=True), a_model)
step("ml.train: refused", refusing(lambda w, p: w.sdk.ml.train(p[2])), a_model)
step("ml.train: none", lambda w, _: w.sdk.ml.train(NOBODY))
step("ml.list_model_versions", lambda w, p: w.sdk.ml.list_model_versions(p[2]), a_model)
step(
    "ml.list_model_versions: refused",
    refusing(lambda w, p: w.sdk.ml.list_model_versions(p[2])),
    a_model,
)
step("ml.list_model_versions: none", lambda w, _: w.sdk.ml.list_model_versions(NOBODY))
step("actions.create: predictions of a model", retrieve_and_look, a_model)
step(
    "actions.create: predictions of no model",
    lambda w, p: w.sdk.actions.create(
        id="retrieve_tasks_predictions", project=p[0], request_options={"max_retries": 0}
    ),
    a_task,
)
step(
    "actions.create: predictions of a model that refuses",
    refusing(
        lambda w, p: w.sdk.actions.create(
            id="retrieve_tasks_predictions", project=p[0], request_options={"max_retries": 0}
        )
    ),
    a_model,
)

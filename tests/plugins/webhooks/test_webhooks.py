"""Webhooks over HTTP: Label Studio's API and payloads, deliveries that nothing loses, what must not be saved."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from labelwright.doors.keys import PREFIX
from labelwright.jobs import embedded
from labelwright.models import now
from labelwright_webhooks.deliveries import TidyDeliveries
from labelwright_webhooks.tables import Delivery, Webhook
from tests.plugins.webhooks.receiver import Receiver, receiving
from tests.web.application import SENTIMENT, Api, House, mood, opened_house

FIELDS = {"id", "organization", "project", "url", "send_payload", "send_for_all_actions", "headers", "is_active",
          "actions", "created_at", "updated_at"}  # fmt: skip
PROJECT_FIELDS = {
    "id", "task_number", "finished_task_number", "total_predictions_number", "total_annotations_number",
    "num_tasks_with_annotations", "useful_annotation_number", "ground_truth_number", "skipped_annotations_number",
    "title", "description", "label_config", "parsed_label_config", "label_config_hash", "expert_instruction",
    "show_instruction", "show_skip_button", "enable_empty_annotation", "reveal_preannotations_interactively",
    "show_annotation_history", "show_collab_predictions", "evaluate_predictions_automatically", "token",
    "result_count", "color", "maximum_annotations", "min_annotations_to_start_training", "control_weights",
    "model_version", "data_types", "is_draft", "is_published", "created_at", "updated_at", "sampling", "skip_queue",
    "show_ground_truth_first", "annotator_evaluation_enabled", "show_overlap_first", "overlap_cohort_percentage",
    "task_data_login", "task_data_password", "pinned_at", "custom_task_lock_ttl", "deleted_at", "purge_at",
    "search_vector", "organization", "created_by", "deleted_by",
}  # fmt: skip
TASK_FIELDS = {
    "id", "data", "meta", "created_at", "updated_at", "is_labeled", "allow_skip", "overlap", "inner_id",
    "total_annotations", "cancelled_annotations", "total_predictions", "precomputed_agreement", "comment_count",
    "unresolved_comment_count", "last_comment_updated_at", "project", "updated_by", "file_upload", "comment_authors",
}  # fmt: skip
ANNOTATION_FIELDS = {
    "id", "result", "was_cancelled", "ground_truth", "created_at", "updated_at", "draft_created_at", "lead_time",
    "prediction", "result_count", "unique_id", "import_id", "last_action", "bulk_created", "task", "project",
    "completed_by", "updated_by", "parent_prediction", "parent_annotation", "last_created_by",
}  # fmt: skip
"""As a Label Studio 1.23.2 sends them."""

SETTINGS = {
    "LABELWRIGHT_OUTBOUND_WEBHOOK": "127.0.0.0/8",
    "LABELWRIGHT_PLUGIN_WEBHOOKS_ORGANIZATION": "true",
    "LABELWRIGHT_PLUGIN_WEBHOOKS_TIMEOUT_S": "1",
    "LABELWRIGHT_PLUGIN_WEBHOOKS_FIRST_WAIT_S": "0.1",
    "LABELWRIGHT_PLUGIN_WEBHOOKS_TRIES": "3",
    "LABELWRIGHT_PLUGIN_WEBHOOKS_KEPT_DELIVERIES": "2",
    "WEBHOOK_BATCH_SIZE": "3",
}


@pytest.fixture(scope="module")
def house(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The application at work, allowed to call this machine."""
    with at_work(tmp_path_factory.mktemp("house"), shared_url) as found:
        yield found


@contextmanager
def at_work(folder: Path, url: str, environ: Mapping[str, str] = SETTINGS) -> Iterator[House]:
    with opened_house(folder / "data", url, environ) as found, embedded.worker(found.ctx):
        yield found


@pytest.fixture
def api(house: House) -> Api:
    return house.api()


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def path(request: pytest.FixtureRequest) -> str:
    """An address of the receiver for one test alone."""
    return "/" + request.node.name.replace("[", "/").replace("]", "")


def hook(api: Api, receiver: Receiver, path: str, **fields: Any) -> dict[str, Any]:
    answer = api("POST", "/api/webhooks/", json={"url": receiver.url + path, **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def log(api: Api, webhook: int) -> list[dict[str, Any]]:
    answer = api("GET", f"/api/webhooks/{webhook}/deliveries/")
    assert answer.status_code == 200, answer.text
    return list(answer.json["results"])


def ended(api: Api, webhook: int, status: str, count: int = 1) -> list[dict[str, Any]]:
    """The log, when so many deliveries have come to this end."""

    def found() -> list[dict[str, Any]]:
        return [one for one in log(api, webhook) if one["status"] == status]

    Receiver.until(lambda: len(found()) >= count, 20, lambda: str(log(api, webhook)))
    return found()


# --- what is said


def test_every_change_is_told_with_label_studios_payload(api: Api, receiver: Receiver, path: str) -> None:
    project = api.project(SENTIMENT)
    hook(api, receiver, path, project=project, headers={"X-Key": "v"})
    api("PATCH", f"/api/projects/{project}/", json={"title": "Other"})
    task = api.task(project, text="one")
    annotation = api.annotate(task, mood())["id"]
    receiver.action(path, "ANNOTATION_CREATED")
    api("PATCH", f"/api/annotations/{annotation}/", json={"result": [mood("Bad")]})
    assert receiver.action(path, "ANNOTATION_UPDATED")["annotation"]["result"] == [mood("Bad")]
    api("DELETE", f"/api/annotations/{annotation}/")
    imported = api(
        "POST", f"/api/projects/{project}/import?return_task_ids=1", json=[{"text": "2"}, {"text": "3"}]
    )
    receiver.wait(path, 6)
    api("DELETE", f"/api/tasks/{task}/")
    api("DELETE", f"/api/projects/{project}/tasks/")
    heard = receiver.wait(path, 8)
    assert [one.body["action"] for one in heard] == [
        "PROJECT_UPDATED", "TASKS_CREATED", "ANNOTATION_CREATED", "ANNOTATION_UPDATED", "ANNOTATIONS_DELETED",
        "TASKS_CREATED", "TASKS_DELETED", "TASKS_DELETED",
    ]  # fmt: skip
    assert all(
        one.headers["x-key"] == "v" and one.headers["content-type"] == "application/json" for one in heard
    )
    assert len({one.headers["x-labelwright-delivery"] for one in heard}) == 8
    assert set(heard[0].body) == {"action", "project"}
    assert heard[-2].body["tasks"] == [{"id": task}]
    assert heard[-1].body["tasks"] == [{"id": one} for one in imported.json["task_ids"]]
    assert all(set(one.body["project"]) == PROJECT_FIELDS for one in heard)


def test_labels_put_to_use_and_taken_out_of_it_are_told(api: Api, receiver: Receiver, path: str) -> None:
    project, other = api.project(SENTIMENT), api.project(SENTIMENT)
    fields = {"project": project, "from_name": "mood"}
    hook(api, receiver, path, project=project)
    first, second = api("POST", "/api/labels/", json=[
        {**fields, "value": ["Calm"], "title": f"Calm {project}"},
        {**fields, "value": ["Odd"], "title": f"Odd {project}"},
    ]).json  # fmt: skip
    told = receiver.action(path, "LABEL_LINK_CREATED")
    assert set(told) == {"action", "label_link", "label", "project"}
    links = told["label_link"]
    assert links == [
        {"id": link["id"], **fields, "label": label["id"]}
        for link, label in zip(links, (first, second), strict=True)
    ]
    assert told["label"] == [api("GET", f"/api/labels/{one['id']}/").json for one in (first, second)]

    changed = {"from_name": "tone", "project": project, "label": first["id"]}
    api("PATCH", f"/api/label_links/{links[0]['id']}/", json=changed)
    told = receiver.action(path, "LABEL_LINK_UPDATED")
    assert told["label_link"] == {"id": links[0]["id"], **changed}
    assert (told["label"]["id"], told["label"]["projects"]) == (first["id"], [project])

    api(
        "POST", "/api/label_links/", json={**changed, "project": other}
    )  # of which this receiver hears nothing
    api("DELETE", f"/api/label_links/{links[0]['id']}/")
    assert receiver.action(path, "LABEL_LINK_DELETED")["label_link"] == {"id": links[0]["id"]}
    api("DELETE", f"/api/labels/{second['id']}/")
    heard = receiver.wait(path, 4)
    assert heard[3].body["label_link"] == {"id": links[1]["id"]}
    assert all(set(one.body["project"]) == PROJECT_FIELDS for one in heard)


def test_renamed_labels_and_files_taken_in_again_are_told_too(
    api: Api, receiver: Receiver, path: str
) -> None:
    project = api.project(SENTIMENT)
    file = {"file": (io.BytesIO(b"text\none\n"), "one.csv")}
    sent = api("POST", f"/api/projects/{project}/import?return_task_ids=1", data=file).json
    annotation = api.annotate(sent["task_ids"][0], mood("Good"))["id"]
    hook(api, receiver, path, project=project, send_for_all_actions=False,
         actions=["ANNOTATION_UPDATED", "TASKS_DELETED"])  # fmt: skip
    renamed = {"project": project, "old_label": "Good", "new_label": "Fine"}
    assert api("POST", "/api/labels/bulk/", json=renamed).status_code == 200
    told = receiver.action(path, "ANNOTATION_UPDATED")["annotation"]
    assert (told["id"], told["result"]) == (annotation, [mood("Fine")])
    again = {"file_upload_ids": sent["file_upload_ids"]}
    assert api("POST", f"/api/projects/{project}/reimport", json=again).status_code == 201
    assert receiver.action(path, "TASKS_DELETED")["tasks"] == [{"id": sent["task_ids"][0]}]


def test_rows_are_whole_and_as_the_api_has_them(api: Api, receiver: Receiver, path: str) -> None:
    project = api.project(SENTIMENT)
    hook(api, receiver, path, project=project, send_for_all_actions=False,
         actions=["ANNOTATION_CREATED", "ANNOTATIONS_DELETED"])  # fmt: skip
    task = api.task(project, text="one")
    saved = api.annotate(task, mood(), lead_time=2.5)
    body = receiver.action(path, "ANNOTATION_CREATED")
    assert set(body) == {"action", "annotation", "task", "project"}
    assert set(body["annotation"]) == ANNOTATION_FIELDS
    assert set(body["task"]) == TASK_FIELDS
    shared = ANNOTATION_FIELDS & set(saved)
    assert {name: body["annotation"][name] for name in shared} == {name: saved[name] for name in shared}
    own = api("GET", f"/api/tasks/{task}/").json
    assert (body["task"]["data"], body["task"]["total_annotations"]) == (own["data"], 1)
    assert (body["project"]["total_annotations_number"], body["project"]["data_types"]) == (
        1,
        {"text": "Text"},
    )
    api("POST", f"/api/annotations/{saved['id']}/convert-to-draft", json={})
    assert receiver.action(path, "ANNOTATIONS_DELETED")["annotations"] == [{"id": saved["id"]}]


def test_without_payload_the_action_is_all(api: Api, receiver: Receiver, path: str) -> None:
    project = api.project(SENTIMENT)
    hook(api, receiver, path, project=project, send_payload=False)
    api.task(project, text="one")
    assert receiver.wait(path)[0].body == {"action": "TASKS_CREATED"}


def test_an_organisation_hears_of_its_projects_and_of_no_others(
    house: House, api: Api, receiver: Receiver, path: str
) -> None:
    made = hook(api, receiver, path)
    stranger = house.api("stranger@example.org", organization="Strangers")
    stranger.project(SENTIMENT)
    project = api.project(SENTIMENT)
    assert receiver.action(path, "PROJECT_CREATED")["project"]["id"] == project
    assert api("DELETE", f"/api/projects/{project}/").status_code == 204
    assert receiver.action(path, "PROJECT_DELETED")["project"] == {"id": project}
    assert len(receiver.of(path)) == 2
    api("DELETE", f"/api/webhooks/{made['id']}/")


def test_a_secret_signs_what_is_sent_and_is_never_shown(api: Api, receiver: Receiver, path: str) -> None:
    project = api.project(SENTIMENT)
    made = hook(api, receiver, path, project=project, secret="between us")
    assert set(made) == FIELDS
    api.task(project, text="one")
    heard = receiver.wait(path)[0]
    signature = hmac.new(b"between us", heard.content, hashlib.sha256).hexdigest()
    assert heard.headers["x-labelwright-signature-256"] == f"sha256={signature}"
    assert "between us" not in api("GET", f"/api/webhooks/{made['id']}/").text


# --- nothing is lost, nobody waits


def test_a_failure_is_tried_again_under_the_same_id_and_the_order_holds(
    api: Api, receiver: Receiver, path: str
) -> None:
    project = api.project(SENTIMENT)
    made = hook(api, receiver, path, project=project)
    receiver.statuses[:] = [503]
    first = api.task(project, text="one")
    second = api.task(project, text="two")
    heard = receiver.wait(path, 3)
    assert [one.body["tasks"][0]["id"] for one in heard] == [first, first, second]
    assert heard[0].headers["x-labelwright-delivery"] == heard[1].headers["x-labelwright-delivery"]
    second_row, first_row = ended(api, made["id"], "delivered", 2)
    assert (first_row["attempts"], first_row["response_code"]) == (2, 200)
    assert (second_row["attempts"], second_row["action"]) == (1, "TASKS_CREATED")


def test_of_many_changes_at_once_each_is_told_once(
    house: House, api: Api, receiver: Receiver, path: str
) -> None:
    project = api.project(SENTIMENT)
    made = hook(api, receiver, path, project=project, send_payload=False)

    def work(_: int) -> list[int]:
        own = house.api()
        return [own.task(project, text=str(number)) for number in range(5)]

    with ThreadPoolExecutor(5) as pool:
        tasks = [task for batch in pool.map(work, range(5)) for task in batch]
    heard = receiver.wait(path, len(tasks))
    assert len({one.headers["x-labelwright-delivery"] for one in heard}) == len(tasks) == len(heard)
    with house.ctx.database.read() as session:
        facts = session.scalars(select(Delivery.facts).where(Delivery.webhook_id == made["id"])).all()
    assert sorted(json.loads(one)["tasks"][0] for one in facts) == sorted(tasks)


def test_a_refusal_is_final_and_can_be_sent_again_by_hand(api: Api, receiver: Receiver, path: str) -> None:
    project = api.project(SENTIMENT)
    made = hook(api, receiver, path, project=project)
    receiver.statuses[:] = [410]
    api.task(project, text="one")
    failed = ended(api, made["id"], "failed")[0]
    assert (failed["response_code"], failed["attempts"]) == (410, 1)
    answer = api("POST", f"/api/webhooks/{made['id']}/deliveries/{failed['id']}/redeliver", json={})
    assert (answer.status_code, answer.json["uid"], answer.json["status"]) == (202, failed["uid"], "pending")
    first, again = receiver.wait(path, 2)
    assert (first.content, first.headers["x-labelwright-delivery"]) == (again.content, failed["uid"])
    ended(api, made["id"], "delivered")


def test_a_test_is_sent_at_once_and_logged(api: Api, receiver: Receiver, path: str) -> None:
    made = hook(api, receiver, path, project=api.project(SENTIMENT), is_active=False)
    assert api("POST", f"/api/webhooks/{made['id']}/test", json={}).status_code == 202
    assert receiver.wait(path)[0].body == {"action": "TEST"}
    assert ended(api, made["id"], "delivered")[0]["action"] == "TEST"


def test_a_receiver_that_hangs_keeps_nobody_waiting(api: Api, receiver: Receiver, path: str) -> None:
    project = api.project(SENTIMENT)
    hanging = hook(api, receiver, f"/hang{path}", project=project)
    hook(api, receiver, path, project=project)
    task = api.task(project, text="one")
    receiver.wait(f"/hang{path}")
    api.annotate(task, mood())
    receiver.action(path, "ANNOTATION_CREATED")
    assert [one["status"] for one in log(api, hanging["id"])] == ["pending", "pending"]
    assert len(receiver.of(f"/hang{path}")) == 1
    api("DELETE", f"/api/webhooks/{hanging['id']}/")


def test_what_a_dead_process_left_is_sent(house: House, api: Api, receiver: Receiver, path: str) -> None:
    project = api.project(SENTIMENT)
    made = hook(api, receiver, path, project=project)
    with house.ctx.database.write() as session:
        session.add(
            Delivery(
                webhook_id=made["id"], uid="left", action="PROJECT_UPDATED", facts=f'{{"project": {project}}}',
                created_at=now() - timedelta(hours=1),
            )
        )  # fmt: skip
    tidy(house)
    assert receiver.wait(path)[0].headers["x-labelwright-delivery"] == "left"


def test_the_log_is_kept_short(house: House, api: Api, receiver: Receiver, path: str) -> None:
    made = hook(api, receiver, path, project=api.project(SENTIMENT))
    for _ in range(4):
        api("POST", f"/api/webhooks/{made['id']}/test", json={})
    newest = ended(api, made["id"], "delivered", 4)[:2]
    tidy(house)
    assert log(api, made["id"]) == newest


def test_of_a_change_that_is_undone_nothing_is_told(api: Api, receiver: Receiver, path: str) -> None:
    project = api.project(SENTIMENT)
    made = hook(api, receiver, path, project=project)
    answer = api("POST", f"/api/projects/{project}/import", json=[{"text": "1"}, {"wrong": "2"}])
    assert answer.status_code == 400
    assert log(api, made["id"]) == []


def tidy(house: House) -> None:
    """The periodic job, now."""
    from labelwright.jobs.runner import RunningJob
    from labelwright.services.queue import Claim

    running = RunningJob(house.ctx, Claim(0, "webhook-tidying", {}, {}, 1, None, None, None))
    running.settings = house.ctx.registry.settings_for("register_jobs", "webhook", house.ctx.settings)
    TidyDeliveries().run(running)


# --- the API


def test_a_webhook_is_made_changed_and_deleted_as_there(api: Api, receiver: Receiver) -> None:
    project = api.project(SENTIMENT)
    made = hook(api, receiver, "/x", project=project)
    assert set(made) == FIELDS
    assert (made["send_payload"], made["send_for_all_actions"]) == (True, True)
    assert (made["headers"], made["actions"]) == ({}, [])
    at = f"/api/webhooks/{made['id']}"
    assert api("GET", f"{at}/").json == made
    assert [one["id"] for one in api("GET", f"/api/webhooks/?project={project}").json] == [made["id"]]
    changed = api(
        "PATCH", f"{at}/", json={"send_payload": False, "project": None, "headers": {"A": "b"}}
    ).json
    assert (changed["send_payload"], changed["project"], changed["headers"]) == (False, project, {"A": "b"})
    changed = api("PATCH", at, json={"actions": ["TASKS_CREATED"], "send_for_all_actions": False}).json
    assert (changed["actions"], changed["url"]) == (["TASKS_CREATED"], made["url"])
    assert api("PUT", at, json={}).json["validation_errors"] == {"url": ["This field is required."]}
    replaced = api("PUT", at, json={"url": receiver.url + "/y"}).json
    assert (replaced["url"], replaced["actions"], replaced["headers"]) == (
        receiver.url + "/y",
        [],
        {"A": "b"},
    )
    form = {"url": receiver.url, "project": str(project), "actions": ["TASKS_CREATED"], "is_active": "false",
            "headers": '{"X": "y"}'}  # fmt: skip
    by_form = api("POST", "/api/webhooks/", data=form).json
    assert (by_form["is_active"], by_form["headers"], by_form["project"]) == (False, {"X": "y"}, project)
    assert api("DELETE", at).status_code == 204
    assert api("GET", at).json["detail"] == "No Webhook matches the given query."
    assert api("DELETE", at).status_code == 404
    assert api("POST", at, json={}).status_code == 405


def test_the_actions_are_listed_with_their_keys(api: Api) -> None:
    every = api("GET", "/api/webhooks/info/").json
    assert len(every) == 12
    assert every["ANNOTATIONS_CREATED"] == {
        "name": "Annotations created", "description": "", "key": "annotation", "organization-only": False,
    }  # fmt: skip
    assert list(api("GET", "/api/webhooks/info/?organization-only=true").json) == [
        "PROJECT_CREATED",
        "PROJECT_DELETED",
    ]
    assert len(api("GET", "/api/webhooks/info/?organization-only=false").json) == 10


@pytest.mark.parametrize("shared_url", ["sqlite"], indirect=True)  # it is refused before a database is asked
@pytest.mark.parametrize(
    ("fields", "status", "named"),
    [
        ({"url": None}, 400, "url"),
        ({"url": "nope"}, 400, "url"),
        ({"url": "http://"}, 400, "url"),
        ({"url": "http://user:word@127.0.0.1/"}, 400, "url"),
        ({"url": "ftp://127.0.0.1/"}, 403, ""),
        ({"url": "http://10.0.0.1/"}, 403, ""),
        ({"url": "http://169.254.169.254/latest"}, 403, ""),
        ({"url": "http://[::1]/"}, 403, ""),
        ({"url": "http://nobody.invalid/"}, 400, "url"),
        ({"project": 999999}, 400, "project"),
        ({"project": "abc"}, 400, "project"),
        ({"project": [1]}, 400, "project"),
        ({"headers": [1]}, 400, "headers"),
        ({"headers": {"a": 1}}, 400, "headers"),
        ({"headers": None}, 400, "headers"),
        ({"headers": {str(n): "x" for n in range(11)}}, 400, "headers"),
        ({"headers": {"a": "x\r\nB: c"}}, 400, "headers"),
        ({"headers": {"Host": "other"}}, 400, "headers"),
        ({"headers": {"Transfer-Encoding": "chunked"}}, 400, "headers"),
        ({"headers": {"Connection": "x"}}, 400, "headers"),
        ({"headers": {"X-Labelwright-Delivery": "x"}}, 400, "headers"),
        ({"actions": ["ZZ"]}, 400, "actions.0"),
        ({"actions": None}, 400, "actions"),
        ({"actions": ["PROJECT_CREATED"]}, 400, "non_field_errors"),
        ({"is_active": "zz"}, 400, "is_active"),
    ],
    ids=str,
)
def test_what_cannot_be_sent_is_not_saved(
    api: Api, receiver: Receiver, fields: dict[str, Any], status: int, named: str
) -> None:
    project = api.project(SENTIMENT)
    answer = api("POST", "/api/webhooks/", json={"url": receiver.url, "project": project, **fields})
    assert answer.status_code == status, answer.text
    assert list(answer.json.get("validation_errors", {})) == ([named] if named else [])
    assert api("GET", f"/api/webhooks/?project={project}").json == []


def test_others_webhooks_are_not_there(house: House, api: Api, receiver: Receiver) -> None:
    project = api.project(SENTIMENT)
    made = hook(api, receiver, "/x", project=project)
    stranger = house.api("foreign@example.org", organization="Foreign")
    at = f"/api/webhooks/{made['id']}"
    for method, path in [("GET", at), ("PATCH", at), ("DELETE", at), ("GET", f"{at}/deliveries"),
                         ("POST", f"{at}/test"), ("POST", f"{at}/deliveries/1/redeliver")]:  # fmt: skip
        assert stranger(method, path, json={}).status_code == 404, path
    refused = stranger("POST", "/api/webhooks/", json={"url": receiver.url, "project": project})
    assert refused.json["validation_errors"] == {
        "project": [f'Invalid pk "{project}" - object does not exist.']
    }
    assert stranger("GET", f"/api/webhooks/?project={project}").status_code == 400
    assert stranger("GET", "/api/webhooks/").json == []


def test_headers_and_secrets_are_stored_encrypted(house: House, api: Api, receiver: Receiver) -> None:
    made = hook(
        api,
        receiver,
        "/x",
        project=api.project(SENTIMENT),
        headers={"Authorization": "word"},
        secret="sesame",
    )
    with house.ctx.database.read() as session:
        row = session.scalars(select(Webhook).where(Webhook.id == made["id"])).one()
    stored = row.headers + row.secret
    assert row.headers.startswith(PREFIX)
    assert row.secret.startswith(PREFIX)
    assert not [text for text in ("word", "sesame", "Authorization") if text in stored]


def test_an_address_that_moved_inside_is_not_called(house: House, api: Api, receiver: Receiver) -> None:
    made = hook(api, receiver, "/x", project=api.project(SENTIMENT))
    with house.ctx.database.write() as session:  # as when the name of the host leads elsewhere by now
        session.execute(update(Webhook).where(Webhook.id == made["id"]).values(url="http://10.0.0.1/"))
    api("POST", f"/api/webhooks/{made['id']}/test", json={})
    assert ended(api, made["id"], "failed")[0]["error"] == "url-refused"


def test_many_rows_go_in_several_bodies(api: Api, receiver: Receiver, path: str) -> None:
    project = api.project(SENTIMENT)
    made = hook(api, receiver, path, project=project)
    api("POST", f"/api/projects/{project}/import", json=[{"text": str(number)} for number in range(7)])
    heard = receiver.wait(path, 3)
    assert [len(one.body["tasks"]) for one in heard] == [3, 3, 1]
    uid = ended(api, made["id"], "delivered")[0]["uid"]
    assert [one.headers["x-labelwright-delivery"] for one in heard] == [uid, f"{uid}.3", f"{uid}.6"]


# --- other settings


@pytest.fixture(scope="module")
def other(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The owner of a server that masks headers, and has no webhooks of the whole organisation."""
    folder = tmp_path_factory.mktemp("other")
    shutil.copy(migrated_sqlite_file, folder / "labelwright.sqlite3")
    settings = {
        "LABELWRIGHT_OUTBOUND_WEBHOOK": "127.0.0.0/8",
        "LABELWRIGHT_PLUGIN_WEBHOOKS_MASK_HEADERS": "true",
    }
    with at_work(folder, f"sqlite:///{folder / 'labelwright.sqlite3'}", settings) as house:
        yield house.api()


def test_masked_headers_are_kept_when_they_come_back(other: Api, receiver: Receiver, path: str) -> None:
    made = hook(other, receiver, path, project=other.project(SENTIMENT), headers={"Authorization": "word"})
    assert made["headers"] == {"Authorization": "********"}
    other("PATCH", f"/api/webhooks/{made['id']}/", json={"headers": made["headers"] | {"X-More": "v"}})
    other("POST", f"/api/webhooks/{made['id']}/test", json={})
    heard = receiver.wait(path)[0].headers
    assert (heard["authorization"], heard["x-more"]) == ("word", "v")


def test_without_the_setting_a_webhook_needs_its_project(other: Api, receiver: Receiver) -> None:
    answer = other("POST", "/api/webhooks/", json={"url": receiver.url})
    assert (answer.status_code, answer.json["detail"]) == (404, "Project not found.")

"""The official client, unchanged, from connecting to exporting."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from label_studio_sdk.client import LabelStudio
from label_studio_sdk.core.api_error import ApiError
from label_studio_sdk.projects.client_ext import ProjectExt

from tests.real_data.images import LABELS, make_pictures
from tests.real_data.yolo import by_their_converter, classes, label_files, unpack
from tests.services.labelwright import LiveServer
from tests.services.postgres import Postgres

LABEL_TAGS = "".join(f'<Label value="{label}"/>' for label in LABELS)
BOXES = f"""
<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="box" toName="image">{LABEL_TAGS}</RectangleLabels>
</View>
"""
TEXTS = """
<View>
  <Text name="text" value="$text"/>
  <Choices name="mood" toName="text"><Choice value="good"/><Choice value="bad"/></Choices>
  <Labels name="span" toName="text"><Label value="Person"/><Label value="Place"/></Labels>
</View>
"""
CHOICE = {
    "id": "c1",
    "from_name": "mood",
    "to_name": "text",
    "type": "choices",
    "value": {"choices": ["good"]},
}
SPAN = {
    "id": "s1",
    "from_name": "span",
    "to_name": "text",
    "type": "labels",
    "value": {"start": 6, "end": 9, "text": "Ann", "labels": ["Person"]},
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """One server for the tests of this file, on each database."""
    url = None
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.url(postgres.create_database())
    with LiveServer(tmp_path_factory.mktemp("server"), url) as running:
        yield running


@pytest.fixture
def client(server: LiveServer) -> LabelStudio:
    return LabelStudio(base_url=server.url, api_key=server.token)


@pytest.fixture
def project(client: LabelStudio) -> Iterator[ProjectExt]:
    made = client.projects.create(title="By SDK", label_config=TEXTS)
    yield client.projects.get(id=made.id)
    client.projects.delete(id=made.id)


def test_it_knows_who_asks(client: LabelStudio, server: LiveServer) -> None:
    assert client.users.whoami().email == server.username
    assert client.versions.get().release


def test_a_wrong_token_is_refused(server: LiveServer) -> None:
    stranger = LabelStudio(base_url=server.url, api_key="f" * 40)
    with pytest.raises(ApiError) as refused:
        stranger.users.whoami()
    assert refused.value.status_code == 401


def test_a_personal_token_works_as_well(client: LabelStudio, server: LiveServer) -> None:
    token = client.tokens.create()
    by_personal_token = LabelStudio(base_url=server.url, api_key=token.token)
    assert by_personal_token.users.whoami().email == server.username


def test_a_project_is_created_listed_changed_and_read_back(client: LabelStudio, project: ProjectExt) -> None:
    assert project.id in [one.id for one in client.projects.list()]
    client.projects.update(id=project.id, title="Renamed", description="By the official client")
    again = client.projects.get(id=project.id)
    assert (again.title, again.description) == ("Renamed", "By the official client")
    assert set(again.get_label_interface().get_control("mood").to_name) == {"text"}


def test_bulk_actions_are_listed_and_done(client: LabelStudio, project: ProjectExt) -> None:
    tasks = [{"data": {"text": str(n)}, "predictions": [{"result": [CHOICE]}]} for n in range(3)]
    client.projects.import_tasks(id=project.id, request=tasks)
    listed = {action.id: action for action in client.actions.list(project=project.id)}
    assert listed["delete_tasks"].dialog.type == "confirm"
    client.actions.create(id="predictions_to_annotations", project=project.id)
    assert client.projects.get(id=project.id).total_annotations_number == 3
    first = next(iter(client.tasks.list(project=project.id))).id
    client.actions.create(
        id="delete_tasks", project=project.id, selected_items={"all": False, "included": [first]}
    )
    assert client.projects.get(id=project.id).task_number == 2


def test_a_broken_configuration_is_refused_with_its_field(client: LabelStudio) -> None:
    with pytest.raises(ApiError) as refused:
        client.projects.create(title="Broken", label_config="<View><Choices toName='text'></View>")
    assert refused.value.status_code == 400
    assert "label_config" in refused.value.body["validation_errors"]


def test_tasks_are_imported_listed_and_read(client: LabelStudio, project: ProjectExt) -> None:
    answer = client.projects.import_tasks(
        id=project.id,
        request=[{"text": f"Hello Ann {number}"} for number in range(250)],
        return_task_ids=True,
    )
    assert answer.task_count == 250
    assert len(answer.task_ids) == 250
    listed = list(client.tasks.list(project=project.id, page_size=100))
    assert [task.id for task in listed] == answer.task_ids
    assert client.tasks.get(id=str(listed[7].id)).data == {"text": "Hello Ann 7"}
    assert client.projects.get(id=project.id).task_number == 250


def test_tabs_and_filtered_lists(client: LabelStudio, project: ProjectExt) -> None:
    project_id = int(project.id or 0)
    client.projects.import_tasks(project_id, request=[{"text": f"task {n}", "n": n} for n in range(5)])
    filters = {
        "conjunction": "and",
        "items": [{"filter": "filter:tasks:data.n", "operator": "greater", "type": "Number", "value": 1}],
    }
    data = {"title": "Later", "filters": filters, "ordering": ["-tasks:data.n"]}
    view = client.views.create(project=project_id, data=data)  # type: ignore[arg-type]
    assert [task.data["n"] for task in client.tasks.list(view=view.id, page_size=2)] == [4, 3, 2]
    query = json.dumps({"filters": filters, "ordering": ["tasks:id"]})
    assert [task.data["n"] for task in client.tasks.list(project=project_id, query=query)] == [2, 3, 4]
    client.views.update(str(view.id), project=project_id, data={"title": "Renamed"})  # type: ignore[arg-type]
    assert [one.data["title"] for one in client.views.list(project=project_id)] == ["Renamed"]
    client.views.update_order(project=project_id, ids=[view.id or 0])
    client.views.delete(str(view.id))
    client.views.delete_all(project=project_id)
    assert client.views.list(project=project_id) == []


def test_a_task_is_created_changed_and_deleted(client: LabelStudio, project: ProjectExt) -> None:
    task = client.tasks.create(project=project.id, data={"text": "one"})
    client.tasks.update(id=str(task.id), data={"text": "two"})
    assert client.tasks.get(id=str(task.id)).data == {"text": "two"}
    client.tasks.delete(id=str(task.id))
    with pytest.raises(ApiError) as gone:
        client.tasks.get(id=str(task.id))
    assert gone.value.status_code == 404


def test_an_annotation_is_created_listed_changed_and_deleted(
    client: LabelStudio, project: ProjectExt
) -> None:
    task = client.tasks.create(project=project.id, data={"text": "Hello Ann"})
    made = client.annotations.create(id=task.id, result=[CHOICE, SPAN], lead_time=4.5)
    assert made.result == [CHOICE, SPAN]
    assert [one.id for one in client.annotations.list(id=task.id)] == [made.id]
    client.annotations.update(id=made.id, result=[CHOICE], was_cancelled=False)
    assert client.annotations.get(id=made.id).result == [CHOICE]
    client.annotations.delete(id=made.id)
    assert client.annotations.list(id=task.id) == []


def test_a_prediction_is_created_and_comes_with_its_task(client: LabelStudio, project: ProjectExt) -> None:
    task = client.tasks.create(project=project.id, data={"text": "Hello Ann"})
    made = client.predictions.create(task=task.id, result=[CHOICE], score=0.75, model_version="first")
    assert client.predictions.get(id=made.id).score == 0.75
    [listed] = client.tasks.list(project=project.id, fields="all")
    assert listed.predictions[0].model_version == "first"


def test_tasks_come_with_annotations_and_predictions(client: LabelStudio, project: ProjectExt) -> None:
    answer = client.projects.import_tasks(
        id=project.id,
        request=[
            {
                "data": {"text": "Hello Ann"},
                "annotations": [{"result": [CHOICE]}],
                "predictions": [{"result": [SPAN], "score": 0.5, "model_version": "second"}],
            }
        ],
    )
    assert (answer.task_count, answer.annotation_count, answer.prediction_count) == (1, 1, 1)


def test_what_was_labelled_is_exported(client: LabelStudio, project: ProjectExt) -> None:
    task = client.tasks.create(project=project.id, data={"text": "Hello Ann"})
    client.annotations.create(id=task.id, result=[CHOICE, SPAN])
    [exported] = client.projects.exports.as_json(project.id)
    assert exported["data"] == {"text": "Hello Ann"}
    assert exported["annotations"][0]["result"] == [CHOICE, SPAN]


def test_a_snapshot_is_made_and_downloaded(client: LabelStudio, project: ProjectExt) -> None:
    client.tasks.create(project=project.id, data={"text": "Hello Ann"})
    snapshot = client.projects.exports.create(project.id, title="Mine")
    assert client.projects.exports.get(id=project.id, export_pk=snapshot.id).status == "completed"
    body = b"".join(client.projects.exports.download(id=project.id, export_pk=snapshot.id))
    assert b"Hello Ann" in body


def test_boxes_become_the_same_yolo_by_their_converter_and_by_ours(
    client: LabelStudio, server: LiveServer, tmp_path: Path
) -> None:
    """Their converter reads our JSON export; our exporter writes the format itself. Both say the same."""
    pictures = make_pictures(tmp_path / "pictures", 12)
    project = client.projects.create(title="Boxes", label_config=BOXES)
    http = server.client()
    for picture in pictures:
        with (tmp_path / "pictures" / picture.name).open("rb") as file:
            http.post(
                f"/api/projects/{project.id}/import", files={"file": (picture.name, file)}
            ).raise_for_status()
    tasks = list(client.tasks.list(project=project.id, fields="all"))
    assert len(tasks) == len(pictures)
    for task, picture in zip(tasks, pictures, strict=True):
        assert str(task.data["image"]).endswith(picture.name)
        client.annotations.create(
            id=task.id,
            result=[
                {
                    "id": f"b{number}",
                    "from_name": "box",
                    "to_name": "image",
                    "type": "rectanglelabels",
                    "original_width": picture.width,
                    "original_height": picture.height,
                    "image_rotation": 0,
                    "value": {
                        "x": 100 * box.x / picture.width,
                        "y": 100 * box.y / picture.height,
                        "width": 100 * box.width / picture.width,
                        "height": 100 * box.height / picture.height,
                        "rotation": 0,
                        "rectanglelabels": [box.label],
                    },
                }
                for number, box in enumerate(picture.boxes)
            ],
        )

    export = tmp_path / "export.json"
    export.write_bytes(client.projects.exports.as_binary(project.id, export_type="JSON"))
    theirs = by_their_converter(BOXES, export, tmp_path / "theirs")
    ours = unpack(client.projects.exports.as_binary(project.id, export_type="YOLO"), tmp_path / "ours")

    assert classes(ours) == classes(theirs)
    assert label_files(ours) == label_files(theirs)
    assert sum(map(len, label_files(ours).values())) == sum(len(picture.boxes) for picture in pictures)

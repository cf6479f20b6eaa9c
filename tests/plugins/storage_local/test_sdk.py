"""The official client's methods for local storages, against a server at work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from label_studio_sdk.client import LabelStudio
from label_studio_sdk.core.api_error import ApiError

from tests.services.labelwright import LiveServer
from tests.web.application import BOXES


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    (tmp_path / "opened" / "in").mkdir(parents=True)
    (tmp_path / "opened" / "in" / "1.png").write_bytes(b"\x89PNG")
    settings = {
        "LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED": "1",
        "LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT": str(tmp_path / "opened"),
    }
    with LiveServer(tmp_path / "data", settings=settings) as running:
        yield running


def test_the_client_sets_up_synchronises_and_forgets(server: LiveServer, tmp_path: Path) -> None:
    sdk = LabelStudio(base_url=server.url, api_key=server.token)
    project = sdk.projects.create(title="Pictures", label_config=BOXES).id
    assert project is not None
    given = {"project": project, "path": str(tmp_path / "opened/in"), "use_blob_urls": True}
    sources, targets = sdk.import_storage.local, sdk.export_storage.local
    sources.validate(**given)
    made = sources.create(title="In", **given)
    assert (made.title, made.status, made.type) == ("In", "initialized", "localfiles")
    done = sources.sync(made.id)
    assert (done.status, done.last_sync_count) == ("completed", 1)
    assert [one.id for one in sources.list(project=project)] == [made.id]
    assert sources.update(made.id, title="Street").title == sources.get(made.id).title == "Street"
    [task] = sdk.tasks.list(project=project)
    assert task.data["image"].startswith("/data/local-files/?d=in/1.png")
    with pytest.raises(ApiError) as refused:
        sources.validate(project=project, path="/etc")
    assert refused.value.status_code == 400

    out = {"project": project, "path": str(tmp_path / "opened/out")}
    targets.validate(**out)
    target = targets.create(title="Out", can_delete_objects=True, **out)
    annotation = sdk.annotations.create(task.id, result=[])
    assert targets.sync(target.id).status == "completed"
    assert (tmp_path / "opened/out" / str(annotation.id)).exists()
    assert [one.id for one in targets.list(project=project)] == [target.id]
    assert targets.update(target.id, title="There").title == targets.get(target.id).title == "There"
    assert {"localfiles"} <= {one.name for one in sdk.import_storage.list_types()}
    assert {"localfiles"} <= {one.name for one in sdk.export_storage.list_types()}
    sources.delete(made.id)
    targets.delete(target.id)
    assert (sources.list(project=project), targets.list(project=project)) == ([], [])

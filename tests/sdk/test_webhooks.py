"""The official client's webhooks, and a program that hears of what it does."""

from __future__ import annotations

import pytest
from label_studio_sdk.client import LabelStudio
from label_studio_sdk.core.api_error import ApiError

from tests.conftest import StartServer
from tests.plugins.webhooks.receiver import receiving
from tests.services.labelwright import LiveServer

CONFIG = '<View><Text name="text" value="$text"/></View>'


@pytest.fixture
def server(start_server: StartServer, database_url: str) -> LiveServer:
    return start_server(database_url, settings={"LABELWRIGHT_OUTBOUND_WEBHOOK": "127.0.0.0/8"})


def test_the_official_client_makes_webhooks_and_they_are_called(server: LiveServer) -> None:
    client = LabelStudio(base_url=server.url, api_key=server.token)
    project = client.projects.create(title="By SDK", label_config=CONFIG)
    assert project.id is not None
    with receiving() as receiver:
        made = client.webhooks.create(url=f"{receiver.url}/sdk", project=project.id, headers={"X-Key": "v"})
        assert (made.project, made.headers, made.is_active) == (project.id, {"X-Key": "v"}, True)
        assert [one.id for one in client.webhooks.list(project=str(project.id))] == [made.id]
        assert client.webhooks.get(id=made.id).url == f"{receiver.url}/sdk"
        assert client.webhooks.info(organization_only=True).model_dump()
        client.tasks.create(project=project.id, data={"text": "one"})
        assert receiver.action("/sdk", "TASKS_CREATED")["tasks"][0]["data"] == {"text": "one"}
        changed = client.webhooks.update(id=made.id, url=f"{receiver.url}/other", actions=["TASKS_DELETED"],
                                         send_for_all_actions=False)  # fmt: skip
        assert (changed.url, changed.actions) == (f"{receiver.url}/other", ["TASKS_DELETED"])
        client.webhooks.delete(id=made.id)
    with pytest.raises(ApiError) as gone:
        client.webhooks.get(id=made.id)
    assert gone.value.status_code == 404

"""The official client's methods for ML backends, against a server at work."""

from __future__ import annotations

from pathlib import Path

import pytest
from label_studio_sdk.client import LabelStudio
from label_studio_sdk.core.api_error import ApiError

from tests.plugins.ml_backend.model import Model, serving
from tests.services.labelwright import LiveServer
from tests.web.application import SENTIMENT


def test_the_client_connects_asks_changes_and_forgets(tmp_path: Path) -> None:
    settings = {"LABELWRIGHT_OUTBOUND_ML": "127.0.0.0/8"}
    with LiveServer(tmp_path / "data", settings=settings) as server, serving(Model()) as model:
        sdk = LabelStudio(base_url=server.url, api_key=server.token)
        project = sdk.projects.create(title="Moods", label_config=SENTIMENT).id
        assert project is not None
        sdk.projects.import_tasks(project, request=[{"text": "a"}, {"text": "b"}])
        made = sdk.ml.create(
            project=project, url=model.url, title="Mood", auth_method="BASIC_AUTH", basic_auth_user="u",
            basic_auth_pass="p", extra_params={"a": 1}, timeout=9, is_interactive=True,
        )  # fmt: skip
        assert (made.title, made.state, made.basic_auth_pass_is_set) == ("Mood", "CO", True)
        assert (made.extra_params, made.timeout, made.model_version) == ({"a": 1}, 9.0, "v1")
        assert [one.id for one in sdk.ml.list(project=project)] == [made.id]
        assert sdk.ml.get(made.id).url == model.url
        assert sdk.ml.update(made.id, title="Moods", url=model.url, project=project).title == "Moods"
        assert sdk.ml.list_model_versions(made.id).versions == ["v0", "v1"]
        sdk.actions.create(id="retrieve_tasks_predictions", project=project)
        found = list(sdk.predictions.list(project=project))
        assert [(one.model_version, one.score) for one in found] == [("v1", 0.75)] * 2
        sdk.ml.predict_interactive(made.id, task=found[0].task, context={"result": []})
        sdk.ml.train(made.id)
        assert model.bodies("/webhook")[0]["action"] == "START_TRAINING"
        with pytest.raises(ApiError) as refused:
            sdk.ml.create(project=project, url="http://127.0.0.1:9")
        assert refused.value.status_code == 400
        sdk.ml.delete(made.id)
        assert sdk.ml.list(project=project) == []

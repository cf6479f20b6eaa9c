"""Models behind HTTP: the protocol of Label Studio's ML backends, and predictions for many tasks at once."""

from collections.abc import Mapping
from typing import Any

from labelwright.api import Action, ActionContext, ActionResult, Dialog, MLConnector, Setting, hookimpl
from labelwright_ml_backend.protocol import LabelStudioBackend


class RetrievePredictions(Action):
    id = "retrieve_tasks_predictions"
    title = "Retrieve Predictions"
    order = 90
    permissions = ("predictions.any",)
    dialog = Dialog(
        title="Retrieve Predictions",
        text="Send the selected tasks to the first model of the project? "
        "Tasks that have a prediction of its current version are passed over.",
    )

    def run(self, context: ActionContext, params: Mapping[str, Any]) -> ActionResult:
        count = context.predict()
        return ActionResult(count, f"Retrieved {count} predictions")


@hookimpl
def register_settings() -> list[Setting]:
    return [
        Setting(
            "timeout_health_s",
            1,
            "Seconds that an ML backend may take to say that it is there.",
            aliases=("ML_TIMEOUT_HEALTH",),
        ),
        Setting(
            "timeout_setup_s",
            3,
            "Seconds that an ML backend may take to be told a project's configuration.",
            aliases=("ML_TIMEOUT_SETUP",),
        ),
    ]


@hookimpl
def register_ml_connectors() -> list[type[MLConnector]]:
    return [LabelStudioBackend]


@hookimpl
def register_actions() -> list[type[Action]]:
    return [RetrievePredictions]

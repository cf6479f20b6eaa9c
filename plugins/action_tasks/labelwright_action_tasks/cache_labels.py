"""A summary of each task's labels, written into its data, so that the data manager can show, sort and filter by it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from labelwright.api import (
    Action,
    ActionContext,
    ActionResult,
    Answer,
    Dialog,
    Facts,
    FormField,
    InvalidFields,
)

ALL = "ALL"
LONGEST_NAME = 400


class CacheLabels(Action):
    """Write ``cache_<control>`` or ``cache_predictions_<control>`` into the chosen tasks' data."""

    id = "cache_labels"
    title = "Cache Labels"
    order = 1
    permissions = ("projects.change", "tasks.change")
    experimental = True
    can_be_undone = True
    dialog = Dialog("Confirm that you want to write the labels of each selected task into its data.")

    def form(self, facts: Facts) -> list[FormField]:
        controls = [ALL, *facts.project.label_config.controls]
        return [
            FormField("control_tag", "Choose a control tag", "select", options=controls),
            FormField("custom_control_tag", "Custom control tag if it's not in label config"),
            FormField("with_counters", "With counters", "select", options=["Yes", "No"]),
            FormField("source", "Source", "select", options=["Annotations", "Predictions"]),
        ]

    def run(self, context: ActionContext, params: Mapping[str, Any]) -> ActionResult:
        control = params.get("custom_control_tag") or params.get("control_tag") or ALL
        if not isinstance(control, str) or len(control) > LONGEST_NAME or "\x00" in control:
            raise InvalidFields({"control_tag": ["Give the name of a control, or ALL."]})
        counted = str(params.get("with_counters", "Yes")).lower() == "yes"
        of_predictions = str(params.get("source", "Annotations")).lower() == "predictions"
        field = ("cache_predictions_" if of_predictions else "cache_") + (
            "all" if control == ALL else control
        )
        for batch in context.batches():
            answers = batch.predictions() if of_predictions else batch.annotations()
            labels = _labels(answers, None if control == ALL else control)
            data = batch.data()
            batch.change_data(
                {task: {**old, field: _in_words(labels.get(task, {}), counted)} for task, old in data.items()}
            )
        return ActionResult()


def _labels(answers: Iterable[Answer], control: str | None) -> dict[int, Counter[str]]:
    """Task to how often each label stands in its answers."""
    found: dict[int, Counter[str]] = {}
    for answer in answers:
        own = found.setdefault(answer.task, Counter())
        for item in answer.result:
            if isinstance(item, dict) and (control is None or item.get("from_name") == control):
                own.update(_labels_of(item))
    return found


def _labels_of(item: Mapping[str, Any]) -> list[str]:
    """The labels of a region stand in its value under its own type."""
    value = item.get("value")
    labels = value.get(item.get("type")) if isinstance(value, dict) else None
    if not isinstance(labels, list):
        return []
    return [label if isinstance(label, str) else json.dumps(label, ensure_ascii=False) for label in labels]


def _in_words(labels: Mapping[str, int], counted: bool) -> str:
    return ", ".join(f"{label}: {labels[label]}" if counted else label for label in sorted(labels))

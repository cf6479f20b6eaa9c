"""One label's new name, in all annotations of the project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from labelwright.api import Action, ActionContext, ActionResult, Dialog, Facts, FormField, InvalidFields

LONGEST = 512


class RenameLabels(Action):
    """Give a label of one control another name. The configuration is changed by hand."""

    id = "rename_labels"
    title = "Rename Labels"
    order = 1
    permissions = ("projects.change", "annotations.change")
    experimental = True
    whole_project = True
    can_be_undone = True
    dialog = Dialog(
        "Rename a label in all annotations of the project. Change it in the labeling configuration by hand as well."
    )

    def form(self, facts: Facts) -> list[FormField]:
        config = facts.project.label_config
        labels = list(dict.fromkeys(label for own in config.labels.values() for label in own))
        return [
            FormField("control_tag", "Choose a label control tag", "select", options=list(config.controls)),
            FormField("old_label_name", "Old label name", "select", options=labels),
            FormField("new_label_name", "New label name"),
        ]

    def run(self, context: ActionContext, params: Mapping[str, Any]) -> ActionResult:
        control, old, new = _asked(params)
        if control not in context.project.label_config.controls:
            raise InvalidFields(
                {"non_field_errors": [f"Wrong old label name, it is not from labeling config: {old}"]},
                code="unknown-control",
                params={"control": control},
            )
        for batch in context.batches(labelled=(control, old)):
            changed = {}
            for annotation in batch.annotations():
                result, count = renamed(annotation.result, control, old, new)
                if count:
                    changed[annotation.id] = result
                    context.tally["labels"] += count
            context.tally["annotations"] += batch.change_results(changed)
        labels, annotations = context.tally["labels"], context.tally["annotations"]
        return ActionResult(detail=f"Updated {labels} labels in {annotations}")


def renamed(result: Sequence[Any], control: str, old: str, new: str) -> tuple[list[Any], int]:
    """A result with one control's label renamed, and how often it stood there."""
    items, count = [], 0
    for item in result:
        if (
            isinstance(item, dict)
            and item.get("from_name") == control
            and isinstance(item.get("value"), dict)
        ):
            kind, value = item.get("type"), item["value"]
            labels = value.get(kind)
            if isinstance(labels, list) and old in labels:
                count += labels.count(old)
                changed = [new if label == old else label for label in labels]
                item = {**item, "value": {**value, kind: changed}}
        items.append(item)
    return items, count


def _asked(params: Mapping[str, Any]) -> tuple[str, str, str]:
    names = ("control_tag", "old_label_name", "new_label_name")
    wrong = {
        name: [f"Give a text of 1 to {LONGEST} characters."]
        for name in names
        if not isinstance(params.get(name), str)
        or not 0 < len(params[name]) <= LONGEST
        or "\x00" in params[name]
    }
    if wrong:
        raise InvalidFields(wrong)
    control, old, new = (str(params[name]) for name in names)
    return control, old, new

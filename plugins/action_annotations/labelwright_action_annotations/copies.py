"""New annotations from answers that there are: another task's annotation, or the task's own predictions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelwright.api import (
    Action,
    ActionContext,
    ActionResult,
    Dialog,
    Facts,
    FormField,
    InvalidFields,
    NewAnnotation,
    NotFound,
)


class PropagateAnnotations(Action):
    """One annotation's result for all chosen tasks but its own."""

    id = "propagate_annotations"
    title = "Propagate Annotations"
    order = 1
    permissions = ("tasks.change", "annotations.create")
    experimental = True
    can_be_undone = True
    dialog = Dialog(
        "Copy one annotation to all selected tasks. This makes sense where the tasks are alike: pictures of one size, "
        "texts of one length."
    )

    def form(self, facts: Facts) -> list[FormField]:
        first = facts.first_annotation()
        label = f"Enter source annotation ID [first ID: {first}]" if first else "Enter source annotation ID"
        return [FormField("source_annotation_id", label, "number")]

    def run(self, context: ActionContext, params: Mapping[str, Any]) -> ActionResult:
        number = _whole(params.get("source_annotation_id"))
        try:
            source = context.annotation(number)
        except NotFound:
            raise InvalidFields(
                {"source_annotation_id": [f"Source annotation {number} not found in the current project"]},
                code="no-source-annotation",
                params={"id": number},
            ) from None
        for batch in context.batches():
            context.tally["created"] += batch.create_annotations(
                [
                    NewAnnotation(task, source.result_json, parent_annotation=source.id)
                    for task in batch.tasks
                    if task != source.task
                ]
            )
        return ActionResult(detail=f"Created {context.tally['created']} annotations")


class PredictionsToAnnotations(Action):
    """An annotation of the caller's from each prediction that none was made from yet."""

    id = "predictions_to_annotations"
    title = "Create Annotations From Predictions"
    order = 91
    permissions = ("tasks.change",)
    can_be_undone = True
    dialog = Dialog(
        "Create annotations from predictions using selected predictions set for each selected task. Your account will "
        "be assigned as an owner to those annotations. ",
        title="Create Annotations From Predictions",
    )

    def form(self, facts: Facts) -> list[FormField]:
        versions = facts.model_versions()
        own = versions[0] if versions else None
        return [FormField("model_version", "Choose predictions", "select", options=versions, value=own)]

    def run(self, context: ActionContext, params: Mapping[str, Any]) -> ActionResult:
        versions = _versions(params.get("model_version"))
        for batch in context.batches():
            found = batch.predictions(model_versions=versions, unused=True)
            context.tally["created"] += batch.create_annotations(
                [NewAnnotation(one.task, one.result_json, parent_prediction=one.id) for one in found]
            )
        return ActionResult(detail=f"Created {context.tally['created']} annotations")


def _whole(value: Any) -> int:
    text = str(value).strip()
    if (
        isinstance(value, bool)
        or not text.isdecimal()
        or not text.isascii()
        or not 0 < int(text[:20]) < 2**63
    ):
        raise InvalidFields({"source_annotation_id": ["A valid integer is required."]})
    return int(text[:20])


def _versions(given: Any) -> list[str] | None:
    """``None`` for all."""
    if given in (None, "", []):
        return None
    listed = given if isinstance(given, list) else [given]
    if not all(isinstance(version, str) and "\x00" not in version for version in listed):
        raise InvalidFields({"model_version": ["Expected a model version, or a list of them."]})
    return listed

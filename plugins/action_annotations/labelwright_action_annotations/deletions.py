"""Answers deleted: annotations with their drafts, and predictions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelwright.api import Action, ActionContext, ActionResult, Dialog, Facts, FormField, InvalidFields


class DeleteAnnotations(Action):
    """The chosen tasks' annotations and drafts, all or one author's."""

    id = "delete_tasks_annotations"
    title = "Delete Annotations"
    order = 101
    permissions = ("tasks.change", "annotations.delete")
    dialog = Dialog(
        "You are going to delete annotations from the selected tasks.\nYou can select specific annotators to delete "
        "annotations for.\nPlease confirm your action."
    )

    def form(self, facts: Facts) -> list[FormField]:
        people = [{"value": str(user), "label": email} for user, email in facts.annotators().items()]
        return [
            FormField("annotator", "Annotator", "select", options=people, placeholder="All", searchable=True)
        ]

    def run(self, context: ActionContext, params: Mapping[str, Any]) -> ActionResult:
        author = _author(params.get("annotator"))
        for batch in context.batches():
            context.tally["deleted"] += batch.delete_annotations(author)
        deleted = context.tally["deleted"]
        return ActionResult(deleted, f"Deleted {deleted} annotations")


class DeletePredictions(Action):
    """All predictions of the chosen tasks."""

    id = "delete_tasks_predictions"
    title = "Delete Predictions"
    order = 102
    permissions = ("predictions.any",)
    dialog = Dialog(
        "You are going to delete all predictions from the selected tasks. Please confirm your action."
    )

    def run(self, context: ActionContext, params: Mapping[str, Any]) -> ActionResult:
        for batch in context.batches():
            context.tally["deleted"] += batch.delete_predictions()
        deleted = context.tally["deleted"]
        return ActionResult(deleted, f"Deleted {deleted} predictions")


def _author(given: Any) -> int | None:
    """``None`` for all."""
    if given in (None, ""):
        return None
    text = str(given).strip()
    if isinstance(given, bool) or not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise InvalidFields({"annotator": ["A valid integer is required."]})
    return int(text)

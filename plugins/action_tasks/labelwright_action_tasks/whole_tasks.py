"""Tasks as wholes: deleted, merged, handed out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelwright.api import Action, ActionContext, ActionResult, Dialog


class NextTask(Action):
    """The next open one of the chosen tasks: labelling what the data manager shows."""

    id = "next_task"
    title = "Generate Next Task"
    order = 0
    permissions = ("annotations.create",)
    hidden = True
    is_recorded = False

    def run(self, context: ActionContext, params: Mapping[str, Any]) -> ActionResult:
        return ActionResult(extra=context.next_task())


class RemoveDuplicates(Action):
    """Of tasks with the same data, the first stays and gets the others' annotations."""

    id = "remove_duplicates"
    title = "Remove Duplicated Tasks"
    order = 95
    permissions = ("projects.change", "tasks.delete")
    can_be_undone = True
    dialog = Dialog(
        "Confirm that you want to remove duplicated tasks with the same data fields. Duplicated tasks will be deleted "
        "and all annotations will be moved to the first task from duplicated tasks. Also Source Storage Links will be "
        "restored if at least one duplicated task has a storage link. Warning: Task assignments (enterprise only) "
        "won't be saved."
    )

    def run(self, context: ActionContext, params: Mapping[str, Any]) -> ActionResult:
        for batch, groups in context.duplicates():
            context.tally["removed"] += batch.merge(groups)
        removed = context.tally["removed"]
        return ActionResult(removed, f"Removed {removed} duplicated tasks")


class DeleteTasks(Action):
    """Tasks with all that hangs on them; the project's tabs too when none is left."""

    id = "delete_tasks"
    title = "Delete Tasks"
    order = 100
    permissions = ("tasks.delete",)
    reload = True
    dialog = Dialog("You are going to delete the selected tasks. Please confirm your action.")

    def run(self, context: ActionContext, params: Mapping[str, Any]) -> ActionResult:
        for batch in context.batches():
            context.tally["deleted"] += batch.delete_tasks()
        deleted, is_empty = context.tally["deleted"], context.is_empty()
        if is_empty:
            context.clear_tabs()
        return ActionResult(deleted, f"Deleted {deleted} tasks", reload=is_empty)

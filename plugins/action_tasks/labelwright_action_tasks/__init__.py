"""Actions on tasks: delete them, drop duplicates, write fields of their data, take the next one."""

from labelwright.api import Action, hookimpl
from labelwright_action_tasks.cache_labels import CacheLabels
from labelwright_action_tasks.data_field import AddDataField
from labelwright_action_tasks.whole_tasks import DeleteTasks, NextTask, RemoveDuplicates


@hookimpl
def register_actions() -> list[type[Action]]:
    return [NextTask, AddDataField, CacheLabels, RemoveDuplicates, DeleteTasks]

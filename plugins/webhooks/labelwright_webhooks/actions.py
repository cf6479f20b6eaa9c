"""What a webhook can be told, under Label Studio's names; and which payload goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """Something that happens.

    :param title: English msgid; :param key: the member of the payload that holds what it happened to.
    :param organization_only: whether a webhook of a single project never hears of it.
    """

    title: str
    key: str
    organization_only: bool = False


ACTIONS: Mapping[str, Action] = {
    "PROJECT_CREATED": Action("Project created", "project", organization_only=True),
    "PROJECT_UPDATED": Action("Project updated", "project"),
    "PROJECT_DELETED": Action("Project deleted", "project", organization_only=True),
    "TASKS_CREATED": Action("Task created", "tasks"),
    "TASKS_DELETED": Action("Task deleted", "tasks"),
    "ANNOTATION_CREATED": Action("Annotation created", "annotation"),
    "ANNOTATIONS_CREATED": Action("Annotations created", "annotation"),
    "ANNOTATION_UPDATED": Action("Annotation updated", "annotation"),
    "ANNOTATIONS_DELETED": Action("Annotation deleted", "annotations"),
    "LABEL_LINK_CREATED": Action("Label link created", "label_link"),
    "LABEL_LINK_UPDATED": Action("Label link updated", "label_link"),
    "LABEL_LINK_DELETED": Action("Label link deleted", "label_link"),
}
TEST = "TEST"
"""What a delivery asked for by ``/test`` says; nobody subscribes to it."""

"""What a receiver is sent: Label Studio's bodies, made from the rows as they are when they are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from labelwright.api import NotFound, Queries
from labelwright_webhooks.actions import ACTIONS, TEST


def body(
    queries: Queries, action: str, facts: Mapping[str, Any], *, whole: bool, begin: int, size: int
) -> bytes | None:
    """The body of a delivery, or of its next part.

    :param whole: with the rows; otherwise the action alone.
    :param begin: how many of its rows have been sent, :param size: how many one body holds at most.
    :returns: ``None`` if nothing is left to speak of.
    """
    if not whole or action == TEST:
        return orjson.dumps({"action": action})
    project = facts["project"]
    if action == "PROJECT_DELETED":
        return orjson.dumps({"action": action, "project": {"id": project}})
    try:
        record = queries.project_record(project)
        content = _content(queries, action, project, ids_of(facts)[begin : begin + size])
    except NotFound:
        return None
    return None if content is None else orjson.dumps({"action": action, **content, "project": record})


def ids_of(facts: Mapping[str, Any]) -> Sequence[int]:
    """The rows that a delivery is about; none where it is about a project."""
    return facts.get("tasks") or facts.get("annotations") or facts.get("links") or ()


def _content(queries: Queries, action: str, project: int, ids: Sequence[int]) -> dict[str, Any] | None:
    """The rows of a body; ``None`` if none of them is left."""
    if action.startswith("PROJECT"):
        return {}
    if action == "LABEL_LINK_DELETED":
        return {"label_link": {"id": ids[0]}}
    if action.startswith("LABEL_LINK"):
        return _of_links(queries.label_link_records(project, ids), is_list=action == "LABEL_LINK_CREATED")
    if action.endswith("_DELETED"):
        return {ACTIONS[action].key: [{"id": one} for one in ids]}
    if action == "TASKS_CREATED":
        tasks = queries.task_records(project, ids)
        return {"tasks": tasks} if tasks else None
    annotations = queries.annotation_records(project, ids)
    if not annotations:
        return None
    tasks = queries.task_records(project, list(dict.fromkeys(one["task"] for one in annotations)))
    if action == "ANNOTATIONS_CREATED":
        return {"annotation": annotations, "task": tasks}
    return {"annotation": annotations[0], "task": tasks[0] if tasks else None}


def _of_links(links: Sequence[Mapping[str, Any]], *, is_list: bool) -> dict[str, Any] | None:
    """Links, and apart from them the labels that they put to use."""
    own = [{**link, "label": link["label"]["id"]} for link in links]
    labels = [link["label"] for link in links]
    if is_list:
        return {"label_link": own, "label": labels} if own else None
    return {"label_link": own[0], "label": labels[0]} if own else None

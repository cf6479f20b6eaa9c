"""The columns as the browser gets them: Label Studio's list, and those that plugins bring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from labelwright.label_config import LabelConfig
from labelwright.models import DataColumn, Membership, Prediction, Project
from labelwright.services import label_configs, undefined
from labelwright.services.context import Caller, Context
from labelwright.task_columns import Column

MOST_FIELDS = 1_000
"""Data fields that are listed; more can be filtered by all the same."""

# id, title, type, help, shown in the list, shown beside an open task
CORE: tuple[tuple[str, str, str, str, bool, bool], ...] = (
    ("id", "ID", "Number", "Task ID", True, False),
    ("inner_id", "Inner ID", "Number", "Internal task ID starting from 1 for the current project", False, False),
    ("completed_at", "Completed", "Datetime", "Last annotation date", True, False),
    ("total_annotations", "Annotations", "Number", "Total annotations per task", True, True),
    ("cancelled_annotations", "Cancelled", "Number", "Total cancelled (skipped) annotations", True, False),
    ("total_predictions", "Predictions", "Number", "Total predictions per task", True, False),
    ("annotators", "Annotated by", "List", "All users who completed the task", True, False),
    ("annotations_results", "Annotation results", "String", "Annotation results stacked over all annotations",
     False, False),
    ("annotations_ids", "Annotation IDs", "String", "Annotation IDs stacked over all annotations", False, False),
    ("predictions_score", "Prediction score", "Number", "Average prediction score over all task predictions",
     False, False),
    ("predictions_model_versions", "Prediction model versions", "List",
     "Model versions aggregated over all predictions", False, False),
    ("predictions_results", "Prediction results", "String", "Prediction results stacked over all predictions",
     False, False),
    ("file_upload", "Upload filename", "String", "Filename of uploaded file", False, False),
    ("storage_filename", "Storage filename", "String", "Filename from import storage", False, False),
    ("created_at", "Created at", "Datetime", "Task creation time", False, False),
    ("updated_at", "Updated at", "Datetime", "Task update time", False, False),
    ("updated_by", "Updated by", "List", "User who did the last task update", False, False),
    ("avg_lead_time", "Lead Time", "Time", "Average lead time over all annotations", False, False),
    ("draft_exists", "Drafts", "Boolean", "True if at least one draft exists for the task", False, False),
)  # fmt: skip


def describe(ctx: Context, session: Session, caller: Caller, project: Project | None) -> list[dict[str, Any]]:
    """The columns of a project's data manager; without a project, those that every project has."""
    fields = [] if project is None else list(_data_columns(ctx, session, project))
    members = list(
        session.scalars(
            select(Membership.user_id)
            .where(Membership.organization_id == caller.organization_id, Membership.deleted_at.is_(None))
            .order_by(Membership.user_id)
        )
    )
    schemas: Mapping[str, Any] = {
        "annotators": {"items": members},
        "updated_by": {"items": members},
        "predictions_model_versions": {"items": _versions(session, project), "multiple": True},
    }
    core = []
    for name, title, kind, words, shown, labelling in CORE:
        column = _column(name, title, kind, words, shown, labelling)
        core.append(column | {"schema": schemas[name]} if name in schemas else column)
    plugins = [_of_plugin(ctx, column) for column in ctx.registry.columns.values()]
    data = {
        "id": "data", "title": "data", "type": "List", "target": "tasks",
        "children": [field["id"] for field in fields], "project_defined": False,
    }  # fmt: skip
    return [*fields, *core, *plugins, data]


def _column(name: str, title: str, kind: str, words: str, shown: bool, labelling: bool) -> dict[str, Any]:
    return {
        "id": name, "title": title, "type": kind, "help": words, "target": "tasks",
        "visibility_defaults": {"explore": shown, "labeling": labelling}, "project_defined": False,
    }  # fmt: skip


def _of_plugin(ctx: Context, column: Column) -> dict[str, Any]:
    described = _column(
        column.name,
        column.title or column.name,
        column.type,
        column.help,
        column.shown_in_list,
        column.shown_when_labelling,
    )
    described["messages"] = ctx.registry.said(
        "register_columns", column.name, (described["title"], column.help)
    )
    return described | {"percent": True} if column.percent else described


def _data_columns(ctx: Context, session: Session, project: Project) -> Any:
    """The fields that the configuration reads, then every other that tasks have."""
    config = label_configs.parse(ctx, project.label_config)
    seen = session.scalars(
        select(DataColumn.name)
        .where(DataColumn.project_id == project.id, DataColumn.tasks > 0)
        .order_by(DataColumn.name)
        .limit(MOST_FIELDS)
    ).all()
    used = [name for name in config.fields if "[" not in name]
    others = [
        name for name in seen if name not in used and (name != undefined.KEY or not config.upload_field)
    ]
    for name in (*used, *others):
        yield {
            "id": name, "title": "data" if name == undefined.KEY else name, "type": _type(config, name, name in used),
            "target": "tasks", "parent": "data",
            "visibility_defaults": {"explore": True, "labeling": name in used}, "project_defined": True,
        }  # fmt: skip


def _type(config: LabelConfig, name: str, is_used: bool) -> str:
    node = config.data_types.get(name)
    if node is not None and node.tag is not None and node.tag.kind == "object":
        return node.tag.column_type
    return "String" if is_used else "Unknown"


def _versions(session: Session, project: Project | None) -> list[str]:
    """The model versions of a project's predictions, found by leaps along their index."""
    if project is None:
        return []
    found: list[str] = []
    following = select(Prediction.model_version).where(
        Prediction.project_id == project.id, Prediction.model_version.is_not(None)
    )
    while len(found) < MOST_FIELDS:
        query = following.where(Prediction.model_version > found[-1]) if found else following
        version = session.scalar(query.order_by(Prediction.model_version).limit(1))
        if version is None:
            break
        found.append(version)
    return found
